"""Waiting for a server that is on its way out, and clearing away a sign it left behind."""

import os
import time
from pathlib import Path

from models.embedded.folder import ServerFolder
from models.errors import EmbeddedServerFailed

__all__ = ["wait_for_predecessor"]

_PAUSE_S = 0.02


def wait_for_predecessor(folder: ServerFolder, *, until: float) -> None:
    """Return when no server works on ``folder``. Call it with the lock held.

    An owner that was killed leaves a server that still writes its last page. The number in
    ``postmaster.pid`` may also belong to somebody else by now, as after a reboot or in a
    container; then the file is a sign without meaning, at which the new server would stop.

    Parameters
    ----------
    folder
        The server's folder.
    until
        When to give up, on the monotonic clock.

    Raises
    ------
    EmbeddedServerFailed
        It is still there.
    """
    while (pid := _named_pid(folder)) is not None and _is_postgres(pid):
        if time.monotonic() > until:
            msg = f"A database server (process {pid}) still works on {folder.data}."
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
        return True  # no way to look closer on this system
    try:
        return b"postgres" in command.read_bytes().split(b"\0")[0]
    except OSError:
        return False
