"""The toy for comparison: plain k-means with one cluster per model, matched one to one.

Like the product it knows the anchors and not the truth: each cluster gets a model by the best
one-to-one matching of centres to anchors. So it must name four models even in a company with
one.
"""

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment
from sklearn.cluster import KMeans

from tests.benchmarks.simulator.archetypes import ANCHORS, MODELS
from tests.benchmarks.simulator.sheet import CONTEXT

__all__ = ["toy_models"]

_REVERSED = 3
"""The last of a context construct's three items."""


def _item(construct: str, number: int) -> pl.Expr:
    answer = pl.col(f"{construct}_{number}").cast(pl.Float64)
    return 6 - answer if number == _REVERSED else answer


def _unit_means(responses: pl.DataFrame) -> tuple[list[str], NDArray[np.float64]]:
    """Return units in order and their mean person scores, without screening."""
    scores = [
        pl.mean_horizontal(_item(construct, number) for number in (1, 2, 3)).alias(construct)
        for construct in CONTEXT
    ]
    means = (
        responses.filter(pl.col("role") != "sponsor")
        .select("unit", *scores)
        .group_by("unit")
        .mean()
        .sort("unit")
        .with_columns(pl.col(CONTEXT).fill_null(pl.col(CONTEXT).mean()))
    )
    return means["unit"].to_list(), means.select(CONTEXT).to_numpy()


def toy_models(responses: pl.DataFrame, *, seed: int = 0) -> dict[str, str]:
    """Return each unit's model by plain KMeans(4) and Hungarian matching."""
    units, means = _unit_means(responses)
    clusters = min(len(MODELS), len(units))
    fitted = KMeans(n_clusters=clusters, n_init=10, random_state=seed).fit(means)
    distances = np.linalg.norm(fitted.cluster_centers_[:, None] - ANCHORS[None], axis=2)
    cluster, model = linear_sum_assignment(distances)
    names = {int(c): MODELS[m] for c, m in zip(cluster, model, strict=True)}
    return {unit: names[int(label)] for unit, label in zip(units, fitted.labels_, strict=True)}
