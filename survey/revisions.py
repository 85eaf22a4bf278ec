"""What a writer has seen of a record before changing it, so that nobody overwrites blindly."""

from collections.abc import Set as AbstractSet
from typing import TypeAlias, TypeVar

from survey.errors import ChangedMeanwhile

__all__ = ["Seen", "require_seen"]

Revision = TypeVar("Revision", int, str)
Seen: TypeAlias = Revision | AbstractSet[Revision] | None
"""The revision that the writer has seen, several that will do, or None for any."""


def require_seen(seen: Seen[Revision], current: Revision) -> None:
    """Check that a record is still what the writer has seen; its row must be locked.

    Parameters
    ----------
    seen
        What the writer has seen.
    current
        The present revision.

    Raises
    ------
    ChangedMeanwhile
        The record has another revision by now.
    """
    if seen is None:
        return
    known = seen if isinstance(seen, AbstractSet) else {seen}
    if current not in known:
        given = next(iter(known)) if len(known) == 1 else None
        raise ChangedMeanwhile(given=given, current=current)
