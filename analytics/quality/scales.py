"""How well a construct is measured: how reliably, and whether units differ on it."""

import numpy as np
import polars as pl
from numpy.typing import NDArray

from analytics.inference.anova import Groups, anova
from analytics.inference.variance_components import variance_components
from analytics.instrument import Construct
from analytics.quality.invariance import GroupMoments, invariance
from analytics.quality.omega import Bags, omega_interval, omega_total
from analytics.quality.reliability import (
    alpha_if_dropped,
    corrected_item_total,
    cronbach_alpha,
    feldt_interval,
    standardised_alpha,
)
from analytics.quality.unit_agreement import complete_steps
from analytics.results.quality import (
    Aggregation,
    Coefficient,
    Invariance,
    ItemQuality,
    Reliability,
    ReliabilityVerdict,
    ScaleQuality,
    ScaleStatus,
)
from analytics.study.study import Study
from analytics.vocabulary import RATERS

__all__ = [
    "FEWEST_FOR_ALPHA",
    "FEWEST_FOR_OMEGA",
    "aggregation",
    "scale_quality",
    "scale_reliability",
]

_LEAST_ICC1, _LEAST_ICC2, _LEVEL = 0.05, 0.70, 0.05
FEWEST_FOR_ALPHA, FEWEST_FOR_OMEGA = 20, 50
"""People with complete answers."""

_USABLE, _RELIABLE = 0.60, 0.70


def scale_quality(
    study: Study,
    construct: Construct,
    groups: Groups,
    *,
    k: int,
    seed: int,
    shown: bool = True,
) -> ScaleQuality:
    """Assess how well one construct is measured in a company.

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
    shown : bool, default=True
        Whether figures of all people together may be shown.

    Returns
    -------
    ScaleQuality
        Reliability rests on the people who answered every item: at least 20, and at least k;
        k of the invited and k of the imported, if there are both. It and the comparison of
        roles are left out if they may not be shown.
    """
    items = tuple(item.key for item in construct.items)
    steps = complete_steps(study, construct)
    if not (shown and _parts_are_enough(study, construct, k=k)):
        steps = steps.clear()
    status, found = _reliability(steps, items, k=k, seed=seed)
    return ScaleQuality(
        status=status,
        reliability=found,
        invariance=_between_roles(steps, items),
        aggregation=aggregation(groups),
    )


def scale_reliability(
    answers: NDArray[np.float64], items: tuple[str, ...], *, seed: int
) -> Reliability | None:
    """Estimate the reliability of a construct of two items or more.

    Parameters
    ----------
    answers : ndarray of shape (n_people, items)
        Complete answers of at least 20 people in steps of the scale, after reversal.
    items : tuple of str
        Keys of the items.
    seed : int
        Of the interval of omega.

    Returns
    -------
    Reliability or None
        The verdict rests on omega for three items and 50 people; on Spearman-Brown for two
        items; else on alpha. None if the sum of the items does not vary.

    References
    ----------
    .. [1] method.md section 4, "Reliability"; Flora (2020), Your coefficient alpha is
       probably wrong, but which coefficient omega is right?
    """
    bags = Bags.deal(answers, seed=seed)
    covariance = bags.covariance(np.ones(len(bags.n)))
    alpha = _finite(cronbach_alpha(covariance))
    if alpha is None:
        return None
    low, high = feldt_interval(alpha, people=len(answers), items=len(items))
    omega = interval = None
    if len(items) > 2 and len(answers) >= FEWEST_FOR_OMEGA:
        omega = float(omega_total(covariance))
        interval = omega_interval(bags, seed=seed)
    pair = _finite(standardised_alpha(covariance)) if len(items) == 2 else None
    coefficient, headline = _headline(alpha, omega, pair)
    return Reliability(
        coefficient=coefficient,
        verdict=_verdict(headline),
        omega=omega,
        omega_low=interval[0] if interval else None,
        omega_high=interval[1] if interval else None,
        alpha=alpha,
        alpha_low=low,
        alpha_high=high,
        spearman_brown=pair,
        items=_items(covariance, items),
    )


def aggregation(groups: Groups) -> Aggregation | None:
    """Tell whether the means of units may be read as properties of the units.

    Parameters
    ----------
    groups : Groups
        One construct in the units compared.

    Returns
    -------
    Aggregation or None
        Defended if units differ (p < .05) and ICC(1) is at least .05; ranked only from an
        ICC(2) of .70. None if ``anova`` returns None.

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


def _parts_are_enough(study: Study, construct: Construct, *, k: int) -> bool:
    """Tell whether nobody or k people of each part answered every item."""
    complete = [int(sums.scales[construct.key].complete.sum()) for sums in study.sums_by_part]
    return all(people == 0 or people >= k for people in complete)


def _reliability(
    steps: pl.DataFrame, items: tuple[str, ...], *, k: int, seed: int
) -> tuple[ScaleStatus, Reliability | None]:
    if len(items) == 1:
        return "single_item", None
    if steps.height < max(FEWEST_FOR_ALPHA, k):
        return "too_few_people", None
    found = scale_reliability(_matrix(steps, items), items, seed=seed)
    return ("reported", found) if found else ("no_variance", None)


def _between_roles(steps: pl.DataFrame, items: tuple[str, ...]) -> Invariance:
    managers, contributors = (steps.filter(pl.col("role") == role) for role in RATERS)
    if managers.is_empty() or contributors.is_empty():
        return "not_tested"
    return invariance(
        GroupMoments.of(_matrix(managers, items)), GroupMoments.of(_matrix(contributors, items))
    )


def _matrix(steps: pl.DataFrame, items: tuple[str, ...]) -> NDArray[np.float64]:
    """Return answers sorted by themselves: sorted by unit, resampling would reveal units."""
    return steps.select(items).sort(items).to_numpy().astype(np.float64)


def _headline(
    alpha: float, omega: float | None, pair: float | None
) -> tuple[Coefficient, float]:
    if omega is not None:
        return "omega", omega
    if pair is not None:
        return "spearman_brown", pair
    return "alpha", alpha


def _verdict(coefficient: float) -> ReliabilityVerdict:
    if coefficient < _USABLE:
        return "do_not_use"
    return "caution" if coefficient < _RELIABLE else "reliable"


def _items(covariance: NDArray[np.float64], items: tuple[str, ...]) -> dict[str, ItemQuality]:
    total, dropped = corrected_item_total(covariance), alpha_if_dropped(covariance)
    return {
        item: ItemQuality(
            item_total=_finite(total[row]), alpha_if_dropped=_finite(dropped[row])
        )
        for row, item in enumerate(items)
    }


def _finite(value: NDArray[np.float64]) -> float | None:
    return float(value) if np.isfinite(value) else None
