"""Agreement in the units of a study, from people who answered every item of a construct."""

import numpy as np
import polars as pl
from numpy.typing import NDArray

from analytics.disclosure.plan import DisclosurePlan
from analytics.instrument import Construct
from analytics.quality.agreement import (
    MODERATE_SKEW_VARIANCE,
    AnswerSpread,
    agreement_band,
    answer_spread,
    average_deviation_limit,
    awg,
    chance_agreement,
    lindell_agreement,
    uniform_variance,
    within_group_agreement,
)
from analytics.results.quality import Agreement
from analytics.study.study import Study

__all__ = ["complete_steps", "option_counts", "unit_agreement"]

_SKEW_OPTIONS = 5
"""The variance of a moderately skewed null is that of five options."""


def unit_agreement(
    study: Study, plan: DisclosurePlan, construct: Construct, *, k: int
) -> dict[str, Agreement]:
    """Measure how alike the people of every unit answer the items of one construct.

    Parameters
    ----------
    study : Study
        Answers and tree.
    plan : DisclosurePlan
        Units that may show the construct.
    construct : Construct
        Its items.
    k : int
        Smallest group that may be shown.

    Returns
    -------
    dict of str to Agreement
        For units without units below them that show the construct and in which k people
        answered all items. Low agreement hides nothing.
    """
    leaves = tuple(
        code
        for code in study.tree.codes
        if not study.tree.is_parent(code) and plan.shows(code, construct.key)
    )
    if not leaves:
        return {}
    options = study.instrument.high - study.instrument.low + 1
    steps = complete_steps(study, construct)
    spread = answer_spread(option_counts(steps, leaves, options=options))
    enough = spread.n >= max(k, 2)
    units = tuple(code for code, shown in zip(leaves, enough, strict=True) if shown)
    chosen = AnswerSpread(
        spread.n[enough], spread.mean[enough], spread.variance[enough], spread.deviation[enough]
    )
    return dict(zip(units, _read_agreement(chosen, options=options), strict=True))


def _read_agreement(spread: AnswerSpread, *, options: int) -> tuple[Agreement, ...]:
    """Gather every unit's indices of agreement.

    Parameters
    ----------
    spread : AnswerSpread
        Units of at least two people each.
    options : int
        A, the options of the scale.
    """
    items = spread.variance.shape[1]
    variance, uniform = spread.mean_variance, uniform_variance(options)
    rwg = within_group_agreement(variance, items=items, null_variance=uniform)
    skewed = within_group_agreement(variance, items=items, null_variance=MODERATE_SKEW_VARIANCE)
    lindell = lindell_agreement(variance, null_variance=uniform)
    room = awg(spread, options=options)
    points = 100.0 / (options - 1)
    deviation = points * spread.mean_deviation
    return tuple(
        Agreement(
            rwg=float(rwg[row]),
            rwg_skewed=float(skewed[row]) if options == _SKEW_OPTIONS else None,
            lindell=float(lindell[row]),
            average_deviation=float(deviation[row]),
            average_deviation_limit=points * average_deviation_limit(options),
            awg=float(room[row]) if np.isfinite(room[row]) else None,
            chance=chance_agreement(int(spread.n[row]), items, options),
            band=agreement_band(float(rwg[row])),
        )
        for row in range(len(spread.n))
    )


def complete_steps(study: Study, construct: Construct) -> pl.DataFrame:
    """Return the answers of people who answered every item of a construct.

    Returns
    -------
    polars.DataFrame
        ``unit``, ``role`` and the items, in whole steps of the scale after reversal; the
        first option is 0.
    """
    items = [item.key for item in construct.items]
    step = 4.0 / (study.instrument.high - study.instrument.low)
    return (
        study.item_points.select("unit", "role", *items)
        .drop_nulls()
        .with_columns(((pl.col(items) - 1.0) / step).round().cast(pl.Int64))
    )


def option_counts(
    steps: pl.DataFrame, units: tuple[str, ...], *, options: int
) -> NDArray[np.int64]:
    """Count people by option.

    Parameters
    ----------
    steps : polars.DataFrame
        See ``complete_steps``.
    units : tuple of str
        Units to count; people of others are left out.
    options : int
        A, the options of the scale.

    Returns
    -------
    ndarray of shape (n_units, items, options)
    """
    place = {code: row for row, code in enumerate(units)}
    chosen = steps.filter(pl.col("unit").is_in(units))
    row = chosen["unit"].replace_strict(place, return_dtype=pl.Int64).to_numpy()
    size = len(units) * options
    counts = [
        np.bincount(row * options + chosen[item].to_numpy(), minlength=size).reshape(
            len(units), options
        )
        for item in chosen.columns
        if item not in {"unit", "role"}
    ]
    return np.stack(counts, axis=1).astype(np.int64)
