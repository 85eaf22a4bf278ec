"""Files are read in another process: it is limited, it is killed, and its end is a refusal."""

import asyncio
import io
import os
import resource
import signal
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, suppress
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import polars as pl
import pytest

from api.http.apart import Apart, Limits, UploadsBusy
from api.settings import ApiSettings
from models.engine import transaction
from survey.directory.errors import KeysAlike
from survey.directory.organisations import lock_directory
from survey.files.complaints import FileRejected
from tests.api.callers import Caller, as_key, make_key
from tests.api.conftest import running
from tests.api.http.works import (
    count_organisations,
    die,
    hoard,
    hoard_beyond_python,
    process,
    refuse,
    spin,
)
from tests.architecture.tracked import ROOT
from tests.factories.server import SERVER_KEY

UNITS = b"code,name,parent_code,headcount\nC,Company,,0\n"
SPLIT = "Split the file into several with the same columns, or read it on the server with "


async def end_of(process_id: int) -> None:
    """Return once a process is gone, or waits to be collected."""
    async with asyncio.timeout(10):
        while state_of(process_id) not in {"", "Z"}:  # noqa: ASYNC110 - the kernel ends it
            await asyncio.sleep(0.02)


def state_of(process_id: int) -> str:
    try:
        stat = Path(f"/proc/{process_id}/stat").read_text()
    except FileNotFoundError:
        return ""
    return stat.rpartition(")")[2].split()[0]


async def spinning(left: Path) -> int:
    """Return the id of the process that spins, once it has left it."""
    async with asyncio.timeout(30):
        while not left.exists():  # noqa: ASYNC110, ASYNC240 - another process leaves it
            await asyncio.sleep(0.02)
    return int(left.read_text())  # noqa: ASYNC240 - a few digits


@pytest.fixture
def apart(database: str) -> Iterator[Apart]:
    made = Apart(database, SERVER_KEY, Limits(memory=2_000_000_000))
    yield made
    made.close()


async def do(apart: Apart, work: Callable[[], Awaitable[Any]]) -> Any:
    return await apart.do(work, named=lambda: "units.csv")


async def test_work_is_done_in_another_process_that_gives_way_and_is_kept(
    apart: Apart,
) -> None:
    first, gives_way = await do(apart, process)
    second, _ = await do(apart, process)

    assert first == second != os.getpid()
    assert gives_way == 10


async def test_work_finds_the_database(apart: Apart) -> None:
    assert await do(apart, count_organisations) == 1


async def test_what_work_raises_arrives_whole(apart: Apart) -> None:
    with pytest.raises(FileRejected) as rejected:
        await do(apart, partial(refuse, "file"))
    with pytest.raises(KeysAlike) as alike:
        await do(apart, partial(refuse, "keys"))
    with pytest.raises(ConnectionRefusedError, match="Connection refused"):
        await do(apart, partial(refuse, "other"))

    assert str(rejected.value.complaints[0]) == "units.csv, line 3: expected a tree. Plant one."
    assert (rejected.value.total, rejected.value.facts["file"]) == (1, "units.csv")
    assert alike.value.facts == KeysAlike({"A": "a"}).facts


@pytest.mark.parametrize(
    "work",
    [hoard, hoard_beyond_python, partial(die, signal.SIGSEGV), partial(die, signal.SIGKILL)],
    ids=["memory", "native memory", "fault", "killed"],
)
async def test_an_end_of_the_process_is_a_refusal_that_names_the_file(
    apart: Apart, work: Callable[[], Awaitable[Any]]
) -> None:
    with pytest.raises(FileRejected) as caught:
        await do(apart, work)

    said = str(caught.value.complaints[0])
    assert said.startswith(
        "units.csv: expected a file that is read within 2000 MB of memory, and that does not "
        "break its reader; reading was stopped, and nothing was stored"
    )
    assert SPLIT in said
    assert await do(apart, count_organisations) == 1


@pytest.mark.slow
async def test_work_that_takes_too_long_is_killed_and_refused(
    database: str, tmp_path: Path
) -> None:
    hurried = Apart(database, SERVER_KEY, Limits(seconds=8))

    with pytest.raises(FileRejected) as caught:
        await do(hurried, partial(spin, tmp_path / "seen"))

    assert "expected a file that is read and stored within 8 s" in str(caught.value)
    await end_of(await spinning(tmp_path / "seen"))


