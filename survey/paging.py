"""One page of a list, read in the order of a key that never changes; never by offset."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, TypeVar
from uuid import UUID

import msgspec

from survey.errors import FieldInvalid

__all__ = ["MAX_LIMIT", "Page", "id_after", "page_of", "require_limit", "whole_list"]

MAX_LIMIT = 1000
"""Most entries of one page."""

Entry = TypeVar("Entry")
_Entry = TypeVar("_Entry")


class Page(msgspec.Struct, Generic[Entry], frozen=True, kw_only=True):
    """Some entries of a list, and where the next ones begin."""

    items: tuple[Entry, ...]
    next: str | None
    """What to pass as ``after`` for the following page; None on the last one."""


def require_limit(limit: int) -> None:
    """Check the size of a page.

    Raises
    ------
    FieldInvalid
        It is not from 1 to `MAX_LIMIT`.
    """
    if not 1 <= limit <= MAX_LIMIT:
        raise FieldInvalid("limit", limit, expected=f"from 1 to {MAX_LIMIT}")


def page_of(found: Sequence[Entry], *, limit: int, key: Callable[[Entry], str]) -> Page[Entry]:
    """Cut a page out of what was read: up to ``limit`` entries, and one more if there is one.

    Parameters
    ----------
    found : sequence
        Entries in the order of their key, at most ``limit + 1`` of them.
    key : callable
        The key by which the following page goes on.
    """
    shown = tuple(found[:limit])
    return Page(items=shown, next=key(shown[-1]) if len(found) > limit else None)


def id_after(after: str | None) -> UUID | None:
    """Return where a list by id goes on; None at its beginning.

    Raises
    ------
    FieldInvalid
        ``after`` is no id.
    """
    try:
        return None if after is None else UUID(after)
    except ValueError as error:
        raise FieldInvalid("after", after, expected="the id of an entry") from error


async def whole_list(
    read: Callable[[str | None, int], Awaitable[Page[_Entry]]],
) -> list[_Entry]:
    """Read page after page.

    Parameters
    ----------
    read : callable
        Takes the key to go on after, None at the beginning, and the size of a page.
    """
    found: list[_Entry] = []
    after: str | None = None
    while True:
        page = await read(after, MAX_LIMIT)
        found.extend(page.items)
        if page.next is None:
            return found
        after = page.next
