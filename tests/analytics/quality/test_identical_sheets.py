"""Sheets that are the same are named if chance cannot have made them."""

import numpy as np
from numpy.random import Generator, default_rng
from numpy.typing import NDArray

from analytics.quality.identical_sheets import identical_sheets


def sheets(
    random: Generator, people: int, items: int, *, style: float = 1.0
) -> NDArray[np.float64]:
    """Draw answers 1 to 5 of people who each have a level of their own."""
    level = random.normal(0, style, size=(people, 1))
    return np.clip(np.rint(3 + level + random.normal(0, 1, size=(people, items))), 1, 5)


def test_a_copied_sheet_is_named_with_the_one_that_it_equals() -> None:
    answers = sheets(default_rng(1), 60, 60)
    answers[50] = answers[7]

    assert identical_sheets(answers) == [(50, 7)]


def test_a_sheet_with_other_gaps_is_another_sheet() -> None:
    answers = sheets(default_rng(1), 60, 60)
    answers[50] = answers[7]
    answers[50, 3] = np.nan

    assert identical_sheets(answers) == []


def test_equal_sheets_of_few_answers_are_chance() -> None:
    answers = sheets(default_rng(2), 2_000, 6)

    assert len(np.unique(answers, axis=0)) < 2_000
    assert identical_sheets(answers) == []


def test_equal_sheets_of_people_who_agree_on_nearly_all_are_chance() -> None:
    random = default_rng(3)
    answers = np.where(random.random((300, 24)) < 0.97, 4.0, 5.0)

    assert len(np.unique(answers, axis=0)) < 300
    assert identical_sheets(answers) == []


def test_independent_people_of_strong_styles_are_hardly_ever_named() -> None:
    random = default_rng(4)

    named = [identical_sheets(sheets(random, 200, 25, style=2.0)) for _ in range(20)]

    assert sum(map(bool, named)) <= 1
