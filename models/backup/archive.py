"""The file: a ZIP archive with one member per table and a manifest that vouches for them."""

import hashlib
import os
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Literal

import msgspec

from models.backup.errors import BackupUnreadable

__all__ = [
    "Manifest",
    "TableContent",
    "new_archive",
    "opened_archive",
    "table_member",
    "write_manifest",
]

_MANIFEST = "manifest.json"
_CHUNK = 1 << 20  # bytes
_DAMAGED = (zipfile.BadZipFile, zlib.error, EOFError, KeyError, NotImplementedError)


class TableContent(msgspec.Struct, frozen=True, kw_only=True):
    """One table as it stands in the file, in PostgreSQL's text format of COPY."""

    name: str
    columns: tuple[str, ...]
    rows: int
    sha256: str
    """Of the member's bytes, uncompressed; hexadecimal."""


class Manifest(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """What a backup holds."""

    format: Literal["opmodel-backup"] = "opmodel-backup"
    format_version: Literal[1] = 1
    created_at: datetime
    server: str
    """Version of the PostgreSQL that it was read from."""
    migrations: tuple[str, ...]
    """Which migrations the tables had seen; the backup is read into tables of the same."""
    tables: tuple[TableContent, ...]
    """Parents before their children."""

    @property
    def rows(self) -> int:
        """Rows of all tables."""
        return sum(table.rows for table in self.tables)


def table_member(table: str) -> str:
    """Return the name under which a table lies in the file."""
    return f"tables/{table}.copy"


@contextmanager
def new_archive(file: Path) -> Iterator[zipfile.ZipFile]:
    """Open an archive that is complete and on the disk at the end, or gone.

    One that is cut off with the machine lacks its last member and is no backup.

    Parameters
    ----------
    file
        Its name; nothing may be there. Readable by its owner alone.

    Raises
    ------
    OSError
        It cannot be written, or something is there.
    """
    descriptor = os.open(file, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "w+b") as written:
            with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
                yield archive
            written.flush()
            os.fsync(written.fileno())
    except BaseException:
        file.unlink()
        raise


@contextmanager
def opened_archive(file: Path) -> Iterator[tuple[zipfile.ZipFile, Manifest]]:
    """Open an archive whose every byte is as it was written.

    Raises
    ------
    BackupUnreadable
        It is no backup, is damaged, or is in a later format.
    OSError
        There is no such file, or it may not be read.
    """
    try:
        with zipfile.ZipFile(file) as archive:
            manifest = _manifest(archive)
            for table in manifest.tables:
                _require_whole(archive, table)
            yield archive, manifest
    except _DAMAGED as error:
        msg = f"{file} is not a whole backup: {error}."
        raise BackupUnreadable(msg) from error


def write_manifest(archive: zipfile.ZipFile, manifest: Manifest) -> None:
    """Put the manifest in, as the last member."""
    document = msgspec.json.format(msgspec.json.encode(manifest))
    archive.writestr(_MANIFEST, document)


def _manifest(archive: zipfile.ZipFile) -> Manifest:
    try:
        return msgspec.json.decode(archive.read(_MANIFEST), type=Manifest)
    except msgspec.DecodeError as error:
        msg = f"{archive.filename} is no backup that this version of opmodel reads: {error}."
        raise BackupUnreadable(msg) from error


def _require_whole(archive: zipfile.ZipFile, table: TableContent) -> None:
    digest = hashlib.sha256()
    with archive.open(table_member(table.name)) as member:
        while chunk := member.read(_CHUNK):
            digest.update(chunk)
    if digest.hexdigest() != table.sha256:
        msg = f"{archive.filename} is damaged: {table.name} is not what was written."
        raise BackupUnreadable(msg)
