"""Careless answers (method section 5): who is left out of the scores. No flag is ever shown."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy import stats

__all__ = [
    "CarelessRule",
    "Screened",
    "careless_rules",
    "is_too_fast",
    "screen",
]

CarelessRule = Literal["invariability", "few_answers", "speed", "two_families"]

LEAST_PEOPLE = 3
"""A unit is not screened at all if screening would leave fewer people."""

_SPEED_S, _CERTAIN_SPEED_S = 2.0, 1.0
_LONG_RUN_SHARE, _LONG_RUN = 0.45, 8
_LEAST_SPREAD = 0.30
"""SD of a person's answers, Likert points."""

_FEWEST_TO_JUDGE = _LONG_RUN
"""Fewest answers that can lack spread: two equal answers of two show no carelessness."""

_LEAST_ANSWERED = 1 / 3
_OUTLIER_P, _OUTLIER_PEOPLE = 0.001, 100


@dataclass(frozen=True)
class Screened:
    """Everyone who answered anything, and who of them is left out as careless.

    Attributes
    ----------
    answering : polars.DataFrame
        Their responses, in the given order.
    rules : mapping of CarelessRule to ndarray of shape (n_answering,)
        Whether the answers of each row break the rule.
    """

    answering: pl.DataFrame
    rules: Mapping[CarelessRule, NDArray[np.bool_]]

    @cached_property
    def careless(self) -> NDArray[np.bool_]:
        """Tell for every row whether any of the rules is broken."""
        nobody = np.zeros(self.answering.height, dtype=np.bool_)
        return np.asarray(np.any([nobody, *self.rules.values()], axis=0), dtype=np.bool_)

    @cached_property
    def left_out(self) -> NDArray[np.bool_]:
        """Tell for every row whether it is careless and its unit keeps enough others."""
        people = self.answering.select("unit", careless=pl.Series(self.careless))
        left = (~pl.col("careless")).sum().over("unit")
        out = people.select(pl.col("careless") & (left >= LEAST_PEOPLE)).to_series()
        return np.asarray(out.to_numpy(), dtype=np.bool_)

    @cached_property
    def kept(self) -> pl.DataFrame:
        """Return the rows that stay, in their order."""
        return self.answering.filter(~pl.Series(self.left_out))


def screen(responses: pl.DataFrame, items: tuple[str, ...], *, step: float = 1.0) -> Screened:
    """Leave out careless people, and everyone who answered nothing.

    Parameters
    ----------
    responses : polars.DataFrame
        Managers and contributors: ``unit``, optionally ``duration_s`` (seconds from open to
        submit) or ``too_fast`` (see `is_too_fast`), null if unknown, and the item columns,
        answers as given.
    items : tuple of str
        Item columns in the order shown.
    step : float, default=1.0
        Likert points from one answer to the next: 1 on a scale of five, 4 on a scale of two.
        The same raw spread means little on the one and a lot on the other.

    Returns
    -------
    Screened
        A unit that would keep fewer than 3 people is not screened.

    References
    ----------
    .. [1] method.md section 5: Huang et al. 2012; Curran 2016; Dunn et al. 2018.
    """
    answering = responses.filter(pl.any_horizontal(pl.col(items).is_not_null()))
    return Screened(answering, careless_rules(answering, items, step=step))


def careless_rules(
    responses: pl.DataFrame, items: tuple[str, ...], *, step: float = 1.0
) -> dict[CarelessRule, NDArray[np.bool_]]:
    """Tell for every row which rules the answers break, as arrays of shape (n_rows,).

    The rules: invariability over the whole sheet; fewer than a third of the items answered;
    speed beyond doubt; or two families at once, which is doubtful speed with inconsistency.
    """
    answers = responses.select(pl.col(items).cast(pl.Float64)).to_numpy().astype(np.float64)
    answered = np.isfinite(answers).sum(axis=1)
    return {
        "invariability": _is_invariable(step * answers, answered),
        "few_answers": answered < len(items) * _LEAST_ANSWERED,
        **_speed_rules(responses, answers, answered),
    }


def is_too_fast(responses: pl.DataFrame, items: tuple[str, ...]) -> NDArray[np.bool_]:
    """Tell for every row whether a rule that needs the duration is broken.

    This is all that is kept of a duration: whoever watched when people answered could tell
    them apart by the seconds.

    Parameters
    ----------
    responses : polars.DataFrame
        Everybody's answers as given, in the item columns, with ``duration_s`` (seconds).

    Returns
    -------
    ndarray of shape (n_rows,)
    """
    answers = responses.select(pl.col(items).cast(pl.Float64)).to_numpy().astype(np.float64)
    rules = _speed_rules(responses, answers, np.isfinite(answers).sum(axis=1))
    return rules["speed"] | rules["two_families"]


