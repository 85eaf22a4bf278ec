"""How many people were left out as careless, and what that changes; nobody is identified."""

from collections.abc import Mapping

import numpy as np
import polars as pl
from numpy.typing import NDArray

from analytics.results.quality import Screening, ScreeningEffect
from analytics.study.frames import IMPORTED
from analytics.study.group_scores import maturity_level
from analytics.study.scoring import score_people, to_share
from analytics.study.screening import CarelessRule
from analytics.study.study import Study

__all__ = ["screening_report"]


def screening_report(study: Study, *, k: int) -> Screening:
    """Report on screening for the company as a whole.

    Parameters
    ----------
    study : Study
        Everyone who answered, and everyone who was kept.
    k : int
        Smallest group that may be shown.

    Returns
    -------
    Screening
        If fewer than k people were left out, only that is reported; the same holds if fewer
        than k were kept, and if fewer than k invited or imported people were left out although
        there are some. A construct has scores with and without the people left out if both
        groups hold k people with a score, and those left out do not all agree or are 2k.

    Notes
    -----
    Both scores weight units by head-count, if there is one. Their difference is one more
    equation about the people left out, who are at least k, and about their units.

    References
    ----------
    .. [1] method.md section 5; privacy.md, "Differencing".
    """
    screened = study.screened
    out = screened.left_out
    people = int(out.sum())
    # Among fewer than 2k people, "k or more" would almost point at each of them.
    stayed = int((screened.careless & ~out).sum()) >= k and len(out) >= 2 * k
    if people == 0:
        return Screening(status="none", some_stayed=stayed)
    if min(len(out) - people, *(part.sum() for part in _of_each_part(study, out))) < k:
        return Screening(status="fewer_than_k", some_stayed=stayed)
    return Screening(
        status="reported",
        some_stayed=stayed,
        people=people,
        rules=_by_rule(screened.rules, out, k=k),
        effects=_effects(study, out, k=k),
    )


def _of_each_part(study: Study, rows: NDArray[np.bool_]) -> list[NDArray[np.bool_]]:
    """Return chosen rows of everyone who answered: all, the invited, the imported, if any."""
    answering = study.screened.answering
    parts = [rows]
    if IMPORTED in answering.columns:
        imported = answering[IMPORTED].to_numpy()
        parts += [rows & ~imported, rows & imported]
    return [part for part in parts if part.any()]


def _by_rule(
    rules: Mapping[CarelessRule, NDArray[np.bool_]], out: NDArray[np.bool_], *, k: int
) -> dict[str, int] | None:
    """Count the people left out by the rule they broke, if no count is below k.

    The number of people who broke only other rules follows from the total, so it must not be
    below k either.
    """
    counts = {str(rule): int((broken & out).sum()) for rule, broken in rules.items()}
    caught = {rule: count for rule, count in counts.items() if count}
    others = {int(out.sum()) - count for count in caught.values()} - {0}
    return caught if min({*caught.values(), *others}) >= k else None


def _effects(
    study: Study, out: NDArray[np.bool_], *, k: int
) -> dict[str, ScreeningEffect] | None:
    everybody = score_people(study.screened.answering, study.instrument)
    effects = {
        key: _effect(
            _company_mean(study.people, key, study.weights),
            _company_mean(everybody, key, study.weights),
        )
        for key in study.keys
        if study.people[key].count() >= k and _tells_nobody(study, out, everybody[key], k=k)
    }
    return effects or None


def _tells_nobody(study: Study, out: NDArray[np.bool_], scores: pl.Series, *, k: int) -> bool:
    """Tell whether the mean of those left out may be known: 2k of them if all agree, else k."""
    parts = _of_each_part(study, out & scores.is_not_null().to_numpy())
    values = [scores.filter(pl.Series(part)).round(9) for part in parts]
    return bool(values) and all(
        len(part) >= 2 * k or (len(part) >= k and part.n_unique() > 1) for part in values
    )


def _effect(screened: float, unscreened: float) -> ScreeningEffect:
    return ScreeningEffect(
        screened=to_share(screened),
        unscreened=to_share(unscreened),
        level_changes=maturity_level(screened) != maturity_level(unscreened),
    )


def _company_mean(people: pl.DataFrame, key: str, weights: Mapping[str, float]) -> float:
    """Return the mean of units weighted as in the company's score, in points."""
    units = people.group_by("unit").agg(pl.col(key).mean()).drop_nulls().sort("unit")
    weight = np.array([weights[unit] for unit in units["unit"]])
    return float((weight * units[key].to_numpy()).sum() / weight.sum())
