"""Waiting for an earlier server to end, and removing a stale ``postmaster.pid``."""

import os
import time
from pathlib import Path

from models.embedded.folder import ServerFolder
from models.errors import EmbeddedServerFailed

__all__ = ["wait_for_predecessor"]

_PAUSE_S = 0.02


def wait_for_predecessor(folder: ServerFolder, *, until: float) -> None:
    """Return once no server uses ``folder``. Call it with the lock held.

    If an owner was killed, its server may still be writing its last pages. The process id in
    ``postmaster.pid`` may also belong to another program by now, for example after a reboot or
    in a container; the file is then stale, and would keep the new server from starting.

    Parameters
    ----------
    folder
        The server's folder.
    until
        When to give up, on the monotonic clock.

    Raises
    ------
    EmbeddedServerFailed
        The earlier server is still running.
    """
    while (pid := _named_pid(folder)) is not None and _is_postgres(pid):
        if time.monotonic() > until:
            msg = f"A database server (process {pid}) still uses {folder.data}."
            raise EmbeddedServerFailed(msg)
        time.sleep(_PAUSE_S)
    (folder.data / "postmaster.pid").unlink(missing_ok=True)


def _named_pid(folder: ServerFolder) -> int | None:
    lines = folder.postmaster()
    return int(lines[0]) if lines and lines[0].isdigit() else None


def _is_postgres(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    command = Path(f"/proc/{pid}/cmdline")
    if not Path("/proc/self").exists():
        return True  # this system offers no way to check the program's name
    try:
        return b"postgres" in command.read_bytes().split(b"\0")[0]
    except OSError:
        return False
