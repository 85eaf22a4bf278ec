"""What is done with files that were sent; runs in a process apart (``api.http.apart``).

Everything here is called with records that can be pickled, and returns such.
"""

from datetime import datetime
from uuid import UUID

from api.http.idempotency import Once
from api.http.tables import Upload, read_table
from survey.access.keys import Principal
from survey.capture import importing
from survey.directory import people, units
from survey.directory.sync import SyncReport
from survey.errors import SurveyError
from survey.files.people import PersonRow, read_people
from survey.files.units import UnitRow, read_units
from survey.idempotency import Answer
from survey.sealing.key_folder import KeyFolder
from survey.sealing.seals import Seals

__all__ = ["import_responses", "sync_people", "sync_units"]


async def sync_units(
    upload: Upload, principal: Principal, *, dry_run: bool, deactivate_missing: bool
) -> SyncReport:
    """Bring the tree to what a file or a list says."""
    file = read_table(upload, lambda data, name: read_units(data, name=name), row=UnitRow)
    return await units.sync_units(
        principal.organisation,
        file,
        dry_run=dry_run,
        deactivate_missing=deactivate_missing,
        by=principal.actor,
    )


async def sync_people(
    upload: Upload,
    principal: Principal,
    *,
    dry_run: bool,
    deactivate_missing: bool,
    expect_deactivated: int | None,
) -> SyncReport:
    """Bring the people to what a file or a list says."""
    codes = await units.active_unit_codes(principal.organisation)
    known = await people.known_people(principal.organisation)
    file = read_table(
        upload,
        lambda data, name: read_people(data, name=name, unit_codes=codes, known_people=known),
        row=PersonRow,
    )
    return await people.sync_people(
        principal.organisation,
        file,
        dry_run=dry_run,
        deactivate_missing=deactivate_missing,
        expect_deactivated=expect_deactivated,
        by=principal.actor,
    )


async def import_responses(
    upload: Upload,
    principal: Principal,
    campaign: UUID,
    *,
    once: Once,
    keys: KeyFolder,
    now: datetime,
) -> Answer:
    """Store the respondents of a file, once for each ``Idempotency-Key``."""
    file, seals = upload.file(), Seals(keys)
    secret = await _row_key(seals, principal.organisation, campaign)
    return await once.under(secret).answer(
        lambda: importing.import_responses(
            principal.organisation,
            campaign,
            file.data,
            name=file.name,
            seals=seals,
            now=now,
            by=principal.actor,
        )
    )


async def _row_key(seals: Seals, organisation: UUID, campaign: UUID) -> bytes | None:
    """Return the key of what is kept about a file; None if the campaign takes none."""
    try:
        return (await seals.of(organisation, campaign)).row_key()
    except SurveyError:
        return None
