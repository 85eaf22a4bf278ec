"""The words of an instrument in all its languages, and a check that each is complete."""

import re
from collections.abc import Callable, Iterable, Mapping

from seed.instrument_schema import ConstructStructure, InstrumentStructure, InstrumentWords
from survey.instruments.parts import Texts

__all__ = ["Languages", "item_key", "require_every_key"]


class Languages:
    """The words of an instrument in all its languages, returned one text at a time."""

    def __init__(self, words: Mapping[str, InstrumentWords]) -> None:
        self._words = words

    def texts(self, choose: Callable[[InstrumentWords], str | None]) -> Texts:
        """Return one text in every language that has it, its lines joined to paragraphs."""
        chosen = {locale: choose(words) for locale, words in self._words.items()}
        return {locale: _paragraphs(text) for locale, text in chosen.items() if text}

    def entry(self, table: Callable[[InstrumentWords], Mapping[str, str]], key: str) -> Texts:
        """Return the text under one key of a table in every language."""
        return self.texts(lambda words: table(words)[key])

    def labels(self) -> dict[str, tuple[str, ...]]:
        """Return the labels of the scale in every language."""
        return {locale: words.scale.labels for locale, words in self._words.items()}


def item_key(construct: ConstructStructure, number: int) -> str:
    """Return the key of a construct's item, numbered from 1."""
    return f"{construct.key}_{number}"


def require_every_key(
    structure: InstrumentStructure, words: InstrumentWords, *, locale: str
) -> None:
    """Refuse a language that lacks a text or has one without an item or construct.

    Raises
    ------
    ValueError
        The keys differ; the message names the language, the table of its file and the keys.
    """
    sponsored = [construct for construct in structure.constructs if construct.sponsors]
    components = [name for construct in structure.constructs for name in construct.components]
    _require_same("blocks", locale, structure.blocks, words.blocks)
    _require_same(
        "constructs", locale, (part.key for part in structure.constructs), words.constructs
    )
    _require_same("components", locale, components, words.components)
    _require_same("items", locale, _item_keys(structure.constructs), words.items)
    _require_same("sponsor_items", locale, _item_keys(sponsored), words.sponsor_items)
    _require_same("comments", locale, structure.comments, words.comments)


def _require_same(
    table: str, locale: str, expected: Iterable[str], worded: Iterable[str]
) -> None:
    if difference := set(expected) ^ set(worded):
        keys = ", ".join(sorted(difference))
        raise ValueError(f"The table {table} of {locale} has missing or unknown keys: {keys}.")


def _item_keys(constructs: Iterable[ConstructStructure]) -> list[str]:
    return [
        item_key(construct, number)
        for construct in constructs
        for number in range(1, construct.items + 1)
    ]


def _paragraphs(text: str) -> str:
    """Join the lines of each paragraph; keep one empty line between paragraphs.

    Spaces that do not break (before a French colon) stay as they are.
    """
    parts = text.strip().split("\n\n")
    return "\n\n".join(re.sub(r"[ \n]+", " ", part.strip()) for part in parts)
