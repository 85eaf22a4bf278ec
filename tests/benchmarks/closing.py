"""How long closing takes: ``python -m tests.benchmarks.closing``.

A campaign opens for 60 000 people. Everybody answers, in groups as large as a busy form makes
them and some with comments. The campaign is closed in a process of its own.
"""

import argparse
import asyncio
import resource
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path

import msgspec
from uuid_utils.compat import uuid7

from models.embedded import EmbeddedPostgres
from models.engine import (
    connection,
    operator_transaction,
    start_engine,
    stop_engine,
    transaction,
)
from models.migrate import migrate
from survey.access.audit import use_server_key
from survey.access.tokens import token_hash
from survey.capture.writing import Entry, write_group
from survey.directory.organisations import create_organisation
from tests.benchmarks.quiet import Watch
from tests.factories.campaigns import close_campaign
from tests.factories.open_campaign import answer_sheet, open_standard_campaign
from tests.factories.server import SEALS, SERVER_KEY

__all__ = ["main"]

PEOPLE, UNITS = 60_000, 583
GROUP = 64
"""Submissions in an envelope."""
WITH_COMMENT = 5
"""Every fifth person writes a comment."""


def main() -> None:
    """Measure and print; with ``--dsn``, only close the campaign in that database."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--people", type=int, default=PEOPLE)
    asked.add_argument("--dsn", help="address of a database with one open campaign")
    given = asked.parse_args()
    if given.dsn:
        asyncio.run(_close(given.dsn))
        return
    with tempfile.TemporaryDirectory(prefix="opmodel-bench-") as home:
        database = EmbeddedPostgres(Path(home))
        database.start()
        asyncio.run(_fill(database.dsn, given.people))
        watch = Watch()
        own = [sys.executable, "-m", "tests.benchmarks.closing", "--dsn", database.dsn]
        subprocess.run(own, check=True)
        print(f"others used {watch.others():.1f} cores meanwhile")
        database.stop()


async def _fill(dsn: str, people: int) -> None:
    """Open a campaign and let everybody answer."""
    await migrate(dsn)
    use_server_key(lambda: SERVER_KEY)
    await start_engine(dsn)
    now = datetime.now(UTC)
    owner = await create_organisation(key=f"org-{uuid7()}", name="Large", now=now)
    opened = await open_standard_campaign(
        owner.id, now=now, people=people, units=UNITS, sponsors=0
    )
    entries = (_entry(number, token) for number, token in enumerate(opened.tokens.values()))
    while group := list(islice(entries, GROUP)):
        await write_group(group, seals=SEALS, now=now)
    await stop_engine()


def _entry(number: int, token: str) -> Entry:
    given = answer_sheet(number)
    if number % WITH_COMMENT == 0:
        said = {"comment_hindrance": f"What holds us back, said by number {number}."}
        given = msgspec.structs.replace(given, comments=said)
    return Entry(token, token_hash(token), given.canonical(), given)


async def _close(dsn: str) -> None:
    use_server_key(lambda: SERVER_KEY)
    await start_engine(dsn)
    async with operator_transaction():
        owner, campaign = await connection().fetchrow("SELECT organisation, id FROM campaign")
    started, used = time.perf_counter(), time.process_time()
    await close_campaign(owner, campaign, now=datetime.now(UTC))
    clock, own = time.perf_counter() - started, time.process_time() - used
    async with transaction(owner):
        stored = await connection().fetchval("SELECT count(*) FROM response")
    await stop_engine()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    spent = f"{clock:.1f} s by the clock, {own:.1f} s of this process, {peak} MiB"
    print(f"{stored} responses: {spent}")


if __name__ == "__main__":
    main()
