"""Who answered, and whether it matters who did not."""

from typing import Any

import msgspec
import pytest

from analytics.results.participation import (
    CompanyParticipation,
    LateAnswers,
    ResponseRate,
    UnitParticipation,
    WeightedMean,
)
from survey.report.document import Count, Points, Share, UnitName
from survey.report.participation import participation_section
from tests.survey.report.findings import unit
from tests.survey.report.reading import keys, said, spoken

RATE = ResponseRate(rate=0.25, low=0.2, high=0.3, respondents=1250, headcount=5000)


def mean(*, moved: bool, by: Any = "unit") -> WeightedMean:
    return WeightedMean(
        by=by,
        verdict="differs" if moved else "similar",
        weighted=51.0,
        unweighted=55.0,
        design_effect=1.25,
        effective_n=800.0,
        n=1000,
    )


def section(participation: UnitParticipation | None = None, **fields: Any) -> Any:
    base: dict[str, Any] = {"status": "reported", "everyone": RATE}
    company = CompanyParticipation(**base | fields)
    return participation_section(company, [unit("A", participation=participation)])


def test_a_full_count_needs_no_interval() -> None:
    assert spoken(section()) == "25% answered: 1,250 of 5,000 people."


def test_part_of_a_company_is_said_to_be_invited() -> None:
    invited = msgspec.structs.replace(RATE, population=5000)

    assert spoken(section(everyone=invited)) == (
        "25% of those invited answered: 1,250 of 5,000 people."
    )


def test_a_sample_says_of_how_many_it_was_drawn() -> None:
    drawn = msgspec.structs.replace(RATE, population=20_000)

    assert said(section(everyone=drawn), "participation.sample") == {
        "population": Count(20_000)
    }


def test_without_headcounts_it_says_so() -> None:
    unknown = section(status="no_headcounts", everyone=None)

    assert "participation.no_headcounts" in keys(unknown)


def test_a_company_below_the_threshold_says_nothing() -> None:
    assert section(status="suppressed") is None


def test_a_unit_where_few_answered_is_named_with_its_share() -> None:
    low = section(UnitParticipation(everyone=RATE, warnings=("low_response",)))

    assert said(low, "named.figure") == {"name": UnitName("A"), "figure": Share(0.25)}


@pytest.mark.parametrize(
    ("warning", "key"),
    [
        ("outdated_headcount", "participation.outdated"),
        ("no_headcount", "participation.no_headcount"),
    ],
)
def test_a_unit_that_is_in_no_rate_is_named(warning: Any, key: str) -> None:
    uncounted = section(UnitParticipation(warnings=(warning,)))

    assert said(uncounted, key)["units"].items == (UnitName("A"),)


def test_if_no_head_count_is_right_that_is_said_once() -> None:
    outdated = UnitParticipation(warnings=("outdated_headcount",))

    assert keys(section(outdated, everyone=None)) == {
        "participation.title",
        "participation.no_rate",
    }


def test_parents_whose_head_count_is_a_total_are_named() -> None:
    assert said(section(totals=("B",)), "participation.totals")["units"].items == (
        UnitName("B"),
    )


def test_a_score_that_weighting_moves_is_told_both_ways() -> None:
    moved = said(section(weighted={"governance": mean(moved=True)}), "weighting.moved")

    assert (moved["before"], moved["after"]) == (Points(55.0), Points(51.0))


def test_weighting_that_moves_nothing_says_so() -> None:
    unmoved = section(weighted={"governance": mean(moved=False)})

    assert "weighting.moves_nothing" in keys(unmoved)
    assert said(unmoved, "weighting.worth") == {"answers": Count(1000), "worth": Count(800)}


def test_weights_that_cost_no_precision_are_not_said_to() -> None:
    even = msgspec.structs.replace(mean(moved=False), effective_n=1000.0)

    assert "weighting.worth" not in keys(section(weighted={"governance": even}))


@pytest.mark.parametrize(
    ("moved", "key"),
    [(True, "weighting.moves.by_role"), (False, "weighting.moves_nothing.by_role")],
)
def test_weighting_by_role_is_called_that(moved: bool, key: str) -> None:
    by_role = mean(moved=moved, by="unit_and_role")

    assert key in keys(section(weighted={"governance": by_role}))


@pytest.mark.parametrize(
    ("late", "key"),
    [
        (LateAnswers(verdict="similar"), "late.similar"),
        (LateAnswers(verdict="inconclusive"), "late.inconclusive"),
        (LateAnswers(verdict="differs", constructs=("governance",)), "late.differs"),
    ],
)
def test_late_answers_have_a_sentence(late: LateAnswers, key: str) -> None:
    assert key in keys(section(late_answers=late))


def test_too_few_late_answers_are_not_spoken_of() -> None:
    found = section(late_answers=LateAnswers(verdict="too_few"))

    assert not {key for key in keys(found) if key.startswith("late.")}
