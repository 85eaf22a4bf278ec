"""The table of units: what is recommended, which doubts stand beside it, what is hidden."""

from typing import Any, get_args

import msgspec
import pytest

from analytics.results import Constraint
from analytics.results.recommendation import NoChoice
from survey.report.document import (
    Choice,
    Hidden,
    Needs,
    Probability,
    Shares,
    Table,
    Term,
    UnitName,
    Verbatim,
    say,
)
from survey.report.overview import models_found
from survey.report.phrases import MARKS
from survey.report.units import choice, in_words, units_section
from tests.survey.report.findings import IDENTIFIED, LEANING, analysis, unit
from tests.survey.report.reading import keys, part_of, said

HIDDEN = msgspec.structs.replace(unit("H"), status="suppressed", respondents=None)


def section(*units: Any, whole: bool = False) -> Any:
    return units_section(analysis(*units), whole=whole)


def test_every_cell_of_a_unit_without_findings_is_hidden_with_its_reason() -> None:
    (row,) = part_of(section(unit("A")), Table).rows

    assert row.cells[2] == row.cells[3] == Hidden(say("hidden.few"))


def without_choice(*units: Any, because: Any, left_out: tuple[str, ...] = ()) -> Any:
    found = analysis(*units)
    pattern = msgspec.structs.replace(found.organisation, no_choice=because, left_out=left_out)
    return msgspec.structs.replace(found, organisation=pattern)


@pytest.mark.parametrize("because", get_args(NoChoice))
def test_a_model_that_nobody_gets_is_missing_for_the_true_reason(because: str) -> None:
    found = without_choice(unit("A"), because=because, left_out=("data_literacy",))
    reason = say(f"no_choice.{because}")
    (row,) = part_of(units_section(found, whole=False), Table).rows

    assert row.cells[2] == Hidden(say("hidden.no_choice", because=reason))
    assert models_found(found) == say("overview.no_choice", because=reason)


def test_reliability_is_not_blamed_because_some_condition_was_left_out() -> None:
    found = without_choice(unit("A"), because=msgspec.UNSET, left_out=("data_literacy",))
    (row,) = part_of(units_section(found, whole=False), Table).rows

    assert row.cells[2] == Hidden(say("hidden.few"))
    assert models_found(found) == say("overview.no_units")


def test_without_a_unit_to_show_nothing_else_is_blamed() -> None:
    found = without_choice(HIDDEN, because="unreliable")

    assert models_found(found) == say("overview.no_units")


def test_conditions_left_out_are_named() -> None:
    found = without_choice(unit("A"), because="unreliable", left_out=("data_literacy",))

    assert said(units_section(found, whole=False), "units.left_out")["constructs"].items == (
        Term("construct", "data_literacy"),
    )


def test_no_row_lacks_a_cell() -> None:
    table = part_of(section(unit("A", recommendation=LEANING), unit("B", parent="A")), Table)

    assert {len(row.cells) for row in table.rows} == {len(table.columns)}


def test_units_stand_below_their_parents() -> None:
    rows = part_of(section(unit("B", parent="C"), unit("A"), unit("C", parent="A")), Table).rows

    assert [(row.cells[0], row.depth) for row in rows] == [
        (UnitName("A"), 0),
        (UnitName("C"), 1),
        (UnitName("B"), 2),
    ]


@pytest.mark.parametrize("code", list(MARKS))
def test_a_doubt_stands_beside_the_recommendation_and_its_sentence_nearby(code: str) -> None:
    doubtful = msgspec.structs.replace(LEANING, reason_codes=(code,))
    found = section(unit("A", recommendation=doubtful))
    (row,) = part_of(found, Table).rows

    assert row.cells[2].marks == (code,)
    assert said(found, "mark.at")["mark"] == Verbatim(MARKS[code][0])
    assert said(found, "mark.at")["meaning"].key == MARKS[code][1]


def test_a_mark_that_no_unit_has_is_not_explained() -> None:
    assert "mark.at" not in keys(section(unit("A", recommendation=LEANING)))


def test_a_parent_shows_what_its_units_need_and_no_model_of_its_own() -> None:
    firm = msgspec.structs.replace(LEANING, status="firm", reason_codes=("UNLIKE",))
    open_ = msgspec.structs.replace(LEANING, status="no_clear_model")
    found = section(
        unit("P", recommendation=firm),
        unit("A", parent="P", recommendation=LEANING),
        unit("B", parent="P", recommendation=msgspec.structs.replace(firm, reason_codes=())),
        unit("C", parent="P", recommendation=open_),
    )
    first, *_ = part_of(found, Table).rows

    assert first.cells[2] == Needs(models=(("coe", 2),), open=1)
    assert "mark.at" not in keys(found)


def test_a_parent_of_hidden_units_alone_shows_its_own_model() -> None:
    hidden = msgspec.structs.replace(HIDDEN, parent="P")
    (row,) = part_of(section(unit("P", recommendation=LEANING), hidden), Table).rows

    assert row.cells[2] == choice(LEANING)


def test_hidden_units_are_counted_and_named_with_the_reason() -> None:
    figures = said(section(unit("A"), HIDDEN), "units.hidden")

    assert figures["units"].items == (UnitName("H"),)
    assert figures["k"].count == 5


def test_two_tied_causes_have_a_probability_each_and_no_sum() -> None:
    tied = Constraint(
        status="tied",
        dimensions=("workflow_redesign", "data_readiness"),
        probabilities={"workflow_redesign": 0.7, "data_readiness": 0.3},
    )
    (row,) = part_of(section(unit("A", constraint=tied)), Table).rows

    assert [one.arguments["chance"] for one in row.cells[3].items] == [
        Probability(0.7),
        Probability(0.3),
    ]


def test_one_known_cause_is_named_with_its_probability() -> None:
    (row,) = part_of(section(unit("A", constraint=IDENTIFIED)), Table).rows

    assert row.cells[3].items[0].arguments["name"] == Term("construct", "governance")


def open_choice(none_or_mixed: float) -> Choice:
    return msgspec.structs.replace(
        choice(LEANING), status="no_clear_model", none_or_mixed=none_or_mixed
    )


def test_mostly_none_or_a_mix_is_said_to_be() -> None:
    words = in_words(open_choice(0.82), Verbatim)

    assert words == say("choice.mixed", rest=Probability(0.82))


def test_two_models_that_are_close_are_both_named() -> None:
    assert in_words(open_choice(0.19), Verbatim).key == "choice.nearest"


def test_a_lean_is_called_one() -> None:
    assert in_words(choice(LEANING), Verbatim).key == "choice.lean"


def test_that_it_all_depends_on_the_theory_is_said_once() -> None:
    found = section(unit("A", recommendation=LEANING))

    assert [part.sentences[0].key for part in found.parts if hasattr(part, "role")].count(
        "units.theory"
    ) == 1


def test_a_short_table_leaves_the_lower_units_to_the_whole_report() -> None:
    below = [unit(f"{place}", parent="A") for place in range(60)]

    short, whole = (section(unit("A"), *below, whole=whole) for whole in (False, True))

    assert len(part_of(short, Table).rows) == 1
    assert said(short, "units.deeper")["count"].count == 60
    assert len(part_of(whole, Table).rows) == 61


def test_the_whole_table_is_also_a_figure_of_five_probabilities_per_unit() -> None:
    found = section(unit("A", recommendation=LEANING), unit("B"), whole=True)
    ((name, shares),) = part_of(found, Shares).rows

    assert name == UnitName("A")
    assert sum(shares.values()) == pytest.approx(1.0)
