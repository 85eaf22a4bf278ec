"""The key folder: what opens the answers of open campaigns, kept outside the database.

A campaign has two files here from opening to close: its secret, needed by every process that
takes answers, and its private key, needed only to close. Whoever holds the database alone reads
no answer and forges none.
"""

import logging
import os
import secrets
import stat
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple
from uuid import UUID

from survey.sealing.errors import KeysMissing, KeysNotKept
from survey.sealing.key_pair import PRIVATE_KEY_BYTES, PrivateKey, new_private_key

__all__ = ["KEYS_VARIABLE", "CampaignKeys", "KeyFolder", "KeyFolderRefused", "key_folder"]

KEYS_VARIABLE = "OPMODEL_KEYS"
SECRET_BYTES = 32

_SECRET, _PRIVATE = ".secret", ".key"
_LENGTHS = {_SECRET: SECRET_BYTES, _PRIVATE: PRIVATE_KEY_BYTES}
_OF_OTHERS = stat.S_IRWXG | stat.S_IRWXO

_log = logging.getLogger(__name__)


class KeyFolderRefused(Exception):  # noqa: N818 - an error is named for what happened
    """The key folder cannot be used; the message says why."""


class CampaignKeys(NamedTuple):
    """What the two files of a campaign hold."""

    secret: bytes
    private_key: bytes

    def are_whole(self) -> bool:
        """Tell whether both have the length of a key."""
        return tuple(map(len, self)) == tuple(_LENGTHS.values())


def key_folder(
    environ: Mapping[str, str], *, home: Path | None, database: Path | None = None
) -> "KeyFolder":
    """Return the key folder that the environment names.

    Parameters
    ----------
    environ : mapping of str to str
        ``OPMODEL_KEYS`` takes precedence.
    home : Path or None
        The data directory of the embedded database, whose ``keys`` is the default; None if the
        database is elsewhere.
    database : Path or None
        The folder of the embedded database. The keys lie beside it, never inside, so that a
        copy of the database holds none.

    Raises
    ------
    KeyFolderRefused
        The database is elsewhere, and the variable is not set; or the folder lies in that of
        the database.
    """
    if given := environ.get(KEYS_VARIABLE):
        folder = Path(given)
    elif home is not None:
        folder = home / "keys"
    else:
        msg = (
            f"{KEYS_VARIABLE} must name the folder for the keys of open campaigns, because "
            "DATABASE_URL is set. Every server and worker needs the same folder."
        )
        raise KeyFolderRefused(msg)
    if database is not None:
        _require_outside(folder, database)
    return KeyFolder(folder)


def _require_outside(folder: Path, database: Path) -> None:
    """Refuse a folder inside another, whatever links and dots lead to it."""
    if folder.resolve().is_relative_to(database.resolve()):
        msg = (
            f"{KEYS_VARIABLE} names {folder}, which lies inside the folder of the database, "
            f"{database}: a copy of the database would hold the keys that open its answers. "
            f"Name a folder beside it, such as {database.with_name('keys')}, and move the "
            "files there."
        )
        raise KeyFolderRefused(msg)


