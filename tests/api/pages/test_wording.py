"""The words of the pages exist in every language, and every one of them can be said."""

import re
from pathlib import Path
from string import Formatter

import pytest
from markupsafe import Markup

import api.pages
from api.pages.wording import LANGUAGES, Words, catalogue, language_name, words_beside

FOLDER = Path(api.pages.__file__).parent
KEYS = [message.id for message in catalogue("en") if message.id]
SAMPLES = {
    "zone": "UTC",
    "count": 2, "number": 1, "total": 2, "answered": 1, "group": 5, "comments": 10,
    "most": 1000, "low": 1, "high": 5, "cant": 0, "organisation": "A & B", "moment": "today",
    "day": "1 May", "time": "09:00", "title": "T", "code": "K",
}  # fmt: skip


def key_of(message_id: object) -> str:
    return message_id[0] if isinstance(message_id, tuple | list) else str(message_id)


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


def forms(message: object) -> list[str]:
    return [message] if isinstance(message, str) else list(message)  # type: ignore[call-overload]  # of two forms


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_message_can_be_said(language: str) -> None:
    words = Words(language, language)

    for message in catalogue(language):
        if not message.id:
            continue
        for count in (1, 2):
            given = {
                name: count if name == "count" else SAMPLES[name]
                for form in forms(message.string)
                for name in placeholders(form)
            }
            said = words(key_of(message.id), **given)
            assert said
            assert "{" not in said
            assert words.plain(key_of(message.id), **given)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_every_message_with_the_same_placeholders(language: str) -> None:
    def known(one: str) -> dict[str, set[str]]:
        return {
            key_of(message.id): set().union(*map(placeholders, forms(message.string)))
            for message in catalogue(one)
            if message.id
        }

    assert known(language) == known("en")
    assert all(all(forms(one.string)) for one in catalogue(language) if one.id)


def test_every_message_is_said_somewhere() -> None:
    sources = [*FOLDER.glob("*.py"), *FOLDER.glob("templates/*.html")]
    text = "\n".join(file.read_text() for file in sources)
    built = ("mode.", "review.", "preview.", "waiting.", "closing.", "closed.")

    unsaid = [
        key_of(key)
        for key in KEYS
        if f'"{key_of(key)}"' not in text and not key_of(key).startswith(built)
    ]

    assert unsaid == []


def test_only_literals_are_looked_up() -> None:
    """A text by somebody else as a key would be shown without being escaped."""
    for file in FOLDER.glob("templates/*.html"):
        for argument in re.findall(r"say(?:\.plain)?\(([^,)]*)", file.read_text()):
            assert argument.startswith(('"', "closes_at")), (file.name, argument)


def test_an_argument_is_escaped_and_kept_apart() -> None:
    said = words_beside("en")("from", organisation="<b>حملة</b> 2")

    assert said == Markup("A survey by <bdi>&lt;b&gt;حملة&lt;/b&gt; 2</bdi>")


def test_words_beside_a_text_in_another_language_are_marked() -> None:
    assert words_beside("ar")("screen.next") == '<span lang="en" dir="ltr">Next</span>'
    assert words_beside("de-AT")("screen.next") == "Weiter"


def test_a_message_that_does_not_exist_is_a_mistake() -> None:
    with pytest.raises(KeyError):
        words_beside("en")("no.such")


@pytest.mark.parametrize(
    ("language", "name"),
    [("de", "Deutsch"), ("fr", "Français"), ("pt-BR", "Português (Brasil)"), ("ar", "العربية")],
)
def test_a_language_is_named_in_itself(language: str, name: str) -> None:
    assert language_name(language) == name
