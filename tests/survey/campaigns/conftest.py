"""A company in which time passes at a word, and a channel that remembers what it brought."""

from collections.abc import AsyncIterator

import pytest

from models.engine import connection, operator_transaction
from tests.factories.passing_time import PassingTime
from tests.survey.messages.remembering import RememberingChannel


@pytest.fixture
def channel() -> RememberingChannel:
    return RememberingChannel()


@pytest.fixture
async def time(channel: RememberingChannel, database: str) -> AsyncIterator[PassingTime]:
    """Give a clock, and a queue without the jobs of other tests."""
    await _clear()
    yield PassingTime(channel)
    await _clear()


async def _clear() -> None:
    async with operator_transaction():
        await connection().execute("DELETE FROM pgqueuer")
        await connection().execute("DELETE FROM pgqueuer_log")
