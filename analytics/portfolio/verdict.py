"""Whether one model for all is defensible; where the evidence is thin it says so."""

from collections.abc import Sequence
from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from analytics.portfolio.coordination import expected, shares_of
from analytics.portfolio.options import log_odds_given_up
from analytics.portfolio.posterior import Posterior
from analytics.results.portfolio import ModelForAll

__all__ = [
    "ENOUGH_CLEAR",
    "NEARLY_ALL",
    "PROBABLE",
    "RULED_OUT",
    "Verdict",
    "for_all",
    "judged",
]

Verdict: TypeAlias = tuple[
    Literal["one_model_defensible", "mixed", "cannot_tell"],
    Literal[
        "right_nearly_everywhere",
        "no_model_fits_nearly_all",
        "too_few_units",
        "mostly_unclear",
        "in_between",
    ],
]

NEARLY_ALL = 0.8
"""Share of units, and of people, for which one model has to be right: a company can carry an
exception in five, and not one in three."""
PROBABLE = 0.8
"""Probability of being right for nearly all from which one model is defensible; the hidden
constraint is named from the same on."""
RULED_OUT = 0.05
"""Probability up to which "nearly all" counts as ruled out."""
ENOUGH_CLEAR = 0.5
"""Share of units that need a firm or lean recommendation before the company gets a verdict:
below, most units have no model of their own that could be compared with a common one."""

_ROUNDING = 1e-9


def for_all(known: Posterior, assigned: NDArray[np.intp]) -> tuple[ModelForAll, ...]:
    """Say of every model what it would mean for everybody, most often right first."""
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


def judged(known: Posterior, models: Sequence[ModelForAll]) -> Verdict:
    """Decide whether one model for all is defensible.

    Notes
    -----
    Defensible: some model is right for four fifths of units and of people with probability
    .80. Mixed: no model is with more than .05, and every model is outside the 90 % set of more
    than a fifth of units or people. The second half matters: where nothing is known every
    model looks improbable as the only one, and none is excluded anywhere.
    """
    if len(known.units) < 2:
        return "cannot_tell", "too_few_units"
    if known.clear.mean() < ENOUGH_CLEAR:
        return "cannot_tell", "mostly_unclear"
    likeliest = max(model.nearly_all for model in models)
    if likeliest >= PROBABLE:
        return "one_model_defensible", "right_nearly_everywhere"
    if likeliest <= RULED_OUT and all(_excluded(model) for model in models):
        return "mixed", "no_model_fits_nearly_all"
    return "cannot_tell", "in_between"


def _excluded(model: ModelForAll) -> bool:
    shares = [model.plausible]
    if model.plausible_people is not None:
        shares.append(model.plausible_people)
    return min(shares) < NEARLY_ALL - _ROUNDING
