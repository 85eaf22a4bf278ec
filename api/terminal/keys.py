"""API keys as lines in the terminal: what each may do, and what has become of it."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from api.terminal.words import printable
from survey.access.keys import KeyView

__all__ = ["key_lines"]


def key_lines(views: Sequence[KeyView], *, now: datetime) -> Iterator[str]:
    """Describe keys in three lines each.

    Parameters
    ----------
    views
        The keys.
    now
        The present moment, UTC, which tells the expired ones.
    """
    if not views:
        yield "There are no keys."
    for view in views:
        used = "never used" if view.last_used_on is None else f"last used {view.last_used_on}"
        unit = "" if view.unit is None else f", for unit {printable(view.unit)} and below"
        yield f"{view.prefix}  {printable(view.name)}: {_state(view, now)}, {used}{unit}"
        yield f"    may {' '.join(view.scopes)}"
        yield f"    id  {view.id}"


def _state(view: KeyView, now: datetime) -> str:
    if view.revoked_at is not None:
        return f"revoked on {view.revoked_at.date()}"
    if view.expires_at is None:
        return "good for ever"
    word = "good until" if view.expires_at > now else "expired on"
    return f"{word} {view.expires_at.date()}"
