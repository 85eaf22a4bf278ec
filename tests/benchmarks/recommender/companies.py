"""The companies to draw: every scenario and number of units, each with its own seed."""

import zlib
from dataclasses import dataclass, replace
from math import ceil
from typing import Literal

from tests.benchmarks.simulator import DISTURBANCES, SCENARIOS, Parameters
from tests.benchmarks.simulator.scenarios import UNTRUE

__all__ = ["SIZES", "Company", "companies", "sponsored_companies"]

SIZES = (4, 8, 12, 24, 60)
_LEARNABLE = 12
"""Smallest number of units at which companies without true models are judged, as by gates."""
_MOST_SPONSORS = 5
_SPONSORED_UNITS = 24

Sheet = Literal["context", "whole"]


@dataclass(frozen=True, kw_only=True)
class Company:
    """One company to draw and judge.

    Attributes
    ----------
    scenario
        A name of ``SCENARIOS`` or ``DISTURBANCES``.
    units
        Number of units.
    seed
        Seed of the draw.
    sheet
        ``context``: the product gets the constructs that choose a model, and no sponsors;
        ``whole``: every answer.
    sponsors
        Largest number per unit.
    """

    scenario: str
    units: int
    seed: int
    sheet: Sheet = "context"
    sponsors: int = 2

    @property
    def parameters(self) -> Parameters:
        """Return the parameters of the draw."""
        known = SCENARIOS | DISTURBANCES
        return replace(known[self.scenario], most_sponsors=self.sponsors)


def _seed(*parts: object) -> int:
    return zlib.crc32("/".join(map(str, parts)).encode())


def companies(scenarios: list[str], *, units_per_cell: int, seed: int) -> list[Company]:
    """Return companies of at least ``units_per_cell`` units for each scenario and size."""
    return [
        Company(scenario=scenario, units=units, seed=_seed(seed, scenario, units, number))
        for scenario in scenarios
        for units in SIZES
        if scenario not in UNTRUE or units >= _LEARNABLE
        for number in range(ceil(units_per_cell / units))
    ]


def sponsored_companies(
    scenarios: list[str], *, units_per_scenario: int, seed: int
) -> list[Company]:
    """Return companies of 24 units with one to five sponsors each, drawn with both sheets."""
    return [
        Company(
            scenario=scenario,
            units=_SPONSORED_UNITS,
            seed=_seed(seed, "sponsored", scenario, number),
            sheet=sheet,
            sponsors=_MOST_SPONSORS,
        )
        for scenario in scenarios
        for number in range(ceil(units_per_scenario / _SPONSORED_UNITS))
        for sheet in ("context", "whole")
    ]
