"""Whether two groups of people read the items of a construct alike; scores are not compared.

One factor is fitted to both groups, first with separate loadings, then with the same loadings,
then also with the same intercepts. Each step may lower the comparative fit index by at most
.01.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from analytics.quality.omega import fit_one_factor
from analytics.results.quality import Invariance

__all__ = ["GroupMoments", "invariance"]

_FEWEST_PEOPLE, _FEWEST_ITEMS = 100, 3
_TOLERATED_LOSS = 0.01


@dataclass(frozen=True)
class GroupMoments:
    """Complete answers of one group, summed up.

    Attributes
    ----------
    n : int
        People.
    mean : ndarray of shape (items,)
        Means of the items.
    covariance : ndarray of shape (items, items)
        Their covariance, divisor n.
    """

    n: int
    mean: NDArray[np.float64]
    covariance: NDArray[np.float64]

    @classmethod
    def of(cls, answers: NDArray[np.float64]) -> "GroupMoments":
        """Sum up answers of shape (n_people, items)."""
        centred = answers - answers.mean(axis=0)
        square = np.einsum("ni,nj->ij", centred, centred) / len(answers)
        return cls(len(answers), answers.mean(axis=0), square)


def invariance(first: GroupMoments, second: GroupMoments) -> Invariance:
    """Tell which parts of the measurement are the same in two groups.

    Parameters
    ----------
    first, second : GroupMoments
        The same items in both groups.

    Returns
    -------
    Invariance
        ``intercepts``: means may be compared. ``loadings``: only relations may be.
        ``none``: not even these. ``not_tested``: fewer than 100 people in a group, fewer than
        three items, or items whose covariance is singular.

    Notes
    -----
    Comparative fit 1 - max(x - df, 0) / max(x0 - df0, x - df, 0), x the likelihood-ratio
    statistic of the model and x0 that of uncorrelated items. Variances of the items and, of
    the second group, variance and mean of the factor are free throughout.

    References
    ----------
    .. [1] Vandenberg & Lance (2000); Cheung & Rensvold (2002), Evaluating goodness-of-fit
       indexes for testing measurement invariance.
    """
    groups = (first, second)
    items = len(first.mean)
    if items < _FEWEST_ITEMS or min(group.n for group in groups) < _FEWEST_PEOPLE:
        return "not_tested"
    if any(np.linalg.matrix_rank(group.covariance) < items for group in groups):
        return "not_tested"
    own, loadings, intercepts = _fits(groups)
    if own - loadings > _TOLERATED_LOSS:
        return "none"
    return "loadings" if loadings - intercepts > _TOLERATED_LOSS else "intercepts"


def _fits(groups: tuple[GroupMoments, GroupMoments]) -> tuple[float, float, float]:
    """Return the comparative fit of own loadings, same loadings and same intercepts."""
    items = len(groups[0].mean)
    apart = sum(_misfit(group, _own_model(group)) for group in groups)
    unrelated = sum(_misfit(group, np.diag(np.diag(group.covariance))) for group in groups)
    freedom = items * (items - 3)
    limit = (unrelated, items * (items - 1))
    start = _Shared.start(groups)
    together = start.fitted(groups, means=False).misfit(groups, means=False)
    alike = start.fitted(groups, means=True).misfit(groups, means=True)
    return (
        _comparative_fit(apart, freedom, limit),
        _comparative_fit(together, freedom + items - 1, limit),
        _comparative_fit(alike, freedom + 2 * (items - 1), limit),
    )


def _comparative_fit(misfit: float, freedom: int, limit: tuple[float, int]) -> float:
    excess = max(misfit - freedom, 0.0)
    worst = max(limit[0] - limit[1], excess)
    return 1.0 - excess / worst if worst > 0.0 else 1.0


def _own_model(group: GroupMoments) -> NDArray[np.float64]:
    model = fit_one_factor(group.covariance)
    return np.outer(model.loadings, model.loadings) + np.diag(model.uniquenesses)


def _misfit(group: GroupMoments, implied: NDArray[np.float64]) -> float:
    """Return n (log |model| - log |sample| + trace(sample model⁻¹) - items)."""
    ratio = np.linalg.solve(implied, group.covariance)
    return float(group.n * (np.trace(ratio) - np.linalg.slogdet(ratio)[1] - len(ratio)))


@dataclass(frozen=True)
class _Shared:
    """One factor with the same loadings and intercepts in both groups.

    The factor has mean 0 and variance 1 in the first group.
    """

    loadings: NDArray[np.float64]
    intercepts: NDArray[np.float64]
    log_unique: NDArray[np.float64]
    """Shape (2, items)."""
    factor_mean: float
    log_factor_variance: float

    @classmethod
    def start(cls, groups: tuple[GroupMoments, GroupMoments]) -> "_Shared":
        people = np.array([group.n for group in groups], dtype=np.float64)
        pooled = np.average([group.covariance for group in groups], axis=0, weights=people)
        mean = np.average([group.mean for group in groups], axis=0, weights=people)
        model = fit_one_factor(pooled)
        return cls(model.loadings, mean, np.log(np.tile(model.uniquenesses, (2, 1))), 0.0, 0.0)

    def packed(self) -> NDArray[np.float64]:
        last = [self.factor_mean, self.log_factor_variance]
        return np.concatenate([self.loadings, self.intercepts, self.log_unique.ravel(), last])

    def unpacked(self, values: NDArray[np.float64]) -> "_Shared":
        p = len(self.loadings)
        unique = values[2 * p : 4 * p].reshape(2, p)
        return _Shared(values[:p], values[p : 2 * p], unique, values[-2], values[-1])

    def fitted(self, groups: tuple[GroupMoments, GroupMoments], *, means: bool) -> "_Shared":
        """Return the model of greatest likelihood; without ``means``, intercepts are free."""
        found = minimize(
            lambda values: self.unpacked(values).slope(groups, means=means),
            self.packed(),
            jac=True,
            method="BFGS",
            options={"maxiter": 500, "gtol": 1e-6},
        )
        return self.unpacked(found.x)

    def misfit(self, groups: tuple[GroupMoments, GroupMoments], *, means: bool) -> float:
        """Return the likelihood-ratio statistic."""
        return self.slope(groups, means=means)[0] * sum(group.n for group in groups)

    def slope(
        self, groups: tuple[GroupMoments, GroupMoments], *, means: bool
    ) -> tuple[float, NDArray[np.float64]]:
        """Return the misfit per person and its gradient in the order of ``packed``."""
        people = sum(group.n for group in groups)
        value, gradient = 0.0, np.zeros(4 * len(self.loadings) + 2)
        for place, group in enumerate(groups):
            part, change = self._group(place, group, means=means)
            value += part * group.n / people
            gradient += change * group.n / people
        return value, gradient

    def _group(
        self, place: int, group: GroupMoments, *, means: bool
    ) -> tuple[float, NDArray[np.float64]]:
        p = len(self.loadings)
        variance = np.exp(self.log_factor_variance) if place else 1.0
        centre = self.factor_mean if place else 0.0
        unique = np.exp(self.log_unique[place])
        implied = variance * np.outer(self.loadings, self.loadings) + np.diag(unique)
        inverse = np.linalg.inv(implied)
        off = group.mean - self.intercepts - self.loadings * centre if means else np.zeros(p)
        sample = group.covariance + np.outer(off, off)
        value = np.trace(inverse @ sample) - p
        value -= np.linalg.slogdet(inverse @ group.covariance)[1]
        by_covariance = inverse @ (implied - sample) @ inverse
        by_mean = -2.0 * inverse @ off
        pulled = by_covariance @ self.loadings
        gradient = np.zeros(4 * p + 2)
        gradient[:p] = 2.0 * variance * pulled + centre * by_mean
        gradient[p : 2 * p] = by_mean
        own = slice((2 + place) * p, (3 + place) * p)
        gradient[own] = np.diag(by_covariance) * unique
        if place:
            gradient[-2] = self.loadings @ by_mean
            gradient[-1] = variance * (self.loadings @ pulled)
        return float(value), gradient
