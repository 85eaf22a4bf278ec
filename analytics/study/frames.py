"""What a frame of responses must hold; whatever is missing is named in the error."""

import polars as pl

from analytics.errors import AnalyticsError, SchemaError
from analytics.instrument import Instrument
from analytics.vocabulary import ROLES

__all__ = ["require_responses"]


def require_responses(responses: pl.DataFrame, instrument: Instrument) -> tuple[str, ...]:
    """Check a frame of responses and return its item columns in the order shown.

    Raises
    ------
    SchemaError
        ``unit``, ``role`` or every item column is missing, or an item column is not numeric.
    AnalyticsError
        A role is unknown, an answer lies outside the scale, or there is no response.
    """
    missing = [name for name in ("unit", "role") if name not in responses.columns]
    if missing:
        raise SchemaError(f"Responses lack the columns {', '.join(missing)}.")
    known = {item.key for item in instrument.items}
    items = tuple(name for name in responses.columns if name in known)
    if not items:
        raise SchemaError(f"Responses have no column of an item of {instrument.key!r}.")
    if responses.is_empty():
        raise AnalyticsError("There is no response to analyse.")
    _require_roles(responses)
    for item in items:
        _require_scale(responses[item], instrument)
    return items


def _require_roles(responses: pl.DataFrame) -> None:
    unknown = responses.filter(~pl.col("role").is_in(ROLES))["role"].unique().to_list()
    if unknown or responses["role"].null_count():
        raise AnalyticsError(f"Unknown role {unknown[:1] or None}; expected one of {ROLES}.")


def _require_scale(answers: pl.Series, instrument: Instrument) -> None:
    if not answers.dtype.is_numeric() and answers.dtype != pl.Null:
        raise SchemaError(f"{answers.name}: expected numbers, got {answers.dtype}.")
    outside = answers.drop_nulls().filter(
        ~answers.drop_nulls().is_between(instrument.low, instrument.high)
    )
    if len(outside):
        raise AnalyticsError(
            f"{answers.name}: {outside[0]} lies outside {instrument.low} to {instrument.high}."
        )
