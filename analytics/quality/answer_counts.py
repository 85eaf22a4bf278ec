"""How often each option was chosen, by unit and item; who left an item out does not count."""

import numpy as np
import polars as pl
from numpy.typing import NDArray

from analytics.instrument import Construct
from analytics.study.study import Study

__all__ = ["complete_steps", "option_counts"]


def complete_steps(study: Study, construct: Construct) -> pl.DataFrame:
    """Return the answers of people who answered every item of a construct.

    Returns
    -------
    polars.DataFrame
        ``unit``, ``role`` and the items, in whole steps of the scale after reversal, 0 being
        the first.
    """
    items = [item.key for item in construct.items]
    step = 4.0 / (study.instrument.high - study.instrument.low)
    return (
        study.points.select("unit", "role", *items)
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
