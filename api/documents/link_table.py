"""Personal links as a table that spreadsheet and letter programs read."""

import csv
from collections.abc import AsyncIterator, Iterable
from io import StringIO

import msgspec

from survey.campaigns.links import PersonalLink

__all__ = ["COLUMNS", "link_lines"]

COLUMNS = ("external_id", "name", "unit", "unit_name", "role", "locale", "link")
"""In the order of the table; the fields of a link."""

_MARK = "\ufeff"
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", " ")


async def link_lines(links: AsyncIterator[PersonalLink]) -> AsyncIterator[str]:
    """Yield a CSV table line by line: a byte-order mark, the columns, a line per person.

    The mark lets spreadsheet programs read names rightly. A cell that such a program would take
    for a formula begins with an apostrophe; JSON has the cells as they are.
    """
    yield _MARK + _line(COLUMNS)
    async for link in links:
        yield _line(map(_guarded, msgspec.structs.astuple(link)))


def _guarded(cell: str | None) -> str:
    text = cell or ""
    return f"'{text}" if text.startswith(_FORMULA) else text


def _line(cells: Iterable[str]) -> str:
    written = StringIO()
    csv.writer(written).writerow(cells)
    return written.getvalue()
