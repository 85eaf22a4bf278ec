"""A program that opens a campaign in a fresh database, has it answered, and prints its tokens.

A program of its own, since a test process has one engine, which serves another database.
"""

import asyncio
import json
import sys
from datetime import UTC, datetime

from uuid_utils.compat import uuid7

from models.engine import start_engine, stop_engine
from models.migrate import migrate
from survey.access.audit import use_server_key
from survey.access.tokens import token_hash
from survey.capture.writing import Entry, write_group
from survey.directory.organisations import create_organisation
from tests.databases import login_dsn
from tests.factories.open_campaign import OpenCampaign, answer_sheet, open_standard_campaign
from tests.factories.server import SEALS, SERVER_KEY


async def main(dsn: str, people: int, answered: bool) -> None:
    await migrate(dsn)
    use_server_key(lambda: SERVER_KEY)
    await start_engine(login_dsn(dsn), owner=dsn)
    now = datetime.now(UTC)
    owner = await create_organisation(key=f"org-{uuid7()}", name="Chaos", now=now)
    opened = await open_standard_campaign(owner.id, now=now, people=people, units=6, sponsors=0)
    if answered:
        await _answer(opened, now)
    await stop_engine()
    print(json.dumps(opened.tokens))  # noqa: T201 - the output of this program


async def _answer(opened: OpenCampaign, now: datetime) -> None:
    """Let everybody answer."""
    submissions = [
        (token, answer_sheet(number)) for number, token in enumerate(opened.tokens.values())
    ]
    entries = [
        Entry(
            token=token,
            token_hash=token_hash(token),
            body=given.canonical(),
            submission=given,
        )
        for token, given in submissions
    ]
    written = await write_group(entries, seals=SEALS, now=now)
    assert written == [opened.campaign] * len(entries)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], int(sys.argv[2]), sys.argv[3:] == ["answered"]))
