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

__all__ = ["complete_steps", "unit_agreement"]

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
        answered all items; k of the invited and k of the imported, if there are both. Low
        agreement hides nothing. Full agreement on every item among fewer than 2k is not shown:
        with the mean, it says what each of them answered.
    """
    leaves = tuple(
        code
        for code in study.tree.codes
        if not study.tree.is_parent(code) and plan.shows(code, construct.key)
    )
    if not leaves:
        return {}
    parts = _option_counts(study, construct, leaves)
    counts = np.asarray(sum(parts[1:], start=parts[0]))
    enough = np.all([_tells_nobody(part, k=k) for part in parts], axis=0)
    enough &= counts[:, 0].sum(axis=-1) >= max(k, 2)
    units = tuple(code for code, shown in zip(leaves, enough, strict=True) if shown)
    found = _read_agreement(answer_spread(counts[enough]), options=counts.shape[-1])
    return dict(zip(units, found, strict=True))


def _option_counts(
    study: Study, construct: Construct, units: tuple[str, ...]
) -> list[NDArray[np.int64]]:
    """Count, per part, people who answered all items by option: (n_units, items, options)."""
    place = {code: row for row, code in enumerate(study.tree.codes)}
    rows = [place[code] for code in units]
    chosen = [sums.scales[construct.key].chosen for sums in study.sums_by_part]
    return [np.asarray(counts.sum(axis=1)[rows]) for counts in chosen]


def _tells_nobody(counts: NDArray[np.int64], *, k: int) -> NDArray[np.bool_]:
    """Tell in which units nobody, or k people who do not all agree, answered all items."""
    people = counts[:, 0].sum(axis=-1)
    alike = (counts.max(axis=-1) == people[:, None]).all(axis=1)
    return np.asarray((people == 0) | ((people >= k) & ~(alike & (people < 2 * k))))


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
