"""Organisations, and files of units and people: valid by default, overridden by field."""

import csv
import io
from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from uuid_utils.compat import uuid7

from models.engine import transaction
from models.organisation import Organisation
from survey.directory.people import sync_people
from survey.directory.units import sync_units
from survey.files.people import PEOPLE_COLUMNS, PeopleFile, read_people
from survey.files.units import UNIT_COLUMNS, UnitFile, read_units
from tests.factories.server import NOW

__all__ = ["load_company", "make_organisation", "people_file", "person", "unit", "unit_file"]


def unit(code: str, parent: str = "", **fields: Any) -> dict[str, Any]:
    """Return a row of a unit file."""
    return {
        "code": code,
        "name": f"Unit {code}",
        "parent_code": parent,
        "headcount": 10,
    } | fields


def person(external_id: str, unit_code: str, **fields: Any) -> dict[str, Any]:
    """Return a row of a people file: a contributor with the required fields alone."""
    return {
        "external_id": external_id,
        "email": f"{external_id}@example.com",
        "display_name": f"Person {external_id}",
        "unit_code": unit_code,
        "role": "contributor",
    } | fields


def unit_file(*rows: Mapping[str, Any]) -> UnitFile:
    """Return a file of these units."""
    return read_units(_csv(UNIT_COLUMNS, rows), name="units.csv")


def people_file(*rows: Mapping[str, Any]) -> PeopleFile:
    """Return a file of these people, whose units and managers were known when it was read."""
    return read_people(
        _csv(PEOPLE_COLUMNS, rows),
        name="people.csv",
        unit_codes={row["unit_code"] for row in rows},
        known_people={
            row["manager_external_id"]: None for row in rows if "manager_external_id" in row
        },
    )


async def make_organisation() -> UUID:
    """Insert an organisation and return its id."""
    made = uuid7()
    async with transaction(made):
        await Organisation.insert(
            Organisation(id=made, key=f"org-{made}", name="Example", created_at=NOW)
        )
    return made


async def load_company(
    organisation: UUID, people_per_unit: Mapping[str, int], *, top: str = "ALL"
) -> None:
    """Put a company into the database: units below one top, contributors in each of them."""
    codes = [code for code in people_per_unit if code != top]
    await sync_units(organisation, unit_file(unit(top), *(unit(code, top) for code in codes)))
    rows = [
        person(f"{code}-{number}", code)
        for code, count in people_per_unit.items()
        for number in range(count)
    ]
    if rows:
        await sync_people(organisation, people_file(*rows))


def _csv(columns: Iterable[str], rows: Iterable[Mapping[str, Any]]) -> bytes:
    text = io.StringIO()
    writer = csv.DictWriter(text, list(columns))
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()
