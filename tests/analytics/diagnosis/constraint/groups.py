"""Groups with given means and errors, built by hand."""

from collections.abc import Sequence

import numpy as np

from analytics.study.unit_means import UnitMeans

ROOT_CAUSES = (
    "problem_definition",
    "data_readiness",
    "governance",
    "executive_sponsorship",
    "workflow_redesign",
)
NO_ITEM_VARIANCE = dict.fromkeys(ROOT_CAUSES, 0.0)


def groups(
    means: dict[str, Sequence[float]],
    *,
    errors: float | Sequence[float] = 0.1,
    constructs: Sequence[str] = ROOT_CAUSES,
) -> UnitMeans:
    """Build groups whose means have independent errors, SE in points."""
    p = len(constructs)
    covariance = np.diag(np.broadcast_to(np.asarray(errors, float) ** 2, p))
    return UnitMeans(
        units=tuple(means),
        constructs=tuple(constructs),
        n=np.full((len(means), p), 20),
        means=np.array(list(means.values()), float).reshape(len(means), p),
        within=np.eye(p),
        covariance=np.stack([covariance] * len(means)),
    )
