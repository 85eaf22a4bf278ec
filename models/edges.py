"""What a value may be when it comes in, so that its column holds it and every reader shows it.

Bodies, addresses, cursors and the command line take their limits from here.
"""

from typing import Annotated

import msgspec

from models.constraints import length_of
from models.moments import Moment
from models.organisation import BusinessUnit, Organisation, Person

__all__ = [
    "GREATEST_INTEGER",
    "GREATEST_SMALLINT",
    "MAX_CODE",
    "MAX_EXTERNAL_ID",
    "MAX_LOCALE",
    "MAX_NAME",
    "MOST_LISTED",
    "MOST_LOCALES",
    "Code",
    "Count",
    "Integer",
    "Locale",
    "Moment",
    "Name",
    "Prose",
    "Texts",
    "Version",
    "Word",
]

GREATEST_SMALLINT = 2**15 - 1
GREATEST_INTEGER = 2**31 - 1
MAX_CODE = length_of(BusinessUnit.code)
MAX_EXTERNAL_ID = length_of(Person.external_id)
MAX_LOCALE = length_of(Organisation.default_locale)
MAX_NAME = length_of(Organisation.name)

MOST_LOCALES = 100
MOST_LISTED = 1_000

Count = Annotated[int, msgspec.Meta(ge=0, le=GREATEST_SMALLINT)]
"""How many of something, in a small column."""
Integer = Annotated[int, msgspec.Meta(ge=-GREATEST_INTEGER, le=GREATEST_INTEGER)]
"""A whole number whose own range is a rule, checked later."""
Code = Annotated[str, msgspec.Meta(min_length=1, max_length=MAX_CODE)]
"""The code of a unit, the key of an instrument, or a part of one."""
Name = Annotated[str, msgspec.Meta(min_length=1, max_length=MAX_NAME)]
"""What people call something."""
Locale = Annotated[str, msgspec.Meta(min_length=2, max_length=MAX_LOCALE)]
"""A language (BCP 47)."""
Word = Annotated[str, msgspec.Meta(max_length=200)]
"""A key in a mapping, or a value out of a vocabulary."""
Prose = Annotated[str, msgspec.Meta(max_length=20_000)]
"""Text for people."""
Texts = Annotated[dict[Word, Prose], msgspec.Meta(max_length=MOST_LOCALES)]
"""One text in every language: locale to text."""
Version = Annotated[int, msgspec.Meta(ge=1, le=GREATEST_INTEGER)]
"""1, 2, 3, ..."""
