"""Joins the files of an instrument to one definition that is complete in every language."""

from collections.abc import Mapping

from seed.instrument_schema import ConstructStructure, InstrumentStructure, InstrumentWords
from seed.instrument_words import Languages, item_key, require_every_key
from survey.instruments.checks import definition_problems
from survey.instruments.definition import InstrumentDefinition
from survey.instruments.parts import (
    BlockDefinition,
    CommentDefinition,
    Consent,
    ConstructDefinition,
    ItemDefinition,
    Privacy,
    Role,
    Scale,
    Wording,
)

__all__ = ["assemble"]

_OBSERVERS: tuple[Role, ...] = ("manager", "contributor")


def assemble(
    structure: InstrumentStructure, words: Mapping[str, InstrumentWords]
) -> InstrumentDefinition:
    """Join the structure of an instrument and its words.

    Parameters
    ----------
    structure
        The items, and how they are scored.
    words
        Locale to the words of that language.

    Raises
    ------
    ValueError
        A language lacks words or has unknown ones, or the definition breaks a rule of
        ``definition_problems``.
    """
    for locale in structure.locales:
        require_every_key(structure, words[locale], locale=locale)
    in_order = {locale: words[locale] for locale in structure.locales}
    definition = _definition(structure, Languages(in_order))
    if problems := definition_problems(definition):
        raise ValueError(f"Instrument {structure.key}: " + " ".join(problems))
    return definition


def _definition(structure: InstrumentStructure, languages: Languages) -> InstrumentDefinition:
    texts = languages.texts
    return InstrumentDefinition(
        key=structure.key,
        version=structure.version,
        locales=structure.locales,
        title=texts(lambda words: words.title),
        introduction=Wording(
            texts=texts(lambda words: words.introduction.everyone),
            overrides={"sponsor": texts(lambda words: words.introduction.sponsor)},
        ),
        scale=Scale(
            low=structure.scale.low,
            high=structure.scale.high,
            labels=languages.labels(),
            cant_say=texts(lambda words: words.scale.cant_say),
        ),
        blocks=tuple(
            BlockDefinition(key=key, title=languages.entry(lambda words: words.blocks, key))
            for key in structure.blocks
        ),
        constructs=tuple(
            _construct(construct, languages) for construct in structure.constructs
        ),
        items=tuple(
            _item(construct, number, languages)
            for construct in structure.constructs
            for number in range(1, construct.items + 1)
        ),
        comments=tuple(
            CommentDefinition(
                key=key,
                wording=Wording(texts=languages.entry(lambda words: words.comments, key)),
            )
            for key in structure.comments
        ),
        consent=Consent(
            text=texts(lambda words: words.consent.text),
            agree=texts(lambda words: words.consent.agree),
            decline=texts(lambda words: words.consent.decline),
        ),
        privacy=Privacy(
            anonymous=texts(lambda words: words.privacy.anonymous),
            confidential=texts(lambda words: words.privacy.confidential),
            on_record=texts(lambda words: words.privacy.on_record),
        ),
    )


def _construct(construct: ConstructStructure, languages: Languages) -> ConstructDefinition:
    key, texts = construct.key, languages.texts
    general = texts(lambda words: words.constructs[key].introduction)
    sponsors = texts(lambda words: words.constructs[key].sponsor_introduction)
    return ConstructDefinition(
        key=key,
        block=construct.block,
        name=texts(lambda words: words.constructs[key].name),
        description=texts(lambda words: words.constructs[key].description),
        introduction=(
            Wording(texts=general, overrides={"sponsor": sponsors} if sponsors else {})
            if general
            else None
        ),
        components={
            component: languages.entry(lambda words: words.components, component)
            for component in construct.components
        },
    )


def _item(construct: ConstructStructure, number: int, languages: Languages) -> ItemDefinition:
    key = item_key(construct, number)
    components = [name for name, numbers in construct.components.items() if number in numbers]
    wording = Wording(texts=languages.entry(lambda words: words.items, key))
    if construct.sponsors:
        own = languages.entry(lambda words: words.sponsor_items, key)
        wording = Wording(texts=wording.texts, overrides={"sponsor": own})
    return ItemDefinition(
        key=key,
        construct=construct.key,
        component=components[0] if components else None,
        reversed=number in construct.reversed,
        audiences=("sponsor", *_OBSERVERS) if construct.sponsors else _OBSERVERS,
        wording=wording,
    )
