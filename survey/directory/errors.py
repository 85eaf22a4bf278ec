"""Why the organisation, its units or its people stay as they are; part of survey.errors' tree.

SurveyError
├── NotFound
│   ├── OrganisationNotFound   no organisation has this key or id
│   ├── UnitNotFound           no unit has this code
│   └── PersonNotFound         no person has this external id
├── Conflict
│   ├── DuplicateOrganisation  another organisation has this key
│   ├── UnitsInUse             units to be deactivated still hold people
│   ├── AddressesTaken         addresses belong to people whom the file does not name
│   ├── KeysAlike              keys are known ones in another spelling
│   └── UnexpectedDeactivations  more or other people would be deactivated than stated
└── Invalid
    ├── ValueTooLong           a value of a file is too long
    ├── UnitsUnknown           people belong to units that do not exist or are inactive
    └── ManagersUnknown        people report to somebody who is not known
"""

from collections.abc import Mapping, Sequence
from uuid import UUID

from survey.errors import Conflict, Invalid, NotFound
from survey.files.collisions import TakenAddress, differ_by_zeros
from survey.files.keys import visible

__all__ = [
    "AddressesTaken",
    "DuplicateOrganisation",
    "KeysAlike",
    "ManagersUnknown",
    "OrganisationNotFound",
    "PersonNotFound",
    "UnexpectedDeactivations",
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


class AddressesTaken(Conflict):
    """Addresses belong to active people whom the file does not name."""

    code = "addresses-taken"

    def __init__(self, taken: Sequence[TakenAddress]) -> None:
        said = [f"{one.address} of {one.external_id}: {one.doubt}" for one in taken]
        super().__init__(
            f"Addresses belong to other people: {_listed(said)}. Name both people in the file "
            "to move an address from one to the other.",
            addresses=[
                {"person": one.external_id, "address": one.address, "owner": one.owner}
                for one in taken
            ],
        )


class KeysAlike(Conflict):
    """Keys are known ones in another spelling: their case differs, or zeros got lost.

    Parameters
    ----------
    known : mapping of key to key
        Each key to the known one that it is like.
    """

    code = "keys-alike"

    def __init__(self, known: Mapping[str, str]) -> None:
        pairs = [f"'{visible(key)}' and '{visible(old)}'" for key, old in known.items()]
        zeros = any(differ_by_zeros(key, old) for key, old in known.items())
        super().__init__(
            f"These keys differ in their spelling alone: {_listed(pairs)}"
            f"{'; did leading zeros get lost?' if zeros else '.'} Use the known spelling, or "
            "name both in the file if there are two.",
            keys=[{"key": key, "known": old} for key, old in known.items()],
        )


class UnexpectedDeactivations(Conflict):
    """Many people would be deactivated, or another number than was stated.

    Parameters
    ----------
    deactivated, active
        How many would be deactivated, of how many.
    expected
        The number that was stated; None if none was.
    """

    code = "unexpected-deactivations"

    def __init__(self, deactivated: int, *, active: int, expected: int | None) -> None:
        stated = "" if expected is None else f", not {expected}"
        super().__init__(
            f"This would deactivate {deactivated} of {active} active people{stated}. If that "
            f"is meant, state the number: expectDeactivated={deactivated} in a request, "
            f"--expect-deactivated {deactivated} on the command line.",
            deactivated=deactivated,
            active=active,
            expected=expected,
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
