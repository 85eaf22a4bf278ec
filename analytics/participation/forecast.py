"""How many will have taken part in the end, from the numbers that are shown on the way."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np
from numpy.typing import NDArray
from scipy import special

from analytics.results.participation import ForecastMethod, RateForecast

__all__ = ["Course", "Progress", "forecast_rate"]

_RATES = np.linspace(0.01, 0.99, 50)
_SCALES = np.geomspace(0.03, 1.0, 10)
"""Scales of the curve, in shares of the campaign's time."""
_STEADY = (0.0, 0.15, 0.3, 0.45, 0.6, 0.75, 0.9)
"""Shares of the answers that come steadily, after reminders."""
_PAST = 0.5
"""Weight of past courses together, before anything is seen of this one."""
_CLUSTERING = 0.005
"""Correlation of whether two people answer: colleagues hear of a survey together."""
_UNEVEN = 0.4
"""Standard deviation of what a stretch of time brings, as a share of what it should bring."""
_STRETCHES = 6
"""The past is read in at most so many stretches of time."""
_SURGES = ((1.0, 0.8), (2.5, 0.2))
"""By how much more may come than the course so far says, after a late reminder; how likely."""
_LAG = 0.4
"""What a block holds back on average, of k - 1: half, less after a look that moved it."""
_LAG_UNKNOWN = 0.3
"""Standard deviation of that, as a share, in all blocks alike."""
_EARLIEST = 1 / 3
"""Share of the time before which nobody knows whether the first rush is all there will be."""
_WIDEST = 0.5
"""An interval that is wider says too little to be shown."""
_POINTS = np.linspace(0.0, 1.0, 101)
_SHARES = np.linspace(0.0, 1.0, 101)
_NEGLIGIBLE = 1e-4
"""Of the greatest weight: courses that weigh less are left out."""
_TAILS = (0.025, 0.5, 0.975)


@dataclass(frozen=True)
class Course:
    """How a campaign went, in numbers that were shown.

    Attributes
    ----------
    at : tuple of float
        Shares of the campaign's time, 0 to 1, rising.
    completed : tuple of int
        People who were shown to have completed by then.
    """

    at: tuple[float, ...]
    completed: tuple[int, ...]


@dataclass(frozen=True)
class Progress:
    """How an open campaign is going, in numbers that are shown.

    Attributes
    ----------
    course : Course
        Up to the last look.
    invited : tuple of int
        People of each block whose number moves on its own (survey/campaigns/steps.py).
    k : int
        Fewest people by which such a number moves.
    """

    course: Course
    invited: tuple[int, ...]
    k: int


def forecast_rate(progress: Progress, past: Sequence[Course] = ()) -> RateForecast:
    """Forecast the share of those invited who will have completed, with its 95 % interval.

    Parameters
    ----------
    progress : Progress
        Numbers that are shown while the campaign is open, and nothing else.
    past : sequence of Course
        How earlier campaigns of the organisation went, from their opening to their end.

    Returns
    -------
    RateForecast
        ``too_early`` without a number in the first third of the time, if nobody is shown yet,
        or if the interval would be wider than 50 points.

    Notes
    -----
    By the share u of the time, a share r F(u) of those invited has completed, r being the
    final rate. F(u) = (1 - a) (1 - exp(-u / s)) / (1 - exp(-1 / s)) + a u: a rush that
    saturates, and what comes steadily, after reminders; or F is the course of a past campaign.
    All r, s and a of a grid are weighed by how well they fit the numbers shown (Bayes' rule;
    flat prior, half of it on past campaigns if there are any). People answer in clusters, hence
    the variance of the beta-binomial [1]_; a weekend or a reminder makes a stretch of time
    uneven, hence a second variance. Numbers shown lag behind, block by block: by up to k - 1
    people, and by more once fewer than k are left. What is to come varies likewise, and may be
    more by far if a reminder is still to be sent. The grid
    and both variances were chosen on simulated campaigns, on which the interval holds the final
    rate in 93 of 100 or more (tests/survey/campaigns/test_forecast_coverage.py).

    References
    ----------
    .. [1] Williams 1982, Extra-binomial variation in logistic linear models, Applied Statistics
       31(2), 144-148.
    """
    course = progress.course
    if not course.completed or not course.completed[-1] or course.at[-1] < _EARLIEST:
        return RateForecast(status="too_early", method=_method(past))
    times, completed = _checkpoints(course)
    shown = _Shown.of(completed, progress.invited, progress.k)
    curves, priors = _curves(times, past)
    shares = _RATES[:, None] * curves[:, None, :]
    log_weight = _fit(shown, shares) + np.log(priors)[:, None]
    weight = np.exp(log_weight - log_weight.max())
    ahead = [_foresee(shown, shares[..., -1], surge=surge) for surge, _ in _SURGES]
    low, middle, high = _quantiles(
        np.concatenate([(chance * weight).ravel() for _, chance in _SURGES]),
        *(np.concatenate([one.ravel() for one in part]) for part in zip(*ahead, strict=True)),
    )
    low = max(low, course.completed[-1] / sum(progress.invited))
    if high - low > _WIDEST:
        return RateForecast(status="too_early", method=_method(past))
    return RateForecast(
        status="forecast",
        method=_method(past),
        rate=min(max(middle, low), high),
        low=low,
        high=max(high, low),
    )


