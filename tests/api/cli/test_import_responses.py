"""Exports of survey tools by command: cumulative, confidential, killed in the middle."""

import asyncio
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import asyncpg
import pytest

from models.embedded import attach_or_start
from tests.api.cli.installation import Installation
from tests.api.cli.open_campaign import CAMPAIGN
from tests.architecture.tracked import ROOT
from tests.factories.imports import CASES
from tests.folders import database_folder

pytestmark = pytest.mark.slow

WAITING = "SELECT count(*) FROM pg_locks WHERE NOT granted"
TABLES = ("envelope", "imported_rows", "imported_file")


class Opened(Installation):
    """An installation with an open campaign, and the address of its database."""

    dsn: str

    def import_case(self, name: str) -> tuple[int, str]:
        """Import a case; return the exit code and what was said."""
        ended = self.run(*command(name))
        return ended.returncode, ended.stdout + ended.stderr


def command(name: str) -> tuple[str | Path, ...]:
    return "import", "responses", CASES / f"{name}.csv", "--campaign", CAMPAIGN


@pytest.fixture(params=["anonymous"])
def opened(request: pytest.FixtureRequest) -> Iterator[Opened]:
    with database_folder() as home:
        made = Opened(home)
        server = attach_or_start(home)
        made.dsn = server.dsn
        files = (CASES / "units.csv", CASES / "people.csv", request.param)
        subprocess.run(
            [sys.executable, "-m", "tests.api.cli.open_campaign", *files],
            cwd=ROOT,
            env=made.environment,
            check=True,
        )
        yield made
        server.stop()


confidential = pytest.mark.parametrize("opened", ["confidential"], indirect=True)


def test_a_cumulative_export_brings_only_what_is_new(opened: Opened) -> None:
    names = ("export_week1", "export_week1_resaved", "export_week2_cumulative")

    said = [opened.import_case(name) for name in names]

    assert [code for code, _ in said] == [0, 0, 0]
    assert "400 responses to" in said[0][1]
    assert "  0 responses to" in said[1][1]
    assert "400 rows skipped: their respondent_id was imported before" in said[1][1]
    assert "405 responses to" in said[2][1]


def test_days_before_the_opening_are_said(opened: Opened) -> None:
    code, said = opened.import_case("anon_1980")

    assert code == 0
    assert "30 days in submitted_on are before the campaign opened" in said


@confidential
def test_units_that_are_not_the_persons_are_refused(opened: Opened) -> None:
    code, said = opened.import_case("conf_wrong_unit")

    assert code == 2
    assert said.count("column unit: found 'U005', expected U0") == 5


@confidential
def test_a_confidential_file_is_stored(opened: Opened) -> None:
    code, said = opened.import_case("conf_people")

    assert code == 0
    assert "30 responses to" in said


async def test_an_import_that_is_killed_leaves_nothing_behind(opened: Opened) -> None:
    database = await asyncpg.connect(opened.dsn)
    try:
        async with database.transaction():
            # The import comes as far as its responses, and no further.
            await database.execute("LOCK TABLE envelope IN SHARE MODE")
            with opened.started(*command("export_week1")) as process:
                await until_waiting(database)
                process.kill()
                process.wait()

        assert await counted(database) == dict.fromkeys(TABLES, 0)
        assert opened.import_case("export_week1")[0] == 0
        assert await counted(database) == {
            "envelope": 2,
            "imported_rows": 1,
            "imported_file": 1,
        }
    finally:
        await database.close()


async def until_waiting(database: asyncpg.Connection) -> None:
    async with asyncio.timeout(60):
        while not await database.fetchval(WAITING):  # noqa: ASYNC110 - another program waits
            await asyncio.sleep(0.05)


async def counted(database: asyncpg.Connection) -> dict[str, int]:
    return {
        table: await database.fetchval(f"SELECT count(*) FROM {table}")  # noqa: S608 - our own names
        for table in TABLES
    }
