"""Exports of the keys of open campaigns: each is recorded before the keys are handed over.

Whoever holds such an export and a copy of the database can open the answers of the campaign,
after its close as well, so its privacy statement lists them.
"""

from datetime import datetime
from uuid import UUID

import msgspec

from models.engine import connection, transaction
from survey.directory.organisations import list_organisations
from survey.sealing.errors import KeysMissing
from survey.sealing.key_folder import CampaignKeys, KeyFolder

__all__ = ["KeyExport", "export_keys"]

_OPEN = "SELECT id FROM campaign WHERE state IN ('open', 'closing') ORDER BY id"
_RECORD = """
UPDATE campaign SET keys_exported_at = keys_exported_at || $2::timestamptz WHERE id = ANY($1)
"""


class KeyExport(msgspec.Struct, frozen=True, kw_only=True):
    """The keys of the open campaigns of all organisations."""

    keys: dict[UUID, CampaignKeys]
    """By campaign."""
    missing: tuple[KeysMissing, ...]
    """Why keys cannot be read, for each campaign whose keys cannot."""


async def export_keys(folder: KeyFolder, *, now: datetime) -> KeyExport:
    """Return the keys of all open campaigns, having recorded that they leave the key folder.

    Parameters
    ----------
    folder : KeyFolder
        Where the keys are.
    now : datetime
        The moment of the export, UTC.
    """
    keys: dict[UUID, CampaignKeys] = {}
    missing: list[KeysMissing] = []
    for organisation in await list_organisations():
        async with transaction(organisation.id):
            found = [row["id"] for row in await connection().fetch(_OPEN)]
            lacking = list(folder.problems(found))
            here = [id_ for id_ in found if id_ not in {one.campaign for one in lacking}]
            keys |= {id_: folder.both(id_) for id_ in here}
            missing += lacking
            await connection().execute(_RECORD, here, now)
    return KeyExport(keys=keys, missing=tuple(missing))
