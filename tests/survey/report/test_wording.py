"""Figures, names and lists as they read in a language."""

import dataclasses

import pytest

from seed.content import vocabulary
from survey.catalogue.operating_models import ShortNames
from survey.report.document import (
    Argument,
    Count,
    Listing,
    Number,
    Points,
    Probability,
    Range,
    Share,
    Term,
    UnitName,
    Verbatim,
    say,
)
from survey.report.wording import Wording, language_name, nearest_locale

ENGLISH = Wording("en", vocabulary(), {"A": "Sales"})
GERMAN = Wording("de", vocabulary(), {"A": "Sales"})
NO_BREAK = "\N{NO-BREAK SPACE}"


def test_units_of_one_name_are_told_apart_by_their_codes() -> None:
    wording = Wording("en", vocabulary(), {"A": "Sales", "B": "Sales", "C": "Legal"})

    assert [wording.text(UnitName(code)) for code in "ABC"] == [
        "Sales (A)",
        "Sales (B)",
        "Legal",
    ]


@pytest.mark.parametrize(
    ("argument", "text"),
    [
        (Probability(0.82), "82%"),
        (Probability(0.999), "over 95%"),
        (Probability(1.0), "over 95%"),
        (Probability(0.0), "under 5%"),
        (Share(0.61), "61%"),
        (Share(1.0), "100%"),
        (Share(0.999), "over 99%"),
        (Share(0.001), "under 1%"),
        (Points(-0.3, signed=True), "0"),
        (Points(2.4, signed=True), "+2"),
        (Points(-2.6, signed=True), "-3"),
        (Points(0.46, digits=1), "0.5"),
        (Number(0.697), "0.70"),
        (Count(1236), "1,236"),
        (Range(Points(-0.4), Points(12.6)), "0 to 13"),
        (Listing((Verbatim("a"), Verbatim("b"), Verbatim("c")), "or"), "a, b or c"),
        (Listing((Verbatim("a"), Verbatim("b")), "and"), "a and b"),
        (Listing((Verbatim("a"), Verbatim("b"), Verbatim("c")), most=2), "a, b and 1 more"),
        (UnitName("A"), "Sales"),
        (UnitName("B"), "B"),
    ],
)
def test_figures_and_lists_in_english(argument: Argument, text: str) -> None:
    assert ENGLISH.text(argument) == text


@pytest.mark.parametrize(
    ("argument", "text"),
    [
        (Probability(0.82), f"82{NO_BREAK}%"),
        (Probability(0.999), f"über 95{NO_BREAK}%"),
        (Points(0.46, digits=1), "0,5"),
        (Count(1236), "1.236"),
        (Range(Points(2), Points(6)), "2 bis 6"),
        (Listing((Verbatim("a"), Verbatim("b")), "or"), "a oder b"),
        (Term("model", "coe"), "Kompetenzzentrum"),
    ],
)
def test_figures_and_lists_in_german(argument: Argument, text: str) -> None:
    assert GERMAN.text(argument) == text


@pytest.mark.parametrize(
    ("key", "text"),
    [
        ("workflow_redesign", "workflow redesign (70%)"),
        ("mlops_capability", "in-house skill to run AI (70%)"),
    ],
)
def test_a_name_within_an_english_sentence_is_small(key: str, text: str) -> None:
    named = say("named.figure", name=Term("construct", key), figure=Probability(0.7))

    assert ENGLISH.text(named) == text


def test_an_abbreviation_stays_as_it_is() -> None:
    named = say("named.figure", name=Term("model_short", "coe"), figure=Probability(0.7))

    assert ENGLISH.text(named) == "CoE (70%)"


def test_the_count_chooses_the_plural() -> None:
    one, many = (say("overview.open", count=Count(number)) for number in (1, 2))

    assert ENGLISH.text(one) == "1 unit has no single model"
    assert ENGLISH.text(many) == "2 units have no single model"


def test_a_name_that_a_language_lacks_is_english() -> None:
    assert vocabulary().name(Term("construct", "governance"), "it") == "Governance"


def test_a_model_without_a_short_name_goes_by_its_whole_name() -> None:
    nameless = dataclasses.replace(vocabulary(), short_names=ShortNames(models={}))

    assert nameless.name(Term("model_short", "coe"), "en") == "Centre of excellence"


@pytest.mark.parametrize("argument", [say("invented"), Term("construct", "invented")])
def test_what_nobody_has_words_for_is_an_error(argument: Argument) -> None:
    with pytest.raises(KeyError, match="invented"):
        ENGLISH.text(argument)


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ("de", ("de", True)),
        ("de-AT", ("de", True)),
        ("en_GB", ("en", True)),
        ("fr", ("en", False)),
    ],
)
def test_the_nearest_language_is_found(wanted: str, found: tuple[str, bool]) -> None:
    assert nearest_locale(wanted) == found


def test_privacy_statements_speak_languages_in_which_there_is_no_report() -> None:
    assert nearest_locale("fr-CA", "privacy") == ("fr", True)
    assert nearest_locale("it", "privacy") == ("en", False)


def test_what_is_no_language_is_refused() -> None:
    with pytest.raises(ValueError, match="qq"):
        nearest_locale("qq")


def test_a_language_without_a_report_can_be_named() -> None:
    assert language_name("fr-CA") == "French"
