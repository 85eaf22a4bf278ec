"""The portfolio view: shared models, the cost of a mix, and whether one model would do."""

from collections.abc import Mapping

import msgspec
import numpy as np
from numpy.typing import NDArray

from analytics.portfolio.coordination import (
    distinct,
    effective,
    expected,
    pairs,
    shares_of,
    split_pairs,
)
from analytics.portfolio.one_for_all import for_all, judged, portfolio_options
from analytics.portfolio.posterior import Posterior
from analytics.portfolio.statements import statements
from analytics.results import Recommendation
from analytics.results.portfolio import Division, ModelUse, Portfolio
from analytics.results.record import Estimate
from analytics.study.tree import UnitTree

__all__ = ["portfolio"]


def portfolio(
    recommendations: Mapping[str, Recommendation],
    tree: UnitTree,
    *,
    headcounts: Mapping[str, int] | None = None,
    seed: int,
) -> Portfolio | None:
    """Describe the operating models of all units together.

    Parameters
    ----------
    recommendations : mapping of str to Recommendation
        Those of shown units only. Units with others below them are not counted; the units below
        them are.
    tree : UnitTree
        The parent of every unit.
    headcounts : mapping of str to int, optional
        Those behind response rates. A unit without one (it has none, or fewer than the people
        who answered) counts among units, and in no share of people.
    seed : int
        Of the draws, not negative.

    Returns
    -------
    Portfolio or None
        None if no unit at the end of the tree has a recommendation.

    Notes
    -----
    "Expected" means the mean over draws of every unit's model from its conditional posterior
    (one of the four models is right), units being independent; intervals are the central 95 %
    of the draws. So a unit between two models counts half for each; its most probable model
    alone would hide the uncertainty. Links between units with different parents are not
    counted, and all links cost the same.
    """
    known = Posterior.of(recommendations, tree, headcounts or {})
    if not known.units:
        return None
    drawn = known.drawn(seed=seed)
    shares = shares_of(drawn, len(known.models))
    common = for_all(known, drawn)
    verdict, because = judged(known, common)
    found = Portfolio(
        units=len(known.units),
        clear_units=int(known.clear.sum()),
        described=float(known.described.mean()),
        verdict=verdict,
        because=because,
        uses=_uses(known),
        divisions=_divisions(known, drawn),
        distinct=expected(distinct(shares)),
        effective_models=expected(effective(shares)),
        split_share=_split_share(known, drawn, np.arange(len(known.units))),
        options=portfolio_options(known),
        for_all=common,
        statements=(),
    )
    return msgspec.structs.replace(found, statements=statements(found))


def _uses(known: Posterior) -> tuple[ModelUse, ...]:
    uses = [
        ModelUse(
            model=model,
            units=_named(known, (known.best == column) & known.clear),
            unclear_units=_named(known, (known.best == column) & ~known.clear),
            expected_units=float(known.probabilities[:, column].sum()),
        )
        for column, model in enumerate(known.models)
    ]
    return tuple(sorted(uses, key=lambda use: -use.expected_units))


def _named(known: Posterior, chosen: NDArray[np.bool_]) -> tuple[str, ...]:
    return tuple(known.units[row] for row in np.flatnonzero(chosen))


def _divisions(known: Posterior, drawn: NDArray[np.intp]) -> tuple[Division, ...]:
    return tuple(
        _division(known, drawn, place, parent) for place, parent in enumerate(known.divisions)
    )


def _division(
    known: Posterior, drawn: NDArray[np.intp], place: int, parent: str | None
) -> Division:
    rows = known.of_division(place)
    right = known.probabilities[rows].mean(axis=0)
    best = int(right.argmax())
    return Division(
        unit=parent,
        units=len(rows),
        models={
            model: units
            for column, model in enumerate(known.models)
            if (units := tuple(known.units[row] for row in rows if known.best[row] == column))
        },
        distinct=expected(distinct(shares_of(drawn[:, rows], len(known.models)))),
        split_share=_split_share(known, drawn, rows),
        best_model=known.models[best],
        best_model_right=float(right[best]),
        best_model_implausible=int((~known.plausible[rows, best]).sum()),
    )


def _split_share(
    known: Posterior, drawn: NDArray[np.intp], rows: NDArray[np.intp]
) -> Estimate | None:
    """Return the share of pairs under one parent with different models; None without pairs."""
    division_of = known.division_of[rows]
    possible = pairs(division_of)
    if not possible:
        return None
    return expected(split_pairs(drawn[:, rows], division_of, len(known.models)) / possible)
