"""What is wrong with an instrument definition; an empty list means it may be published."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator

from survey.instruments.definition import InstrumentDefinition
from survey.instruments.parts import Texts, Wording

__all__ = ["FILE_COLUMNS", "definition_problems", "language_problems"]

# Repeated from survey.files.respondents, which loads polars: no process that forks may do so.
FILE_COLUMNS = frozenset(
    {
        "respondent_id",
        "unit",
        "role",
        "function",
        "locale",
        "submitted_on",
        "duration_s",
        "consent",
    }
)
"""Columns of a respondent file that are not answers; no item may have such a name."""

MIN_POINTS, MAX_POINTS = 2, 11
_KEY = re.compile(r"[a-z][a-z0-9_]*")
_INSTRUMENT_KEY = re.compile(r"[a-z][a-z0-9-]*")
_LOCALE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")
_THRESHOLD = re.compile(r"\{(minGroup|minComments)\}")


def definition_problems(definition: InstrumentDefinition) -> list[str]:
    """Say everything that keeps a definition from being published.

    Returns
    -------
    list of str
        One sentence per problem, in the order of the definition; each names the part.
    """
    checks = (
        _identity,
        _scale,
        _keys,
        _references,
        _order,
        _audiences,
        language_problems,
    )
    return [problem for check in checks for problem in check(definition)]


def _identity(definition: InstrumentDefinition) -> Iterator[str]:
    if not _INSTRUMENT_KEY.fullmatch(definition.key):
        yield f"The key {definition.key!r} is not lower-case letters, digits and hyphens."
    if definition.version < 1:
        yield f"The version must be 1 or more, got {definition.version}."
    if not definition.locales:
        yield "There is no locale."
    yield from (f"The locale {key} is named twice." for key in _repeated(definition.locales))
    for locale in definition.locales:
        if not _LOCALE.fullmatch(locale):
            yield f"The locale {locale!r} is not a BCP 47 language tag."


def _scale(definition: InstrumentDefinition) -> Iterator[str]:
    scale = definition.scale
    points = scale.high - scale.low + 1
    if not MIN_POINTS <= points <= MAX_POINTS:
        yield f"The scale must have {MIN_POINTS} to {MAX_POINTS} points, it has {points}."
    for locale, labels in scale.labels.items():
        if len(labels) != points:
            yield f"The scale has {points} points and {len(labels)} labels in {locale}."
        if any(not label.strip() for label in labels):
            yield f"A label of the scale is empty in {locale}."
        yield from (
            f"Two points of the scale are called {label!r} in {locale}."
            for label in _repeated(labels)
        )


def _keys(definition: InstrumentDefinition) -> Iterator[str]:
    named: dict[str, list[str]] = {
        "block": [block.key for block in definition.blocks],
        "construct": [construct.key for construct in definition.constructs],
        "item or comment": [part.key for part in definition.asked],
    }
    for kind, keys in named.items():
        if not keys:
            yield f"There is no {kind}."
        yield from (f"The {kind} {key} is defined twice." for key in _repeated(keys))
    for key in (*named["construct"], *named["item or comment"]):
        if not _KEY.fullmatch(key):
            yield f"The key {key!r} is not lower-case letters, digits and underscores."
    for key in named["item or comment"]:
        if key in FILE_COLUMNS or key.startswith("x_"):
            yield f"The key {key} would be another column of a respondent file."


def _references(definition: InstrumentDefinition) -> Iterator[str]:
    blocks = {block.key for block in definition.blocks}
    constructs = {construct.key: construct for construct in definition.constructs}
    for construct in definition.constructs:
        if construct.block not in blocks:
            yield f"Construct {construct.key} is in the undefined block {construct.block}."
        if construct.key not in {item.construct for item in definition.items}:
            yield f"Construct {construct.key} has no item."
    for item in definition.items:
        if item.construct not in constructs:
            yield f"Item {item.key} measures the undefined construct {item.construct}."
        elif item.component and item.component not in constructs[item.construct].components:
            yield f"Item {item.key} is part of the undefined component {item.component}."


def _order(definition: InstrumentDefinition) -> Iterator[str]:
    # The form, the stored answers and the statistics share one order, so that none is mixed up.
    blocks: list[str] = [block.key for block in definition.blocks]
    if not _follows([construct.block for construct in definition.constructs], blocks):
        yield "The constructs do not stand in the order of their blocks."
    constructs = [construct.key for construct in definition.constructs]
    if not _follows([item.construct for item in definition.items], constructs):
        yield "The items do not stand in the order of their constructs."


def _follows(sequence: Iterable[str], order: list[str]) -> bool:
    places = [order.index(key) for key in sequence if key in order]
    return places == sorted(places)


def _audiences(definition: InstrumentDefinition) -> Iterator[str]:
    for part in definition.asked:
        if not part.audiences:
            yield f"Nobody is asked {part.key}."
        yield from (
            f"{part.key} names the audience {role} twice." for role in _repeated(part.audiences)
        )
        for role in part.wording.overrides:
            if role not in part.audiences:
                yield f"{part.key} has a wording for {role}, who is not asked it."


def _repeated(keys: Iterable[str]) -> list[str]:
    return [key for key, count in Counter(keys).items() if count > 1]


def language_problems(definition: InstrumentDefinition) -> Iterator[str]:
    """Name each text that is missing, empty, in another language or names no threshold."""
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
