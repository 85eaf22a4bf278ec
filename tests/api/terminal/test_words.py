"""Names and lists as they read in the terminal."""

import pytest

from api.terminal.words import first_few, printable


@pytest.mark.parametrize(("most", "text"), [(3, "a, b, c"), (2, "a, b and 1 more")])
def test_names_beyond_the_first_few_are_counted(most: int, text: str) -> None:
    assert first_few(["a", "b", "c"], most) == text


def test_a_name_cannot_steer_the_terminal() -> None:
    assert printable("\x1b[2J") == "�[2J"


def test_a_space_that_must_not_break_stays_one() -> None:
    assert printable("95\N{NO-BREAK SPACE}%") == "95\N{NO-BREAK SPACE}%"
