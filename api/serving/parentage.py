"""Processes that end with the one that started them, however that one ends."""

import ctypes
import os
import signal
import sys

__all__ = ["end_with_parent"]

_SET_PARENT_DEATH_SIGNAL = 1


def end_with_parent(parent: int) -> None:
    """Have the kernel end this process at once when its parent ends.

    A server that outlives its parent would keep the port from the one that comes after. What
    was acknowledged is in the database by then, so there is nothing to wait for.

    Parameters
    ----------
    parent
        Process id of the parent, which may have ended already. It must have started this
        process from its main thread: the kernel looks at the thread.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_SET_PARENT_DEATH_SIGNAL, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(1)
