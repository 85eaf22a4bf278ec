"""A backup is restored only if it is, to the byte, what an installation with its key wrote."""

import hashlib
import json
import warnings
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from models.backup.archive import MAC, MANIFEST, table_member
from models.backup.errors import BackupUnreadable
from models.backup.verifying import opened_archive
from models.embedded import EmbeddedPostgres
from models.migrate import migrate, pending_migrations
from tests.models.backup.databases import MAC_KEY, altered, contents, new_database, restored

Members = list[tuple[str, bytes]]
ROWS = table_member("person")


def repacked(backup: Path, folder: Path, change: Callable[[Members], Members]) -> Path:
    """Write a backup's members again, changed by somebody who does not have the key."""
    with zipfile.ZipFile(backup) as archive:
        members = [(name, archive.read(name)) for name in archive.namelist()]
    with warnings.catch_warnings(), zipfile.ZipFile(folder / "repacked", "w") as made:
        warnings.simplefilter("ignore", UserWarning)  # of a name that occurs twice
        for name, content in change(members):
            made.writestr(name, content)
    return folder / "repacked"


def another_address(members: Members) -> Members:
    """Exchange an address, and the checksum that would tell."""
    changed = dict(members)
    before = hashlib.sha256(changed[ROWS]).hexdigest()
    changed[ROWS] = changed[ROWS].replace(b"ann@example.com", b"eve@example.com")
    after = hashlib.sha256(changed[ROWS]).hexdigest()
    changed[MANIFEST] = changed[MANIFEST].replace(before.encode(), after.encode())
    return list(changed.items())


def of_an_older_format(members: Members) -> Members:
    """Claim the format that had no MAC."""
    manifest = dict(members)[MANIFEST].replace(b'"formatVersion": 2', b'"formatVersion": 1')
    return [
        (name, manifest if name == MANIFEST else content)
        for name, content in members
        if name != MAC
    ]


def without(name: str) -> Callable[[Members], Members]:
    return lambda members: [member for member in members if member[0] != name]


CHANGES: dict[str, tuple[Callable[[Members], Members], str]] = {
    "an address": (another_address, "does not verify.*OPMODEL_BACKUP_KEY.*--unverified"),
    "no mark": (without(MAC), "does not verify"),
    "an older format": (of_an_older_format, "does not verify"),
    "no manifest": (without(MANIFEST), "has no manifest.json"),
    "a member less": (without(ROWS), f"lacks members: '{ROWS}'"),
    "a member more": (
        lambda m: [*m, ("tables/../x\x1b", b"")],
        r"does not name: 'tables/../x\\x",
    ),
    "a member twice": (lambda m: [*m, (ROWS, b"")], f"holds members twice: '{ROWS}'"),
}


@pytest.mark.parametrize(("change", "why"), CHANGES.values(), ids=CHANGES.keys())
async def test_a_file_that_somebody_has_changed_is_refused(
    backup: Path,
    with_data: str,
    tmp_path: Path,
    change: Callable[[Members], Members],
    why: str,
) -> None:
    before = await contents(with_data)
    changed = repacked(backup, tmp_path, change)

    with pytest.raises(BackupUnreadable, match=why) as refused:
        await restored(with_data, changed, replace=True)

    assert str(changed) in str(refused.value)
    assert await contents(with_data) == before


async def test_a_backup_of_another_installation_is_refused(
    backup: Path, with_data: str
) -> None:
    before = await contents(with_data)

    with pytest.raises(BackupUnreadable, match="another backup key"):
        await restored(with_data, backup, mac_key=b"another" * 8, replace=True)

    assert await contents(with_data) == before


@pytest.mark.parametrize("change", [another_address, of_an_older_format])
async def test_what_does_not_verify_is_restored_on_request(
    backup: Path, server: EmbeddedPostgres, tmp_path: Path, change: Callable[[Members], Members]
) -> None:
    target = await new_database(server.dsn)

    await restored(target, repacked(backup, tmp_path, change), mac_key=None)

    assert (await contents(target))["person"]


def lacking(table: str) -> Callable[[dict[str, Any]], None]:
    def change(manifest: dict[str, Any]) -> None:
        manifest["tables"] = [one for one in manifest["tables"] if one["name"] != table]

    return change


