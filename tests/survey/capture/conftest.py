"""A capture that runs."""

from collections.abc import AsyncIterator
from datetime import datetime

import pytest

from survey.capture.queue import Capture
from tests.factories.server import SEALS


@pytest.fixture
async def capture(database: str, now: datetime) -> AsyncIterator[Capture]:
    """Run a capture whose clock stands still."""
    running = Capture(lambda: now, SEALS)
    await running.start()
    yield running
    await running.stop()
