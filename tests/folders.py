"""Folders for databases: in memory if there is room, for a disk is slow to take them."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

__all__ = ["database_folder"]

_MEMORY = Path("/dev/shm")  # noqa: S108 - a name that nobody can guess is made in it
_ROOM = 4 * 1024**3
"""Bytes; the servers of two test processes take a quarter of it."""


@contextmanager
def database_folder() -> Iterator[Path]:
    """Give a folder that goes with the test.

    On a busy disk, a server of twelve databases took half a minute to stop, and its 6 000 files
    took twenty seconds to delete; in memory, both take less than a second.
    """
    in_memory = _MEMORY.is_dir() and shutil.disk_usage(_MEMORY).free > _ROOM
    parent = _MEMORY if in_memory else None
    with tempfile.TemporaryDirectory(prefix="opmodel-", dir=parent) as folder:
        yield Path(folder)