async def test_a_backup_that_lacks_a_table_is_refused(backup: Path, with_data: str) -> None:
    before = await contents(with_data)

    with pytest.raises(BackupUnreadable, match=r"lacks tables: comment. Take another backup"):
        await restored(with_data, altered(backup, lacking("comment")), replace=True)

    assert await contents(with_data) == before


async def test_a_refused_backup_of_an_older_version_leaves_the_tables_as_they_were(
    backup: Path, server: EmbeddedPostgres, later_version: str
) -> None:
    target = await new_database(server.dsn)
    await migrate(target)

    with pytest.raises(BackupUnreadable, match="lacks tables"):
        await restored(target, altered(backup, lacking("comment")))

    assert await pending_migrations(target) == []


async def test_a_refused_backup_leaves_a_new_database_without_tables(
    backup: Path, server: EmbeddedPostgres
) -> None:
    target = await new_database(server.dsn)

    with pytest.raises(BackupUnreadable, match="lacks tables"):
        await restored(target, altered(backup, lacking("comment")))

    assert await contents(target) == {}


ENCRYPTED = {
    "age": b"age-encryption.org/v1\n",
    "gpg": b"\x85\x01\x0c\x03",
    "gpg with a passphrase": b"\x8c\x0d\x04\x09",
    "gpg as text": b"-----BEGIN PGP MESSAGE-----\n",
    "openssl": b"Salted__",
}


@pytest.mark.parametrize("start", ENCRYPTED.values(), ids=ENCRYPTED.keys())
def test_an_encrypted_file_is_to_be_decrypted_first(start: bytes, tmp_path: Path) -> None:
    file = tmp_path / "all.opmodel.encrypted"
    file.write_bytes(start + bytes(200))

    with pytest.raises(BackupUnreadable, match=r"is encrypted. Decrypt it") as refused:
        opened(file)

    assert str(file) in str(refused.value)


def test_an_archive_with_a_password_is_to_be_unpacked_first(
    backup: Path, tmp_path: Path
) -> None:
    content = bytearray(backup.read_bytes())
    entry = content.index(b"PK\x01\x02")  # of the first member, in the directory
    content[entry + 8] |= 1
    (tmp_path / "locked").write_bytes(content)

    with pytest.raises(BackupUnreadable, match=r"are encrypted. Unpack it"):
        opened(tmp_path / "locked")


@pytest.mark.parametrize("kept", [0.1, 0.5, 0.9, 0.999])
def test_a_file_that_was_cut_off_is_to_be_copied_again(
    backup: Path, tmp_path: Path, kept: float
) -> None:
    content = backup.read_bytes()
    (tmp_path / "part").write_bytes(content[: int(len(content) * kept)])

    with pytest.raises(BackupUnreadable, match=r"its end is missing. Take another copy"):
        opened(tmp_path / "part")


def test_any_changed_byte_is_noticed_or_is_no_content(backup: Path, tmp_path: Path) -> None:
    content, before = backup.read_bytes(), members_of(backup)
    changed = tmp_path / "changed"
    refused = 0
    for place in range(7, len(content), len(content) // 100):
        flipped = bytes([content[place] ^ 0xFF])
        changed.write_bytes(content[:place] + flipped + content[place + 1 :])
        try:
            opened(changed)
        except BackupUnreadable:
            refused += 1
        else:
            assert members_of(changed) == before
    assert refused > 50


def members_of(file: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(file) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_a_manifest_names_each_table_once(backup: Path) -> None:
    def twice(manifest: dict[str, Any]) -> None:
        manifest["tables"].append(manifest["tables"][0])

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        changed = altered(backup, twice)

    with pytest.raises(BackupUnreadable, match="twice"):
        opened(changed)


def test_the_manifest_tells_rows_hash_and_migrations_of_every_table(backup: Path) -> None:
    with zipfile.ZipFile(backup) as archive:
        manifest = json.loads(archive.read(MANIFEST))
        for table in manifest["tables"]:
            rows = archive.read(table_member(table["name"]))
            assert hashlib.sha256(rows).hexdigest() == table["sha256"]
            assert rows.count(b"\n") == table["rows"]
    assert manifest["migrations"]


def opened(file: Path) -> None:
    with opened_archive(file, mac_key=MAC_KEY):
        pass
