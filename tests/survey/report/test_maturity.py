"""Levels as words, each beside its points and their interval."""

import msgspec

from survey.report.document import Intervals, Points, Range, Table, Term
from survey.report.maturity import maturity_section
from tests.survey.report.findings import SCORES, unit
from tests.survey.report.reading import part_of, spoken


def test_a_level_is_a_word_and_stands_beside_its_interval() -> None:
    row, _ = part_of(maturity_section([unit("A", scores=SCORES)]), Table).rows

    assert row.cells == (
        Term("construct", "cross_function_breadth"),
        Term("level", "4"),
        Points(71.6),
        Range(Points(65.0), Points(78.0)),
    )


def test_the_lowest_come_first_in_the_sentence() -> None:
    found = maturity_section([unit("A", scores=SCORES)])

    assert spoken(found) == (
        "The lowest scores are those for production stage and breadth across functions."
    )


def test_every_level_is_also_drawn_with_its_interval() -> None:
    figure = part_of(maturity_section([unit("A", scores=SCORES)]), Intervals)

    assert figure.rows[0][1:] == (71.6, 65.0, 78.0)


def test_without_one_unit_above_all_others_there_is_no_company_to_speak_of() -> None:
    assert maturity_section([unit("A", scores=SCORES), unit("B", scores=SCORES)]) is None


def test_a_company_whose_scores_are_hidden_has_no_levels() -> None:
    hidden = msgspec.structs.replace(unit("A"), status="suppressed")

    assert maturity_section([hidden]) is None
