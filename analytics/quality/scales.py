"""How well a construct is measured: how reliably, and whether units differ on it."""

from typing import Literal

import numpy as np
import polars as pl
from numpy.typing import NDArray

from analytics.inference.moments import Groups, anova
from analytics.inference.variance_components import variance_components
from analytics.instrument import Construct
from analytics.quality.answer_counts import complete_steps
from analytics.quality.invariance import GroupMoments, Invariance, invariance
from analytics.quality.scale_reliability import FEWEST_FOR_ALPHA, scale_reliability
from analytics.results.quality import Aggregation, Reliability, ScaleQuality
from analytics.study.study import Study

__all__ = ["aggregation", "scale_quality"]

Status = Literal["reported", "too_few_people", "single_item", "no_variance"]

_LEAST_ICC1, _LEAST_ICC2, _LEVEL = 0.05, 0.70, 0.05


def scale_quality(
    study: Study, construct: Construct, groups: Groups, *, k: int, seed: int
) -> ScaleQuality:
    """Tell how well one construct is measured in a company.

    Parameters
    ----------
    study : Study
        Answers of everybody kept.
    construct : Construct
        Its items.
    groups : Groups
        Its scores in the units compared, all of them shown.
    k : int
        Smallest group that may be shown.
    seed : int
        Of the interval of omega.

    Returns
    -------
    ScaleQuality
        Reliability rests on the people who answered every item: at least 20, and k.
    """
    items = tuple(item.key for item in construct.items)
    steps = complete_steps(study, construct)
    status, found = _reliability(steps, items, k=k, seed=seed)
    return ScaleQuality(
        status=status,
        reliability=found,
        invariance=_between_roles(steps, items),
        aggregation=aggregation(groups),
    )


def _reliability(
    steps: pl.DataFrame, items: tuple[str, ...], *, k: int, seed: int
) -> tuple[Status, Reliability | None]:
    if len(items) == 1:
        return "single_item", None
    if steps.height < max(FEWEST_FOR_ALPHA, k):
        return "too_few_people", None
    found = scale_reliability(_matrix(steps, items), items, seed=seed)
    return ("reported", found) if found else ("no_variance", None)


def _between_roles(steps: pl.DataFrame, items: tuple[str, ...]) -> Invariance:
    managers, contributors = (
        steps.filter(pl.col("role") == role) for role in ("manager", "contributor")
    )
    if managers.is_empty() or contributors.is_empty():
        return "not_tested"
    return invariance(
        GroupMoments.of(_matrix(managers, items)), GroupMoments.of(_matrix(contributors, items))
    )


def _matrix(steps: pl.DataFrame, items: tuple[str, ...]) -> NDArray[np.float64]:
    """Return answers in their own order: in that of units, resampling would tell of units."""
    return steps.select(items).sort(items).to_numpy().astype(np.float64)


def aggregation(groups: Groups) -> Aggregation | None:
    """Tell whether the means of units are defended as properties of the units.

    Parameters
    ----------
    groups : Groups
        One construct in the units compared.

    Returns
    -------
    Aggregation or None
        Defended where units differ (p < .05) and ICC(1) is at least .05; to be ranked only
        from an ICC(2) of .70. None where ``anova`` has no answer.

    References
    ----------
    .. [1] method.md section 4; Woehr et al. (2015), Justifying aggregation with
       consensus-based constructs.
    """
    found, components = anova(groups), variance_components(groups)
    if found is None or components is None:
        return None
    defended = found.p < _LEVEL and found.icc1 >= _LEAST_ICC1
    return Aggregation(
        estimator="anova_n0",
        icc1=found.icc1,
        icc1_low=found.icc1_low,
        icc1_high=found.icc1_high,
        icc1_mean_n=found.icc1_mean_n,
        icc1_reml=components.icc1,
        icc2=found.icc2 if np.isfinite(found.icc2) else None,
        p=found.p,
        units=groups.units,
        verdict="defended" if defended else "not_defended",
        ranking=found.icc2 >= _LEAST_ICC2,
    )
