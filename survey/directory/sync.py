"""What a file changes in what is stored: the same comparison for units and for people."""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

import msgspec

from survey.directory.errors import ValueTooLong

__all__ = ["Difference", "Stored", "SyncReport", "difference", "require_lengths"]


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
    missing: tuple[str, ...]
    """Stored and active, and not in the file."""

    def report(self, *, deactivated: tuple[str, ...], dry_run: bool) -> "SyncReport":
        """Return what is reported of it."""
        return SyncReport(
            created=self.created,
            changed=self.changed,
            missing=self.missing,
            deactivated=deactivated,
            unchanged=len(self.unchanged),
            dry_run=dry_run,
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
    """Keys of missing ones that are inactive from now on."""
    unchanged: int
    """How many the file names without a change."""
    dry_run: bool
    """Whether nothing was written."""


def difference(
    stored: Mapping[str, Stored], given: Mapping[str, tuple[object, ...]]
) -> Difference:
    """Compare what is stored with what a file gives.

    Parameters
    ----------
    stored : mapping of key to Stored
        Every row of the database, inactive ones included.
    given : mapping of key to content
        Every row of the file, with the same content in the same order.
    """
    known = {key: stored[key] for key in given if key in stored}
    same = {key for key, row in known.items() if row.active and row.content == given[key]}
    return Difference(
        created=tuple(sorted(given.keys() - known.keys())),
        changed=tuple(sorted(known.keys() - same)),
        unchanged=tuple(sorted(same)),
        missing=tuple(sorted(key for key in stored.keys() - given if stored[key].active)),
    )


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
