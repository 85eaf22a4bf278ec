"""Opening a backup: every byte of it is checked before any of it is used."""

import hashlib
import hmac
import lzma
import struct
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import msgspec

from models.backup.archive import (
    MAC,
    MANIFEST,
    Manifest,
    OpenedBackup,
    manifest_mac,
    read_member,
)
from models.backup.errors import BackupUnreadable

__all__ = ["opened_archive"]

_CHUNK = 1 << 20  # bytes
_LISTED = 5  # names in a message
_ENCRYPTED_MEMBER = 0x1  # flag of the ZIP format
_DAMAGED = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    struct.error,
    EOFError,
    NotImplementedError,
    OverflowError,
    ValueError,
)
"""What reading a file that is no whole ZIP archive may raise."""
_ENCRYPTED_FILE = (
    b"age-encryption.org/",
    b"-----BEGIN AGE ENCRYPTED FILE-----",
    b"-----BEGIN PGP MESSAGE-----",
    b"Salted__",  # OpenSSL
    *(bytes([tag]) for tag in (0x84, 0x85, 0x8C, 0xC1, 0xC3)),  # packets of OpenPGP
)
_ARCHIVE = b"PK\x03\x04"


@contextmanager
def opened_archive(file: Path, *, mac_key: bytes | None) -> Iterator[OpenedBackup]:
    """Open an archive and check every byte of it.

    Parameters
    ----------
    file
        The backup.
    mac_key
        The key under which the manifest was written; None to trust a file of any origin.

    Raises
    ------
    BackupUnreadable
        The file is not a backup, is encrypted, cut off or damaged, has a later format, holds
        other members than its manifest says, or was not written with this key.
    OSError
        The file does not exist, or cannot be read.
    """
    try:
        archive = zipfile.ZipFile(file)
    except _DAMAGED as error:
        raise BackupUnreadable(_no_archive(file)) from error
    with archive:
        yield OpenedBackup(archive=archive, manifest=_checked(archive, mac_key))


def _no_archive(file: Path) -> str:
    """Say what a file is that cannot be opened as an archive, and what to do."""
    with file.open("rb") as opened:
        start = opened.read(64)
    if start.startswith(_ENCRYPTED_FILE):
        return (
            f"{file} is encrypted. Decrypt it with the program that encrypted it, and restore "
            "the result."
        )
    if start.startswith(_ARCHIVE):
        return f"{file} is not a complete backup: its end is missing. Take another copy of it."
    return (
        f"{file} is not a complete backup, but something else. Name a file of opmodel backup."
    )


def _checked(archive: zipfile.ZipFile, mac_key: bytes | None) -> Manifest:
    try:
        members = _members(archive)
        manifest = _manifest(archive, members, mac_key)
        _require_members(archive, members, manifest)
        for member, sha256 in manifest.checksums().items():
            _require_whole(archive, member, sha256)
    except _DAMAGED as error:
        msg = f"{archive.filename} is not a complete backup: {error}. Take another copy of it."
        raise BackupUnreadable(msg) from error
    return manifest


def _members(archive: zipfile.ZipFile) -> Mapping[str, zipfile.ZipInfo]:
    """Return the members by their names, each of which occurs once and can be read."""
    members = archive.infolist()
    twice = [name for name, count in Counter(m.filename for m in members).items() if count > 1]
    if twice:
        raise BackupUnreadable(_foreign(archive, "holds members twice", twice))
    if any(member.flag_bits & _ENCRYPTED_MEMBER for member in members):
        msg = (
            f"The members of {archive.filename} are encrypted. Unpack it with the program that "
            "encrypted it, pack the result without a password, and restore that."
        )
        raise BackupUnreadable(msg)
    return {member.filename: member for member in members}


def _manifest(
    archive: zipfile.ZipFile, members: Mapping[str, zipfile.ZipInfo], mac_key: bytes | None
) -> Manifest:
    if MANIFEST not in members:
        msg = f"{archive.filename} is not a complete backup: it has no {MANIFEST}."
        raise BackupUnreadable(msg)
    document = read_member(archive, MANIFEST)
    if mac_key is not None:
        _require_mac(archive, members, manifest_mac(document, mac_key))
    try:
        return msgspec.json.decode(document, type=Manifest)
    except msgspec.DecodeError as error:
        msg = f"This version of opmodel cannot read {archive.filename} as a backup: {error}."
        raise BackupUnreadable(msg) from error


def _require_mac(
    archive: zipfile.ZipFile, members: Mapping[str, zipfile.ZipInfo], expected: bytes
) -> None:
    found = read_member(archive, MAC) if MAC in members else b""
    if not hmac.compare_digest(found, expected):
        msg = (
            f"{archive.filename} does not verify: it was changed, or written with another "
            "backup key. Give the key of the installation that wrote it in OPMODEL_BACKUP_KEY. "
            "If you trust the file nevertheless, restore it with --unverified."
        )
        raise BackupUnreadable(msg)


def _require_members(
    archive: zipfile.ZipFile, members: Mapping[str, zipfile.ZipInfo], manifest: Manifest
) -> None:
    """Compare the members with the manifest: none is missing, and there are no others."""
    names = [table.name for table in manifest.tables]
    if len(names) != len(set(names)):
        raise BackupUnreadable(_foreign(archive, "names tables twice", names))
    described = {MANIFEST, *manifest.checksums()}
    if manifest.format_version > 1:
        described.add(MAC)
    if missing := described - members.keys():
        raise BackupUnreadable(_foreign(archive, "lacks members", missing))
    if unknown := members.keys() - described:
        raise BackupUnreadable(
            _foreign(archive, "holds members that its manifest does not name", unknown)
        )


def _foreign(archive: zipfile.ZipFile, what: str, names: Iterable[str]) -> str:
    listed = ", ".join(map(repr, sorted(names)[:_LISTED]))
    return (
        f"{archive.filename} {what}: {listed}. It was put together by something else than "
        "opmodel backup; take another copy of it."
    )


def _require_whole(archive: zipfile.ZipFile, member: str, sha256: str) -> None:
    digest = hashlib.sha256()
    with archive.open(member) as opened:
        while chunk := opened.read(_CHUNK):
            digest.update(chunk)
    if digest.hexdigest() != sha256:
        msg = (
            f"{archive.filename} is damaged: the checksum of {member} differs. Take another "
            "copy of it."
        )
        raise BackupUnreadable(msg)
