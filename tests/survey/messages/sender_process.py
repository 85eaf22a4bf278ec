"""A worker that sends by mail until it is killed.

Run as ``python -m tests.survey.messages.sender_process DSN OWNER``, with the server key of the
tests.
"""

import asyncio
import sys
from datetime import UTC, datetime

from models.engine import start_engine
from models.patience import JOB
from survey.jobs.worker import run_worker
from survey.messages.delivery import delivering
from tests.factories.server import SERVER_KEY


async def _send(dsn: str, owner: str) -> None:
    await start_engine(dsn, owner=owner, patience=JOB)
    work = delivering(
        server_key=SERVER_KEY,
        channels={},
        form_url="https://survey.example.com",
        clock=lambda: datetime.now(UTC),
    )
    await run_worker([work], stop=asyncio.Event())


if __name__ == "__main__":
    asyncio.run(_send(sys.argv[1], sys.argv[2]))
