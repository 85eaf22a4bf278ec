"""The theory and unit means for tests: plain, nothing random unless a seed is given."""

import json
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from analytics.recommender.anchors import Anchors
from analytics.study.unit_means import UnitMeans
from tests.data import DATA
from tests.factories.recommendations import MODELS

__all__ = [
    "ANCHORS",
    "CENTRE",
    "CONSTRUCTS",
    "company",
    "means",
    "read",
    "symmetric",
    "without",
]

COMPANY = DATA / "recommender"

CONSTRUCTS = (
    "cross_function_breadth",
    "shared_standards_need",
    "domain_specificity",
    "data_literacy",
    "product_ownership",
    "production_stage",
    "live_service_need",
    "business_case",
    "mlops_capability",
)
# The table of method.md 1.1, and its bold cells.
ANCHORS = Anchors(
    version="test",
    models=MODELS,
    constructs=CONSTRUCTS,
    values=(
        (4.4, 4.4, 2.3, 2.8, 2.5, 3.0, 3.0, 3.2, 3.2),
        (2.4, 2.4, 4.4, 4.3, 4.3, 3.2, 3.0, 3.2, 3.3),
        (3.2, 3.2, 3.2, 3.4, 3.6, 4.4, 4.4, 3.9, 3.7),
        (2.8, 3.0, 2.7, 2.3, 2.4, 3.3, 3.5, 4.4, 1.7),
    ),
    defining=tuple(
        tuple(j in cells for j in range(9)) for cells in ({0, 1}, {2, 3, 4}, {5, 6}, {7, 8})
    ),
)
CENTRE = ANCHORS.centre


def read(name: str) -> dict[str, Any]:
    return dict(json.loads((COMPANY / name).read_text()))


def symmetric(lower: ArrayLike) -> NDArray[np.float64]:
    """Build covariances, shape (n, 9, 9), from the rows of their lower triangles."""
    rows = np.asarray(lower, dtype=np.float64)
    full = np.zeros((len(rows), 9, 9))
    below = np.tril_indices(9)
    full[:, below[0], below[1]] = rows
    full[:, below[1], below[0]] = rows
    return full


def means(
    rows: ArrayLike,
    *,
    people: int = 25,
    covariance: NDArray[np.float64] | None = None,
    units: Sequence[str] | None = None,
    constructs: tuple[str, ...] = CONSTRUCTS,
) -> UnitMeans:
    """Build unit means whose people differ by .7 a construct with a covariance of .12."""
    values = np.atleast_2d(np.asarray(rows, dtype=np.float64))
    p = len(constructs)
    within = np.full((p, p), 0.12) + 0.58 * np.eye(p)
    if covariance is None:
        covariance = np.repeat(within[None] / people, len(values), axis=0)
    codes = tuple(units or (f"U{index:03}" for index in range(len(values))))
    n = np.where(np.isnan(values), 0, people).astype(np.int64)
    return UnitMeans(codes, constructs, n, values, within, covariance)


def company(
    *kinds: int | None, reach: float = 0.65, noise: float = 0.25, seed: int = 0, **columns: Any
) -> UnitMeans:
    """Build units of the models given by number; ``None`` is a unit at the centre."""
    rng = np.random.default_rng(seed)
    away = np.vstack([ANCHORS.directions, np.zeros((1, 9))])
    rows = np.array([CENTRE + reach * away[-1 if kind is None else kind] for kind in kinds])
    return means(rows + rng.normal(0, noise, rows.shape), **columns)


def without(groups: UnitMeans, code: str) -> UnitMeans:
    """Return the groups but one."""
    kept = [row for row, unit in enumerate(groups.units) if unit != code]
    return UnitMeans(
        tuple(groups.units[row] for row in kept),
        groups.constructs,
        groups.n[kept],
        groups.means[kept],
        groups.within,
        groups.covariance[kept],
    )
