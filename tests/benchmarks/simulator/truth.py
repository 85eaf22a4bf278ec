"""The true levels of a simulated company's units."""

from dataclasses import dataclass

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from tests.benchmarks.simulator.archetypes import ANCHORS, BLENDS, DEFINING, MODELS
from tests.benchmarks.simulator.disturbances import (
    FIFTH,
    mirrored,
    reaches,
    some,
    tails,
    undescribed,
)
from tests.benchmarks.simulator.scenarios import Mix, Parameters
from tests.benchmarks.simulator.sheet import BEHAVIOURS, CONTEXT, MATURITY

__all__ = ["Kind", "Truth", "between_unit_sd", "draw_kinds", "draw_truth"]

Kind = tuple[int, ...]
"""The models a unit follows: one (pure), two (midway between them) or none (the centre).

A unit of kind ``FIFTH`` follows an undescribed profile.
"""

Array = NDArray[np.float64]

_SKEW = (0.70, 0.15, 0.10, 0.05)
_UNTRUE_SHARE = 0.30


@dataclass(frozen=True, kw_only=True)
class Truth:
    """The units' true values in Likert points, one row per unit."""

    kinds: list[Kind]
    sizes: NDArray[np.int64]
    """Respondents without sponsors."""
    scales: Array
    """True levels: context, maturity, behaviours; shape (n_units, 21)."""
    inflation: Array
    """Excess of the sponsors' self-rating."""
    acquiescence: Array
    extremity: Array
    """The unit's share in log extremity."""
    profiles: Array
    """Mean levels of each model's units in this company, shape (4, 9)."""
    other_camp: Array
    """Difference in a minority's view of the unit, shape (n_units, 9); 0 if there is none."""

    @property
    def maturity(self) -> Array:
        """Return the eight maturity constructs, shape (n_units, 8)."""
        return self.scales[:, len(CONTEXT) : len(CONTEXT) + len(MATURITY)]

    @property
    def behaviours(self) -> Array:
        """Return the sponsors' four behaviours, shape (n_units, 4)."""
        return self.scales[:, -len(BEHAVIOURS) :]


def draw_kinds(rng: Generator, mix: Mix, units: int) -> list[Kind]:
    """Draw the kind of each unit, in random order."""
    if mix == "null":
        return [()] * units
    if mix == "midway":
        return [BLENDS[pair] for pair in rng.integers(len(BLENDS), size=units)]
    if mix == "single":
        return [(int(rng.integers(len(MODELS))),)] * units
    if mix == "skewed":
        order = rng.permutation(len(MODELS))
        return [(int(model),) for model in rng.choice(order, size=units, p=_SKEW)]
    untrue = round(_UNTRUE_SHARE * units) if mix == "mixed_null" else 0
    centre = untrue // 2
    first = int(rng.integers(len(MODELS)))
    kinds: list[Kind] = [((first + unit) % len(MODELS),) for unit in range(units - untrue)]
    kinds += [()] * centre + draw_kinds(rng, "midway", untrue - centre)
    return [kinds[unit] for unit in rng.permutation(units)]


def _sizes(rng: Generator, parameters: Parameters, units: int) -> NDArray[np.int64]:
    drawn = rng.lognormal(np.log(parameters.size_median), parameters.size_sigma, units)
    return np.clip(np.rint(drawn), parameters.size_lo, parameters.size_hi).astype(np.int64)


def _context(rng: Generator, parameters: Parameters, kinds: list[Kind]) -> tuple[Array, Array]:
    """Draw the units' means (n_units, 9) and the company's profiles (4, 9).

    They combine company draws, reach towards the archetype, halo and between-unit noise.
    """
    anchors = ANCHORS + rng.normal(0, parameters.anchor_err, ANCHORS.shape)
    centre = anchors.mean(axis=0)
    anchors = mirrored(rng, anchors, centre, cells=parameters.wrong_cells)
    level = rng.normal(0, parameters.org_shift)
    level = centre + level + rng.normal(0, parameters.org_construct, len(CONTEXT))
    reach = parameters.sep * reaches(rng, len(MODELS), spread=parameters.reach_spread)
    profiles = level + reach[:, None] * (anchors - centre)
    standing = profiles
    if FIFTH in kinds:
        standing = np.vstack([profiles, level + parameters.sep * undescribed(rng)])
    mean = np.array([standing[list(kind)].mean(axis=0) if kind else level for kind in kinds])
    stretch = tails(rng, len(kinds), freedom=parameters.tail_freedom)
    halo = rng.normal(0, parameters.unit_halo, (len(kinds), 1))
    tau = between_unit_sd(parameters, kinds)
    return mean + stretch * (halo + tau * rng.normal(size=tau.shape)), profiles


def between_unit_sd(parameters: Parameters, kinds: list[Kind]) -> Array:
    """Return the SD of each unit on each construct, shape (n_units, 9).

    A unit between models varies less on the cells that define any of them. A unit at the centre
    lies between all four and varies less on every cell.
    """
    everyone = tuple(range(len(MODELS)))
    described = np.vstack([DEFINING, np.zeros(len(CONTEXT), dtype=bool)])
    defining = np.array([described[list(kind or everyone)].any(axis=0) for kind in kinds])
    return np.where(defining, parameters.tau_primary, parameters.tau_other)


def _conditions(rng: Generator, units: int) -> tuple[Array, Array]:
    """Draw maturity constructs (n_units, 8) and behaviours (n_units, 4)."""
    maturity = rng.normal(0, 0.45, (units, 1))
    company = rng.normal(0, 0.15, len(MATURITY))
    constructs = 3.0 + company + 0.8 * maturity + rng.normal(0, 0.30, (units, len(MATURITY)))
    behaviours = 2.9 + 0.5 * maturity + rng.normal(0, 0.45, (units, len(BEHAVIOURS)))
    return constructs, behaviours


def _other_camps(rng: Generator, kinds: list[Kind], profiles: Array, *, share: float) -> Array:
    gap = np.zeros((len(kinds), len(CONTEXT)))
    for unit in some(rng, len(kinds), share=share):
        (own,) = kinds[unit]
        other = (own + rng.integers(1, len(MODELS))) % len(MODELS)
        gap[unit] = profiles[other] - profiles[own]
    return gap


def draw_truth(rng: Generator, parameters: Parameters, units: int) -> Truth:
    """Draw the units of one company."""
    kinds = draw_kinds(rng, parameters.mix, units)
    for unit in some(rng, units, share=parameters.fifth_share):
        kinds[unit] = FIFTH
    context, profiles = _context(rng, parameters, kinds)
    return Truth(
        kinds=kinds,
        sizes=_sizes(rng, parameters, units),
        scales=np.hstack([context, *_conditions(rng, units)]),
        inflation=np.clip(rng.normal(0.7, 0.5, units), -0.6, 2.0),
        acquiescence=rng.normal(0, parameters.unit_acq_sd, units),
        extremity=rng.normal(0, parameters.unit_ext_sd, units),
        profiles=profiles,
        other_camp=_other_camps(rng, kinds, profiles, share=parameters.split_share),
    )
