"""Why the organisation, its units or its people stay as they are; part of survey.errors' tree.

SurveyError
├── NotFound
│   ├── OrganisationNotFound   no organisation has this key or id
│   ├── UnitNotFound           no unit has this code
│   └── PersonNotFound         no person has this external id
├── Conflict
│   ├── DuplicateOrganisation  another organisation has this key
│   └── UnitsInUse             units to be deactivated still hold people
└── Invalid
    ├── ValueTooLong           a value of a file is too long
    ├── UnitsUnknown           people belong to units that do not exist or are inactive
    └── ManagersUnknown        people report to somebody who is not known
"""

from collections.abc import Sequence
from uuid import UUID

from survey.errors import Conflict, Invalid, NotFound

__all__ = [
    "DuplicateOrganisation",
    "ManagersUnknown",
    "OrganisationNotFound",
    "PersonNotFound",
    "UnitNotFound",
    "UnitsInUse",
    "UnitsUnknown",
    "ValueTooLong",
]

_NAMED = 5  # codes that a message names; the facts hold all of them


def _listed(codes: Sequence[str]) -> str:
    more = ", …" if len(codes) > _NAMED else ""
    return ", ".join(codes[:_NAMED]) + more


class OrganisationNotFound(NotFound):
    """No organisation has this key or id."""

    code = "organisation-not-found"

    def __init__(self, organisation: str | UUID) -> None:
        super().__init__(
            f"There is no organisation {str(organisation)!r}.", organisation=str(organisation)
        )


class UnitNotFound(NotFound):
    """No business unit has this code."""

    code = "unit-not-found"

    def __init__(self, unit: str) -> None:
        super().__init__(f"There is no business unit {unit!r}.", unit=unit)


class PersonNotFound(NotFound):
    """No person has this external id."""

    code = "person-not-found"

    def __init__(self, external_id: str) -> None:
        super().__init__(f"There is no person {external_id!r}.", external_id=external_id)


class DuplicateOrganisation(Conflict):
    """Another organisation has this key."""

    code = "duplicate-organisation"

    def __init__(self, key: str) -> None:
        super().__init__(f"There is an organisation {key!r} already.", key=key)


class UnitsInUse(Conflict):
    """Units to be deactivated still hold active people; move or deactivate those first."""

    code = "units-in-use"

    def __init__(self, units: Sequence[str]) -> None:
        super().__init__(
            f"These units still hold active people: {_listed(units)}. Move or deactivate the "
            "people first.",
            units=list(units),
        )


class ValueTooLong(Invalid):
    """A value of a file is longer than its field holds."""

    code = "value-too-long"

    def __init__(self, *, row: str, field: str, length: int, limit: int) -> None:
        super().__init__(
            f"{field} of {row[:60]!r} has {length} characters; at most {limit} fit.",
            row=row,
            field=field,
            length=length,
            limit=limit,
        )


class UnitsUnknown(Invalid):
    """People belong to units that do not exist or are inactive."""

    code = "units-unknown"

    def __init__(self, units: Sequence[str]) -> None:
        super().__init__(
            f"There are no active units with these codes: {_listed(units)}.", units=list(units)
        )


class ManagersUnknown(Invalid):
    """People report to somebody who is neither in the file nor known already."""

    code = "managers-unknown"

    def __init__(self, managers: Sequence[str]) -> None:
        super().__init__(
            f"Nobody has these external ids: {_listed(managers)}.", managers=list(managers)
        )
