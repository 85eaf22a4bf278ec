"""The folder of an embedded server: what lies where, and where its socket may be."""

import contextlib
import hashlib
import os
import stat
import tempfile
from pathlib import Path

from models.embedded.account import Account
from models.errors import EmbeddedServerFailed

__all__ = ["ServerFolder"]

_LONGEST_SOCKET_FOLDER = 85
"""Bytes. A socket's path may have 107, and the server adds ``/.s.PGSQL.5432.lock``."""


_SHORT = Path("/tmp")  # noqa: S108 - folders in it are made private, and checked to be


class ServerFolder:
    """Paths below the folder of one server.

    Parameters
    ----------
    home
        The data directory of opmodel; the server lives in ``postgres`` below it.
    account
        Who runs the server and therefore owns data and socket.
    """

    def __init__(self, home: Path, account: Account) -> None:
        self.root = home.absolute() / "postgres"
        self.data = self.root / "data"
        self.unfinished_data = self.root / "data.new"
        self.log = self.root / "postgres.log"
        self.lock = self.root / "owner.lock"
        self._chosen_socket = self.root / "socket.path"
        self._account = account

    def prepare(self) -> None:
        """Create the folder; what is in it already stays.

        Raises
        ------
        EmbeddedServerFailed
            The folder cannot be made, or is another account's.
        """
        try:
            self.root.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            msg = f"{self.root} cannot hold a database: {error.strerror}."
            raise EmbeddedServerFailed(msg) from error
        if not os.access(self.root, os.R_OK | os.W_OK | os.X_OK):
            msg = f"{self.root} belongs to another account; name another by OPMODEL_HOME."
            raise EmbeddedServerFailed(msg)

    def postmaster(self) -> list[str]:
        """Return the lines the running server keeps about itself; none where there is none."""
        try:
            return (self.data / "postmaster.pid").read_text().splitlines()
        except OSError:
            return []

    def ready_pid(self) -> int | None:
        """Return the process id of a server that says it takes connections."""
        lines = self.postmaster()
        return int(lines[0]) if lines and lines[-1].strip() == "ready" else None

    def socket(self) -> Path:
        """Return the private folder of the socket, the same one after every restart.

        It lies beside the data. Where that path is too long for a socket it is a folder of
        our own in the system's temporary one, named after the path.
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
        """Leave nothing in the system's temporary folder; the next start makes it again."""
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
        """Choose a name that nobody can have taken before, as somebody has with ours."""
        chosen = Path(tempfile.mkdtemp(prefix="opmodel-", dir=_SHORT))
        self._account.owns(chosen)
        self._chosen_socket.write_text(str(chosen))
        return chosen

    def _is_private(self, folder: Path) -> bool:
        """Tell whether nobody but the account can have put something into ``folder``."""
        try:
            found = folder.lstat()
        except OSError:
            return False
        owner = os.geteuid() if self._account.uid is None else self._account.uid
        closed = stat.S_IMODE(found.st_mode) == 0o700
        return stat.S_ISDIR(found.st_mode) and closed and found.st_uid == owner
