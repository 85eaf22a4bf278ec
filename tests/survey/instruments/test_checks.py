"""Each kind of broken instrument definition is refused by name."""

from typing import Any

import pytest

from survey.files.respondents import FACTS
from survey.instruments.checks import FILE_COLUMNS, definition_problems
from survey.instruments.parts import BlockDefinition, CommentDefinition, Privacy, Wording
from tests.factories.definition import construct, item, make_definition, scale, texts

TWO_BLOCKS = (
    BlockDefinition(key="context", title=texts("Context", "Lage")),
    BlockDefinition(key="practice", title=texts("Practice", "Praxis")),
)
TWO_CONSTRUCTS = (construct("pain"), construct("data"))


def privacy(anonymous: str) -> Privacy:
    plain = texts("Plain", "Schlicht")
    return Privacy(anonymous=texts(anonymous, "Schlicht"), confidential=plain, on_record=plain)


def labels(*english: str) -> dict[str, tuple[str, ...]]:
    return {"en": english, "de": ("Nein", "Teils", "Ja")}


BROKEN: dict[str, tuple[dict[str, Any], str]] = {
    "key in capitals": (
        {"key": "Small One"},
        "The key 'Small One' is not lower-case letters, digits and hyphens.",
    ),
    "version zero": ({"version": 0}, "The version must be 1 or more, got 0."),
    "locale twice": ({"locales": ("en", "de", "en")}, "The locale en is named twice."),
    "locale not a tag": (
        {"locales": ("en", "de", "klingon!")},
        "The locale 'klingon!' is not a BCP 47 language tag.",
    ),
    "one point": (
        {"scale": scale(low=3)},
        "The scale must have 2 to 11 points, it has 1.",
    ),
    "twelve points": (
        {"scale": scale(low=0, high=11)},
        "The scale must have 2 to 11 points, it has 12.",
    ),
    "upside down": (
        {"scale": scale(low=5, high=1)},
        "The scale must have 2 to 11 points, it has -3.",
    ),
    "label missing": (
        {"scale": scale(labels=labels("No", "Yes"))},
        "The scale has 3 points and 2 labels in en.",
    ),
    "label empty": (
        {"scale": scale(labels=labels("No", " ", "Yes"))},
        "A label of the scale is empty in en.",
    ),
    "label twice": (
        {"scale": scale(labels=labels("No", "Yes", "Yes"))},
        "Two points of the scale are called 'Yes' in en.",
    ),
    "item twice": (
        {"items": (item("pain_1"), item("pain_1"))},
        "The item or comment pain_1 is defined twice.",
    ),
    "comment called like an item": (
        {"comments": (CommentDefinition(key="pain_1", wording=item("pain_1").wording),)},
        "The item or comment pain_1 is defined twice.",
    ),
    "construct twice": (
        {"constructs": (construct("pain"), construct("pain"))},
        "The construct pain is defined twice.",
    ),
    "block twice": (
        {"blocks": (TWO_BLOCKS[1], TWO_BLOCKS[1])},
        "The block practice is defined twice.",
    ),
    "key with a space": (
        {"items": (item("pain 1"),)},
        "The key 'pain 1' is not lower-case letters, digits and underscores.",
    ),
    "item called like a column": (
        {"items": (item("unit"),)},
        "The key unit would be another column of a respondent file.",
    ),
    "item called like a private column": (
        {"items": (item("x_pain"),)},
        "The key x_pain would be another column of a respondent file.",
    ),
    "block undefined": (
        {"constructs": (construct("pain", block="outcome"),)},
        "Construct pain is in the undefined block outcome.",
    ),
    "construct without items": (
        {"constructs": TWO_CONSTRUCTS},
        "Construct data has no item.",
    ),
    "construct undefined": (
        {"items": (item("pain_1"), item("pain_2", construct="joy"))},
        "Item pain_2 measures the undefined construct joy.",
    ),
    "component undefined": (
        {"items": (item("pain_1", component="sting"),)},
        "Item pain_1 is part of the undefined component sting.",
    ),
    "constructs out of order": (
        {
            "blocks": TWO_BLOCKS,
            "constructs": (construct("pain"), construct("data", block="context")),
            "items": (item("pain_1"), item("data_1", construct="data")),
        },
        "The constructs do not stand in the order of their blocks.",
    ),
    "items out of order": (
        {
            "constructs": TWO_CONSTRUCTS,
            "items": (item("pain_1"), item("data_1", construct="data"), item("pain_2")),
        },
        "The items do not stand in the order of their constructs.",
    ),
    "nobody asked": ({"items": (item("pain_1", audiences=()),)}, "Nobody is asked pain_1."),
    "audience twice": (
        {"items": (item("pain_1", audiences=("manager", "manager")),)},
        "pain_1 names the audience manager twice.",
    ),
    "wording for others": (
        {"items": (item("pain_1", sponsor=texts("I", "Ich")),)},
        "pain_1 has a wording for sponsor, who is not asked it.",
    ),
    "item untranslated": (
        {"items": (item("pain_1", wording=Wording(texts={"en": "Pain"})),)},
        "pain_1 has no text in de.",
    ),
    "sponsors' wording untranslated": (
        {"items": (item("pain_1", audiences=("sponsor",), sponsor={"de": "Ich"}),)},
        "pain_1, for sponsors, has no text in en.",
    ),
    "empty text": ({"title": texts(" ", "Titel")}, "The title has no text in en."),
    "labels untranslated": (
        {"scale": scale(labels={"de": ("Nein", "Teils", "Ja")})},
        "The scale has no text in en.",
    ),
    "promise untranslated": (
        {"privacy": Privacy(anonymous={"en": "x"}, confidential={}, on_record={})},
        "The privacy text for anonymous campaigns has no text in de.",
    ),
    "language too many": (
        {"title": texts("Title", "Titel") | {"fr": "Titre"}},
        "The title has a text in fr, which is not a locale of the instrument.",
    ),
    "unknown placeholder": (
        {"privacy": privacy("At least {minPeople}.")},
        "The privacy text for anonymous campaigns has a brace in en"
        " that stands for no threshold.",
    ),
    "stray brace": (
        {"privacy": privacy("At least minGroup}.")},
        "The privacy text for anonymous campaigns has a brace in en"
        " that stands for no threshold.",
    ),
}


def test_a_sound_definition_has_no_problem() -> None:
    assert definition_problems(make_definition()) == []


@pytest.mark.parametrize(("fields", "problem"), BROKEN.values(), ids=BROKEN.keys())
def test_a_broken_definition_is_refused_by_name(fields: dict[str, Any], problem: str) -> None:
    assert problem in definition_problems(make_definition(**fields))


@pytest.mark.parametrize(
    ("part", "problem"),
    [
        ("locales", "There is no locale."),
        ("blocks", "There is no block."),
        ("constructs", "There is no construct."),
        ("items", "There is no item or comment."),
    ],
)
def test_an_empty_definition_is_refused(part: str, problem: str) -> None:
    empty: dict[str, Any] = {part: (), "comments": ()}

    assert problem in definition_problems(make_definition(**empty))


@pytest.mark.parametrize("points", [2, 11])
def test_the_shortest_and_the_longest_scale_are_sound(points: int) -> None:
    numbers = tuple(str(point) for point in range(points))
    whole = scale(low=0, high=points - 1, labels={"en": numbers, "de": numbers})

    assert definition_problems(make_definition(scale=whole)) == []


def test_no_item_may_be_named_like_a_fact_of_a_respondent_file() -> None:
    assert FACTS.keys() == FILE_COLUMNS
