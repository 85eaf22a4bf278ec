"""An organisation from a file: made if there is none with its key, changed if there is."""

from datetime import datetime

import msgspec

from models.engine import transaction
from survey.directory.errors import OrganisationNotFound
from survey.directory.organisations import (
    OrganisationChange,
    OrganisationView,
    change_organisation,
    create_organisation,
    organisation_by_key,
)
from survey.directory.settings import (
    require_locale,
    require_min_group,
    require_name,
    require_slug,
    require_time_zone,
)

__all__ = ["OrganisationFile", "OrganisationReport", "import_organisation"]


class OrganisationFile(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a file says of an organisation."""

    key: str
    """Short name, unique on this installation; never changed."""
    name: str
    default_locale: str = "en"
    min_group: int = 5
    time_zone: str = "UTC"


class OrganisationReport(msgspec.Struct, frozen=True, kw_only=True):
    """What a file has changed, or in a dry run would have."""

    key: str
    created: bool
    changed: dict[str, tuple[object, object]]
    """Name of each setting that differed, to its values before and after."""
    dry_run: bool


async def import_organisation(
    file: OrganisationFile, *, dry_run: bool = False, now: datetime
) -> OrganisationReport:
    """Bring an organisation to what a file says.

    Parameters
    ----------
    file : OrganisationFile
        All settings; those it leaves out are the defaults.
    dry_run
        Check everything, report, and write nothing.
    now
        The moment of creation, UTC.

    Raises
    ------
    FieldInvalid
        The key is no slug, the name is empty, the locale no language, ``min_group`` not from
        4 to 50, or the time zone not known.
    DuplicateOrganisation
        Another process has made it at the same time.
    """
    _require(file)
    try:
        found = await organisation_by_key(file.key)
    except OrganisationNotFound:
        if not dry_run:
            await create_organisation(**msgspec.structs.asdict(file), now=now)
        return OrganisationReport(key=file.key, created=True, changed={}, dry_run=dry_run)
    changed = _differences(found, file)
    await _change(found, changed, dry_run=dry_run)
    return OrganisationReport(key=file.key, created=False, changed=changed, dry_run=dry_run)


def _require(file: OrganisationFile) -> None:
    require_slug(file.key)
    require_name(file.name)
    require_locale(file.default_locale)
    require_min_group(file.min_group)
    require_time_zone(file.time_zone)


def _differences(
    found: OrganisationView, file: OrganisationFile
) -> dict[str, tuple[object, object]]:
    return {
        field: (getattr(found, field), given)
        for field, given in msgspec.structs.asdict(file).items()
        if getattr(found, field) != given
    }


async def _change(
    found: OrganisationView, changed: dict[str, tuple[object, object]], *, dry_run: bool
) -> None:
    if not changed or dry_run:
        return
    change = OrganisationChange(**{field: new for field, (_, new) in changed.items()})  # type: ignore[arg-type]  # of the types they have in the file
    async with transaction(found.id):
        await change_organisation(found.id, change)
