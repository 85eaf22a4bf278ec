"""The keys of an installation, which never enter its database.

Invitation tokens are derived from the server key. The backup key marks backups, so that nobody
can pass off another file as one of them.
"""

import os
import secrets
import stat
import tempfile
from collections.abc import Mapping
from pathlib import Path

__all__ = [
    "BACKUP_KEY_FILE",
    "BACKUP_KEY_VARIABLE",
    "KEY_FILE",
    "KEY_VARIABLE",
    "ServerKeyRefused",
    "backup_key",
    "server_key",
]

KEY_VARIABLE = "OPMODEL_SECRET_KEY"
KEY_FILE = "secret.key"
"""Its name in the data directory."""
BACKUP_KEY_VARIABLE = "OPMODEL_BACKUP_KEY"
BACKUP_KEY_FILE = "backup.mac-key"
"""Its name in the key folder."""

_SHORTEST = 32  # characters
_RANDOM_BYTES = 48
_OF_OTHERS = stat.S_IRWXG | stat.S_IRWXO


class ServerKeyRefused(Exception):  # noqa: N818 - an error is named for what happened
    """A key of the installation cannot be used; the message never quotes the key."""


def server_key(environ: Mapping[str, str], *, home: Path) -> bytes:
    """Return the server key; make one on the first call on a machine.

    All processes of one database need the same key: if they do not share a data directory, the
    variable has to be set.

    Parameters
    ----------
    environ : mapping of str to str
        ``OPMODEL_SECRET_KEY``, 32 characters or more, takes precedence.
    home : Path
        The data directory, with the file ``secret.key`` otherwise.

    Raises
    ------
    ServerKeyRefused
        The key is shorter than 32 characters, or not only its owner can read the file.
    OSError
        The file cannot be read or made.
    """
    return _given(environ, KEY_VARIABLE) or _kept(home / KEY_FILE)


def backup_key(environ: Mapping[str, str], *, folder: Path, verifying: bool = False) -> bytes:
    """Return the key that marks backups; make one for the first backup of an installation.

    Parameters
    ----------
    environ : mapping of str to str
        ``OPMODEL_BACKUP_KEY``, 32 characters or more, takes precedence.
    folder : Path
        The key folder, with the file ``backup.mac-key`` otherwise.
    verifying : bool
        Whether a backup is to be verified; for this no key is made.

    Raises
    ------
    ServerKeyRefused
        The key is shorter than 32 characters, or not only its owner can read the file; or there
        is none to verify with.
    OSError
        The file cannot be read or made.
    """
    file = folder / BACKUP_KEY_FILE
    if given := _given(environ, BACKUP_KEY_VARIABLE):
        return given
    if verifying and not file.exists():
        msg = (
            f"There is no key to verify the backup with. Give the backup key of the "
            f"installation that wrote it in {BACKUP_KEY_VARIABLE} or as {file}. If you trust "
            "the file nevertheless, restore it with --unverified."
        )
        raise ServerKeyRefused(msg)
    return _kept(file)


def _given(environ: Mapping[str, str], variable: str) -> bytes | None:
    given = environ.get(variable)
    return None if given is None else _long_enough(given, variable)


def _kept(file: Path) -> bytes:
    if not file.exists():
        _make(file)
    return _read(file)


def _read(file: Path) -> bytes:
    found = file.stat()
    if not stat.S_ISREG(found.st_mode) or found.st_mode & _OF_OTHERS:
        msg = f"{file} must be a file that nobody but its owner can read: chmod 600 {file}"
        raise ServerKeyRefused(msg)
    return _long_enough(file.read_text(encoding="utf-8", errors="replace"), str(file))


def _long_enough(key: str, place: str) -> bytes:
    stripped = key.strip()
    if len(stripped) < _SHORTEST:
        msg = f"The key in {place} needs at least {_SHORTEST} characters."
        raise ServerKeyRefused(msg)
    return stripped.encode()


def _make(file: Path) -> None:
    """Put a new key in place, whole and closed to others; another process may be first."""
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor, draft = tempfile.mkstemp(dir=file.parent, prefix=f".{file.name}.")
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as written:
            written.write(secrets.token_urlsafe(_RANDOM_BYTES) + "\n")
            written.flush()
            os.fsync(written.fileno())
        _link_unless_there(Path(draft), file)
    finally:
        Path(draft).unlink()


def _link_unless_there(draft: Path, file: Path) -> None:
    try:
        file.hardlink_to(draft)
    except FileExistsError:
        return
    # The name too must survive a loss of power: tokens derived from a lost key are dead.
    folder = os.open(file.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