async def test_work_that_nobody_waits_for_is_killed(apart: Apart, tmp_path: Path) -> None:
    task = asyncio.create_task(do(apart, partial(spin, tmp_path / "seen")))
    spins = await spinning(tmp_path / "seen")

    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task

    await end_of(spins)


async def test_who_finds_no_free_process_is_asked_to_come_back(
    database: str, tmp_path: Path
) -> None:
    crowded = Apart(database, SERVER_KEY, Limits(at_once=1, waiting_seconds=0.1))
    task = asyncio.create_task(do(crowded, partial(spin, tmp_path / "seen")))
    await spinning(tmp_path / "seen")

    with pytest.raises(UploadsBusy):
        await do(crowded, process)

    task.cancel()
    await asyncio.wait([task])
    assert await do(crowded, count_organisations) == 1


async def test_a_process_that_gets_no_file_for_long_ends(database: str) -> None:
    impatient = Apart(database, SERVER_KEY, Limits(kept_seconds=0.1))

    first, _ = await do(impatient, process)

    await end_of(first)
    assert await do(impatient, count_organisations) == 1


async def test_limits_of_the_process_apart_are_its_own(apart: Apart) -> None:
    before = resource.getrlimit(resource.RLIMIT_DATA)

    await do(apart, process)

    assert resource.getrlimit(resource.RLIMIT_DATA) == before


@pytest.fixture
async def hurried(database: str, organisation: UUID) -> AsyncIterator[httpx.AsyncClient]:
    """Call a server that gives up on a file after eight seconds."""
    async with running(database, ApiSettings(file_seconds=8)) as app:
        key = await make_key(organisation)
        async with Caller(app, headers=as_key(key)) as caller:
            yield caller


@pytest.mark.parametrize("kind", ["units", "people"])
async def test_a_bomb_is_a_refusal_that_names_file_bound_and_way_around(
    client: httpx.AsyncClient, kind: str
) -> None:
    bomb = io.BytesIO()
    nothing = pl.repeat(None, 10_000_000, dtype=pl.Null, eager=True)
    pl.DataFrame({"code": nothing}).write_parquet(bomb)

    refused = await client.put(f"/v1/{kind}", files={"file": ("bomb.parquet", bomb.getvalue())})

    assert refused.status_code == 422
    assert refused.json()["type"] == "/problems/file-rejected"
    (complaint,) = refused.json()["complaints"]
    assert complaint["file"] == "bomb.parquet"
    assert complaint["expected"] == "at most 250000 rows; there are 10000000"
    assert complaint["hint"].startswith(SPLIT)


@asynccontextmanager
async def directory_locked(organisation: UUID) -> AsyncIterator[None]:
    """Keep every file of units waiting; in a task of its own, which has the transaction."""
    locked, over = asyncio.Event(), asyncio.Event()

    async def lock() -> None:
        async with transaction(organisation):
            await lock_directory(organisation)
            locked.set()
            await over.wait()

    task = asyncio.create_task(lock())
    await locked.wait()
    yield
    over.set()
    await task


@pytest.mark.slow
async def test_an_upload_that_takes_too_long_is_refused_and_stores_nothing(
    hurried: httpx.AsyncClient, organisation: UUID
) -> None:
    file = {"file": ("tree.csv", UNITS, "text/csv")}
    async with directory_locked(organisation):
        refused = await hurried.put("/v1/units", files=file)

    stored = await hurried.get("/v1/units")

    assert refused.status_code == 422
    assert refused.json()["file"] == "tree.csv"
    assert "within 8 s" in refused.json()["complaints"][0]["expected"]
    assert stored.json()["items"] == []


async def test_an_upload_that_is_cancelled_stores_nothing(
    client: httpx.AsyncClient, organisation: UUID
) -> None:
    async with directory_locked(organisation):
        with suppress(TimeoutError):
            await asyncio.wait_for(client.put("/v1/units", content=UNITS), 4)

    assert (await client.get("/v1/units")).json()["items"] == []


async def test_a_process_ends_with_the_one_that_started_it(
    database: str, tmp_path: Path
) -> None:
    started = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.api.http.works", database, tmp_path / "seen", cwd=ROOT
    )
    spins = await spinning(tmp_path / "seen")

    started.kill()
    await started.wait()

    await end_of(spins)
