"""A program that starts to close or to release the only campaign there is.

A program of its own, since a test process has one engine, which serves another database.
"""

import asyncio
import sys
from datetime import UTC, datetime

from models.engine import connection, operator_transaction, start_engine, stop_engine
from survey.access.actors import COMMAND_LINE
from survey.access.audit import use_server_key
from survey.campaigns.close import start_closing
from survey.releases.compute import start_release
from tests.databases import login_dsn
from tests.factories.server import SERVER_KEY


async def main(dsn: str, what: str) -> None:
    use_server_key(lambda: SERVER_KEY)
    await start_engine(login_dsn(dsn), owner=dsn)
    async with operator_transaction():
        owner, campaign = await connection().fetchrow("SELECT organisation, id FROM campaign")
    now = datetime.now(UTC)
    if what == "close":
        await start_closing(owner, campaign, by=COMMAND_LINE, now=now)
    else:
        await start_release(owner, campaign, seed=0, by=COMMAND_LINE, now=now)
    await stop_engine()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], sys.argv[2]))
