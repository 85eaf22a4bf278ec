"""Items that run against their scale, as those do that were reversed before the export."""

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy import stats

from analytics.instrument import Construct, Instrument
from analytics.study.screening import careless_rules

__all__ = ["items_against_their_scale"]

_FEWEST_PEOPLE = 20
_FEWEST_ITEMS = 3  # of two items nobody can tell which one is turned
_ALPHA = 0.01
_ALPHA_OF_FURTHER = 0.05


def items_against_their_scale(
    responses: pl.DataFrame, instrument: Instrument
) -> tuple[str, ...]:
    """Return the items whose answers, scored as the instrument says, correlate negatively.

    Parameters
    ----------
    responses : polars.DataFrame
        Managers and contributors: columns of items, answers as given. Sheets without spread
        are left out here: agreeing with everything contradicts every reversed item.
    instrument : Instrument
        Constructs, items, direction, scale.

    Returns
    -------
    tuple of str
        In the instrument's order.

    Notes
    -----
    For each item of a construct with three items or more, r is its correlation with the mean
    of the others (the corrected item-total correlation [1]_). It is named if r < 0 at a level
    of .01 (one-sided, Fisher's z) divided by the number of items tested. Once there is one,
    the export is suspected, and further items that the instrument words against their scale
    are named at .05. An item that was turned before the export drags the others down, but
    only its own r becomes negative.

    References
    ----------
    .. [1] Nunnally & Bernstein 1994, Psychometric Theory, 3rd ed., chapter 8.
    """
    keys = tuple(item.key for item in instrument.items if item.key in responses.columns)
    if not keys or responses.is_empty():
        return ()
    flat = careless_rules(responses, keys, step=instrument.step)["invariability"]
    used = responses.filter(pl.Series(~flat))
    tested = [
        (key, r, n)
        for construct in instrument.constructs
        for key, r, n in _with_the_others(used, construct, instrument)
    ]
    evidence = {key: -np.arctanh(max(r, -0.999)) * np.sqrt(n - 3) for key, r, n in tested}
    sure = stats.norm.isf(_ALPHA / max(1, len(tested)))
    if not any(z > sure for z in evidence.values()):
        return ()
    worded_against = {item.key for item in instrument.items if item.reversed}
    likely = stats.norm.isf(_ALPHA_OF_FURTHER)
    return tuple(
        key for key, z in evidence.items() if z > (likely if key in worded_against else sure)
    )


def _with_the_others(
    responses: pl.DataFrame, construct: Construct, instrument: Instrument
) -> list[tuple[str, float, int]]:
    """Return each item, its correlation with the mean of the others, and how many people."""
    items = [item for item in construct.items if item.key in responses.columns]
    if len(items) < _FEWEST_ITEMS:
        return []
    given = responses.select(pl.col([one.key for one in items]).cast(pl.Float64)).to_numpy()
    turned = np.array([item.reversed for item in items])
    scored = np.where(turned, instrument.low + instrument.high - given, given)
    found = []
    for place, item in enumerate(items):
        r, n = _correlation(scored[:, place], np.delete(scored, place, axis=1))
        if n >= _FEWEST_PEOPLE:
            found.append((item.key, r, n))
    return found


def _correlation(item: NDArray[np.float64], others: NDArray[np.float64]) -> tuple[float, int]:
    known = np.isfinite(item) & np.isfinite(others).all(axis=1)
    x, y = item[known], others[known].mean(axis=1)
    if known.sum() < _FEWEST_PEOPLE or x.std() == 0 or y.std() == 0:
        return 0.0, 0
    return float(np.corrcoef(x, y)[0, 1]), int(known.sum())
