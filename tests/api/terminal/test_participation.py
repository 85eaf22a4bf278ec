"""Who answered, in the terminal."""

import io

import pytest
from rich.console import Console

from analytics.results.participation import (
    CompanyParticipation,
    LateAnswers,
    ResponseRate,
    UnitParticipation,
    WeightedMean,
)
from api.terminal.participation import print_participation

RATE = ResponseRate(rate=0.25, low=0.2, high=0.3, respondents=1250, headcount=5000)


def mean(*, moved: bool) -> WeightedMean:
    return WeightedMean(
        by="unit",
        verdict="differs" if moved else "similar",
        weighted=51.0,
        unweighted=55.0,
        design_effect=1.25,
        effective_n=800.0,
        n=1000,
    )


def told(company: CompanyParticipation, **units: UnitParticipation) -> str:
    file = io.StringIO()
    print_participation(
        Console(file=file, width=150, highlight=False), company, units, {"a": "Sales"}
    )
    return " ".join(file.getvalue().split())


def test_the_rate_comes_with_its_interval() -> None:
    line = "25% (1,250 of 5,000; 95% interval 20% to 30%) of the company answered."

    assert line in told(CompanyParticipation(status="reported", everyone=RATE))


def test_without_headcounts_it_says_so() -> None:
    assert "Without head-counts" in told(CompanyParticipation(status="no_headcounts"))


def test_a_company_below_the_threshold_says_nothing() -> None:
    assert told(CompanyParticipation(status="suppressed")) == ""


def test_a_unit_if_few_answered_is_named() -> None:
    unit = UnitParticipation(everyone=RATE, warnings=("low_response",))

    assert "Fewer than 30% answered in Sales (25%)" in told(
        CompanyParticipation(status="reported", everyone=RATE), a=unit
    )


def test_an_outdated_headcount_is_named() -> None:
    unit = UnitParticipation(everyone=RATE, warnings=("outdated_headcount",))

    assert "More people answered than the head-count says in Sales" in told(
        CompanyParticipation(status="reported", everyone=RATE), a=unit
    )


def test_a_score_that_weighting_moves_is_told_both_ways() -> None:
    company = CompanyParticipation(
        status="reported", everyone=RATE, weighted={"governance": mean(moved=True)}
    )

    assert "moves Governance from 55 to 51." in told(company)


def test_weighting_that_moves_nothing_says_so() -> None:
    company = CompanyParticipation(
        status="reported", everyone=RATE, weighted={"governance": mean(moved=False)}
    )

    assert "moves no score of the company" in told(company)


@pytest.mark.parametrize(
    ("late", "sentence"),
    [
        (LateAnswers(verdict="similar"), "Late answers say the same as early ones"),
        (LateAnswers(verdict="inconclusive"), "is open"),
        (LateAnswers(verdict="differs", constructs=("governance",)), "differ from early"),
    ],
)
def test_late_answers_have_a_sentence(late: LateAnswers, sentence: str) -> None:
    company = CompanyParticipation(status="reported", everyone=RATE, late_answers=late)

    assert sentence in told(company)


def test_too_few_late_answers_are_not_spoken_of() -> None:
    company = CompanyParticipation(
        status="reported", everyone=RATE, late_answers=LateAnswers(verdict="too_few")
    )

    assert "Late" not in told(company)
