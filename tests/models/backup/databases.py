"""Databases to back up and to restore into, and their contents."""

import json
import re
import shutil
import zipfile
from collections.abc import Callable
from itertools import count
from pathlib import Path
from typing import Any

import asyncpg

from models.backup.archive import MAC, MANIFEST, Manifest, manifest_mac, table_member
from models.backup.restoring import restore
from models.backup.tables import quoted, stored_tables
from models.backup.verifying import opened_archive
from tests.databases import create_database

__all__ = ["MAC_KEY", "altered", "as_role", "contents", "names", "new_database", "restored"]

MAC_KEY = b"backup-key-of-the-tests-32-bytes"

_numbers = count(1)


async def new_database(dsn: str, *, template: str = "template1") -> str:
    """Create a database on the server of ``dsn``; empty unless a template is named."""
    return await create_database(dsn, f"restored_{next(_numbers)}", template=template)


async def restored(
    dsn: str, file: Path, *, mac_key: bytes | None = MAC_KEY, **options: Any
) -> Manifest:
    """Open a backup and restore it."""
    with opened_archive(file, mac_key=mac_key) as backup:
        return await restore(dsn, backup, **options)


def as_role(dsn: str, role: str) -> str:
    """Return the address with another login role."""
    return re.sub(r"//\w+@", f"//{role}@", dsn)


def names(folder: Path) -> list[str]:
    """List the names of the files in a folder."""
    return [file.name for file in folder.iterdir()]


async def contents(dsn: str) -> dict[str, list[str]]:
    """Return every row of every table as text, as a superuser sees it."""
    connection = await asyncpg.connect(as_role(dsn, "postgres"))
    try:
        return {
            table.name: [
                row[0]
                for row in await connection.fetch(
                    f"SELECT t::text FROM {quoted(table.name)} t ORDER BY 1"  # noqa: S608 - names from the catalog
                )
            ]
            for table in await stored_tables(connection)
        }
    finally:
        await connection.close()


def altered(backup: Path, change: Callable[[dict[str, Any]], None]) -> Path:
    """Rewrite a backup with a changed manifest, as whoever holds the key could.

    Members that the manifest no longer names are dropped.
    """
    made = backup.with_suffix(".altered")
    with zipfile.ZipFile(backup) as before, zipfile.ZipFile(made, "w") as after:
        manifest = json.loads(before.read(MANIFEST))
        change(manifest)
        for table in manifest["tables"]:
            member = table_member(table["name"])
            with before.open(member) as source, after.open(member, "w") as target:
                shutil.copyfileobj(source, target)
        document = json.dumps(manifest).encode()
        after.writestr(MANIFEST, document)
        after.writestr(MAC, manifest_mac(document, MAC_KEY))
    return made
