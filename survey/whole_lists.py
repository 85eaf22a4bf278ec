"""Lists read to their end, where a whole one is wanted and none is long."""

from collections.abc import Awaitable, Callable
from typing import TypeVar

from survey.paging import MAX_LIMIT, Page

__all__ = ["whole_list"]

_Entry = TypeVar("_Entry")


async def whole_list(
    read: Callable[[str | None, int], Awaitable[Page[_Entry]]],
) -> list[_Entry]:
    """Read page after page.

    Parameters
    ----------
    read : callable
        From where to go on, None at the beginning, and the size of a page, to that page.
    """
    found: list[_Entry] = []
    after: str | None = None
    while True:
        page = await read(after, MAX_LIMIT)
        found.extend(page.items)
        if page.next is None:
            return found
        after = page.next
