"""Verdicts on the differences between two waves, and which of them may be shown as figures."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from analytics.inference.mean_difference import LEVEL, MEANINGFUL, MeanDifference
from analytics.results.waves import Change, ChangeTest, ChangeVerdict, RoleSplit
from analytics.study.scoring import SHARE_PER_POINT

__all__ = ["GroupComparison", "adjusted", "change_record"]

_NO_WIDTH = 1e-7


@dataclass(frozen=True)
class GroupComparison:
    """One group compared on all constructs; arrays of shape (p,).

    Attributes
    ----------
    shown : ndarray of bool
        Constructs that are shown in both waves.
    difference : MeanDifference
        In points.
    joined_or_left : ndarray or None
        People with a score in only one of the waves; None if people have no keys.
    returning : ndarray
        People with a score in both waves who enter the test.
    splits : tuple of RoleSplit or None, one per construct
        Composition and real change, if roles may be shown separately.
    allowed : ndarray of bool
        Constructs of which a figure may be shown, as far as membership goes.
    by_answers : bool
        Whether those who answered in one of the waves only count as having joined or left;
        False if it is known who was invited.
    """

    shown: NDArray[np.bool_]
    difference: MeanDifference
    joined_or_left: NDArray[np.float64] | None
    returning: NDArray[np.float64]
    splits: tuple[RoleSplit | None, ...]
    allowed: NDArray[np.bool_]
    by_answers: bool = True

    @cached_property
    def interval(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Return the ends of the 95 % intervals."""
        return self.difference.interval()

    @cached_property
    def is_equivalent(self) -> NDArray[np.bool_]:
        """Tell which constructs differ by less than what matters."""
        return self.difference.is_within(MEANINGFUL)

    @cached_property
    def detectable(self) -> NDArray[np.float64]:
        """Return the smallest change that would probably be detected."""
        return self.difference.detectable()

    def banded(self, k: int) -> NDArray[np.bool_]:
        """Tell on which constructs figures would say something about single people.

        The difference would isolate the few who joined or left, or an interval without width
        would show how far each person moved.
        """
        alike = (self.difference.error <= _NO_WIDTH) | ~self.allowed
        if self.joined_or_left is None or not self.by_answers:
            return np.asarray(alike)
        return np.asarray(alike | ((self.joined_or_left > 0) & (self.joined_or_left < k)))


def adjusted(comparisons: list[GroupComparison], *, k: int) -> list[NDArray[np.float64]]:
    """Return each comparison's p-values after Benjamini-Hochberg over all shown comparisons.

    An adjusted p may be another one's p in disguise. So comparisons that show bands count as
    p = 1 among those that show figures, and are themselves adjusted among all.

    References
    ----------
    .. [1] Benjamini & Hochberg 1995, Journal of the Royal Statistical Society B 57(1).
    """
    if not comparisons:
        return []
    raw = [np.where(one.shown, one.difference.p_values(), np.nan) for one in comparisons]
    flat = np.concatenate(raw)
    banded = np.concatenate([one.banded(k) for one in comparisons])
    found = np.where(
        banded, _controlled(flat), _controlled(np.where(banded & np.isfinite(flat), 1.0, flat))
    )
    return np.split(found, np.cumsum([len(one) for one in raw])[:-1])


def _controlled(p: NDArray[np.float64]) -> NDArray[np.float64]:
    """Adjust the p-values that are known."""
    found, known = p.copy(), np.isfinite(p)
    if known.any():
        found[known] = stats.false_discovery_control(p[known])
    return found


def change_record(
    one: GroupComparison, p: NDArray[np.float64], column: int, *, k: int
) -> Change:
    """Describe how one construct changed in a group.

    Parameters
    ----------
    one : GroupComparison
        The group; the construct is shown in both waves.
    p : ndarray of shape (n_constructs,)
        Its adjusted p-values.
    column : int
        Which construct.
    k : int
        Smallest group that figures may isolate.

    Returns
    -------
    Change
        ``changed``: by .2 points or more, the 95 % interval excluding 0 and adjusted p at most
        .05; ``no_change``: within ± .2 points by two one-sided tests; else ``inconclusive``.
    """
    verdict = _verdict(one, p, column)
    estimate = float(one.difference.estimate[column])
    if one.banded(k)[column]:
        if verdict != "changed":
            return Change(band="similar")
        return Change(band="higher" if estimate > 0 else "lower")
    low, high = one.interval
    return Change(
        verdict=verdict,
        estimate=SHARE_PER_POINT * estimate,
        low=SHARE_PER_POINT * float(low[column]),
        high=SHARE_PER_POINT * float(high[column]),
        adjusted_p=float(p[column]),
        test=_test(one, column),
        detectable=SHARE_PER_POINT * float(one.detectable[column]),
        split=one.splits[column],
    )


def _verdict(one: GroupComparison, p: NDArray[np.float64], column: int) -> ChangeVerdict:
    low, high = one.interval
    excludes_zero = low[column] > 0 or high[column] < 0
    large = abs(one.difference.estimate[column]) >= MEANINGFUL
    if large and excludes_zero and p[column] <= LEVEL:
        return "changed"
    return "no_change" if one.is_equivalent[column] else "inconclusive"


def _test(one: GroupComparison, column: int) -> ChangeTest:
    if one.returning[column] == 0:
        return "welch"
    everyone = one.joined_or_left is not None and one.joined_or_left[column] == 0
    return "paired" if everyone else "partially_overlapping"
