"""What a server in the tests is given: a clock that stands still, a key, and a channel."""

import atexit
import io
import os
import shutil
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from survey.messages.console import ConsoleChannel
from survey.sealing.key_folder import KEYS_VARIABLE, KeyFolder
from survey.sealing.seals import Seals

__all__ = ["CHANNELS", "KEYS", "NOW", "SEALS", "SERVER_KEY"]

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
SERVER_KEY = b"server-key-of-the-tests-32-bytes"


_WORKER, _OWNER = "PYTEST_XDIST_WORKER", "OPMODEL_TESTS_KEYS_OF"


def _folder() -> Path:
    """Return where this process of the tests, and those it starts, keep the keys."""
    # A process of the tests inherits the folder of the one that collects, and takes its own.
    worker = os.environ.get(_WORKER, "")
    if KEYS_VARIABLE not in os.environ or os.environ.get(_OWNER) != worker:
        os.environ[_OWNER] = worker
        os.environ[KEYS_VARIABLE] = tempfile.mkdtemp(prefix="opmodel-keys-")
        atexit.register(shutil.rmtree, os.environ[KEYS_VARIABLE], ignore_errors=True)
    return Path(os.environ[KEYS_VARIABLE])


KEYS = KeyFolder(_folder())
SEALS = Seals(KEYS)
CHANNELS = {"console": ConsoleChannel(io.StringIO())}