class KeyFolder:
    """The keys of the open campaigns of one installation.

    Parameters
    ----------
    folder : Path
        Made on the first use; only its owner may read it.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._reported: set[Path] = set()

    def create(self, campaign: UUID) -> tuple[bytes, PrivateKey]:
        """Make the secret and the private key of a campaign; both survive a loss of power.

        Files of a campaign that did not open after all are replaced.

        Returns
        -------
        tuple of bytes and PrivateKey
            The secret, 32 bytes, and the private key.

        Raises
        ------
        KeysNotKept
            The folder cannot be made or written to; the log says why.
        """
        secret, private = secrets.token_bytes(SECRET_BYTES), new_private_key()
        try:
            self._keep(campaign, CampaignKeys(secret, private.to_bytes()))
            self._sync()
        except OSError as error:
            reason = error.strerror or str(error)
            _log.error("Keys cannot be written to %s: %s.", self.folder, reason)
            raise KeysNotKept(campaign, folder=self.folder, reason=reason) from error
        return secret, private

    def secret(self, campaign: UUID) -> bytes:
        """Return the secret of a campaign, 32 bytes.

        Raises
        ------
        KeysMissing
            It is not here or not whole, cannot be read, or can be read by others.
        """
        return self._read(campaign, _SECRET)

    def private_key(self, campaign: UUID) -> PrivateKey:
        """Return what opens the envelopes of a campaign.

        Raises
        ------
        KeysMissing
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

    def both(self, campaign: UUID) -> CampaignKeys:
        """Return what both files of a campaign hold.

        Raises
        ------
        KeysMissing
            As for `secret`.
        """
        return CampaignKeys(self._read(campaign, _SECRET), self._read(campaign, _PRIVATE))

    def put_back(self, keys: Mapping[UUID, CampaignKeys]) -> None:
        """Keep keys that come from a backup, closed to everybody but the owner.

        Raises
        ------
        KeyFolderRefused
            There are other keys of one of these campaigns. Nothing is written.
        """
        self.require_room(keys)
        for campaign, pair in keys.items():
            self._keep(campaign, pair)
        if keys:
            self._sync()

    def require_room(self, keys: Mapping[UUID, CampaignKeys]) -> None:
        """Check that keys from a backup would replace no others.

        Raises
        ------
        KeyFolderRefused
            There are other keys of one of these campaigns.
        """
        for campaign, given in keys.items():
            for ending, content in zip(_LENGTHS, given, strict=True):
                path = self._path(campaign, ending)
                if path.exists() and path.read_bytes() != content:
                    msg = (
                        f"{path} is another key than the one in the backup, and is not "
                        "overwritten. Move it away, or restore with --without-keys."
                    )
                    raise KeyFolderRefused(msg)

    def problems(self, campaigns: Iterable[UUID]) -> Iterator[KeysMissing]:
        """Yield why keys cannot be used, for each of the campaigns whose keys cannot."""
        for campaign in campaigns:
            try:
                self.both(campaign)
            except KeysMissing as missing:
                yield missing

    def report(self, missing: KeysMissing) -> None:
        """Log why keys cannot be used; only once until they have been read again."""
        if missing.file not in self._reported:
            self._reported.add(missing.file)
            _log.error(
                "The keys of campaign %s cannot be used: %s.", missing.campaign, missing.reason
            )

    def _path(self, campaign: UUID, ending: str) -> Path:
        return self.folder / f"{campaign}{ending}"

    def _read(self, campaign: UUID, ending: str) -> bytes:
        path, length = self._path(campaign, ending), _LENGTHS[ending]
        try:
            with path.open("rb") as file:
                is_open_to_others = os.fstat(file.fileno()).st_mode & _OF_OTHERS
                content = file.read(length + 1)
        except OSError as error:
            reason = f"cannot be read ({error.strerror})"
            raise KeysMissing(campaign, file=path, reason=reason) from None
        if is_open_to_others:
            reason = "must be closed to everybody but its owner (chmod 600)"
            raise KeysMissing(campaign, file=path, reason=reason)
        if len(content) != length:
            raise KeysMissing(campaign, file=path, reason=f"is not {length} bytes long")
        self._reported.discard(path)
        return content

    def _keep(self, campaign: UUID, keys: CampaignKeys) -> None:
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for ending, content in zip(_LENGTHS, keys, strict=True):
            self._write(self._path(campaign, ending), content)

    def _write(self, path: Path, content: bytes) -> None:
        draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            draft.replace(path)
        except OSError:
            draft.unlink(missing_ok=True)
            raise

    def _sync(self) -> None:
        """Make names survive a loss of power, new ones and removed ones."""
        descriptor = os.open(self.folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
