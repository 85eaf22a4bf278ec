"""Three ways to give the units their models, and what each gets right and costs."""

from typing import Literal

import numpy as np
from numpy.typing import NDArray

from analytics.portfolio.coordination import distinct, effective, pairs, shares_of, split_pairs
from analytics.portfolio.posterior import Posterior
from analytics.results.portfolio import PortfolioOption

__all__ = ["LEAST_PROBABILITY", "log_odds_given_up", "portfolio_options"]

LEAST_PROBABILITY = 0.001
"""Probabilities below count as this much: the four profiles are a theory, and no theory of
this kind deserves odds of more than a thousand to one."""


def portfolio_options(known: Posterior) -> tuple[PortfolioOption, ...]:
    """Compare: every unit its own model, one model per division, one model for all.

    A division's model is the one with the most expected right units in it, and so for all;
    the first in the models' order where two are level. One division has no middle way.
    """
    per_division = np.empty_like(known.best)
    for place in range(len(known.divisions)):
        rows = known.of_division(place)
        per_division[rows] = known.probabilities[rows].sum(axis=0).argmax()
    for_all = int(known.probabilities.sum(axis=0).argmax())
    options = [_option("unit_by_unit", known, known.best)]
    if len(known.divisions) > 1:
        options.append(_option("one_per_division", known, per_division))
    options.append(_option("one_for_all", known, np.full_like(known.best, for_all)))
    return tuple(options)


def log_odds_given_up(
    probabilities: NDArray[np.float64], assigned: NDArray[np.intp]
) -> NDArray[np.float64]:
    """Return log(best / assigned) of each unit's probabilities, shape (n,)."""
    floored = np.maximum(probabilities, LEAST_PROBABILITY)
    given = np.take_along_axis(floored, assigned[:, None], axis=1)[:, 0]
    return np.asarray(np.log(floored.max(axis=1) / given))


def _option(
    key: Literal["unit_by_unit", "one_per_division", "one_for_all"],
    known: Posterior,
    assigned: NDArray[np.intp],
) -> PortfolioOption:
    once = assigned[None, :]
    shares = shares_of(once, len(known.models))
    right = np.take_along_axis(known.probabilities, assigned[:, None], axis=1)[:, 0]
    people = known.people
    return PortfolioOption(
        key=key,
        model=known.models[assigned[0]] if key == "one_for_all" else None,
        models=int(distinct(shares)[0]),
        effective_models=float(effective(shares)[0]),
        pairs=pairs(known.division_of),
        split_pairs=int(split_pairs(once, known.division_of, len(known.models))[0]),
        right=float(right.mean()),
        right_people=None if people is None else float((right * people).sum() / people.sum()),
        log_odds_given_up=float(log_odds_given_up(known.probabilities, assigned).mean()),
    )
