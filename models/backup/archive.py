"""The backup file: a ZIP archive with one member per table, and a manifest under a MAC."""

import hashlib
import hmac
import os
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import IO, Literal
from uuid import UUID

import msgspec

__all__ = [
    "MAC",
    "MANIFEST",
    "Manifest",
    "OpenedBackup",
    "SealedKeys",
    "TableContent",
    "manifest_mac",
    "new_archive",
    "read_member",
    "table_member",
    "write_keys",
    "write_manifest",
]

MANIFEST = "manifest.json"
MAC = "manifest.hmac"
KEYS = "keys.json"
_LONGEST = 1 << 24  # bytes of a member that is read at once: manifest, MAC and keys
_MAC_OF = b"opmodel backup 2\n"
"""Comes before the manifest, so that the key cannot be led to confirm anything else."""


class TableContent(msgspec.Struct, frozen=True, kw_only=True):
    """One table in the file, in PostgreSQL's text format for COPY."""

    name: str
    columns: tuple[str, ...]
    rows: int
    sha256: str
    """Hexadecimal, of the uncompressed member."""
    sequences: dict[str, int] = {}
    """Column to the last number that its sequence has given out."""


class KeysContent(msgspec.Struct, frozen=True, kw_only=True):
    """The keys of open campaigns in the file, under a passphrase."""

    campaigns: tuple[UUID, ...]
    sha256: str
    """Hexadecimal, of the uncompressed member."""


class Manifest(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """The contents of a backup."""

    format: Literal["opmodel-backup"] = "opmodel-backup"
    format_version: Literal[1, 2] = 2
    """Version 1 has no MAC."""
    created_at: datetime
    server: str
    """Version of the PostgreSQL server that was backed up."""
    migrations: tuple[str, ...]
    """The migrations applied to the tables; a restore needs tables with the same ones."""
    tables: tuple[TableContent, ...]
    """Parents before their children."""
    keys: KeysContent | None = None

    @property
    def rows(self) -> int:
        """Rows of all tables."""
        return sum(table.rows for table in self.tables)

    def checksums(self) -> dict[str, str]:
        """Return the SHA-256 of every member that the manifest describes, by its name."""
        found = {table_member(table.name): table.sha256 for table in self.tables}
        return found | ({KEYS: self.keys.sha256} if self.keys else {})


class SealedKeys(msgspec.Struct, frozen=True, kw_only=True):
    """The keys of open campaigns, encrypted by whoever hands them over."""

    campaigns: tuple[UUID, ...]
    content: bytes


class OpenedBackup(msgspec.Struct, frozen=True, kw_only=True):
    """A backup of which every byte has been checked."""

    archive: zipfile.ZipFile
    manifest: Manifest

    def rows_of(self, table: str) -> IO[bytes]:
        """Open the rows of a table."""
        return self.archive.open(table_member(table))

    def keys(self) -> bytes | None:
        """Return the keys of open campaigns as they were handed over, or None."""
        return None if self.manifest.keys is None else read_member(self.archive, KEYS)


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


def write_keys(archive: zipfile.ZipFile, keys: SealedKeys) -> KeysContent:
    """Add the keys of open campaigns."""
    archive.writestr(KEYS, keys.content)
    digest = hashlib.sha256(keys.content).hexdigest()
    return KeysContent(campaigns=keys.campaigns, sha256=digest)


def write_manifest(archive: zipfile.ZipFile, manifest: Manifest, *, mac_key: bytes) -> None:
    """Add the manifest and its MAC as the last members."""
    document = msgspec.json.format(msgspec.json.encode(manifest))
    archive.writestr(MANIFEST, document)
    archive.writestr(MAC, manifest_mac(document, mac_key))


def read_member(archive: zipfile.ZipFile, member: str) -> bytes:
    """Return a member that is read at once.

    Raises
    ------
    ValueError
        It is longer than such a member can be.
    """
    with archive.open(member) as opened:
        content = opened.read(_LONGEST + 1)
    if len(content) > _LONGEST:
        msg = f"{member} is longer than {_LONGEST >> 20} MiB"
        raise ValueError(msg)
    return content


def manifest_mac(document: bytes, mac_key: bytes) -> bytes:
    """Return the MAC of a manifest, as it stands in its member."""
    return hmac.new(mac_key, _MAC_OF + document, hashlib.sha256).hexdigest().encode()
