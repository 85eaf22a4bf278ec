"""Organisations and their settings: made and listed by the operator, changed by themselves."""

from datetime import datetime
from typing import Literal
from uuid import UUID

import asyncpg
import msgspec
from uuid_utils.compat import uuid7

from models.edges import Moment
from models.engine import operator_transaction, reading, transaction
from models.enums import AuditAction
from models.organisation import Organisation
from survey.access.actors import COMMAND_LINE, Actor
from survey.access.audit import changes, record_event
from survey.access.audit_chain import Facts
from survey.access.errors import TrailKeyDiffers
from survey.directory.errors import DuplicateOrganisation, OrganisationNotFound
from survey.directory.settings import (
    EmbedOrigins,
    Language,
    MinGroup,
    OrganisationName,
    TimeZone,
    require_locale,
    require_min_group,
    require_name,
    require_origins,
    require_slug,
    require_time_zone,
)

__all__ = [
    "OrganisationChange",
    "OrganisationView",
    "change_organisation",
    "create_organisation",
    "list_organisations",
    "lock_directory",
    "organisation_by_key",
    "read_organisation",
    "record_for_all",
]

Lock = Literal["SHARE", "NO KEY UPDATE"]
_ADDRESS = "/v1/organisation"


class OrganisationView(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """An organisation and its settings."""

    id: UUID
    """Id of the organisation."""
    key: str
    """Short name, unique on this installation."""
    name: str
    """Its name, for people."""
    default_locale: str
    """Language (BCP 47) of people whose own is not known."""
    min_group: int
    """k of campaigns that say nothing else."""
    embed_origins: list[str]
    """Origins of pages that may show the form inside them; empty, none may."""
    time_zone: str = "UTC"
    """Time zone (IANA) of people whose own is not known."""
    created_at: Moment
    """When it was made."""


_COLUMNS = tuple(getattr(Organisation, name) for name in OrganisationView.__struct_fields__)


class OrganisationChange(
    msgspec.Struct, frozen=True, kw_only=True, rename="camel", forbid_unknown_fields=True
):
    """Settings to change; what is absent stays."""

    name: OrganisationName | msgspec.UnsetType = msgspec.UNSET
    """Its name, for people."""
    default_locale: Language | msgspec.UnsetType = msgspec.UNSET
    """Language (BCP 47) of people whose own is not known."""
    min_group: MinGroup | msgspec.UnsetType = msgspec.UNSET
    """k of campaigns that say nothing else: the smallest group of people with a figure."""
    embed_origins: EmbedOrigins | msgspec.UnsetType = msgspec.UNSET
    """Origins (scheme, host and port) of pages that may show the form inside them, with
    ``?embed=1`` behind the link."""
    time_zone: TimeZone | msgspec.UnsetType = msgspec.UNSET
    """Time zone (IANA) of people whose own is not known."""

    def fields(self) -> dict[str, object]:
        """Return the settings that are to change, with their new values."""
        fields = msgspec.structs.asdict(self)
        return {name: value for name, value in fields.items() if value is not msgspec.UNSET}


async def create_organisation(
    *,
    key: str,
    name: str,
    default_locale: str = "en",
    min_group: int = 5,
    time_zone: str = "UTC",
    now: datetime,
    by: Actor = COMMAND_LINE,
) -> OrganisationView:
    """Make an organisation.

    Parameters
    ----------
    by : Actor
        Who makes it; its audit trail begins with that.

    Raises
    ------
    FieldInvalid
        The key is no slug, the name is empty, the locale no language, ``min_group`` not from
        4 to 50, or the time zone not known.
    DuplicateOrganisation
        Another organisation has this key.
    """
    require_slug(key)
    _require_settings(name, default_locale, min_group, time_zone)
    made = OrganisationView(
        id=uuid7(),
        key=key,
        name=name,
        default_locale=default_locale,
        min_group=min_group,
        embed_origins=[],
        time_zone=time_zone,
        created_at=now,
    )
    try:
        async with transaction(made.id):
            await Organisation.insert(Organisation(**msgspec.structs.asdict(made)))
            await record_event(
                made.id,
                AuditAction.ORGANISATION_CREATED,
                _ADDRESS,
                facts={"key": key, "defaultLocale": default_locale, "minGroup": min_group},
                by=by,
            )
    except asyncpg.UniqueViolationError as error:
        raise DuplicateOrganisation(key) from error
    return made


async def organisation_by_key(key: str) -> OrganisationView:
    """Find an organisation by its short name, as the operator.

    Raises
    ------
    OrganisationNotFound
        None has this key.
    """
    async with operator_transaction():
        row = await Organisation.select(*_COLUMNS).where(Organisation.key == key).first()
    if row is None:
        raise OrganisationNotFound(key)
    return OrganisationView(**row)


async def list_organisations() -> tuple[OrganisationView, ...]:
    """Return every organisation of this installation by key, as the operator."""
    async with operator_transaction():
        rows = await Organisation.select(*_COLUMNS).order_by(Organisation.key)
    return tuple(OrganisationView(**row) for row in rows)


async def read_organisation(organisation: UUID) -> OrganisationView:
    """Return the organisation's own settings.

    Raises
    ------
    OrganisationNotFound
        There is none with this id.
    """
    async with reading(organisation):
        return await _read(organisation, lock=None)


async def change_organisation(
    organisation: UUID, change: OrganisationChange, *, by: Actor = COMMAND_LINE
) -> OrganisationView:
    """Change settings. Campaigns keep the thresholds they have.

    Parameters
    ----------
    by : Actor
        Who changes them; the audit trail keeps that, with the values before and after.

    Raises
    ------
    OrganisationNotFound
        There is none with this id.
    FieldInvalid
        A value is not what its field takes.
    """
    async with transaction(organisation):
        before = await _read(organisation, lock="NO KEY UPDATE")
        after = msgspec.structs.replace(before, **change.fields())
        _require_settings(after.name, after.default_locale, after.min_group, after.time_zone)
        require_origins(after.embed_origins)
        await Organisation.update(
            {
                Organisation.name: after.name,
                Organisation.default_locale: after.default_locale,
                Organisation.min_group: after.min_group,
                Organisation.embed_origins: after.embed_origins,
                Organisation.time_zone: after.time_zone,
            }
        ).where(Organisation.id == organisation)
        if changed := changes(before, after):
            await record_event(
                organisation,
                AuditAction.ORGANISATION_CHANGED,
                _ADDRESS,
                facts={"changes": changed},
                by=by,
            )
    return after


async def lock_directory(organisation: UUID, *, shared: bool = False) -> OrganisationView:
    """Keep units and people unchanged until the current transaction ends.

    Parameters
    ----------
    shared
        To read a consistent picture; otherwise to write, while nobody else reads or writes.

    Raises
    ------
    OrganisationNotFound
        There is none with this id.
    """
    return await _read(organisation, lock="SHARE" if shared else "NO KEY UPDATE")


async def _read(organisation: UUID, *, lock: Lock | None) -> OrganisationView:
    query = Organisation.select(*_COLUMNS).where(Organisation.id == organisation)
    row = await (query.lock_rows(lock) if lock else query).first()
    if row is None:
        raise OrganisationNotFound(organisation)
    return OrganisationView(**row)


def _require_settings(name: str, default_locale: str, min_group: int, time_zone: str) -> None:
    require_name(name)
    require_locale(default_locale)
    require_min_group(min_group)
    require_time_zone(time_zone)


async def record_for_all(action: AuditAction, *, facts: Facts) -> None:
    """Write an entry for every organisation: what an operator does to the whole database.

    Parameters
    ----------
    action : AuditAction
        What was done.
    facts : mapping
        As for `record_event`.

    Raises
    ------
    TrailKeyDiffers
        The trail of some organisation was kept with another server key; the others have it.
    """
    differing: TrailKeyDiffers | None = None
    for one in await list_organisations():
        try:
            async with transaction(one.id):
                await record_event(one.id, action, _ADDRESS, facts=facts, by=COMMAND_LINE)
        except TrailKeyDiffers as error:
            differing = error
    if differing is not None:
        raise differing
