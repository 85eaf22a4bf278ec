"""The people of the demo company: unit, role and superior of each."""

from collections import Counter
from collections.abc import Sequence
from functools import cache
from typing import Literal

import msgspec
import numpy as np

from seed.content import content_file
from seed.demo.organisation import UnitProfile, demo_company
from survey.catalogue.evidence import Content
from survey.instruments.parts import Role

__all__ = ["DemoPerson", "demo_people"]

SEED = 20_261
MANAGER_SHARE = 0.14
BUSINESS_TEAM = {"business": 0.8, "it": 0.06, "data": 0.05, "risk": 0.03, "other": 0.06}

_ASCII = str.maketrans(
    {"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "Ö": "Oe", "ş": "s", "ı": "i"}
    | dict(zip("áâçèéêëíîïñóôúÁÉÍ", "aaceeeeiiinoouAEI", strict=True))
)


DemoLocale = Literal["en", "de", "fr", "es"]


class DemoPerson(msgspec.Struct, frozen=True, kw_only=True):
    """One row of a people file."""

    external_id: str
    email: str
    display_name: str
    unit_code: str
    role: Role
    function: str
    locale: DemoLocale
    manager_external_id: str | None


class _Names(Content, frozen=True, kw_only=True):
    """First and last names of one language."""

    first: tuple[str, ...]
    last: tuple[str, ...]


class _Seat(msgspec.Struct, frozen=True, kw_only=True):
    """A position in the company, before a person is drawn for it."""

    number: int
    unit: UnitProfile
    role: Role
    superior: int | None
    """Number of the seat to which this one reports."""


@cache
def demo_people() -> tuple[DemoPerson, ...]:
    """Return everybody who works at the demo company, superiors before their staff."""
    rng = np.random.default_rng(SEED)
    names = content_file("demo", "names.toml", kind=dict[str, _Names])
    taken: Counter[str] = Counter()
    return tuple(_person(seat, names, taken, rng) for seat in _seats(rng))


def _seats(rng: np.random.Generator) -> list[_Seat]:
    """Return all seats of the company, unit by unit, leaders first."""
    seats: list[_Seat] = []
    heads: dict[str | None, int | None] = {None: None}
    for unit in demo_company().units:
        above = heads[unit.parent]
        leading: list[Role] = ["sponsor" for _ in range(unit.sponsors)]
        if unit.headcount:
            leading.append("manager")
        for role in leading:
            seats.append(_Seat(number=len(seats) + 1, unit=unit, role=role, superior=above))
            above = heads.setdefault(unit.code, seats[-1].number)
        seats.extend(_team(unit, first=len(seats) + 1, head=len(seats), rng=rng))
    return seats


def _team(unit: UnitProfile, *, first: int, head: int, rng: np.random.Generator) -> list[_Seat]:
    """Return the managers below the head of a unit, then the contributors of each manager."""
    if not unit.headcount:
        return []
    managers = max(round(unit.headcount * MANAGER_SHARE) - 1, 0)
    leads = [head, *range(first, first + managers)]
    seats = [
        _Seat(number=number, unit=unit, role="manager", superior=head) for number in leads[1:]
    ]
    for number in range(first + managers, first + unit.headcount - 1):
        lead = leads[int(rng.integers(len(leads)))]
        seats.append(_Seat(number=number, unit=unit, role="contributor", superior=lead))
    return seats


def _person(
    seat: _Seat, names: dict[str, _Names], taken: Counter[str], rng: np.random.Generator
) -> DemoPerson:
    locale = _language(seat.unit, rng.random())
    first = _one_of(names[locale].first, rng)
    last = _one_of(names[locale].last, rng)
    return DemoPerson(
        external_id=_external_id(seat.number),
        email=_address(first, last, taken),
        display_name=f"{first} {last}",
        unit_code=seat.unit.code,
        role=seat.role,
        function=_function(seat, rng),
        locale=locale,
        manager_external_id=_external_id(seat.superior) if seat.superior else None,
    )


def _language(unit: UnitProfile, draw: float) -> DemoLocale:
    """Return the language of a person by a number from 0 to 1."""
    french = unit.german + unit.french
    if draw < unit.german:
        return "de"
    if draw < french:
        return "fr"
    return "es" if draw < french + unit.spanish else "en"


def _external_id(number: int) -> str:
    return f"T{number:05d}"


def _address(first: str, last: str, taken: Counter[str]) -> str:
    """Return a unique address: namesakes are numbered."""
    name = f"{first}.{last}".translate(_ASCII).lower()
    taken[name] += 1
    suffix = str(taken[name]) if taken[name] > 1 else ""
    return f"{name}{suffix}@{demo_company().domain}"


def _function(seat: _Seat, rng: np.random.Generator) -> str:
    """Draw the function of a person; sponsors always belong to the business."""
    if seat.role == "sponsor":
        return "business"
    shares = seat.unit.functions or BUSINESS_TEAM
    return str(rng.choice(list(shares), p=list(shares.values())))


def _one_of(values: Sequence[str], rng: np.random.Generator) -> str:
    return values[int(rng.integers(len(values)))]
