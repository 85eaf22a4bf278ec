"""Reliability of one construct with its verdict; too few people get no coefficient at all."""

from typing import Literal

import numpy as np
from numpy.typing import NDArray

from analytics.quality.omega import Bags, omega_interval, omega_total
from analytics.quality.reliability import (
    alpha_if_dropped,
    corrected_item_total,
    cronbach_alpha,
    feldt_interval,
    standardised_alpha,
)
from analytics.results.quality import ItemQuality, Reliability

__all__ = ["FEWEST_FOR_ALPHA", "FEWEST_FOR_OMEGA", "scale_reliability"]

FEWEST_FOR_ALPHA, FEWEST_FOR_OMEGA = 20, 50
"""People with complete answers."""

_USABLE, _RELIABLE = 0.60, 0.70


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
        items; else on alpha. None where the sum of the items does not vary.

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


def _headline(
    alpha: float, omega: float | None, pair: float | None
) -> tuple[Literal["omega", "spearman_brown", "alpha"], float]:
    if omega is not None:
        return "omega", omega
    if pair is not None:
        return "spearman_brown", pair
    return "alpha", alpha


def _verdict(coefficient: float) -> Literal["reliable", "caution", "do_not_use"]:
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
