"""What a frame of responses must hold; whatever is missing is named in the error."""

import polars as pl

from analytics.errors import AnalyticsError, SchemaError
from analytics.instrument import Instrument
from analytics.vocabulary import ROLES

__all__ = ["IMPORTED", "require_responses"]

IMPORTED = "imported"
"""The column that tells whether a response was imported; the others answered by invitation."""


def require_responses(responses: pl.DataFrame, instrument: Instrument) -> tuple[str, ...]:
    """Check a frame of responses and return its item columns in the order shown.

    Raises
    ------
    SchemaError
        ``unit``, ``role`` or every item column is missing, an item column is not numeric, or
        ``imported`` does not say yes or no of every response.
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
    _require_origin(responses)
    for item in items:
        _require_scale(responses[item], instrument)
    return items


def _require_roles(responses: pl.DataFrame) -> None:
    unknown = responses.filter(~pl.col("role").is_in(ROLES))["role"].unique().to_list()
    if unknown or responses["role"].null_count():
        raise AnalyticsError(f"Unknown role {unknown[:1] or None}; expected one of {ROLES}.")


def _require_origin(responses: pl.DataFrame) -> None:
    if IMPORTED not in responses.columns:
        return
    origin = responses[IMPORTED]
    if origin.dtype != pl.Boolean:
        raise SchemaError(f"{IMPORTED}: expected true or false, got {origin.dtype}.")
    if origin.null_count():
        raise SchemaError(
            f"{IMPORTED}: expected true or false for every response, "
            f"found {origin.null_count()} without either."
        )


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
