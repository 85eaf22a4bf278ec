"""Early against late answers, as a hint at the views of people who never answered."""

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy import stats

from analytics.inference.mean_difference import LEVEL, MEANINGFUL, GroupMeans, mean_difference
from analytics.results.participation import LateAnswers
from analytics.study.study import Study

__all__ = ["late_answers"]

_LEAST_PEOPLE = 20


def late_answers(study: Study, *, k: int) -> LateAnswers | None:
    """Compare the later half of the answers with the earlier half, company-wide.

    Parameters
    ----------
    study : Study
        Its responses may carry ``submitted_on``, any type that sorts; null if unknown.
    k : int
        Fewest people in either half; at least 20 in any case.

    Returns
    -------
    LateAnswers or None
        None without the column. A verdict and no figure, because the two halves are another cut
        of the same people. ``differs``: on some construct by .2 points or more, the 95 %
        interval (Welch) excluding 0 after Benjamini-Hochberg over constructs; ``similar``:
        within ± .2 points on every construct (two one-sided tests, 5 %); else ``inconclusive``.

    Notes
    -----
    People who answer late, after reminders, are taken to resemble people who do not answer at
    all [1]_. That is a hint, not proof.

    References
    ----------
    .. [1] Armstrong & Overton 1977, Journal of Marketing Research 14(3).
    """
    if "submitted_on" not in study.screened.kept.columns or not study.keys:
        return None
    known = study.people.with_columns(study.screened.kept["submitted_on"].alias("submitted_on"))
    known = known.filter(pl.col("submitted_on").is_not_null()).sort("submitted_on")
    least = max(_LEAST_PEOPLE, k)
    if known.height < 2 * least:
        return LateAnswers(verdict="too_few")
    last_early = known["submitted_on"][(known.height - 1) // 2]
    early = known.filter(pl.col("submitted_on") <= last_early)
    late = known.filter(pl.col("submitted_on") > last_early)
    if min(early.height, late.height) < least:
        return LateAnswers(verdict="too_few")
    compared = [key for key in study.keys if _has_enough(early, late, key, least)]
    if not compared:
        return LateAnswers(verdict="too_few")
    return _verdict([(key, _scores(early, key), _scores(late, key)) for key in compared])


def _has_enough(early: pl.DataFrame, late: pl.DataFrame, key: str, least: int) -> bool:
    return min(early[key].count(), late[key].count()) >= least


def _scores(people: pl.DataFrame, key: str) -> NDArray[np.float64]:
    return people[key].drop_nulls().sort().to_numpy().astype(np.float64)


def _verdict(
    halves: list[tuple[str, NDArray[np.float64], NDArray[np.float64]]],
) -> LateAnswers:
    found = mean_difference(
        _group_means([late for _, _, late in halves]),
        _group_means([early for _, early, _ in halves]),
    )
    clear = stats.false_discovery_control(found.p_values()) <= LEVEL
    differs = clear & (np.abs(found.estimate) >= MEANINGFUL)
    if differs.any():
        keys = [key for (key, _, _), apart in zip(halves, differs, strict=True) if apart]
        return LateAnswers(verdict="differs", constructs=tuple(keys))
    inside = found.is_within(MEANINGFUL).all()
    return LateAnswers(verdict="similar" if inside else "inconclusive")


def _group_means(samples: list[NDArray[np.float64]]) -> GroupMeans:
    n = np.array([len(scores) for scores in samples], dtype=np.float64)
    variance = np.array([scores.var(ddof=1) for scores in samples]) / n
    mean = np.array([scores.mean() for scores in samples])
    return GroupMeans(n, mean, variance, variance**2 / (n - 1))
