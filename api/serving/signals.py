"""Being told to stop: the first signal ends things in order."""

import asyncio
import signal
from collections.abc import Iterator
from contextlib import contextmanager

__all__ = ["told_to_stop"]

_SIGNALS = (signal.SIGINT, signal.SIGTERM)


@contextmanager
def told_to_stop() -> Iterator[asyncio.Event]:
    """Give an event that SIGINT and SIGTERM set, for as long as the block lasts."""
    told = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in _SIGNALS:
        loop.add_signal_handler(number, told.set)
    try:
        yield told
    finally:
        for number in _SIGNALS:
            loop.remove_signal_handler(number)
