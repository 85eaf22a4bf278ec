"""Levels as words, each beside its points and their interval."""

from typing import Any

import msgspec

from analytics.results.record import Score
from seed.content import vocabulary
from survey.report.document import Intervals, Points, Range, Table, Term
from survey.report.maturity import maturity_section
from tests.survey.report.findings import SCORES, unit
from tests.survey.report.reading import part_of, spoken

MATURE = {
    "governance": msgspec.structs.replace(SCORES["cross_function_breadth"], mean=70.0),
    "data_first": msgspec.structs.replace(SCORES["cross_function_breadth"], mean=30.0),
}


def section(scores: dict[str, Score] = SCORES) -> Any:
    return maturity_section([unit("A", scores=scores)], vocabulary())


def test_a_level_is_a_word_and_stands_beside_its_interval() -> None:
    row, _ = part_of(section(), Table).rows

    assert row.cells == (
        Term("construct", "cross_function_breadth"),
        Term("level", "4"),
        Points(71.6),
        Range(Points(65.0), Points(78.0)),
    )


def test_the_lowest_come_first_in_the_sentence() -> None:
    assert spoken(section(MATURE)) == (
        "The lowest scores are those for data first and governance."
    )


def test_what_only_describes_the_work_is_called_neither_strong_nor_weak() -> None:
    found = section(MATURE | SCORES)
    strong_or_weak, context = (part for part in found.parts if isinstance(part, Table))

    assert [row.cells[0].key for row in strong_or_weak.rows] == ["governance", "data_first"]
    assert [row.cells[0].key for row in context.rows] == list(SCORES)
    assert "breadth across functions" not in spoken(found)


def test_every_level_is_also_drawn_with_its_interval() -> None:
    figure = part_of(section(), Intervals)

    assert figure.rows[0][1:] == (71.6, 65.0, 78.0)


def test_without_one_unit_above_all_others_there_is_no_company_to_speak_of() -> None:
    assert (
        maturity_section([unit("A", scores=SCORES), unit("B", scores=SCORES)], vocabulary())
        is None
    )


def test_a_company_whose_scores_are_hidden_has_no_levels() -> None:
    hidden = msgspec.structs.replace(unit("A"), status="suppressed")

    assert maturity_section([hidden], vocabulary()) is None
