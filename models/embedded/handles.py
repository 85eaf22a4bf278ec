"""Folders handed to a process of another account, which the folders above would stop."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec

from models.embedded.account import Account

__all__ = ["Handles", "opened"]


class Handles(msgspec.Struct, frozen=True):
    """The names by which the server's process knows some folders."""

    names: tuple[str, ...]
    descriptors: tuple[int, ...] = ()
    """To be inherited by the process."""


@contextmanager
def opened(account: Account, *folders: Path) -> Iterator[Handles]:
    """Name ``folders`` so that ``account`` reaches them.

    Root's home is closed to ``nobody``, and we do not open it. A descriptor that root has
    opened leads past the folders above: ``/proc/self/fd/N`` is the folder itself.
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
