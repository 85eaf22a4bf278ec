"""Small instrument definitions: valid by default, broken by the field that is replaced."""

from typing import Any

from survey.instruments.definition import InstrumentDefinition
from survey.instruments.parts import (
    BlockDefinition,
    CommentDefinition,
    Consent,
    ConstructDefinition,
    ItemDefinition,
    Privacy,
    Scale,
    Texts,
    Wording,
)

__all__ = ["construct", "item", "make_definition", "scale", "texts"]


def texts(en: str, de: str) -> Texts:
    """Return a text in both languages of ``make_definition``."""
    return {"en": en, "de": de}


def item(key: str, *, sponsor: Texts | None = None, **fields: Any) -> ItemDefinition:
    """Return an item of the construct ``pain``."""
    wording = Wording(
        texts=texts(f"{key} in English", f"{key} auf Deutsch"),
        overrides={"sponsor": sponsor} if sponsor else {},
    )
    return ItemDefinition(**({"key": key, "construct": "pain", "wording": wording} | fields))


def construct(key: str, **fields: Any) -> ConstructDefinition:
    """Return a construct of the block ``practice``."""
    named = {"name": texts(key, key), "description": texts(key, key)}
    return ConstructDefinition(**({"key": key, "block": "practice"} | named | fields))


def scale(**fields: Any) -> Scale:
    """Return a scale of three points."""
    labels = {"en": ("No", "Partly", "Yes"), "de": ("Nein", "Teils", "Ja")}
    return Scale(
        **(
            {
                "low": 1,
                "high": 3,
                "labels": labels,
                "cant_say": texts("Can't say", "Weiß nicht"),
            }
            | fields
        )
    )


def make_definition(**fields: Any) -> InstrumentDefinition:
    """Return a definition of one construct with two items and a comment."""
    valid = {
        "key": "small",
        "version": 1,
        "locales": ("en", "de"),
        "title": texts("Title", "Titel"),
        "introduction": Wording(texts=texts("Hello", "Hallo")),
        "scale": scale(),
        "blocks": (BlockDefinition(key="practice", title=texts("Practice", "Praxis")),),
        "constructs": (construct("pain"),),
        "items": (item("pain_1"), item("pain_2")),
        "comments": (CommentDefinition(key="comment_help", wording=item("help").wording),),
        "consent": Consent(
            text=texts("May we?", "Dürfen wir?"),
            agree=texts("Yes", "Ja"),
            decline=texts("No", "Nein"),
        ),
        "privacy": Privacy(
            anonymous=texts("At least {minGroup}.", "Mindestens {minGroup}."),
            confidential=texts("At least {minComments}.", "Mindestens {minComments}."),
            on_record=texts("On the record.", "Nicht anonym."),
        ),
    }
    return InstrumentDefinition(**(valid | fields))
