"""What an anonymous response may keep once its campaign has closed.

The unit, role, function, language and day of everybody who was invited are known or can be
guessed. A value that few share is therefore a path back to a person. So is a missing value, if
few rows lack it: such a row had one of the values that were taken away.
"""

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Sequence
from datetime import date
from typing import Any, NamedTuple

__all__ = [
    "CommentTraces",
    "Traces",
    "blurred",
    "blurred_comments",
    "rare_values",
    "shared_speed",
]


class Traces(NamedTuple):
    """What a response says about its author, apart from the answers.

    The first four stay. Invited people never hide among imported rows: whoever imported these
    knows them.
    """

    unit_code: str
    role: str
    imported: bool
    too_fast: bool | None
    function: str | None
    locale: str | None
    submitted_on: date | None
    duration_class: int | None


_FIRST_TRACE = 4
"""Place of the first of the `Traces` that may be taken away."""


class CommentTraces(NamedTuple):
    """What a comment says about its author, apart from its text."""

    unit_code: str
    item: str
    locale: str | None


def rare_values(
    rows: Iterable[tuple[Hashable, Hashable | None]], *, k: int
) -> set[tuple[Hashable, Hashable]]:
    """Return the values to be taken away in each group, so that none singles out fewer than k.

    Parameters
    ----------
    rows : iterable of (group, value)
        One per response. ``None`` is no value.
    k : int
        Fewest rows of a group that may share a value, or share having none.

    Returns
    -------
    set of (group, value)
        Values that fewer than k rows of their group have. If some rows then have no value, but
        fewer than k, the least frequent of the other values as well. A group of fewer than k
        rows keeps no value.
    """
    counts: dict[Hashable, Counter[Hashable]] = defaultdict(Counter)
    for group, value in rows:
        counts[group][value] += 1
    return {(group, value) for group, found in counts.items() for value in _rare(found, k=k)}


def shared_speed(rows: Sequence[Traces], *, k: int) -> list[Traces]:
    """Take away the mark of haste if fewer than k would share it, or would be left without it.

    Whoever watches when forms are asked for and sent knows who was in haste. Those who keep the
    mark have their answers exchanged among all of their role; the others of their unit and role
    are then fewer than before.

    Returns
    -------
    list of Traces
        The same rows in the same order.
    """
    calm = Counter(row[:3] for row in rows if not row.too_fast)
    kept = [
        row._replace(too_fast=False) if row.too_fast and 0 < calm[row[:3]] < k else row
        for row in rows
    ]
    hasty = Counter(row[1:3] for row in kept if row.too_fast)
    return [
        row._replace(too_fast=False) if row.too_fast and hasty[row[1:3]] < k else row
        for row in kept
    ]


def blurred(rows: Sequence[Traces], *, k: int) -> list[Traces]:
    """Take away function, language, day and duration if too few share them.

    Each is judged among the rows that share everything kept before it. Day and duration come
    last: they are worth least to a reader, and most to somebody who knows when a colleague
    answered.

    Returns
    -------
    list of Traces
        The same rows in the same order. Unit and role stay: without them there is no result.
        For origin and mark of haste see `Traces` and `shared_speed`.
    """
    kept = list(rows)
    for place in range(_FIRST_TRACE, len(Traces._fields)):
        without: dict[str, Any] = {Traces._fields[place]: None}
        gone = rare_values(((row[:place], row[place]) for row in kept), k=k)
        kept = [
            row._replace(**without) if (row[:place], row[place]) in gone else row
            for row in kept
        ]
    return kept


def blurred_comments(rows: Sequence[CommentTraces], *, k: int) -> list[CommentTraces]:
    """Take away the language of comments if too few of a unit share it."""
    languages = rare_values(((row[:2], row.locale) for row in rows), k=k)
    return [
        row._replace(locale=None) if (row[:2], row.locale) in languages else row for row in rows
    ]


def _rare(counts: Counter[Hashable], *, k: int) -> list[Hashable]:
    """Return which of one group's values go."""
    by_size = sorted(
        ((count, value) for value, count in counts.items() if value is not None),
        key=lambda entry: (entry[0], str(entry[1])),
    )
    gone = [value for count, value in by_size if count < k]
    without = counts[None] + sum(counts[value] for value in gone)
    if 0 < without < k and len(gone) < len(by_size):
        gone.append(by_size[len(gone)][1])
    return gone
