"""The embedded server: one process owns it, others attach, and one of them restarts it."""

import asyncio
import fcntl
import logging
import socket
import threading
import time
from pathlib import Path
from typing import IO
from urllib.parse import quote

from models.embedded.access import OWNER, restrict_access
from models.embedded.account import server_account
from models.embedded.binaries import reachable_programs
from models.embedded.cluster import create_cluster, require_same_version
from models.embedded.folder import ServerFolder
from models.embedded.predecessor import wait_for_predecessor
from models.embedded.process import PAUSE_S, ServerProcess
from models.errors import EmbeddedServerFailed
from models.login import LOGIN_ROLE

__all__ = ["EmbeddedPostgres", "Ownership", "attach_or_start"]

_log = logging.getLogger(__name__)


class EmbeddedPostgres:
    """The server in one data directory, as seen from this process.

    The process that holds the lock in the folder owns the server. The server is its direct
    child and ends when the owner ends, for whatever reason. Other processes attach, and take
    over when the lock is free.

    Parameters
    ----------
    home
        The data directory of opmodel.
    timeout_s
        How long to wait for a server to start or to end, in seconds.
    """

    def __init__(self, home: Path, *, timeout_s: float = 30.0) -> None:
        self._account = server_account()
        self._timeout_s = timeout_s
        self.folder = ServerFolder(home, self._account)
        self.folder.prepare()
        self._ownership = Ownership(self.folder.lock)
        self._process = ServerProcess(self.folder, self._account)

    @property
    def dsn(self) -> str:
        """Address with the owner's password; it stays the same across restarts."""
        try:
            password = self.folder.password.read_text()
        except FileNotFoundError:  # no server has started here
            return self._address(OWNER)
        return f"{self._address(OWNER)}&password={password}"

    @property
    def login_dsn(self) -> str:
        """Address with the application's login, which `migrate` makes."""
        return self._address(LOGIN_ROLE)

    def _address(self, role: str) -> str:
        return f"postgresql://{role}@/postgres?host={quote(str(self.folder.socket()))}"

    @property
    def is_owner(self) -> bool:
        """Whether the server belongs to this process."""
        return self._ownership.held

    @property
    def pid(self) -> int | None:
        """Process id of the server, if it belongs to this process."""
        return self._process.pid

    def start(self) -> str:
        """Take ownership and start the server unless it runs. Call it on the main thread.

        Returns
        -------
        str
            The address.

        Raises
        ------
        EmbeddedServerFailed
            Another process owns the server, this is not the main thread, or it does not start.
        """
        _require_main_thread()
        if not self._ownership.take():
            msg = f"Another process owns the embedded database in {self.folder.root}."
            raise EmbeddedServerFailed(msg)
        if not self._process.is_running:
            try:
                self._launch()
            except BaseException:
                self.stop()
                raise
        return self.dsn

    def ensure(self) -> str:
        """Make sure the server runs: start it if nobody owns it, else wait for its owner.

        If the server is lost later, call this again to compete for the lock and restart it.

        Returns
        -------
        str
            The address.

        Raises
        ------
        EmbeddedServerFailed
            This is not the main thread, or the server does not become ready in time.
        """
        _require_main_thread()
        end = time.monotonic() + self._timeout_s
        while not self._ownership.take():
            if self.folder.ready_pid() is not None and self._answers():
                return self.dsn
            if time.monotonic() > end:
                msg = f"The owner of {self.folder.root} has not started its database."
                raise EmbeddedServerFailed(msg)
            time.sleep(PAUSE_S)
        return self.start()

    async def watch(self, *, every_s: float = 0.5) -> None:
        """Keep the server running until cancelled. Run it on the main thread's event loop.

        The owner restarts the server if it ends. Other processes wait for the lock, which is
        free once the owner has ended, and then start the server themselves. A start blocks the
        event loop, which could serve nothing meanwhile anyway.
        """
        is_down = False
        while True:
            await asyncio.sleep(every_s)
            try:
                if self._ownership.take() and not self._process.is_running:
                    self.start()
                    _log.warning("The embedded database had ended and has been started again.")
                is_down = False
            except EmbeddedServerFailed:
                if not is_down:
                    _log.exception("The embedded database is down; trying again.")
                is_down = True

    def stop(self) -> None:
        """Shut the server down in order if it is ours; do nothing if it is not."""
        self._process.stop(timeout_s=self._timeout_s)
        if self._ownership.held:
            self.folder.remove_short_socket()
        self._ownership.release()

    def _launch(self) -> None:
        programs = reachable_programs(self._account)
        create_cluster(self.folder, self._account, programs)
        require_same_version(self.folder)
        end = time.monotonic() + self._timeout_s
        wait_for_predecessor(self.folder, until=end)
        restrict_access(self.folder, self._account, programs)
        self._process.start(programs, until=end)

    def _answers(self) -> bool:
        """Return whether the socket accepts a connection; a stale pid file proves nothing."""
        with socket.socket(socket.AF_UNIX) as door:
            return door.connect_ex(str(self.folder.socket() / ".s.PGSQL.5432")) == 0


def attach_or_start(home: Path, *, timeout_s: float = 30.0) -> EmbeddedPostgres:
    """Return the running server in ``home``; start it if no process owns it.

    Parameters
    ----------
    home
        The data directory of opmodel.
    timeout_s
        How long to wait for it, in seconds.

    Raises
    ------
    EmbeddedServerFailed
        This is not the main thread, or the server does not become ready in time.
    """
    server = EmbeddedPostgres(home, timeout_s=timeout_s)
    server.ensure()
    return server


def _require_main_thread() -> None:
    # The kernel ends the server when the *thread* that started it ends.
    if threading.current_thread() is not threading.main_thread():
        msg = "Start the embedded database from the main thread."
        raise EmbeddedServerFailed(msg)


class Ownership:
    """An exclusive lock on a file; taking it never blocks."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file: IO[bytes] | None = None

    @property
    def held(self) -> bool:
        """Whether this object holds the lock."""
        return self._file is not None

    def take(self) -> bool:
        """Take the lock if it is free; return whether this object holds it now."""
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
        """Release the lock; do nothing if it is not held."""
        file, self._file = self._file, None
        if file is not None:
            file.close()
