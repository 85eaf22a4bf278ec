"""How much the import of a large file delays submissions: a real server, files over HTTP.

`python -m tests.benchmarks.imports` prints one line per file: the delay of submissions at a
steady rate without an upload, the same during it, and how long the upload took.
"""

import asyncio
import http.client
import json
import statistics
import tempfile
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

from uuid_utils.compat import uuid7

from models.embedded import EmbeddedPostgres
from models.engine import start_engine, stop_engine
from models.migrate import migrate
from survey.access.audit import use_server_key
from survey.access.keys import KeyPlan, create_key
from survey.directory.organisations import create_organisation
from tests.api.chaos.machines import ApiServer
from tests.benchmarks.load import request
from tests.factories.open_campaign import ITEMS, answer_sheet, open_standard_campaign
from tests.factories.server import SERVER_KEY

ROWS = 60_000
UNITS = 50
A_SECOND = 25
QUIET_S = 12
CONNECTIONS = 16
TOKENS = 9_000


@dataclass(frozen=True)
class Stage:
    """What stands in the database before the first file."""

    campaign: UUID
    tokens: Sequence[str]
    directory_key: str
    import_key: str


async def staged(dsn: str) -> Stage:
    """Open a campaign for the people who submit; make keys for the files."""
    await migrate(dsn)
    use_server_key(lambda: SERVER_KEY)
    await start_engine(dsn)
    now = datetime.now(UTC)
    owner = (await create_organisation(key=f"org-{uuid7()}", name="Large", now=now)).id
    opened = await open_standard_campaign(owner, now=now, people=TOKENS, units=UNITS)
    scopes = (("org:write", "people:write"), ("responses:import",))
    keys = [
        str((await create_key(owner, KeyPlan(name="bench", scopes=some), now=now)).key)
        for some in scopes
    ]
    await stop_engine()
    tokens = [token for who, token in opened.tokens.items() if who.startswith("P")]
    return Stage(opened.campaign, tokens, *keys)


def files(stage: Stage) -> dict[str, tuple[str, str, str, bytes]]:
    """Return name to method, address, key and content of each file."""
    units = [f"N{number:05},Unit {number},C,{number % 90}" for number in range(ROWS)]
    people = [
        f"Q{number:05},q{number}@x.example,Person {number},U{number % UNITS},contributor,en"
        for number in range(ROWS)
    ]
    answers = [
        f"R{number:05},U{number % UNITS},contributor,"
        + ",".join(str(1 + (number >> place % 13) % 5) for place in range(len(ITEMS)))
        for number in range(ROWS)
    ]
    address = f"/v1/campaigns/{stage.campaign}/responses/import"
    return {
        "units": (
            "PUT",
            "/v1/units",
            stage.directory_key,
            _csv("code,name,parent_code,headcount", [*_known_units(), *units]),
        ),
        "people": (
            "PUT",
            "/v1/people",
            stage.directory_key,
            _csv("external_id,email,display_name,unit_code,role,locale", people),
        ),
        "people again": (
            "PUT",
            "/v1/people",
            stage.directory_key,
            _csv(
                "external_id,email,display_name,unit_code,role,locale",
                [row.replace(",en", ",de") for row in people],
            ),
        ),
        "responses": (
            "POST",
            address,
            stage.import_key,
            _csv(",".join(["respondent_id", "unit", "role", *ITEMS]), answers),
        ),
    }


def _known_units() -> list[str]:
    return ["C,Company,,0", *(f"U{number},Unit {number},C,100" for number in range(UNITS))]


def _csv(header: str, rows: Sequence[str]) -> bytes:
    return "\n".join([header, *rows, ""]).encode()


class Upload(threading.Thread):
    """Sends one file, beside the submissions."""

    def __init__(self, port: int, method: str, address: str, key: str, content: bytes) -> None:
        super().__init__()
        self.port, self.method, self.address = port, method, address
        self.headers = {"Authorization": f"Bearer {key}", "Content-Type": "text/csv"}
        self.content = content
        self.seconds = 0.0
        self.reply = ""

    def run(self) -> None:
        started = time.perf_counter()
        wire = http.client.HTTPConnection("127.0.0.1", self.port, timeout=300)
        wire.request(self.method, self.address, self.content, self.headers)
        reply = wire.getresponse()
        body = reply.read()
        self.seconds = time.perf_counter() - started
        self.reply = "" if reply.status == 200 else f"{reply.status}: {body[:300]!r}"


class Submissions:
    """Submits answers at a steady rate, whether or not the ones before were answered."""

    def __init__(self, port: int, tokens: Sequence[str]) -> None:
        self.port = port
        self._waiting = iter(enumerate(tokens))

    async def during(self, upload: Upload | None) -> list[float]:
        """Return the delay of each, in ms, from the moment at which it was due."""
        first = time.perf_counter() + 0.2
        due = (first + number / A_SECOND for number in range(TOKENS))
        delays: list[float] = []
        if upload is not None:
            asyncio.get_running_loop().call_later(1.0, upload.start)

        def is_over(moment: float) -> bool:
            if upload is None:
                return moment > first + QUIET_S
            return moment > first + 2 and not upload.is_alive()

        async def submit_some() -> None:
            reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
            for moment in due:
                await asyncio.sleep(max(0, moment - time.perf_counter()))
                if is_over(moment):
                    break
                number, token = next(self._waiting)
                given = answer_sheet(number)
                sheet = {"answers": given.answers, "durationS": given.duration_s}
                writer.write(request("/v1/form", json.dumps(sheet).encode(), token=token))
                await _receipt(reader)
                delays.append(1_000 * (time.perf_counter() - moment))
            writer.close()

        await asyncio.gather(*(submit_some() for _ in range(CONNECTIONS)))
        return delays


async def _receipt(reader: asyncio.StreamReader) -> None:
    head = await reader.readuntil(b"\r\n\r\n")
    if not head.startswith(b"HTTP/1.1 200"):
        raise RuntimeError(head.decode())
    length = int(head.lower().partition(b"content-length:")[2].partition(b"\r")[0])
    await reader.readexactly(length)


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="opmodel-bench-") as home:
        database = EmbeddedPostgres(Path(home))
        database.start()
        stage = asyncio.run(staged(database.dsn))
        api = ApiServer(database.dsn)
        api.start()
        try:
            _measure(api.port, stage)
        finally:
            api.kill()
            database.stop()


def _measure(port: int, stage: Stage) -> None:
    submissions = Submissions(port, stage.tokens)
    asyncio.run(submissions.during(None))  # warm-up
    print(f"{ROWS} rows, {A_SECOND} submissions a second; delays in ms\n")
    print(
        "| file | MB | upload, s "
        "| median, without | largest | median, during | 99 % | largest |"
    )
    print("|---|---:|---:|---:|---:|---:|---:|---:|")
    for name, (method, address, key, content) in files(stage).items():
        without = asyncio.run(submissions.during(None))
        upload = Upload(port, method, address, key, content)
        during = asyncio.run(submissions.during(upload))
        figures = (
            f"{statistics.median(without):.1f}",
            f"{max(without):.1f}",
            f"{statistics.median(during):.1f}",
            f"{statistics.quantiles(during, n=100)[98]:.1f}",
            f"{max(during):.1f}",
        )
        print(
            f"| {name} | {len(content) / 1e6:.1f} | {upload.seconds:.1f} | "
            f"{' | '.join(figures)} | {upload.reply}"
        )


if __name__ == "__main__":
    main()
