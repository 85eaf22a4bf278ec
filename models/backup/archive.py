"""The backup file: a ZIP archive with one member per table and a manifest of checksums."""

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
    """One table in the file, in PostgreSQL's text format for COPY."""

    name: str
    columns: tuple[str, ...]
    rows: int
    sha256: str
    """Hexadecimal, of the uncompressed member."""


class Manifest(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """The contents of a backup."""

    format: Literal["opmodel-backup"] = "opmodel-backup"
    format_version: Literal[1] = 1
    created_at: datetime
    server: str
    """Version of the PostgreSQL server that was backed up."""
    migrations: tuple[str, ...]
    """The migrations applied to the tables; a restore needs tables with the same ones."""
    tables: tuple[TableContent, ...]
    """Parents before their children."""

    @property
    def rows(self) -> int:
        """Rows of all tables."""
        return sum(table.rows for table in self.tables)


def table_member(table: str) -> str:
    """Return the name of a table's member in the archive."""
    return f"tables/{table}.copy"


@contextmanager
def new_archive(file: Path) -> Iterator[zipfile.ZipFile]:
    """Open a new archive; remove it if the block fails, flush it to disk otherwise.

    If the machine stops meanwhile, the archive lacks its last member and cannot be opened.

    Parameters
    ----------
    file
        Must not exist yet. Only its owner can read it.

    Raises
    ------
    OSError
        The file exists, or cannot be written.
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
    """Open an archive and check every byte of it.

    Raises
    ------
    BackupUnreadable
        The file is not a backup, is damaged, or has a later format.
    OSError
        The file does not exist, or cannot be read.
    """
    try:
        with zipfile.ZipFile(file) as archive:
            manifest = _manifest(archive)
            for table in manifest.tables:
                _require_whole(archive, table)
            yield archive, manifest
    except _DAMAGED as error:
        msg = f"{file} is not a complete backup: {error}."
        raise BackupUnreadable(msg) from error


def write_manifest(archive: zipfile.ZipFile, manifest: Manifest) -> None:
    """Add the manifest as the last member."""
    document = msgspec.json.format(msgspec.json.encode(manifest))
    archive.writestr(_MANIFEST, document)


def _manifest(archive: zipfile.ZipFile) -> Manifest:
    try:
        return msgspec.json.decode(archive.read(_MANIFEST), type=Manifest)
    except msgspec.DecodeError as error:
        msg = f"This version of opmodel cannot read {archive.filename} as a backup: {error}."
        raise BackupUnreadable(msg) from error


def _require_whole(archive: zipfile.ZipFile, table: TableContent) -> None:
    digest = hashlib.sha256()
    with archive.open(table_member(table.name)) as member:
        while chunk := member.read(_CHUNK):
            digest.update(chunk)
    if digest.hexdigest() != table.sha256:
        msg = f"{archive.filename} is damaged: the checksum of {table.name} differs."
        raise BackupUnreadable(msg)
