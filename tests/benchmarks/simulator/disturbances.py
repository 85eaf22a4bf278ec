"""Deviations from the assumptions of every method; each draws nothing if it is off."""

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from tests.benchmarks.simulator.archetypes import ANCHORS, CENTRE

__all__ = [
    "CAMP_SHARE",
    "FIFTH",
    "contentment",
    "mirrored",
    "reaches",
    "some",
    "tails",
    "undescribed",
]

Array = NDArray[np.float64]

FIFTH = (len(ANCHORS),)
"""Kind of a unit that follows the undescribed model."""
CAMP_SHARE = 0.4
"""Probability that a person in a split unit belongs to the smaller camp."""
_ALIKE = 0.5
"""Upper bound of an undescribed profile's correlation with each described one."""


def some(rng: Generator, units: int, *, share: float) -> NDArray[np.int64]:
    """Draw the positions of the disturbed units."""
    if not share:
        return np.zeros(0, dtype=np.int64)
    return rng.permutation(units)[: round(share * units)]


def mirrored(rng: Generator, anchors: Array, centre: Array, *, cells: int) -> Array:
    """Mirror ``cells`` cells of one model's profile at the centre."""
    if not cells:
        return anchors
    model = rng.integers(len(anchors))
    turned = rng.choice(len(centre), size=cells, replace=False)
    wrong = anchors.copy()
    wrong[model, turned] = 2 * centre[turned] - anchors[model, turned]
    return wrong


def reaches(rng: Generator, models: int, *, spread: float) -> Array:
    """Draw the reach of each model's units, relative to ``sep``."""
    return rng.uniform(1 - spread, 1 + spread, models) if spread else np.ones(models)


def tails(rng: Generator, units: int, *, freedom: float | None) -> Array:
    """Draw each unit's factor that turns normal noise into t of the same SD, (n_units, 1)."""
    if freedom is None:
        return np.ones((units, 1))
    return np.sqrt((freedom - 2) / rng.chisquare(freedom, (units, 1)))


def undescribed(rng: Generator) -> Array:
    """Draw an undescribed profile, relative to the centre and as far away as the four."""
    described = ANCHORS - CENTRE
    lengths = np.linalg.norm(described, axis=1)
    while True:
        drawn = rng.normal(size=len(CENTRE))
        drawn *= lengths.mean() / np.linalg.norm(drawn)
        if (described @ drawn / lengths < _ALIKE * lengths.mean()).all():
            return drawn


def contentment(rng: Generator, unit: NDArray[np.int64], *, sd: float, silence: float) -> Array:
    """Draw the halo of the respondents, shape (n_people, 1).

    If contentment and willingness to answer have correlation r, the respondents' halo is
    skew-normal: sd (r |z| + sqrt(1 - r^2) z').
    """
    halo = rng.normal(0, sd, (len(unit), 1))
    if not silence:
        return halo
    strength = rng.uniform(0, silence, unit.max() + 1)[unit][:, None]
    will = np.abs(rng.normal(size=halo.shape))
    return np.asarray(sd * strength * will + np.sqrt(1 - strength**2) * halo)
