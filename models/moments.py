"""Moments as the tables hold them: in UTC, within a range that every reader can show.

Earlier versions stored what callers sent. The driver took the first and the last moment that it
knows for infinity, which comes back without its distance to UTC.
"""

from datetime import UTC, datetime, timedelta
from typing import Annotated, Any

import msgspec

__all__ = [
    "FIRST_MOMENT",
    "LAST_MOMENT",
    "Moment",
    "held_moment",
    "hold_moments",
    "read_moments_in_range",
]

FIRST_MOMENT = datetime(1900, 1, 1, tzinfo=UTC)
LAST_MOMENT = datetime(2200, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC)

Moment = Annotated[
    datetime,
    msgspec.Meta(tz=True, description="A moment from 1900 to 2200 (RFC 3339), shown in UTC."),
]
"""A moment with its distance to UTC (RFC 3339)."""

_ZERO = datetime(2000, 1, 1, tzinfo=UTC)
"""From which PostgreSQL counts, in microseconds."""
_MICROSECOND = timedelta(microseconds=1)
_FIRST, _LAST = ((moment - _ZERO) // _MICROSECOND for moment in (FIRST_MOMENT, LAST_MOMENT))


def held_moment(moment: datetime) -> datetime:
    """Return a moment in UTC.

    Raises
    ------
    ValueError
        It lies outside the years 1900 to 2200, or does not tell its distance to UTC.
    """
    if moment.tzinfo is None or not FIRST_MOMENT <= moment <= LAST_MOMENT:
        msg = "Expected a moment from 1900 to 2200 with its distance to UTC"
        raise ValueError(msg)
    return moment.astimezone(UTC)


def hold_moments(record: msgspec.Struct, *fields: str) -> None:
    """Put the moments of a record that is being made into UTC; called by its ``__post_init__``.

    Raises
    ------
    ValueError
        As for `held_moment`.
    """
    for field in fields:
        moment = getattr(record, field)
        if isinstance(moment, datetime):
            msgspec.structs.force_setattr(record, field, held_moment(moment))


async def read_moments_in_range(connection: Any) -> None:
    """Let a connection show moments beyond the range as its first or its last moment."""
    await connection.set_type_codec(
        "timestamptz", schema="pg_catalog", format="tuple", encoder=_stored, decoder=_shown
    )


def _stored(moment: datetime) -> tuple[int]:
    return ((moment - _ZERO) // _MICROSECOND,)


def _shown(stored: tuple[int]) -> datetime:
    return _ZERO + min(max(stored[0], _FIRST), _LAST) * _MICROSECOND
