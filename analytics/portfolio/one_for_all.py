"""Whether one model for all is defensible, and how it compares with the other options."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from analytics.inference.naming import answer
from analytics.portfolio.coordination import (
    distinct,
    effective,
    expected,
    pairs,
    shares_of,
    split_pairs,
)
from analytics.portfolio.posterior import Posterior
from analytics.results.portfolio import (
    ModelForAll,
    OptionKey,
    PortfolioOption,
    PortfolioReason,
    PortfolioVerdict,
)

__all__ = [
    "ENOUGH_CLEAR",
    "LEAST_PROBABILITY",
    "NEARLY_ALL",
    "RULED_OUT",
    "for_all",
    "judged",
    "log_odds_given_up",
    "portfolio_options",
]

NEARLY_ALL = 0.8
"""Share of units, and of people, for which one model has to be right: a company can carry one
exception in five, but not one in three."""
RULED_OUT = 0.05
"""Probability up to which "nearly all" counts as ruled out."""
ENOUGH_CLEAR = 0.5
"""Share of units that need a firm or lean recommendation before the company gets a verdict:
with fewer, most units have no model of their own to compare with a common one."""

_ROUNDING = 1e-9
LEAST_PROBABILITY = 0.001
"""Smaller probabilities are raised to this: the four profiles are a theory, and no theory of
this kind deserves odds of more than a thousand to one."""


def for_all(known: Posterior, assigned: NDArray[np.intp]) -> tuple[ModelForAll, ...]:
    """Describe every model as the one model for all, the most often right first."""
    m = len(known.models)
    units = shares_of(assigned, m)
    people = None if known.people is None else shares_of(assigned, m, known.people)
    described = [_described(known, units, people, column) for column in range(m)]
    return tuple(sorted(described, key=lambda found: -found.right.estimate))


def _described(
    known: Posterior,
    units: NDArray[np.float64],
    people: NDArray[np.float64] | None,
    column: int,
) -> ModelForAll:
    plausible = known.plausible[:, column]
    everywhere = units[:, column] >= NEARLY_ALL - _ROUNDING
    if people is not None:
        everywhere = everywhere & (people[:, column] >= NEARLY_ALL - _ROUNDING)
    same = np.full(len(known.units), column, dtype=np.intp)
    weights = known.people
    return ModelForAll(
        model=known.models[column],
        right=expected(units[:, column]),
        right_people=None if people is None else expected(people[:, column]),
        plausible=float(plausible.mean()),
        plausible_people=None
        if weights is None
        else float((plausible * weights).sum() / weights.sum()),
        excluded_units=tuple(
            unit for unit, holds in zip(known.units, plausible, strict=True) if not holds
        ),
        log_odds_given_up=float(log_odds_given_up(known.probabilities, same).mean()),
        nearly_all=float(everywhere.mean()),
    )


def judged(
    known: Posterior, models: Sequence[ModelForAll]
) -> tuple[PortfolioVerdict, PortfolioReason]:
    """Decide whether one model for all is defensible.

    Notes
    -----
    Defensible: some model is right for four fifths of units and of people with probability
    .80. Mixed: no model reaches more than .05, and every model lies outside the 90 % set of
    more than a fifth of units or people. The second condition matters: if nothing is known,
    every model is improbable as the only one, but none is excluded anywhere.
    """
    if len(known.units) < 2:
        return "cannot_tell", "too_few_units"
    if known.clear.mean() < ENOUGH_CLEAR:
        return "cannot_tell", "mostly_unclear"
    likeliest = max(model.nearly_all for model in models)
    if answer(likeliest) == "yes":
        return "one_model_defensible", "right_nearly_everywhere"
    if likeliest <= RULED_OUT and all(_excluded(model) for model in models):
        return "mixed", "no_model_fits_nearly_all"
    return "cannot_tell", "in_between"


def _excluded(model: ModelForAll) -> bool:
    shares = [model.plausible]
    if model.plausible_people is not None:
        shares.append(model.plausible_people)
    return min(shares) < NEARLY_ALL - _ROUNDING


def portfolio_options(known: Posterior) -> tuple[PortfolioOption, ...]:
    """Compare three options: a model per unit, a model per division, one model for all.

    The model of a division, or of all units, is the one that is expected to be right for most
    of them; of two equal ones, the first in the models' order. With a single division, the
    option per division is left out.
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
    key: OptionKey,
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
        implausible=int((~known.plausible[np.arange(len(assigned)), assigned]).sum()),
        log_odds_given_up=float(log_odds_given_up(known.probabilities, assigned).mean()),
    )
