"""The key folder: what opens the answers of open campaigns, kept outside the database.

A campaign has two files here from opening to close: its secret, needed by every process that
takes answers, and its private key, needed only to close. Whoever holds the database alone reads
no answer and forges none.
"""

import os
import secrets
import stat
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from uuid import UUID

from survey.sealing.errors import KeysMissing
from survey.sealing.key_pair import PrivateKey, new_private_key

__all__ = ["KEYS_VARIABLE", "KeyFolder", "KeyFolderRefused", "key_folder"]

KEYS_VARIABLE = "OPMODEL_KEYS"
SECRET_BYTES = 32

_SECRET, _PRIVATE = ".secret", ".key"
_OF_OTHERS = stat.S_IRWXG | stat.S_IRWXO


class KeyFolderRefused(Exception):  # noqa: N818 - an error is named for what happened
    """The key folder cannot be used; the message says why."""


def key_folder(environ: Mapping[str, str], *, home: Path | None) -> "KeyFolder":
    """Return the key folder that the environment names.

    Parameters
    ----------
    environ : mapping of str to str
        ``OPMODEL_KEYS`` takes precedence.
    home : Path or None
        The data directory of the embedded database, whose ``keys`` is the default; None if the
        database is elsewhere. The folder lies beside the database's own, never inside it, so
        that a copy of the database holds no key.

    Raises
    ------
    KeyFolderRefused
        The database is elsewhere, and the variable is not set.
    """
    given = environ.get(KEYS_VARIABLE)
    if given:
        return KeyFolder(Path(given))
    if home is None:
        msg = (
            f"{KEYS_VARIABLE} must name the folder for the keys of open campaigns, because "
            "DATABASE_URL is set. Every server and worker needs the same folder."
        )
        raise KeyFolderRefused(msg)
    return KeyFolder(home / "keys")


class KeyFolder:
    """The keys of the open campaigns of one installation.

    Parameters
    ----------
    folder : Path
        Made on the first use; only its owner may read it.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def create(self, campaign: UUID) -> tuple[bytes, PrivateKey]:
        """Make the secret and the private key of a campaign; both survive a loss of power.

        Files of a campaign that did not open after all are replaced.

        Returns
        -------
        tuple of bytes and PrivateKey
            The secret, 32 bytes, and the private key.
        """
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        secret, private = secrets.token_bytes(SECRET_BYTES), new_private_key()
        self._write(self._path(campaign, _SECRET), secret)
        self._write(self._path(campaign, _PRIVATE), private.to_bytes())
        self._sync()
        return secret, private

    def secret(self, campaign: UUID) -> bytes:
        """Return the secret of a campaign, 32 bytes.

        Raises
        ------
        KeysMissing
            It is not here.
        KeyFolderRefused
            Others may read it.
        """
        return self._read(campaign, _SECRET)

    def private_key(self, campaign: UUID) -> PrivateKey:
        """Return what opens the envelopes of a campaign.

        Raises
        ------
        KeysMissing, KeyFolderRefused
            As for `secret`.
        """
        return PrivateKey.from_bytes(self._read(campaign, _PRIVATE))

    def destroy(self, campaign: UUID) -> None:
        """Remove both files for good; do nothing if they are gone.

        Copies made outside the program, such as snapshots of the disk, are beyond its reach.
        """
        for ending in (_PRIVATE, _SECRET):
            with suppress(FileNotFoundError):
                self._path(campaign, ending).unlink()
        if self.folder.exists():
            self._sync()

    def campaigns(self) -> frozenset[UUID]:
        """Return the campaigns of which both files are here."""
        found = [
            {UUID(path.stem) for path in self.folder.glob(f"*{ending}")}
            for ending in (_SECRET, _PRIVATE)
        ]
        return frozenset(found[0] & found[1])

    def _path(self, campaign: UUID, ending: str) -> Path:
        return self.folder / f"{campaign}{ending}"

    def _read(self, campaign: UUID, ending: str) -> bytes:
        try:
            with self._path(campaign, ending).open("rb") as file:
                if os.fstat(file.fileno()).st_mode & _OF_OTHERS:
                    msg = f"{file.name} must be closed to everybody but its owner: chmod 600"
                    raise KeyFolderRefused(msg)
                return file.read()
        except FileNotFoundError:
            raise KeysMissing(campaign) from None

    def _write(self, path: Path, content: bytes) -> None:
        draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)

    def _sync(self) -> None:
        """Make names survive a loss of power, new ones and removed ones."""
        descriptor = os.open(self.folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
