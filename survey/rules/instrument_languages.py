"""Whether every text of an instrument exists in each of its languages."""

import re
from collections.abc import Iterator

from survey.instruments.definition import InstrumentDefinition
from survey.instruments.parts import Texts, Wording

__all__ = ["language_problems"]

_THRESHOLD = re.compile(r"\{(minGroup|minComments)\}")


def language_problems(definition: InstrumentDefinition) -> Iterator[str]:
    """Name each text that is missing, empty, in a foreign language or asks for the unknown."""
    yield from _languages(definition)
    yield from _thresholds(definition)


def _languages(definition: InstrumentDefinition) -> Iterator[str]:
    expected = set(definition.locales)
    for name, texts in _all_texts(definition):
        for locale in definition.locales:
            if not texts.get(locale, "").strip():
                yield f"{name} has no text in {locale}."
        for locale in texts.keys() - expected:
            yield f"{name} has a text in {locale}, which is not a locale of the instrument."


def _thresholds(definition: InstrumentDefinition) -> Iterator[str]:
    for name, texts in _promises(definition):
        for locale, text in texts.items():
            if set("{}") & set(_THRESHOLD.sub("", text)):
                yield f"{name} has a brace in {locale} that stands for no threshold."


def _all_texts(definition: InstrumentDefinition) -> Iterator[tuple[str, Texts]]:
    yield "The title", definition.title
    yield from _worded("The introduction", definition.introduction)
    yield "The scale", {key: "".join(labels) for key, labels in definition.scale.labels.items()}
    yield 'The label for "can\'t say"', definition.scale.cant_say
    for block in definition.blocks:
        yield f"Block {block.key}", block.title
    for construct in definition.constructs:
        yield f"The name of {construct.key}", construct.name
        yield f"The description of {construct.key}", construct.description
        if construct.introduction:
            yield from _worded(f"The introduction of {construct.key}", construct.introduction)
        for component, name in construct.components.items():
            yield f"The component {component} of {construct.key}", name
    for part in definition.asked:
        yield from _worded(part.key, part.wording)
    yield from _notices(definition)


def _notices(definition: InstrumentDefinition) -> Iterator[tuple[str, Texts]]:
    yield "The consent text", definition.consent.text
    yield "The answer that consents", definition.consent.agree
    yield "The answer that does not consent", definition.consent.decline
    yield from _promises(definition)


def _promises(definition: InstrumentDefinition) -> Iterator[tuple[str, Texts]]:
    yield "The privacy text for anonymous campaigns", definition.privacy.anonymous
    yield "The privacy text for confidential campaigns", definition.privacy.confidential
    yield "The privacy text for sponsors", definition.privacy.on_record


def _worded(name: str, wording: Wording) -> Iterator[tuple[str, Texts]]:
    yield name, wording.texts
    for role, texts in wording.overrides.items():
        yield f"{name}, for {role}s,", texts
