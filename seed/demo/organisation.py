"""The business units of the demo company, and the true profile of each."""

from functools import cache

import msgspec

from seed.content import content_file
from survey.catalogue.evidence import Content

__all__ = [
    "DemoCompany",
    "DemoUnit",
    "UnitProfile",
    "demo_company",
    "demo_units",
    "leaf_profiles",
]


class DemoUnit(msgspec.Struct, frozen=True, kw_only=True):
    """One row of a unit file."""

    code: str
    name: str
    parent_code: str | None
    headcount: int
    """Managers and contributors of the unit itself, not of units below."""


class UnitProfile(Content, frozen=True, kw_only=True):
    """A unit with its true profile, which only the generator knows."""

    code: str
    name: str
    parent: str | None = None
    headcount: int = 0
    sponsors: int = 0
    german: float = 0.5
    """Share of people who answer in German, as in the next two; the others do in English."""
    french: float = 0.0
    spanish: float = 0.0
    model: dict[str, float] = msgspec.field(default_factory=dict)
    """Share of each operating model in the unit's true conditions; empty: no model."""
    hindrance: tuple[str, ...] = ()
    """Root causes whose true level lags behind the others."""
    functions: dict[str, float] = msgspec.field(default_factory=dict)
    """Share of each function among the people; empty: the shares of a business team."""


class DemoCompany(Content, frozen=True, kw_only=True):
    """The company and its units, parents before their children."""

    name: str
    key: str
    domain: str
    """Domain of the e-mail addresses; a reserved one, so that no message ever arrives."""
    units: tuple[UnitProfile, ...]


@cache
def demo_company() -> DemoCompany:
    """Return the demo company with the true profiles of its units."""
    return content_file("demo", "units.toml", kind=DemoCompany)


def demo_units() -> tuple[DemoUnit, ...]:
    """Return the unit tree as the rows of a unit file, parents before their children."""
    return tuple(
        DemoUnit(
            code=unit.code,
            name=unit.name,
            parent_code=unit.parent,
            headcount=unit.headcount,
        )
        for unit in demo_company().units
    )


def leaf_profiles() -> tuple[UnitProfile, ...]:
    """Return the units in which managers and contributors work, in the order of the tree."""
    return tuple(unit for unit in demo_company().units if unit.headcount)