def _speed_rules(
    responses: pl.DataFrame, answers: NDArray[np.float64], answered: NDArray[np.intp]
) -> dict[CarelessRule, NDArray[np.bool_]]:
    if "too_fast" in responses.columns:
        told = responses["too_fast"].fill_null(value=False).to_numpy().astype(np.bool_)
        return {"speed": told, "two_families": np.zeros_like(told)}
    pace = _seconds_per_item(responses, answered)
    return {
        "speed": pace < _CERTAIN_SPEED_S,
        "two_families": _is_outlier(answers, among=pace < _SPEED_S),
    }


def _seconds_per_item(
    responses: pl.DataFrame, answered: NDArray[np.intp]
) -> NDArray[np.float64]:
    """Return seconds per answered item; infinite if the duration is unknown."""
    if "duration_s" not in responses.columns:
        return np.full(len(answered), np.inf)
    seconds = responses["duration_s"].cast(pl.Float64).fill_null(np.inf).to_numpy()
    return np.asarray(seconds / np.maximum(answered, 1), dtype=np.float64)


def _is_invariable(
    answers: NDArray[np.float64], answered: NDArray[np.intp]
) -> NDArray[np.bool_]:
    """Find long runs of one answer, and sheets with almost no spread."""
    run = _longest_run(answers)
    runs = (run >= _LONG_RUN) & (run >= _LONG_RUN_SHARE * answered)
    known = np.isfinite(answers)
    filled = np.where(known, answers, 0.0)
    count = np.maximum(answered, 1)
    mean = filled.sum(axis=1) / count
    squares = (np.where(known, answers - mean[:, None], 0.0) ** 2).sum(axis=1)
    spread = np.sqrt(squares / np.maximum(answered - 1, 1))
    flat = (answered >= _FEWEST_TO_JUDGE) & (spread < _LEAST_SPREAD)
    return np.asarray(runs | flat, dtype=np.bool_)


def _longest_run(answers: NDArray[np.float64]) -> NDArray[np.intp]:
    """Return each row's longest run of one answer; unanswered items do not end a run."""
    longest = np.zeros(len(answers), dtype=np.intp)
    current = np.zeros(len(answers), dtype=np.intp)
    last = np.full(len(answers), np.nan)
    for column in answers.T:
        known = np.isfinite(column)
        current = np.where(known, np.where(column == last, current + 1, 1), current)
        last = np.where(known, column, last)
        longest = np.maximum(longest, current)
    return longest


def _is_outlier(answers: NDArray[np.float64], *, among: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Find sheets among some people that are far from everyone's: Mahalanobis, p < .001.

    Answers that follow from others (an item that nobody answers differently) have no direction
    of their own and do not count among the p items.
    """
    asked = np.isfinite(answers).any(axis=0)
    known = answers[:, asked]
    people, p = known.shape
    found = np.zeros(people, dtype=np.bool_)
    if people < max(_OUTLIER_PEOPLE, 2 * p) or not among.any():
        return found
    centred = known - np.nanmean(known, axis=0)
    filled = np.where(np.isfinite(centred), centred, 0.0)
    spread, axes = np.linalg.eigh(np.atleast_2d(np.cov(filled, rowvar=False)))
    varies = spread > spread[-1] * p * np.finfo(np.float64).eps
    distance = ((filled[among] @ axes[:, varies]) ** 2 / spread[varies]).sum(axis=1)
    found[among] = distance > _outlier_limit(people, int(varies.sum()))
    return found


def _outlier_limit(people: int, items: int) -> float:
    """Return the D² that one person in 1 000 exceeds if answers are normal.

    Notes
    -----
    The person is one of those whose mean and covariance are used, so D² n / (n - 1)² follows
    Beta(p / 2, (n - p - 1) / 2) and never exceeds 1. Chi-squared, which holds if both are
    known, is beyond reach unless n is many times p.

    References
    ----------
    .. [1] Gnanadesikan & Kettenring (1972), Robust estimates, residuals, and outlier
       detection with multiresponse data, on the distribution.
    """
    beta = stats.beta.isf(_OUTLIER_P, items / 2, (people - items - 1) / 2)
    return float(beta) * (people - 1) ** 2 / people
