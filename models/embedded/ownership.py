"""The lock that says which process owns a server; the kernel frees it however that one ends."""

import fcntl
from pathlib import Path
from typing import IO

__all__ = ["Ownership"]


class Ownership:
    """An exclusive lock on a file, never waited for."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file: IO[bytes] | None = None

    @property
    def held(self) -> bool:
        """Whether this object holds the lock."""
        return self._file is not None

    def take(self) -> bool:
        """Take the lock if it is free; tell whether it is held now."""
        if self._file is None:
            file = self._path.open("ab")
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                file.close()
            else:
                self._file = file
        return self.held

    def release(self) -> None:
        """Free the lock; do nothing where it is not held."""
        file, self._file = self._file, None
        if file is not None:
            file.close()
