"""Nothing that a report says is missing in a language, and nothing is there for no reason."""

import ast
from collections.abc import Iterator
from string import Formatter
from typing import get_args

import pytest
from babel.messages.catalog import Message

from survey.files.notices import NoticeCode
from survey.report.wording import SPOKEN, Topic, catalog
from tests.architecture.tracked import ROOT

SPEAKING = ("survey/report", "api/terminal", "api/cli")
"""Folders whose code names messages."""

SHAPES = {"", "inline", "start"}


CATALOGUES = [(topic, locale) for topic, locales in SPOKEN.items() for locale in locales]


def messages(locale: str, topic: Topic) -> dict[str, Message]:
    return {key_of(message): message for message in catalog(locale, topic) if message.id}


def english() -> dict[str, Message]:
    """Return the messages of all topics; none has a key that another has."""
    found: dict[str, Message] = {}
    for topic in SPOKEN:
        assert not found.keys() & messages("en", topic).keys()
        found |= messages("en", topic)
    return found


def key_of(message: Message) -> str:
    return message.id if isinstance(message.id, str) else message.id[0]


def forms(message: Message) -> tuple[str, ...]:
    return (message.string,) if isinstance(message.string, str) else tuple(message.string)


def placeholders(text: str) -> dict[str, str]:
    return {
        name: spec or "" for _, name, spec, _ in Formatter().parse(text) if name is not None
    }


def code() -> Iterator[ast.AST]:
    for folder in SPEAKING:
        for file in sorted((ROOT / folder).glob("*.py")):
            yield from ast.walk(ast.parse(file.read_text()))


def calls_of_say() -> list[ast.Call]:
    return [
        node
        for node in code()
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id == "say"
    ]


def keys_said() -> set[str]:
    """Return what stands first in a call of ``say``, directly or as one of two."""
    firsts = [call.args[0] for call in calls_of_say() if call.args]
    choices = [
        one
        for first in firsts
        for one in ([first.body, first.orelse] if isinstance(first, ast.IfExp) else [first])
    ]
    return {str(one.value) for one in choices if isinstance(one, ast.Constant)}


def all_strings() -> set[str]:
    return {
        node.value
        for node in code()
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }


@pytest.mark.parametrize("topic", SPOKEN)
def test_every_language_says_the_same_messages(topic: Topic) -> None:
    first, *others = (set(messages(locale, topic)) for locale in SPOKEN[topic])

    assert all(other == first for other in others)


def test_every_message_that_code_names_exists() -> None:
    assert keys_said() <= set(english())


def test_every_table_of_messages_in_the_code_names_messages_that_exist() -> None:
    """Dictionaries choose a message by a verdict: their values look like keys."""
    known = set(english())
    families = {key.split(".")[0] for key in known if "." in key}
    named = {
        text
        for text in all_strings()
        if text.split(".")[0] in families and "." in text and " " not in text.strip()
        if not text.endswith(".") and text.replace(".", "").replace("_", "").isalpha()
    }
    figures = {"unit.shares", "unit.reasons", "units.shares", "sponsorship.gaps"}
    sections = {"unit.diagnosis", "unit.sponsorship", "unit.maturity"}

    assert named - known - figures - sections == set()


def test_no_message_is_there_for_nothing() -> None:
    used = all_strings() | {f"notice.{code}" for code in get_args(NoticeCode)}

    assert set(english()) - used == set()


@pytest.mark.parametrize(("topic", "locale"), CATALOGUES)
def test_no_form_of_a_message_is_empty(topic: Topic, locale: str) -> None:
    empty = [
        key
        for key, message in messages(locale, topic).items()
        if not all(map(str.strip, forms(message)))
    ]

    assert empty == []


@pytest.mark.parametrize(("topic", "locale"), CATALOGUES)
def test_a_message_with_a_count_has_every_plural_form(topic: Topic, locale: str) -> None:
    plurals = catalog(locale, topic).num_plurals
    wrong = {
        key: len(forms(message))
        for key, message in messages(locale, topic).items()
        if len(forms(message)) != (plurals if takes_count(key) else 1)
    }

    assert wrong == {}


def takes_count(key: str) -> bool:
    return any("count" in placeholders(form) for form in forms(english()[key])) or (
        not isinstance(english()[key].id, str)
    )


@pytest.mark.parametrize(("topic", "locale"), CATALOGUES)
def test_every_placeholder_is_there_in_every_language(topic: Topic, locale: str) -> None:
    own = messages(locale, topic)
    differing = {
        key: (names(message), names(own[key]))
        for key, message in messages("en", topic).items()
        if names(message) != names(own[key])
    }

    assert differing == {}


def names(message: Message) -> set[str]:
    return {name for form in forms(message) for name in placeholders(form)}


@pytest.mark.parametrize(("topic", "locale"), CATALOGUES)
def test_placeholders_ask_for_no_unknown_shape(topic: Topic, locale: str) -> None:
    shapes = {
        shape
        for message in messages(locale, topic).values()
        for form in forms(message)
        for shape in placeholders(form).values()
    }

    assert shapes <= SHAPES


def test_code_hands_over_every_argument_that_a_message_wants() -> None:
    known = english()
    lacking = {}
    for call in calls_of_say():
        first = call.args[0] if call.args else None
        given = {keyword.arg for keyword in call.keywords}
        if isinstance(first, ast.Constant) and None not in given:
            missing = names(known[str(first.value)]) - given
            if missing:
                lacking[str(first.value)] = missing

    assert lacking == {}


def test_catalogues_keep_to_their_line_length() -> None:
    files = (ROOT / "survey" / "report" / "texts").rglob("*.po")
    long = [line for file in files for line in file.read_text().splitlines() if len(line) > 100]

    assert long == []
