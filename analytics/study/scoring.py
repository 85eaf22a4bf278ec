"""From answers to person scores: reversal, partial answers, one scale; no screening."""

from typing import TypeVar

import numpy as np
import polars as pl
from numpy.typing import NDArray

from analytics.instrument import Construct, Instrument, Item

__all__ = [
    "SHARE_PER_POINT",
    "component_column",
    "item_means",
    "item_points",
    "present_constructs",
    "score_people",
    "to_points",
    "to_share",
]

Points = TypeVar("Points", float, NDArray[np.float64])

SHARE_PER_POINT = 25.0
"""Differences from 0 to 100 per difference of one Likert point."""

_POINTS_LOW, _POINTS_HIGH = 1.0, 5.0


def component_column(construct: str, component: str) -> str:
    """Name the column that holds the scores of one component of a construct."""
    return f"{construct}.{component}"


def to_share(points: Points) -> Points:
    """Turn Likert points (1 to 5) into a score from 0 to 100."""
    return SHARE_PER_POINT * (points - _POINTS_LOW)


def to_points(share: float) -> float:
    """Turn a score from 0 to 100 into Likert points (1 to 5)."""
    return _POINTS_LOW + share / SHARE_PER_POINT


def present_constructs(
    responses: pl.DataFrame, instrument: Instrument
) -> tuple[Construct, ...]:
    """Return the constructs with an item in the frame, limited to those items."""
    return tuple(
        Construct(key=construct.key, block=construct.block, items=items)
        for construct in instrument.constructs
        if (items := tuple(item for item in construct.items if item.key in responses.columns))
    )


def score_people(responses: pl.DataFrame, instrument: Instrument) -> pl.DataFrame:
    """Score every person on every construct, and on every component of a construct.

    Parameters
    ----------
    responses : polars.DataFrame
        One row per respondent: ``unit``, ``role`` and item columns with answers as given on
        the instrument's scale; null is "can't say" or unanswered.
    instrument : Instrument
        Which items belong together and which are reversed.

    Returns
    -------
    polars.DataFrame, rows as given
        ``unit``, ``role``, ``person`` if given, then one Float64 column per construct
        present and one per component (``construct.component``), in points 1 to 5: the mean of
        the answered items, null if fewer than half of the items present were answered.

    References
    ----------
    .. [1] method.md 1.2, steps 1; instrument.md, items marked R.
    """
    scores = []
    for construct in present_constructs(responses, instrument):
        scores.append(_score(construct.items, instrument).alias(construct.key))
        scores.extend(
            _score(
                tuple(item for item in construct.items if item.component == component),
                instrument,
            ).alias(component_column(construct.key, component))
            for component in construct.components
        )
    person = [name for name in ("person",) if name in responses.columns]
    return responses.select("unit", "role", *person, *scores)


def item_points(responses: pl.DataFrame, instrument: Instrument) -> pl.DataFrame:
    """Turn every answer into points.

    Returns
    -------
    polars.DataFrame, rows as given
        ``unit``, ``role`` and one Float64 column per item present, in points 1 to 5 after
        reversal, null if unanswered.
    """
    items = [
        item
        for construct in present_constructs(responses, instrument)
        for item in construct.items
    ]
    points = (_points(item, instrument).alias(item.key) for item in items)
    return responses.select("unit", "role", *points)


def item_means(responses: pl.DataFrame, instrument: Instrument) -> dict[str, float]:
    """Return every item's mean over people, in points after reversal."""
    items = [
        item
        for construct in present_constructs(responses, instrument)
        for item in construct.items
    ]
    if not items:
        return {}
    row = responses.select(_points(item, instrument).mean().alias(item.key) for item in items)
    return {key: mean for key, mean in row.row(0, named=True).items() if mean is not None}


def _score(items: tuple[Item, ...], instrument: Instrument) -> pl.Expr:
    points = [_points(item, instrument) for item in items]
    enough = 2 * pl.sum_horizontal(p.is_not_null() for p in points) >= len(points)
    return pl.when(enough).then(pl.mean_horizontal(points))


def _points(item: Item, instrument: Instrument) -> pl.Expr:
    """Turn answers into points: reversed if the item is, from any scale to 1 to 5."""
    answer = pl.col(item.key).cast(pl.Float64)
    kept = (instrument.low + instrument.high) - answer if item.reversed else answer
    step = (_POINTS_HIGH - _POINTS_LOW) / (instrument.high - instrument.low)
    return _POINTS_LOW + (kept - instrument.low) * step
