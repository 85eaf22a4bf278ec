"""An instrument as it was before it spoke all of its languages."""

from typing import Any

import msgspec

from survey.instruments.definition import InstrumentDefinition

__all__ = ["in_languages"]


def in_languages(
    definition: InstrumentDefinition, *locales: str, title: str | None = None
) -> InstrumentDefinition:
    """Return a definition in some of its languages, perhaps with another title in each."""
    texts = msgspec.to_builtins(msgspec.structs.replace(definition, locales=locales))
    only = _only(texts, set(definition.locales), set(locales))
    if title is not None:
        only["title"] = dict.fromkeys(locales, title)
    return msgspec.convert(only, InstrumentDefinition)


def _only(part: Any, known: set[str], kept: set[str]) -> Any:
    if isinstance(part, dict):
        is_texts = bool(part) and part.keys() <= known
        return {
            key: _only(value, known, kept)
            for key, value in part.items()
            if not is_texts or key in kept
        }
    if isinstance(part, list | tuple):
        return [_only(value, known, kept) for value in part]
    return part
