"""Drivers as records: intervals, ranks and the matrix importance x level."""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from analytics.drivers.decomposition import Decomposition
from analytics.results.drivers import Driver, Level, MatrixCell
from analytics.results.record import Estimate

__all__ = ["HALF_WAY", "described_drivers", "r_squared_estimate"]

HALF_WAY = 50.0
"""Level (0 to 100) that separates low from high: the middle of the scale, because it does not
depend on the levels of other drivers."""

_INTERVAL = (0.025, 0.975)


def r_squared_estimate(found: Decomposition) -> Estimate:
    """Return R² with its percentile interval over resamples."""
    return _estimate(found.r_squared, found.drawn_importance.sum(axis=1))


def described_drivers(
    found: Decomposition, constructs: Sequence[str], levels: Mapping[str, Level]
) -> tuple[Driver, ...]:
    """Describe every driver, most important first; ties in the order of the constructs."""
    ranks, drawn_ranks = _ranks(found.importance), _ranks(found.drawn_importance)
    shares = _shares(found.importance)
    drawn_shares = _shares(found.drawn_importance)
    described = []
    for place in np.argsort(ranks, kind="stable"):
        group = tuple(constructs[column] for column in found.groups[place])
        rank, drawn = int(ranks[place]), drawn_ranks[:, place]
        low, high = np.quantile(drawn, _INTERVAL, method="inverted_cdf")
        share = _estimate(shares[place], drawn_shares[:, place])
        correlation = _estimate(found.correlation[place], found.drawn_correlation[:, place])
        described.append(
            Driver(
                constructs=group,
                importance=_estimate(found.importance[place], found.drawn_importance[:, place]),
                share=share,
                relative_weight=float(found.relative_weights[place]),
                correlation=correlation,
                rank=rank,
                rank_low=int(low),
                rank_high=int(high),
                rank_share=float((drawn == rank).mean()),
                first_share=float((drawn == 1).mean()),
                place=_matrix_cell(
                    share, correlation, _level(group, levels), len(found.groups)
                ),
            )
        )
    return tuple(described)


def _estimate(value: float, drawn: NDArray[np.float64]) -> Estimate:
    low, high = np.quantile(drawn, _INTERVAL)
    return Estimate(estimate=float(value), low=float(low), high=float(high))


def _ranks(importance: NDArray[np.float64]) -> NDArray[np.intp]:
    """Rank along the last axis, 1 for the greatest."""
    order = np.argsort(-importance, axis=-1, kind="stable")
    return 1 + np.argsort(order, axis=-1, kind="stable")


def _shares(importance: NDArray[np.float64]) -> NDArray[np.float64]:
    """Divide by R²; if nothing is explained, all shares are equal."""
    total = importance.sum(axis=-1, keepdims=True)
    equal = 1.0 / importance.shape[-1]
    return np.where(total > 0, importance / np.where(total > 0, total, 1.0), equal)


def _level(group: Sequence[str], levels: Mapping[str, Level]) -> Level | None:
    """Average the levels of merged scales, and their intervals, which come out too wide."""
    known = [levels[construct] for construct in group if construct in levels]
    if len(known) < len(group):
        return None
    return Level(
        mean=sum(level.mean for level in known) / len(known),
        low=sum(level.low for level in known) / len(known),
        high=sum(level.high for level in known) / len(known),
    )


def _matrix_cell(
    share: Estimate, correlation: Estimate, level: Level | None, drivers: int
) -> MatrixCell:
    """Name the cell if both intervals lie wholly in it.

    A driver is important if it has more than an equal share of R². Raising it makes sense only
    if more of it certainly goes together with more of the outcome.
    """
    important, minor = share.low >= 1.0 / drivers, share.high < 1.0 / drivers
    if important and correlation.high < 0:
        return "goes_against"
    if level is None or not (important or minor) or (important and correlation.low <= 0):
        return "too_close_to_call"
    if level.high < HALF_WAY:
        return "raise_first" if important else "low_and_minor"
    if level.low >= HALF_WAY:
        return "keep_up" if important else "minor"
    return "too_close_to_call"
