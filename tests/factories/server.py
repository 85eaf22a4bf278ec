"""What a server in the tests is given: a clock that stands still, a key, and a channel."""

import io
from datetime import UTC, datetime

from survey.messages.console import ConsoleChannel

__all__ = ["CHANNELS", "NOW", "SERVER_KEY"]

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
SERVER_KEY = b"server-key-of-the-tests-32-bytes"
CHANNELS = {"console": ConsoleChannel(io.StringIO())}
