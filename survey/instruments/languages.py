"""Languages added to a published version, which never changes what it asks."""

from collections.abc import Collection
from typing import Any

import msgspec

from survey.instruments.definition import InstrumentDefinition

__all__ = ["with_languages_of"]


def with_languages_of(
    stored: InstrumentDefinition, offered: InstrumentDefinition
) -> InstrumentDefinition | None:
    """Return a definition with the languages that only another one has.

    Texts in the languages that it has already stay word for word as they are.

    Parameters
    ----------
    stored : InstrumentDefinition
        What is published.
    offered : InstrumentDefinition
        The same version, in other languages as well.

    Returns
    -------
    InstrumentDefinition, or None
        None if ``offered`` asks anything else: other items, another scale or audience.
    """
    added = tuple(one for one in offered.locales if one not in stored.locales)
    locales = (*stored.locales, *added)
    ours, theirs = (
        msgspec.to_builtins(msgspec.structs.replace(one, locales=locales))
        for one in (stored, offered)
    )
    try:
        joined = _joined(ours, theirs, known=stored.locales, added=added)
    except _AsksAnother:
        return None
    return msgspec.convert(joined, InstrumentDefinition)


class _AsksAnother(Exception):  # noqa: N818 - no error: the answer is no
    """The two definitions differ in more than words."""


def _joined(ours: Any, theirs: Any, *, known: Collection[str], added: Collection[str]) -> Any:
    match ours, theirs:
        case dict(), dict() if ours and ours.keys() <= set(known):
            return ours | {one: theirs[one] for one in added if one in theirs}
        case dict(), dict() if ours.keys() == theirs.keys():
            return {
                key: _joined(part, theirs[key], known=known, added=added)
                for key, part in ours.items()
            }
        case list() | tuple(), list() | tuple() if len(ours) == len(theirs):
            return [
                _joined(*pair, known=known, added=added)
                for pair in zip(ours, theirs, strict=True)
            ]
        case _ if ours == theirs:
            return ours
    raise _AsksAnother
