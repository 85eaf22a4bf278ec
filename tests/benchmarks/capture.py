"""Durable submissions per second through POST /v1/form, as a ratio to a bare echo.

On a machine that others use, the ratio by the clock says little. The processor time that an
echo and a submission take, client and database included, is compared as well.
"""

import contextlib
import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import httpx

from models.embedded import EmbeddedPostgres
from tests.api.chaos.machines import ApiServer, open_campaign_for, postmaster
from tests.benchmarks.load import Load, request, run
from tests.benchmarks.quiet import Watch, seconds_of
from tests.factories.open_campaign import answer_sheet

__all__ = ["measure"]

CLIENTS = 64
ROUNDS = 5
A_ROUND = 5_000
WARM_UP = 1_000
TOO_LOUD = 0.2
ECHO_PORT = 18_431


def measure() -> None:
    """Print one line per round, then the median ratios and their ranges."""
    print(
        f"{A_ROUND} submissions of 62 items per round, {CLIENTS} clients, 1 worker, fsync on\n"
    )
    with _servers() as (servers, tokens):
        api = servers.api
        bodies = [_body(number) for number in range(len(tokens))]
        posts = [
            request("/v1/form", body, token=token)
            for body, token in zip(bodies, tokens, strict=True)
        ]
        echoes = [request("/", body, token="none") for body in bodies]
        run(ECHO_PORT, echoes[:WARM_UP], clients=CLIENTS)
        _require_ok(run(api.port, posts[:WARM_UP], clients=CLIENTS))
        rounds = [
            _round(servers, posts[start:][:A_ROUND], echoes[start:][:A_ROUND])
            for start in range(WARM_UP, len(posts), A_ROUND)
        ]
    _summarise("ratio of processor time", [one.of_work for one in rounds])
    _summarise("ratio", [one.by_clock for one in rounds if one.is_quiet])


def _summarise(name: str, ratios: list[float]) -> None:
    if not ratios:
        print(f"{name}: no round was quiet enough to count.")
        return
    print(
        f"{name}: median {statistics.median(ratios):.2f}, "
        f"range {min(ratios):.2f} to {max(ratios):.2f}, {len(ratios)} rounds"
    )


class _Round(NamedTuple):
    by_clock: float
    of_work: float
    """Processor time of an echo over that of a submission."""
    is_quiet: bool


def _round(servers: "_Servers", posts: list[bytes], echoes: list[bytes]) -> _Round:
    watch, before = Watch(), servers.work()
    echo = run(ECHO_PORT, echoes, clients=CLIENTS)
    between = servers.work()
    form = run(servers.api.port, posts, clients=CLIENTS)
    _require_ok(form)
    after, others = servers.work(), watch.others()
    of_echo, of_form = _spent(before, between, echo), _spent(between, after, form)
    one = _Round(
        form.per_second / echo.per_second,
        (of_echo["echo"] + of_echo["client"]) / (sum(of_form.values()) - of_form["echo"]),
        others <= TOO_LOUD,
    )
    print(
        f"form {form.per_second:6.0f}/s  echo {echo.per_second:6.0f}/s  "
        f"ratio {one.by_clock:.2f}, of processor time {one.of_work:.2f} (us: "
        f"echo {of_echo['echo']:.0f}, HTTP {of_form['http']:.0f}, "
        f"PostgreSQL {of_form['database']:.0f}, client {of_form['client']:.0f})  "
        f"others used {others:.2f} cores{'' if one.is_quiet else ': too loud for the clock'}"
    )
    return one


def _spent(before: dict[str, float], after: dict[str, float], load: Load) -> dict[str, float]:
    """Return the processor time for a request by process, in microseconds."""
    return {name: (after[name] - before[name]) / load.requests * 1e6 for name in after}


def _body(number: int) -> bytes:
    given = answer_sheet(number)
    return json.dumps({"answers": given.answers, "durationS": given.duration_s}).encode()


def _require_ok(load: Load) -> None:
    if set(load.statuses) != {200}:
        msg = f"Expected only receipts, got statuses {load.statuses}."
        raise RuntimeError(msg)


class _Servers(NamedTuple):
    api: ApiServer
    database: EmbeddedPostgres
    echo: "subprocess.Popen[bytes]"

    def work(self) -> dict[str, float]:
        """Return the processor time by process so far, in seconds."""
        assert self.api.process is not None
        return {
            "http": seconds_of(self.api.process.pid),
            "database": seconds_of(postmaster(self.database)),
            "echo": seconds_of(self.echo.pid),
            "client": time.process_time(),
        }


@contextlib.contextmanager
def _servers() -> Iterator[tuple[_Servers, list[str]]]:
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
            yield _Servers(api, database, echo), tokens
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
