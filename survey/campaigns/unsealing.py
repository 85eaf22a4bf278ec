"""From the sheets of a closing campaign to rows that lead to nobody."""

import random
from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

import numpy as np
import polars as pl
from numpy.typing import NDArray
from uuid_utils.compat import uuid4

from analytics.study.screening import is_too_fast
from survey.campaigns.unlinking import (
    CommentTraces,
    Traces,
    blurred,
    blurred_comments,
    shared_speed,
)
from survey.sealing.sheets import (
    FUNCTIONS,
    LOCALE_BYTES,
    NOBODY,
    ROLES,
    UNKNOWN,
    Comment,
    Layout,
)

__all__ = ["DURATION_CLASSES_MIN", "SheetCounts", "comment_rows", "counted", "response_rows"]

DURATION_CLASSES_MIN = (5, 10, 20, 40)
"""Upper bounds of the classes of durations, in minutes; the last class has none."""

_EPOCH = date(1970, 1, 1).toordinal()
_RANDOM = random.SystemRandom()


class SheetCounts(NamedTuple):
    """How many sheets there are."""

    invited: int
    imported: int


def _record(layout: Layout) -> np.dtype[Any]:
    """Return the type of a sheet as NumPy reads it; `Layout.pack` writes it."""
    return np.dtype(
        [
            ("unit", "<u4"), ("role", "u1"), ("function", "u1"), ("locale", f"S{LOCALE_BYTES}"),
            ("day", "<i4"), ("duration_s", "<i4"), ("consent", "i1"), ("imported", "?"),
            ("person", "V16"), ("answers", "u1", (len(layout.items),)),
        ]
    )  # fmt: skip


def counted(sheets: bytes, layout: Layout) -> SheetCounts:
    """Count the sheets by where they came from."""
    imported = np.frombuffer(sheets, dtype=_record(layout))["imported"]
    return SheetCounts(invited=int((~imported).sum()), imported=int(imported.sum()))


def response_rows(sheets: bytes, layout: Layout, *, anonymous: bool, k: int) -> pl.DataFrame:
    """Return the rows that are kept of the sheets of a campaign, in random order.

    The rules of speed are applied to the duration, which then becomes a class. In an anonymous
    campaign what fewer than k share is taken away, and sheets that were filled in too fast
    exchange their answers within each role and origin: they enter no score of a unit, and a
    proxy knows whose they are.

    Parameters
    ----------
    sheets : bytes
        All sheets of the campaign, one after the other.
    layout : Layout
        How they are laid out.
    anonymous : bool
        Whether nothing may lead to a person.
    k : int
        Fewest people who share what is kept.

    Returns
    -------
    polars.DataFrame
        One row per sheet, under the names of the columns of ``response``, without
        ``organisation`` and ``campaign``; ``answers`` is a List of Int16.
    """
    read = np.frombuffer(sheets, dtype=_record(layout))
    kept = _traces(read, layout)
    order = list(range(len(kept)))
    if anonymous:
        kept = blurred(shared_speed(kept, k=k), k=k)
        order = _exchanged(kept)
    rows = pl.DataFrame(
        {name: [getattr(one, name) for one in kept] for name in Traces._fields},
        schema=_TRACES,
    ).with_columns(
        id=pl.Series([str(uuid4()) for _ in kept], dtype=pl.String),
        consent=pl.Series(_or_none(read["consent"], bool), dtype=pl.Boolean),
        person=pl.Series(
            [None if anonymous else _person(one) for one in read["person"]], dtype=pl.String
        ),
        answers=pl.Series(_answers(read[order], layout), dtype=pl.List(pl.Int16)),
    )
    return rows[_RANDOM.sample(range(rows.height), rows.height)]


def comment_rows(comments: Sequence[Comment], *, k: int) -> list[tuple[UUID, Comment]]:
    """Return the comments in random order, without languages that fewer than k share."""
    traces = [CommentTraces(one.unit, one.item, one.locale) for one in comments]
    rows = [
        (uuid4(), comment._replace(locale=kept.locale))
        for comment, kept in zip(comments, blurred_comments(traces, k=k), strict=True)
    ]
    _RANDOM.shuffle(rows)
    return rows


_TRACES = {
    "unit_code": pl.String,
    "role": pl.String,
    "imported": pl.Boolean,
    "too_fast": pl.Boolean,
    "function": pl.String,
    "locale": pl.String,
    "submitted_on": pl.Date,
    "duration_class": pl.Int16,
}


def _traces(read: NDArray[np.void], layout: Layout) -> list[Traces]:
    """Return what each sheet says about its author, apart from the answers."""
    functions = (None, *FUNCTIONS)
    columns = zip(
        read["unit"].tolist(),
        read["role"].tolist(),
        read["imported"].tolist(),
        _too_fast(read, layout),
        read["function"].tolist(),
        read["locale"].tolist(),
        read["day"].tolist(),
        _duration_classes(read["duration_s"]),
        strict=True,
    )
    return [
        Traces(
            unit_code=layout.units[unit],
            role=ROLES[role],
            imported=imported,
            too_fast=too_fast,
            function=functions[function],
            locale=locale.decode("ascii") or None,
            submitted_on=None if day == UNKNOWN else date.fromordinal(_EPOCH + day),
            duration_class=duration_class,
        )
        for unit, role, imported, too_fast, function, locale, day, duration_class in columns
    ]


def _exchanged(kept: Sequence[Traces]) -> list[int]:
    """Return for every row whose answers it gets: its own, or those of others in haste."""
    order = list(range(len(kept)))
    places: dict[tuple[str, bool], list[int]] = defaultdict(list)
    for place, row in enumerate(kept):
        if row.too_fast:
            places[row.role, row.imported].append(place)
    for mine in places.values():
        for place, other in zip(mine, _RANDOM.sample(mine, len(mine)), strict=True):
            order[place] = other
    return order


def _duration_classes(seconds: NDArray[np.int32]) -> list[int | None]:
    classes = np.searchsorted(np.array(DURATION_CLASSES_MIN) * 60, seconds, side="left")
    return [
        None if known == UNKNOWN else one
        for one, known in zip(classes.tolist(), seconds.tolist(), strict=True)
    ]


def _too_fast(read: NDArray[np.void], layout: Layout) -> list[bool | None]:
    """Apply the rules of speed to managers and contributors; None if no time is known."""
    raters = read["role"] != ROLES.index("sponsor")
    rated = read[raters]
    sheets = pl.DataFrame(
        _answers(rated, layout), schema=dict.fromkeys(layout.items, pl.Int16), orient="row"
    ).with_columns(duration_s=pl.Series(_or_none(rated["duration_s"], int), dtype=pl.Int32))
    broken = np.zeros(len(read), dtype=np.bool_)
    broken[raters] = is_too_fast(sheets, layout.items)
    known = raters & (read["duration_s"] != UNKNOWN)
    return [
        fast if told else None
        for fast, told in zip(broken.tolist(), known.tolist(), strict=True)
    ]


def _answers(read: NDArray[np.void], layout: Layout) -> list[list[int | None]]:
    values = read["answers"].astype(np.int16) + (layout.low - 1)
    cells = values.astype(object)
    cells[read["answers"] == 0] = None
    return cells.tolist()  # type: ignore[no-any-return]  # NumPy's stubs do not know what is in it


def _or_none(values: NDArray[np.signedinteger[Any]], kind: type) -> list[Any]:
    return [None if value == UNKNOWN else kind(value) for value in values.tolist()]


def _person(stored: np.void) -> str | None:
    content = stored.tobytes()
    return None if content == NOBODY else str(UUID(bytes=content))
