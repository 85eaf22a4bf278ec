"""What a server in the tests is given: a clock that stands still, and a key."""

from datetime import UTC, datetime

__all__ = ["NOW", "SERVER_KEY"]

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
SERVER_KEY = b"server-key-of-the-tests-32-bytes"
