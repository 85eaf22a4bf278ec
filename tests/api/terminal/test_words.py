"""Figures and lists as they read in a report."""

import pytest

from api.terminal.words import chance, first_few, in_words, signed, span, units_text


@pytest.mark.parametrize(
    ("number", "digits", "text"),
    [(2.4, 0, "+2"), (-2.6, 0, "-3"), (-0.3, 0, "+0"), (-0.04, 1, "+0.0"), (1.26, 1, "+1.3")],
)
def test_a_signed_number_never_reads_as_minus_zero(
    number: float, digits: int, text: str
) -> None:
    assert signed(number, digits) == text


def test_an_interval_is_in_whole_points() -> None:
    assert span(-0.4, 12.6) == "0 to 13"


def test_draws_that_all_agree_are_no_certainty() -> None:
    assert (chance(0.0), chance(1.0)) == ("<1%", ">99%")


def test_one_unit_is_no_plural() -> None:
    assert (units_text(1), units_text(2)) == ("1 unit", "2 units")


@pytest.mark.parametrize(
    ("names", "text"), [(["a"], "a"), (["a", "b"], "a and b"), (["a", "b", "c"], "a, b and c")]
)
def test_all_names_are_listed_with_an_and_before_the_last(names: list[str], text: str) -> None:
    assert in_words(names) == text


@pytest.mark.parametrize(("most", "text"), [(3, "a, b, c"), (2, "a, b and 1 more")])
def test_names_beyond_the_first_few_are_counted(most: int, text: str) -> None:
    assert first_few(["a", "b", "c"], most) == text
