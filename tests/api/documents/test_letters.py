"""Letters: a page per person, whose words are data and whose characters all have a shape."""

import re
from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest

from api.documents import letters
from api.documents.letters import (
    DocumentsNotInstalled,
    LetterSheet,
    NotPrintable,
    code_svg,
    print_letters,
    require_documents,
)
from seed.content import standard_instrument
from survey.campaigns.links import PersonalLink
from survey.report.letter import LetterFacts
from survey.report.wording import SPOKEN

PAGES = re.compile(rb"/Type ?/Page\b")
OPENED = datetime(2026, 11, 23, 9, tzinfo=UTC)
HOSTILE = [
    "#panic()",
    "*bold* _it_ $x$",
    "#sys.inputs",
    "<label> @ref",
    "\\ // /* `x`",
    "] #[",
    '"\\n',
]


def sheet(**facts: Any) -> LetterSheet:
    own = {"organisation": "Example", "mode": "anonymous", "closes_at": OPENED, "min_group": 5}
    return LetterSheet(
        facts=LetterFacts(**(own | {"contact": None} | facts)),
        titles=standard_instrument().title,
        dated=OPENED,
    )


def to(name: str, locale: str = "en", **fields: Any) -> PersonalLink:
    own = {"external_id": "e-1", "unit": "U1", "unit_name": "Sales", "role": "contributor"}
    link = "https://ask.example/f/UDWgnPZSXH-wCEPGAqxG1tVvkW0OZ5I7Nt4rPmyXc3E"
    return PersonalLink(**(own | {"name": name, "locale": locale, "link": link} | fields))


@pytest.fixture
def given(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """Give what reaches the letters, as data."""
    found: list[dict[str, Any]] = []
    made = letters._letter

    def noted(*arguments: Any) -> dict[str, Any]:
        found.append(made(*arguments))
        return found[-1]

    monkeypatch.setattr(letters, "_letter", noted)
    return found


@pytest.mark.parametrize("mode", ["anonymous", "confidential"])
@pytest.mark.parametrize("locale", [*SPOKEN["letter"], "it"])
def test_everybody_has_a_page_in_their_language(locale: str, mode: str) -> None:
    people = [to("Anna Bauer", locale), to("Ines Roth", locale, role="sponsor")]

    printed = print_letters(sheet(mode=mode), people)

    assert len(PAGES.findall(printed.pdf)) == 2
    assert printed.nameless == 0


@pytest.mark.parametrize("name", HOSTILE)
def test_markup_in_a_name_is_text(name: str, given: list[dict[str, Any]]) -> None:
    printed = print_letters(sheet(organisation=name, contact=name), [to(name, unit_name=name)])

    assert len(PAGES.findall(printed.pdf)) == 1
    assert given[0]["name"] == name


@pytest.mark.parametrize(
    "name", ["Łukasz Żółć", "Ελένη Παπαδοπούλου", "Yılmaz Şahin İğ", "Ёлкин"]
)
def test_names_of_europe_are_printed(name: str, given: list[dict[str, Any]]) -> None:
    assert print_letters(sheet(), [to(name)]).nameless == 0
    assert given[0]["name"] == name


def test_a_name_without_shapes_gives_way_to_the_id(given: list[dict[str, Any]]) -> None:
    printed = print_letters(sheet(), [to("王小明"), to("Anna 😀"), to("Anna")])

    assert printed.nameless == 2
    assert [one["name"] for one in given] == [None, None, "Anna"]
    assert given[0]["greeting"] == "Hello,"


@pytest.mark.parametrize("word", ["W" * 250, "Wendelin " * 28])
def test_the_longest_names_still_give_one_page(word: str) -> None:
    own = sheet(organisation=word, contact=word, mode="confidential")
    titled = msgspec.structs.replace(own, titles={"en": word})

    printed = print_letters(titled, [to(word, unit_name=word, external_id=word)])

    assert len(PAGES.findall(printed.pdf)) == 1


def test_what_every_letter_shows_must_have_a_shape() -> None:
    with pytest.raises(NotPrintable, match="the organisation's name: 株"):
        print_letters(sheet(organisation="Example 株"), [to("Anna")])


def test_characters_that_turn_others_around_are_left_out(given: list[dict[str, Any]]) -> None:
    print_letters(sheet(), [to("Anna\u202e\n  Bauer\u0007")])

    assert given[0]["name"] == "Anna Bauer"


def test_the_same_letters_are_the_same_bytes() -> None:
    people = [to("Anna"), to("Ines", "de")]

    assert print_letters(sheet(), people).pdf == print_letters(sheet(), people).pdf


def test_a_token_stands_on_a_line_of_its_own(given: list[dict[str, Any]]) -> None:
    print_letters(sheet(), [to("Anna")])

    base, token = given[0]["address"]
    assert base == "https://ask.example/f/"
    assert base + token == to("Anna").link


def test_letters_without_the_extra_name_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "typst", None)

    with pytest.raises(DocumentsNotInstalled, match=r"opmodel\[documents\]"):
        require_documents()


def test_a_code_has_the_white_border_that_readers_need() -> None:
    link = to("Anna").link

    with_border, bare = (code_svg(link, bare=bare).decode() for bare in (False, True))

    sizes = [int(re.search(r'viewBox="0 0 (\d+)', one)[1]) for one in (with_border, bare)]  # type: ignore[index]  # every image has one
    assert sizes[0] - sizes[1] == 8
