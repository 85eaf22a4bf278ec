"""What a file changes in what is stored: the same comparison for units and for people."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import NamedTuple

import msgspec

from survey.directory.errors import KeysAlike, UnexpectedDeactivations, ValueTooLong
from survey.files.collisions import lookalikes
from survey.files.keys import canonical
from survey.files.notices import Notice, Notices
from survey.report.notices import NoticeLine, notice_lines

__all__ = [
    "Difference",
    "Stored",
    "SyncReport",
    "difference",
    "is_many",
    "not_created",
    "require_apart",
    "require_expected",
    "require_lengths",
    "respellings",
]

FEW = 20
"""So many people may be deactivated without a word."""


class Stored(NamedTuple):
    """A row of the database: its content, and whether it is in use."""

    content: tuple[object, ...]
    active: bool


class Difference(NamedTuple):
    """Keys of a file and of the database, sorted, by what the file does to them."""

    created: tuple[str, ...]
    changed: tuple[str, ...]
    """Stored with another content, or inactive until now."""
    unchanged: tuple[str, ...]
    left: tuple[str, ...]
    """Stored and active, and inactive in the file."""
    missing: tuple[str, ...]
    """Stored and active, and not in the file."""

    def report(
        self, *, deactivated: tuple[str, ...], dry_run: bool, notices: Iterable[Notice] = ()
    ) -> "SyncReport":
        """Return what is reported of it."""
        return SyncReport(
            created=self.created,
            changed=self.changed,
            missing=self.missing,
            deactivated=deactivated,
            unchanged=len(self.unchanged),
            dry_run=dry_run,
            notices=notice_lines(notices),
        )


class SyncReport(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """What a file changed, or in a dry run would have."""

    created: tuple[str, ...]
    """Keys of those that are new."""
    changed: tuple[str, ...]
    """Those whose content differed, and inactive ones that came back."""
    missing: tuple[str, ...]
    """Active ones that the file does not name, whether or not they were deactivated."""
    deactivated: tuple[str, ...]
    """Those that the file marks as inactive, and on request those that are missing."""
    unchanged: int
    """How many the file names without a change."""
    dry_run: bool
    """Whether nothing was written."""
    notices: tuple[NoticeLine, ...] = ()
    """How the file was read if not literally, and what else is worth knowing."""


def difference(
    stored: Mapping[str, Stored],
    given: Mapping[str, tuple[object, ...]],
    *,
    inactive: Collection[str] = frozenset(),
) -> Difference:
    """Compare what is stored with what a file gives.

    Parameters
    ----------
    stored : mapping of key to Stored
        Every row of the database, inactive ones included.
    given : mapping of key to content
        Every active row of the file, with the same content in the same order.
    inactive : collection of keys
        The rows that the file marks as inactive.
    """
    known = {key: stored[key] for key in given if key in stored}
    same = {key for key, row in known.items() if row.active and row.content == given[key]}
    active = {key for key, row in stored.items() if row.active}
    gone = stored.keys() & inactive
    return Difference(
        created=tuple(sorted(given.keys() - known.keys())),
        changed=tuple(sorted(known.keys() - same)),
        unchanged=tuple(sorted(same | (gone - active))),
        left=tuple(sorted(gone & active)),
        missing=tuple(sorted(active - given.keys() - gone)),
    )


def not_created(inactive: Iterable[str], stored: Collection[str]) -> Notices:
    """Note what a file marks as inactive, and what is not known."""
    notices = Notices("")
    strangers = sorted(set(inactive) - set(stored))
    if strangers:
        notices.add("inactive_unknown", keys=strangers, count=len(strangers))
    return notices


def respellings(keys: Iterable[str]) -> dict[str, str]:
    """Map stored keys to their canonical form, if they are spelled otherwise.

    Raises
    ------
    KeysAlike
        Two stored keys have the same form; nobody can say which of them a file means.
    """
    spellings = defaultdict(list)
    for key in keys:
        spellings[canonical(key)].append(key)
    twice = {found[0]: found[1] for found in spellings.values() if len(found) > 1}
    if twice:
        raise KeysAlike(twice)
    return {key: form for form, (key,) in spellings.items() if key != form}


def require_apart(
    created: Collection[str], stored: Collection[str], named: Collection[str]
) -> None:
    """Check that no new key is a known one whose case changed or whose zeros got lost.

    Parameters
    ----------
    created, stored, named : collection of keys
        Those that are new, that are stored, and that the file names.

    Raises
    ------
    KeysAlike
        Some are.
    """
    alike = lookalikes(created, set(stored) - set(named))
    if alike:
        raise KeysAlike(alike)


def is_many(deactivated: int, *, active: int) -> bool:
    """Tell whether so many of the active people are deactivated that it may be a mistake."""
    return deactivated > FEW and deactivated * 10 > active


def require_expected(deactivated: int, *, active: int, expected: int | None) -> None:
    """Check the number of people to be deactivated.

    Parameters
    ----------
    deactivated
        How many there are.
    active
        How many people are active before.
    expected
        The number that was stated; None if none was.

    Raises
    ------
    UnexpectedDeactivations
        The stated number is wrong; or none was stated, and it is more than `FEW` and more than
        a tenth of those active.
    """
    unstated = expected is None and is_many(deactivated, active=active)
    if unstated or expected not in {None, deactivated}:
        raise UnexpectedDeactivations(deactivated, active=active, expected=expected)


def require_lengths(
    rows: Iterable[Sequence[object]], columns: Sequence[str], limits: Mapping[str, int]
) -> None:
    """Check that every text fits its field; the first column names the row.

    Raises
    ------
    ValueTooLong
        The first text that does not.
    """
    places = [(columns.index(field), field, limit) for field, limit in limits.items()]
    for row in rows:
        for place, field, limit in places:
            value = row[place]
            if isinstance(value, str) and len(value) > limit:
                raise ValueTooLong(row=str(row[0]), field=field, length=len(value), limit=limit)
