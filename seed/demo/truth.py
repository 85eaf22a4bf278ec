"""The true levels of each unit of the demo company, in Likert points.

They come from the same family of distributions, with the same parameters, as the companies on
which the method was tested. This module imports nothing from ``analytics``, so that it can be
used to judge it.
"""

from collections.abc import Sequence

import msgspec
import numpy as np
from numpy.typing import NDArray

from seed.content import operating_models, standard_instrument
from seed.demo.organisation import UnitProfile, demo_company, leaf_profiles
from survey.instruments.parts import ItemDefinition

__all__ = ["UnitTruth", "draw_truth", "trait_of", "traits"]

SEP = 0.7
"""How far units lie from the centre of the models towards a pure one, as a factor."""
SPONSORSHIP = "executive_sponsorship"
LAG = 0.9
"""By how much a hindrance lags behind the other root causes, in points."""


class UnitTruth(msgspec.Struct, frozen=True, kw_only=True):
    """The true levels of every unit.

    Attributes
    ----------
    levels
        Unit code to the level of each of ``traits()``, in points.
    inflation
        Unit code to the excess of its sponsors' self-rating, in points.
    """

    levels: dict[str, NDArray[np.float64]]
    inflation: dict[str, float]


def trait_of(item: ItemDefinition) -> str:
    """Return the trait that an item measures: a construct, or one behaviour of the sponsor."""
    behaviour = item.component if item.construct == SPONSORSHIP else None
    return behaviour or item.construct


def traits() -> tuple[str, ...]:
    """Return all traits, in the order of the instrument."""
    return tuple(dict.fromkeys(trait_of(item) for item in standard_instrument().items))


def draw_truth(rng: np.random.Generator) -> UnitTruth:
    """Draw the true levels of all units; a parent unit has the mean of its people."""
    units = leaf_profiles()
    context = _context(units, rng)
    maturity = rng.normal(0, 0.45, len(units))
    levels = np.column_stack([_trait(name, units, context, maturity, rng) for name in traits()])
    of_leaves = {unit.code: levels[i] for i, unit in enumerate(units)}
    inflation = np.clip(rng.normal(0.7, 0.5, len(demo_company().units)), -0.6, 2)
    return UnitTruth(
        levels=_with_parents(of_leaves),
        inflation={
            unit.code: float(value) if unit.sponsors else 0.0
            for unit, value in zip(demo_company().units, inflation, strict=True)
        },
    )


def _context(
    units: Sequence[UnitProfile], rng: np.random.Generator
) -> dict[str, NDArray[np.float64]]:
    """Draw the units' levels of each context construct, shape (n_units,)."""
    anchors = {model.key: model.anchors for model in operating_models().models}
    constructs = list(anchors["coe"])
    profile = {
        key: np.array([model[name].value for name in constructs])
        for key, model in anchors.items()
    }
    centre = np.mean(list(profile.values()), axis=0)
    company = rng.normal(0, 0.2) + rng.normal(0, 0.15, len(constructs))
    rows = []
    for unit in units:
        pure = sum((share * profile[key] for key, share in unit.model.items()), 0 * centre)
        target = pure if unit.model else centre
        defining = [
            any(anchors[key][name].defining for key in unit.model) for name in constructs
        ]
        noise = rng.normal(0, np.where(defining, 0.3, 0.45)) + rng.normal(0, 0.2)
        rows.append(centre + company + SEP * (target - centre) + noise)
    return dict(zip(constructs, np.transpose(rows), strict=True))


def _trait(
    name: str,
    units: Sequence[UnitProfile],
    context: dict[str, NDArray[np.float64]],
    maturity: NDArray[np.float64],
    rng: np.random.Generator,
) -> NDArray[np.float64]:
    """Draw the levels of one trait, shape (n_units,); mature units have higher ones."""
    if name in context:
        return context[name]
    cause = SPONSORSHIP if name in _behaviours() else name
    start, slope, spread = (2.9, 0.5, 0.45) if cause == SPONSORSHIP else (3.0, 0.8, 0.3)
    company = rng.normal(0, 0.15)
    lag = np.array([LAG * (cause in unit.hindrance) for unit in units])
    noise = rng.normal(0, spread, len(units))
    return np.asarray(start + slope * maturity + noise + company - lag)


def _behaviours() -> set[str]:
    return {trait_of(item) for item in standard_instrument().items_for("sponsor")}


def _with_parents(leaves: dict[str, NDArray[np.float64]]) -> dict[str, NDArray[np.float64]]:
    """Add every parent unit, as the mean of its leaves weighted by headcount."""
    parents = {unit.code: unit.parent for unit in demo_company().units}
    total: dict[str, NDArray[np.float64]] = {}
    people: dict[str, int] = {}
    for unit in leaf_profiles():
        code: str | None = unit.code
        while code is not None:
            total[code] = total.get(code, 0) + unit.headcount * leaves[unit.code]
            people[code] = people.get(code, 0) + unit.headcount
            code = parents[code]
    return {code: total[code] / people[code] for code in parents}