def _fit(shown: "_Shown", shares: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the log-likelihood, but for a constant, of what is shown.

    Parameters
    ----------
    shares : ndarray of shape (n_curves, n_rates, n_times)
        Who has completed by each time, for every curve and final rate.
    """
    steps = np.diff(shares, axis=-1, prepend=0.0)
    expected = np.diff(shown.visible(shares), axis=-1, prepend=0.0)
    variance = (
        _clustered(shown.people, steps)
        + (_UNEVEN * expected) ** 2
        + 2 * shown.lag_variance
        + 1.0
    )
    missed = (shown.increments - expected) ** 2
    return np.asarray(-(missed / variance + np.log(variance)).sum(axis=-1) / 2)


def _foresee(
    shown: "_Shown", share: NDArray[np.float64], *, surge: float
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the expected final share and its standard deviation: what came, what is to come.

    Parameters
    ----------
    share : ndarray of shape (n_curves, n_rates)
        Who has completed by now, shown or not.
    surge : float
        How many times more come than the course so far says.
    """
    lag = shown.people * share - shown.visible(share)
    left = np.maximum(shown.people - shown.completed - lag, 0.0)
    chance = np.minimum(surge * (_RATES - share) / (1.0 - share), 1.0)
    coming = left * chance
    variance = _clustered(left, chance) + (_UNEVEN * coming) ** 2 + shown.lag_variance + 1.0
    mean = np.minimum((shown.completed + lag + coming) / shown.people, 1.0)
    return mean, np.sqrt(variance) / shown.people


@dataclass(frozen=True)
class _Shown:
    """Numbers shown at a few moments, and what a share of people looks like once shown.

    Attributes
    ----------
    increments : ndarray of shape (n_times,)
        By how many people the number rose, from moment to moment.
    completed : int
        The last number.
    people : int
        Everybody invited.
    grid : ndarray of shape (101,)
        Number that is shown on average if 0, .01, ..., 1 of all people have completed.
    lag_variance : float
        Of the number that is held back.
    """

    increments: NDArray[np.float64]
    completed: int
    people: int
    grid: NDArray[np.float64]
    lag_variance: float

    @classmethod
    def of(cls, completed: Sequence[int], invited: Sequence[int], k: int) -> "_Shown":
        """Work out the lag of blocks of these sizes.

        A block holds back 0 to k - 1 people, all of its few at the beginning, and everybody who
        comes once fewer than k are left.
        """
        blocks = np.array(invited, dtype=np.float64)[:, None]
        people = blocks * _SHARES
        usual = _LAG * (k - 1)
        held = usual * -np.expm1(-people / usual) + np.maximum(people - (blocks - k), 0.0)
        return cls(
            np.diff(np.array(completed, dtype=np.float64), prepend=0.0),
            completed[-1],
            sum(invited),
            np.maximum(people - held, 0.0).sum(axis=0),
            len(invited) * (k**2 - 1) / 12 + (_LAG_UNKNOWN * len(invited) * usual) ** 2,
        )

    def visible(self, share: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the number shown on average if so many have completed."""
        return np.interp(share, _SHARES, self.grid)


def _clustered(
    people: float | NDArray[np.float64], share: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return the variance of a beta-binomial number with the correlation `_CLUSTERING`."""
    effect = 1.0 + _CLUSTERING * np.maximum(people - 1.0, 0.0)
    return np.asarray(people * share * (1.0 - share) * effect)


def _checkpoints(course: Course) -> tuple[list[float], list[int]]:
    """Return the last moment of each of a few equal stretches of time up to now."""
    now = course.at[-1]
    last: dict[int, tuple[float, int]] = {}
    for at, completed in zip(course.at, course.completed, strict=True):
        last[min(int(_STRETCHES * at / now), _STRETCHES - 1)] = (at, completed)
    times, numbers = zip(*last.values(), strict=True)
    return list(times), list(numbers)


def _curves(
    times: Sequence[float], past: Sequence[Course]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return shares of the final number, shape (n_curves, n_times), with prior weights."""
    at = np.array(times)
    saturating = [
        (1.0 - steady) * np.expm1(-at / scale) / np.expm1(-1.0 / scale) + steady * at
        for scale, steady in product(_SCALES, _STEADY)
    ]
    known = [
        np.interp(at, (0.0, *course.at, 1.0), (0, *course.completed, course.completed[-1]))
        / course.completed[-1]
        for course in past
        if course.completed and course.completed[-1]
    ]
    share = _PAST if known else 0.0
    priors = [(1.0 - share) / len(saturating)] * len(saturating)
    priors += [share / max(len(known), 1)] * len(known)
    return np.stack([*saturating, *known]), np.array(priors)


def _quantiles(
    weight: NDArray[np.float64], mean: NDArray[np.float64], spread: NDArray[np.float64]
) -> tuple[float, ...]:
    """Return the quantiles of a mixture of normal distributions, cut off at 0 and 1."""
    counts = weight > weight.max() * _NEGLIGIBLE
    weight, mean, spread = weight[counts], mean[counts], spread[counts]
    below = special.ndtr((_POINTS[:, None] - mean) / spread) @ (weight / weight.sum())
    return tuple(float(np.interp(tail, below, _POINTS)) for tail in _TAILS)


def _method(past: Sequence[Course]) -> ForecastMethod:
    return "past_campaigns" if past else "saturating_curve"
