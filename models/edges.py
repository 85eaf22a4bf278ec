"""What a value may be when it comes in, so that its column holds it and every reader shows it.

Bodies, addresses, cursors and the command line take their limits from here.
"""

from datetime import UTC, datetime
from typing import Annotated

import msgspec

from models.constraints import length_of
from models.organisation import BusinessUnit, Organisation, Person

__all__ = [
    "FIRST_MOMENT",
    "GREATEST_INTEGER",
    "GREATEST_SMALLINT",
    "LAST_MOMENT",
    "MAX_CODE",
    "MAX_EXTERNAL_ID",
    "MAX_LOCALE",
    "MAX_NAME",
    "Code",
    "Locale",
    "Moment",
    "Name",
    "Version",
    "held_moment",
]

FIRST_MOMENT = datetime(1900, 1, 1, tzinfo=UTC)
LAST_MOMENT = datetime(2200, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC)
GREATEST_SMALLINT = 2**15 - 1
GREATEST_INTEGER = 2**31 - 1
MAX_CODE = length_of(BusinessUnit.code)
MAX_EXTERNAL_ID = length_of(Person.external_id)
MAX_LOCALE = length_of(Organisation.default_locale)
MAX_NAME = length_of(Organisation.name)

Moment = Annotated[datetime, msgspec.Meta(tz=True)]
"""A moment with its distance to UTC (RFC 3339)."""
Code = Annotated[str, msgspec.Meta(min_length=1, max_length=MAX_CODE)]
"""The code of a unit, the key of an instrument, or a part of one."""
Name = Annotated[str, msgspec.Meta(min_length=1, max_length=MAX_NAME)]
"""What people call something."""
Locale = Annotated[str, msgspec.Meta(min_length=2, max_length=MAX_LOCALE)]
"""A language (BCP 47)."""
Version = Annotated[int, msgspec.Meta(ge=1, le=GREATEST_INTEGER)]
"""1, 2, 3, ..."""


def held_moment(moment: datetime) -> datetime:
    """Return a moment in UTC.

    Raises
    ------
    ValueError
        It lies outside the years 1900 to 2200, or does not tell its distance to UTC.
    """
    if moment.tzinfo is None or not FIRST_MOMENT <= moment <= LAST_MOMENT:
        msg = "Expected a moment from 1900 to 2200, with its distance to UTC"
        raise ValueError(msg)
    return moment.astimezone(UTC)
