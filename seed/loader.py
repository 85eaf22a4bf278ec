"""Loads content through the use cases of a customer; loading twice changes nothing."""

import csv
from collections.abc import Iterable
from datetime import datetime
from io import StringIO
from uuid import UUID

import msgspec

from seed.content import (
    diagnosis,
    evidence,
    maturity_levels,
    operating_models,
    phases,
    standard_instrument,
    use_case_criteria,
)
from seed.demo.organisation import DemoUnit, demo_company, demo_units
from seed.demo.people import DemoPerson, demo_people
from survey.catalogue.errors import CatalogueNotFound
from survey.catalogue.store import load_catalogue, read_catalogue
from survey.directory.errors import OrganisationNotFound
from survey.directory.organisations import (
    OrganisationView,
    create_organisation,
    organisation_by_key,
)
from survey.directory.people import sync_people
from survey.directory.units import sync_units
from survey.files.people import read_people
from survey.files.units import read_units
from survey.instruments.definition import InstrumentDefinition
from survey.instruments.errors import InstrumentNotFound
from survey.instruments.languages import with_languages_of
from survey.instruments.store import (
    add_languages,
    import_instrument,
    publish_instrument,
    read_definition,
)

__all__ = ["DEMO_KEY", "load_demo", "load_standard_content"]

DEMO_KEY = "demo"
"""Short name of the demo organisation."""


async def load_standard_content(organisation: UUID, *, now: datetime) -> None:
    """Give an organisation the standard instrument, published, and the catalogues.

    An instrument that it has already gets the languages that it lacks.

    Parameters
    ----------
    organisation : UUID
        The organisation that receives the content.
    now : datetime
        Time of publication of the instrument, UTC, if it is not published yet.

    Raises
    ------
    CatalogueVersionTaken
        The organisation has different content under the same version.
    """
    for kind, content in (
        ("operating_models", operating_models()),
        ("evidence", evidence()),
        ("phases", phases()),
        ("maturity_levels", maturity_levels()),
        ("diagnosis", diagnosis()),
        ("use_case_criteria", use_case_criteria()),
    ):
        if not await _holds_its_own(organisation, kind):
            await load_catalogue(organisation, kind, content.version, content)
    await _load_instrument(organisation, standard_instrument(), now=now)


async def _load_instrument(
    organisation: UUID, definition: InstrumentDefinition, *, now: datetime
) -> None:
    key, version = definition.key, definition.version
    try:
        _, stored = await read_definition(organisation, key=key, version=version)
    except InstrumentNotFound:
        await import_instrument(organisation, definition)
        await publish_instrument(organisation, key=key, version=version, now=now)
        return
    joined = with_languages_of(stored, definition)
    if joined is not None and joined != stored:
        await add_languages(organisation, definition)


async def _holds_its_own(organisation: UUID, kind: str) -> bool:
    """Return whether an organisation's latest version is its own: a name, not a number.

    A new standard version would be loaded last, and replace it.
    """
    try:
        content = await read_catalogue(organisation, kind)
    except CatalogueNotFound:
        return False
    return not str(content.get("version")).isdecimal()


async def load_demo(*, now: datetime) -> OrganisationView:
    """Create the demo organisation with its units, people and content, or return it as it is.

    Parameters
    ----------
    now : datetime
        Time of loading, UTC.
    """
    try:
        found = await organisation_by_key(DEMO_KEY)
    except OrganisationNotFound:
        found = await create_organisation(key=DEMO_KEY, name=demo_company().name, now=now)
    await load_standard_content(found.id, now=now)
    units = read_units(_csv(DemoUnit, demo_units()), name="demo units")
    await sync_units(found.id, units)
    people = read_people(
        _csv(DemoPerson, demo_people()),
        name="demo people",
        unit_codes=units.frame["code"].to_list(),
    )
    await sync_people(found.id, people)
    return found


def _csv(kind: type[msgspec.Struct], rows: Iterable[msgspec.Struct]) -> bytes:
    """Write rows as the CSV file that a customer would upload."""
    text = StringIO()
    writer = csv.writer(text)
    writer.writerow(kind.__struct_fields__)
    writer.writerows(msgspec.structs.astuple(row) for row in rows)
    return text.getvalue().encode()
