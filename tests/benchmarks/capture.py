"""Durable submissions per second through POST /v1/form, as a ratio to a bare echo."""

import contextlib
import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import httpx

from models.embedded import EmbeddedPostgres
from tests.api.chaos.machines import ApiServer, open_campaign_for
from tests.benchmarks.load import Load, request, run
from tests.benchmarks.quiet import Watch
from tests.factories.open_campaign import answer_sheet

__all__ = ["measure"]

CLIENTS = 64
ROUNDS = 5
A_ROUND = 5_000
WARM_UP = 1_000
TOO_LOUD = 0.2
ECHO_PORT = 18_431


def measure() -> None:
    """Print one line per round, then the median ratio and its range."""
    print(
        f"{A_ROUND} submissions of 62 items per round, {CLIENTS} clients, 1 worker, fsync on\n"
    )
    with _servers() as (api, tokens):
        bodies = [_body(number) for number in range(len(tokens))]
        posts = [
            request("/v1/form", body, token=token)
            for body, token in zip(bodies, tokens, strict=True)
        ]
        echoes = [request("/", body, token="none") for body in bodies]
        run(ECHO_PORT, echoes[:WARM_UP], clients=CLIENTS)
        _require_ok(run(api.port, posts[:WARM_UP], clients=CLIENTS))
        ratios = [
            ratio
            for start in range(WARM_UP, len(posts), A_ROUND)
            if (ratio := _round(api, posts[start:][:A_ROUND], echoes[start:][:A_ROUND]))
        ]
    if not ratios:
        print("No round was quiet enough to count.")
        return
    print(
        f"\nratio: median {statistics.median(ratios):.2f}, "
        f"range {min(ratios):.2f} to {max(ratios):.2f}, {len(ratios)} rounds"
    )


def _round(api: ApiServer, posts: list[bytes], echoes: list[bytes]) -> float | None:
    watch = Watch()
    echo = run(ECHO_PORT, echoes, clients=CLIENTS)
    form = run(api.port, posts, clients=CLIENTS)
    _require_ok(form)
    others = watch.others()
    ratio = form.per_second / echo.per_second
    quiet = others <= TOO_LOUD
    print(
        f"form {form.per_second:7.0f}/s   echo {echo.per_second:7.0f}/s   ratio {ratio:.2f}   "
        f"others used {others:.2f} cores{'' if quiet else ': does not count'}"
    )
    return ratio if quiet else None


def _body(number: int) -> bytes:
    given = answer_sheet(number)
    return json.dumps({"answers": given.answers, "durationS": given.duration_s}).encode()


def _require_ok(load: Load) -> None:
    if set(load.statuses) != {200}:
        msg = f"Expected only receipts, got statuses {load.statuses}."
        raise RuntimeError(msg)


@contextlib.contextmanager
def _servers() -> Iterator[tuple[ApiServer, list[str]]]:
    """Start database, API and echo; open a campaign with a token for every submission."""
    with tempfile.TemporaryDirectory(prefix="opmodel-bench-") as home:
        database = EmbeddedPostgres(Path(home))
        database.start()
        tokens = list(open_campaign_for(database.dsn, WARM_UP + ROUNDS * A_ROUND).values())
        api = ApiServer(database.dsn)
        api.start()
        echo = subprocess.Popen(
            [sys.executable, "-m", "tests.benchmarks.echo", str(ECHO_PORT), "1"]
        )
        _wait_for_echo()
        try:
            yield api, tokens
        finally:
            echo.terminate()
            api.kill()
            database.stop()


def _wait_for_echo() -> None:
    for _ in range(200):
        with contextlib.suppress(httpx.TransportError):
            httpx.post(f"http://127.0.0.1:{ECHO_PORT}/", content=b"{}")
            return
        time.sleep(0.05)
