"""Reads a report as tests do: its sentences by key, each with its figures."""

from collections.abc import Iterable, Iterator
from typing import Any

import msgspec

from seed.content import vocabulary
from survey.report.document import Document, Section, Sentence, Statement
from survey.report.wording import Topic, Wording

NAMES = {"A": "Sales", "B": "Legal"}


def sentences(part: Any) -> Iterator[Sentence]:
    """Yield every sentence of a document or of a part of one, nested ones included."""
    if isinstance(part, Sentence):
        yield part
    if isinstance(part, msgspec.Struct):
        part = [getattr(part, name) for name in part.__struct_fields__]
    elif isinstance(part, dict):
        part = list(part.values())
    if isinstance(part, Iterable) and not isinstance(part, str):
        for each in part:
            yield from sentences(each)


def keys(part: Any) -> set[str]:
    """Return the keys of all sentences."""
    return {sentence.key for sentence in sentences(part)}


def said(part: Any, key: str) -> dict[str, Any]:
    """Return the arguments of the first sentence of this key; fail if there is none."""
    for sentence in sentences(part):
        if sentence.key == key:
            return sentence.arguments
    raise AssertionError(f"{key} is not said; what is: {sorted(keys(part))}")


def spoken(part: Any, *, locale: str = "en", topic: Topic = "report") -> str:
    """Return all statements of a part in words, one per line."""
    wording = Wording(locale, vocabulary(), NAMES, topic=topic)
    return "\n".join(wording.statement(one) for one in _statements(part))


def part_of(sections: Document | Section, kind: type[Any]) -> Any:
    """Return the first part of a kind, such as the table."""
    found = sections.sections if isinstance(sections, Document) else (sections,)
    return next(part for one in found for part in one.parts if isinstance(part, kind))


def _statements(part: Any) -> Iterator[Statement]:
    if isinstance(part, Statement):
        yield part
    elif isinstance(part, msgspec.Struct):
        for name in part.__struct_fields__:
            yield from _statements(getattr(part, name))
    elif isinstance(part, list | tuple):
        for each in part:
            yield from _statements(each)
