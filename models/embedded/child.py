"""Become the database server: give up root, die with the parent, then run the command.

Run as ``python -I -S child.py PARENT UID GID COMMAND...`` (empty ids keep the account). It is a
separate program because code between fork and exec in a process with threads may hang. It
imports none of our modules: the account that it becomes may not be able to read them.
"""

import ctypes
import os
import signal
import sys

_SET_PARENT_DEATH_SIGNAL = 1
_PARENT_HAS_GONE = 75


def _die_with_parent(parent: int) -> None:
    # SIGINT is the server's fast shutdown. The kernel clears this setting when the account
    # changes, so it must come after giving up root.
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_SET_PARENT_DEATH_SIGNAL, signal.SIGINT)
    if os.getppid() != parent:
        sys.exit(_PARENT_HAS_GONE)


def _main(parent: str, uid: str, gid: str, *command: str) -> None:
    if uid:
        os.setgroups([])
        os.setgid(int(gid))
        os.setuid(int(uid))
    os.umask(0o077)
    if parent:
        _die_with_parent(int(parent))
    os.execv(command[0], command)  # noqa: S606 no shell is the point


if __name__ == "__main__":
    _main(*sys.argv[1:])
