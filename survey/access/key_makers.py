"""Which keys can make keys, and whether an organisation can do without some of them; pure."""

from collections.abc import Collection
from datetime import UTC, datetime, timedelta

import msgspec

from survey.access.scopes import KEYS

__all__ = ["LASTING", "KeyMaker", "can_spare"]

LASTING = timedelta(days=7)
"""A key that lasts this long is one to rely on: somebody notices its end before it comes."""
_NEVER = datetime.max.replace(tzinfo=UTC)


class KeyMaker(msgspec.Struct, frozen=True, kw_only=True):
    """A key that works, holds ``keys:write`` and is not restricted to a unit.

    A restricted key is none: making keys concerns the whole organisation.
    """

    scopes: frozenset[str]
    expires_at: datetime | None

    @property
    def end(self) -> datetime:
        """Return when it ends."""
        return self.expires_at or _NEVER

    @property
    def makes_only_its_like(self) -> bool:
        """Tell whether its keys could do nothing but make keys: it hands on what it holds."""
        return self.scopes == {KEYS}


def can_spare(
    ending: Collection[KeyMaker], staying: Collection[KeyMaker], *, now: datetime
) -> bool:
    """Tell whether keys can still be made over the API once some keys have ended.

    Parameters
    ----------
    ending, staying
        The keys that end, and those that stay.
    now
        The present moment, UTC.

    Notes
    -----
    A key stands in for those that end if it lasts as long as the longest of them, or for
    `LASTING`, and if it can make keys for some use unless they could not either.
    """
    if not ending:
        return True
    needed_until = min(max(one.end for one in ending), now + LASTING)
    needs_use = not all(one.makes_only_its_like for one in ending)
    return any(
        one.end >= needed_until and not (needs_use and one.makes_only_its_like)
        for one in staying
    )
