"""What holds for the units of a simulated company before anybody answers."""

from dataclasses import dataclass

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from tests.benchmarks.simulator.archetypes import ANCHORS, BLENDS, DEFINING, MODELS
from tests.benchmarks.simulator.scenarios import Mix, Parameters
from tests.benchmarks.simulator.sheet import BEHAVIOURS, CONTEXT, MATURITY

__all__ = ["Kind", "Truth", "draw_kinds", "draw_truth"]

Kind = tuple[int, ...]
"""The models a unit follows: one (pure), two (midway between them) or none (the centre)."""

Array = NDArray[np.float64]

_SKEW = (0.70, 0.15, 0.10, 0.05)
_UNTRUE_SHARE = 0.30


@dataclass(frozen=True, kw_only=True)
class Truth:
    """The units' true values in Likert points, one row per unit."""

    kinds: list[Kind]
    sizes: NDArray[np.int64]
    """Respondents, sponsors not counted."""
    scales: Array
    """What people see: context, maturity, behaviours; shape (n_units, 21)."""
    inflation: Array
    """How much the unit's sponsors overrate themselves."""
    acquiescence: Array
    extremity: Array
    """The unit's part of log extremity."""

    @property
    def maturity(self) -> Array:
        """Return the eight maturity constructs, shape (n_units, 8)."""
        return self.scales[:, len(CONTEXT) : len(CONTEXT) + len(MATURITY)]

    @property
    def behaviours(self) -> Array:
        """Return the sponsors' four behaviours, shape (n_units, 4)."""
        return self.scales[:, -len(BEHAVIOURS) :]


def draw_kinds(rng: Generator, mix: Mix, units: int) -> list[Kind]:
    """Return what each unit follows, in random order."""
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


def _context(rng: Generator, parameters: Parameters, kinds: list[Kind]) -> Array:
    """Company draws, reach towards the archetype, halo and between-unit noise."""
    anchors = ANCHORS + rng.normal(0, parameters.anchor_err, ANCHORS.shape)
    centre = anchors.mean(axis=0)
    company = rng.normal(0, parameters.org_shift)
    offsets = rng.normal(0, parameters.org_construct, len(CONTEXT))
    target = np.array([anchors[list(kind)].mean(axis=0) if kind else centre for kind in kinds])
    defining = np.array([DEFINING[list(kind)].any(axis=0) for kind in kinds])
    tau = np.where(defining, parameters.tau_primary, parameters.tau_other)
    halo = rng.normal(0, parameters.unit_halo, (len(kinds), 1))
    mean = centre + company + offsets + parameters.sep * (target - centre)
    context: Array = mean + halo + tau * rng.normal(size=tau.shape)
    return context


def _conditions(rng: Generator, units: int) -> tuple[Array, Array]:
    """Return maturity constructs (n_units, 8) and behaviours (n_units, 4)."""
    maturity = rng.normal(0, 0.45, (units, 1))
    company = rng.normal(0, 0.15, len(MATURITY))
    constructs = 3.0 + company + 0.8 * maturity + rng.normal(0, 0.30, (units, len(MATURITY)))
    behaviours = 2.9 + 0.5 * maturity + rng.normal(0, 0.45, (units, len(BEHAVIOURS)))
    return constructs, behaviours


def draw_truth(rng: Generator, parameters: Parameters, units: int) -> Truth:
    """Draw the units of one company."""
    kinds = draw_kinds(rng, parameters.mix, units)
    context = _context(rng, parameters, kinds)
    return Truth(
        kinds=kinds,
        sizes=_sizes(rng, parameters, units),
        scales=np.hstack([context, *_conditions(rng, units)]),
        inflation=np.clip(rng.normal(0.7, 0.5, units), -0.6, 2.0),
        acquiescence=rng.normal(0, parameters.unit_acq_sd, units),
        extremity=rng.normal(0, parameters.unit_ext_sd, units),
    )
