"""The folder of an embedded server: its layout, and the place of its socket."""

import contextlib
import hashlib
import os
import stat
import tempfile
from pathlib import Path

from models.embedded.account import Account
from models.errors import EmbeddedServerFailed

__all__ = ["DATABASE_FOLDER", "ServerFolder"]

DATABASE_FOLDER = "postgres"
"""Its name in the data directory."""

_LONGEST_SOCKET_FOLDER = 85
"""Bytes. A socket's path may have 107, and the server adds ``/.s.PGSQL.5432.lock``."""


_SHORT = Path("/tmp")  # noqa: S108 - our folders in it are private, which is checked


class ServerFolder:
    """Paths below the folder of one server.

    Parameters
    ----------
    home
        The data directory of opmodel; the server lives in ``postgres`` below it.
    account
        The account that runs the server, and therefore owns the data and the socket.
    """

    def __init__(self, home: Path, account: Account) -> None:
        self.root = home.absolute() / DATABASE_FOLDER
        self.data = self.root / "data"
        self.unfinished_data = self.root / "data.new"
        self.log = self.root / "postgres.log"
        self.lock = self.root / "owner.lock"
        self.password = self.root / "owner.password"
        self._chosen_socket = self.root / "socket.path"
        self._account = account

    def prepare(self) -> None:
        """Create the folder; keep its contents if it exists.

        Raises
        ------
        EmbeddedServerFailed
            The folder cannot be created, or belongs to another account.
        """
        try:
            self.root.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            msg = f"{self.root} cannot hold a database: {error.strerror}."
            raise EmbeddedServerFailed(msg) from error
        if not os.access(self.root, os.R_OK | os.W_OK | os.X_OK):
            msg = f"{self.root} belongs to another account; set OPMODEL_HOME to another folder."
            raise EmbeddedServerFailed(msg)

    def postmaster(self) -> list[str]:
        """Return the lines of ``postmaster.pid``; none if the file does not exist."""
        try:
            return (self.data / "postmaster.pid").read_text().splitlines()
        except OSError:
            return []

    def ready_pid(self) -> int | None:
        """Return the process id of a server that reports that it accepts connections."""
        lines = self.postmaster()
        return int(lines[0]) if lines and lines[-1].strip() == "ready" else None

    def socket(self) -> Path:
        """Return the private folder of the socket; it stays the same across restarts.

        It lies beside the data. If that path is too long for a socket, it is a folder of ours
        in the system's temporary folder, named after the path.
        """
        beside = self.root / "socket"
        if len(os.fsencode(beside)) <= _LONGEST_SOCKET_FOLDER:
            beside.mkdir(mode=0o700, exist_ok=True)
            self._account.owns(beside)
            return beside
        for chosen in (self._remembered_socket(), self._named_socket()):
            if chosen is not None and self._is_private(chosen):
                return chosen
        return self._random_socket()

    def remove_short_socket(self) -> None:
        """Remove our folder from the temporary folder; the next start creates it again."""
        chosen = self.socket()
        if not chosen.is_relative_to(self.root):
            with contextlib.suppress(OSError):
                chosen.rmdir()

    def _remembered_socket(self) -> Path | None:
        if not self._chosen_socket.exists():
            return None
        return Path(self._chosen_socket.read_text())

    def _named_socket(self) -> Path:
        named = _SHORT / f"opmodel-{hashlib.sha256(os.fsencode(self.root)).hexdigest()[:16]}"
        with contextlib.suppress(FileExistsError):
            named.mkdir(mode=0o700)
            self._account.owns(named)
        return named

    def _random_socket(self) -> Path:
        """Choose a random name, because another account has taken the usual one."""
        chosen = Path(tempfile.mkdtemp(prefix="opmodel-", dir=_SHORT))
        self._account.owns(chosen)
        self._chosen_socket.write_text(str(chosen))
        return chosen

    def _is_private(self, folder: Path) -> bool:
        """Return whether only the account can have written to ``folder``."""
        try:
            found = folder.lstat()
        except OSError:
            return False
        owner = os.geteuid() if self._account.uid is None else self._account.uid
        closed = stat.S_IMODE(found.st_mode) == 0o700
        return stat.S_ISDIR(found.st_mode) and closed and found.st_uid == owner
