"""Open folders for a process of another account, which cannot enter the folders above them."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec

from models.embedded.account import Account

__all__ = ["Handles", "opened"]


class Handles(msgspec.Struct, frozen=True):
    """The paths under which the server's process reaches some folders."""

    names: tuple[str, ...]
    descriptors: tuple[int, ...] = ()
    """Descriptors that the process must inherit."""


@contextmanager
def opened(account: Account, *folders: Path) -> Iterator[Handles]:
    """Return paths to ``folders`` that ``account`` can use.

    ``nobody`` cannot enter root's home, and we do not change that. A descriptor that root has
    opened bypasses the folders above: ``/proc/self/fd/N`` is the folder itself.
    """
    if account.uid is None:
        yield Handles(tuple(map(str, folders)))
        return
    descriptors = [os.open(folder, os.O_RDONLY | os.O_DIRECTORY) for folder in folders]
    try:
        names = tuple(f"/proc/self/fd/{descriptor}" for descriptor in descriptors)
        yield Handles(names, tuple(descriptors))
    finally:
        for descriptor in descriptors:
            os.close(descriptor)
