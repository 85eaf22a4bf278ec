"""The server's process: started as a direct child, awaited, and shut down in order."""

import os
import signal
import subprocess
import time
from pathlib import Path

from models.embedded.account import Account
from models.embedded.cluster import SETTINGS
from models.embedded.folder import ServerFolder
from models.embedded.handles import opened
from models.errors import EmbeddedServerFailed

__all__ = ["PAUSE_S", "ServerProcess"]

PAUSE_S = 0.02
_STILL_LEAVING = ("is still in use", 'lock file "postmaster.pid"')
"""Messages of a server that finds an earlier one still ending."""


class ServerProcess:
    """One run of the server; it ends with the thread that started it."""

    def __init__(self, folder: ServerFolder, account: Account) -> None:
        self._folder = folder
        self._account = account
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int | None:
        """Process id, even after the server has ended; ``None`` before a start."""
        return None if self._process is None else self._process.pid

    @property
    def is_running(self) -> bool:
        """Whether the server has been started and has not ended."""
        return self._process is not None and self._process.poll() is None

    def start(self, programs: Path, *, until: float) -> None:
        """Start the server and return once it accepts connections.

        Parameters
        ----------
        programs
            Folder of ``postgres``.
        until
            When to give up, on the monotonic clock.

        Raises
        ------
        EmbeddedServerFailed
            The server ended, or was not ready in time; the message is from its log.
        """
        while True:
            log_begins = self._log_size()
            self._spawn(programs)
            if self._becomes_ready(until):
                return
            said = self._said_since(log_begins)
            if time.monotonic() > until or not any(word in said for word in _STILL_LEAVING):
                self.stop(timeout_s=0.0)
                msg = f"The embedded database did not start: {said or 'no reason given'}"
                raise EmbeddedServerFailed(msg)
            time.sleep(PAUSE_S)

    def stop(self, *, timeout_s: float) -> None:
        """Request a fast shutdown, then an immediate one, and kill only as the last resort.

        A killed server leaves shared memory behind, which delays the next start.
        """
        process, self._process = self._process, None
        if process is None:
            return
        for wish in (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL):
            if process.poll() is None:
                process.send_signal(wish)
            try:
                process.wait(timeout_s if wish != signal.SIGKILL else None)
            except subprocess.TimeoutExpired:
                continue
            return

    def _spawn(self, programs: Path) -> None:
        settings = [f"--{name}={value}" for name, value in SETTINGS.items()]
        folder = self._folder
        with (
            opened(self._account, folder.data, folder.socket()) as handles,
            folder.log.open("ab") as log,
        ):
            data, door = handles.names
            command = [programs / "postgres", "-D", data, "-k", door, *settings]
            # A separate session: Ctrl-C reaches only us, and we shut the server down in order.
            self._process = subprocess.Popen(  # noqa: S603 - our own programs, no shell
                self._account.command(command, parent=os.getpid()),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd="/",
                start_new_session=True,
                pass_fds=handles.descriptors,
            )

    def _becomes_ready(self, until: float) -> bool:
        while self.is_running and time.monotonic() <= until:
            if self._folder.ready_pid() == self.pid:
                return True
            time.sleep(PAUSE_S)
        return False

    def _log_size(self) -> int:
        return self._folder.log.stat().st_size if self._folder.log.exists() else 0

    def _said_since(self, position: int) -> str:
        with self._folder.log.open("rb") as log:
            log.seek(position)
            return log.read()[-2000:].decode(errors="replace").strip()
