"""The embedded server: one process owns it, others attach, and somebody always restarts it."""

import asyncio
import fcntl
import logging
import os
import signal
import socket
import subprocess
import threading
import time
from pathlib import Path
from typing import IO
from urllib.parse import quote

from models.embedded.account import server_account
from models.embedded.binaries import reachable_programs
from models.embedded.cluster import SETTINGS, create_cluster, require_same_version
from models.embedded.folder import ServerFolder
from models.embedded.handles import opened
from models.embedded.predecessor import wait_for_predecessor
from models.errors import EmbeddedServerFailed

__all__ = ["EmbeddedPostgres", "attach_or_start"]

_log = logging.getLogger(__name__)

_PAUSE_S = 0.02
_STILL_LEAVING = ("is still in use", 'lock file "postmaster.pid"')
"""What a server says on finding the remains of one that is about to be gone."""


class EmbeddedPostgres:
    """The server in one data directory, as seen from this process.

    Whoever holds the lock in its folder owns the server: a direct child that ends with its
    owner, however the owner ends. Other processes attach, and take over when the lock is free.

    Parameters
    ----------
    home
        The data directory of opmodel.
    timeout_s
        How long to wait for a server to start or to go, in seconds.
    """

    def __init__(self, home: Path, *, timeout_s: float = 30.0) -> None:
        self._account = server_account()
        self.folder = ServerFolder(home, self._account)
        self._timeout_s = timeout_s
        self._lock: IO[bytes] | None = None
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def dsn(self) -> str:
        """Address of the server; it stays the same when the server is restarted."""
        return f"postgresql://postgres@/postgres?host={quote(str(self.folder.socket()))}"

    @property
    def is_owner(self) -> bool:
        """Whether the server belongs to this process."""
        return self._lock is not None

    @property
    def pid(self) -> int | None:
        """Process id of the server this process owns."""
        return None if self._process is None else self._process.pid

    def start(self) -> str:
        """Own the server and start it unless it runs; from the main thread only.

        Returns
        -------
        str
            The address.

        Raises
        ------
        EmbeddedServerFailed
            Another process owns it, we are not on the main thread, or it does not start.
        """
        _require_main_thread()
        if not self._try_to_own():
            msg = f"Another process owns the embedded database in {self.folder.root}."
            raise EmbeddedServerFailed(msg)
        if self._process is None or self._process.poll() is not None:
            try:
                self._launch()
            except BaseException:
                self._release_lock()
                raise
        return self.dsn

    def ensure(self) -> str:
        """Make sure the server runs: start it where nobody owns it, else wait for its owner.

        Calling it again after a loss contends for the lock and restarts the server.

        Returns
        -------
        str
            The address.

        Raises
        ------
        EmbeddedServerFailed
            We are not on the main thread, or the server does not become ready in time.
        """
        _require_main_thread()
        end = time.monotonic() + self._timeout_s
        while not self._try_to_own():
            if self._is_ready() and self._answers():
                return self.dsn
            if time.monotonic() > end:
                msg = f"The owner of {self.folder.root} has not started its database."
                raise EmbeddedServerFailed(msg)
            time.sleep(_PAUSE_S)
        return self.start()

    async def watch(self, *, every_s: float = 0.5) -> None:
        """Keep the server running until cancelled; on the main thread's event loop.

        The owner restarts a server that has ended. Others wait for the lock, which is free
        when the owner has ended, and then start the server themselves.
        """
        while True:
            await asyncio.sleep(every_s)
            try:
                if self._needs_us():
                    self.ensure()
            except EmbeddedServerFailed:
                _log.exception("The embedded database is down; trying again.")

    def stop(self) -> None:
        """End the server if it is ours, in order; do nothing if it is not."""
        process, self._process = self._process, None
        if process is not None:
            _end(process, timeout_s=self._timeout_s)
        self._release_lock()

    def _needs_us(self) -> bool:
        if self.is_owner:
            return self._process is None or self._process.poll() is not None
        return self._try_to_own()

    def _try_to_own(self) -> bool:
        if self._lock is not None:
            return True
        self.folder.prepare()
        lock = self.folder.lock.open("ab")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.close()
            return False
        self._lock = lock
        return True

    def _release_lock(self) -> None:
        lock, self._lock = self._lock, None
        if lock is not None:
            lock.close()

    def _launch(self) -> None:
        programs = reachable_programs(self._account)
        create_cluster(self.folder, self._account, programs)
        require_same_version(self.folder)
        end = time.monotonic() + self._timeout_s
        wait_for_predecessor(self.folder, until=end)
        while True:
            start_of_log = self._log_size()
            self._spawn(programs)
            if self._wait_until_ready(end):
                return
            said = self._said_since(start_of_log)
            if time.monotonic() > end or not any(word in said for word in _STILL_LEAVING):
                self.stop()
                msg = f"The embedded database did not start: {said or 'no reason given'}"
                raise EmbeddedServerFailed(msg)
            time.sleep(_PAUSE_S)

    def _spawn(self, programs: Path) -> None:
        settings = [f"--{name}={value}" for name, value in SETTINGS.items()]
        with (
            opened(self._account, self.folder.data, self.folder.socket()) as handles,
            self.folder.log.open("ab") as log,
        ):
            data, door = handles.names
            command = [programs / "postgres", "-D", data, "-k", door, *settings]
            # A session of its own: Ctrl-C is for us, and we end the server in order.
            self._process = subprocess.Popen(  # noqa: S603 - our own programs, no shell
                self._account.command(command, parent=os.getpid()),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd="/",
                start_new_session=True,
                pass_fds=handles.descriptors,
            )

    def _wait_until_ready(self, end: float) -> bool:
        while self._process is not None and self._process.poll() is None:
            if self._is_ready(self._process.pid):
                return True
            if time.monotonic() > end:
                return False
            time.sleep(_PAUSE_S)
        return False

    def _is_ready(self, pid: int | None = None) -> bool:
        lines = self.folder.postmaster()
        ready = bool(lines) and lines[-1].strip() == "ready"
        return ready and (pid is None or lines[0] == str(pid))

    def _answers(self) -> bool:
        """Tell whether somebody listens; a killed server leaves its sign behind."""
        with socket.socket(socket.AF_UNIX) as door:
            return door.connect_ex(str(self.folder.socket() / ".s.PGSQL.5432")) == 0

    def _log_size(self) -> int:
        return self.folder.log.stat().st_size if self.folder.log.exists() else 0

    def _said_since(self, position: int) -> str:
        with self.folder.log.open("rb") as log:
            log.seek(position)
            return log.read()[-2000:].decode(errors="replace").strip()


def attach_or_start(home: Path, *, timeout_s: float = 30.0) -> EmbeddedPostgres:
    """Return the server in ``home``, running: ours if nobody owned it, else another's.

    Parameters
    ----------
    home
        The data directory of opmodel.
    timeout_s
        How long to wait for it, in seconds.

    Raises
    ------
    EmbeddedServerFailed
        We are not on the main thread, or the server does not become ready in time.
    """
    server = EmbeddedPostgres(home, timeout_s=timeout_s)
    server.ensure()
    return server


def _require_main_thread() -> None:
    # The kernel ends the server when the *thread* that started it ends.
    if threading.current_thread() is not threading.main_thread():
        msg = "Start the embedded database from the main thread."
        raise EmbeddedServerFailed(msg)


def _end(process: subprocess.Popen[bytes], *, timeout_s: float) -> None:
    """Ask for a fast shutdown, then an immediate one; killing leaves shared memory behind."""
    for wish in (signal.SIGINT, signal.SIGQUIT):
        if process.poll() is None:
            process.send_signal(wish)
        try:
            process.wait(timeout_s)
        except subprocess.TimeoutExpired:
            continue
        return
    process.kill()
    process.wait()
