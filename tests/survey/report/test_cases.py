"""Reports of small or oddly answered companies, which once contradicted themselves."""

from functools import cache
from math import erfc, sqrt
from typing import Any

import pytest

from analytics.results import Analysis, Thresholds, UnitResult
from analytics.results.diagnosis import GateResult
from seed.content import standard_instrument, theory, vocabulary
from survey.releases.of_files import analyse_files
from survey.report.report import summary, unit_report, whole_report
from tests.data import DATA
from tests.survey.report.reading import keys, said, sentences, spoken

Z = 1.959963984540054
HEAD_COUNTS = DATA / "head-counts"


@cache
def analysed(responses: str, units: str) -> Analysis:
    found = analyse_files(
        DATA / responses,
        DATA / units,
        instrument=standard_instrument(),
        theory=theory(),
        thresholds=Thresholds(),
        seed=0,
    )
    return found.findings.analysis


def small(head_counts: str) -> Analysis:
    """Return the six units of nine people each, with one of the files of head-counts."""
    return analysed("head-counts/small_responses.csv", f"head-counts/{head_counts}")


def mid_style() -> Analysis:
    """Return twelve units of 25 people who avoid the ends of the scale."""
    return analysed("mid-style/responses.csv", "mid-style/units.csv")


def count(part: Any, key: str) -> int:
    return sum(sentence.key == key for sentence in sentences(part))


def below_the_top(found: Analysis) -> list[UnitResult]:
    return [unit for unit in found.units if unit.parent is not None]


def gates(unit: UnitResult) -> dict[str, GateResult]:
    assert unit.readiness is not None
    return {gate.gate: gate for phase in unit.readiness.phases for gate in phase.gates}


def unshrunk(gate: GateResult, threshold: float) -> float:
    """Return the probability of passing that a gate's own mean and interval suggest."""
    assert gate.mean is not None
    assert gate.high is not None
    assert gate.low is not None
    error = (gate.high - gate.low) / (2 * Z)
    return 0.5 * erfc((threshold - gate.mean) / (error * sqrt(2)))


def test_small_units_have_no_place_to_start_that_the_company_contradicts() -> None:
    found = small("small_units_zero.csv")
    told = whole_report(found, vocabulary())

    assert "constraint.start" not in keys(told)
    assert "constraint.compete" in keys(told)


def test_a_unit_unlike_all_models_has_no_clear_one() -> None:
    unlike = [
        unit.recommendation
        for unit in small("small_units_zero.csv").units
        if unit.recommendation and "UNLIKE" in unit.recommendation.reason_codes
    ]

    assert unlike
    assert "firm" not in {one.status for one in unlike}


def test_what_rests_on_scales_below_60_says_so() -> None:
    found = small("small_units_zero.csv")
    given = [unit.recommendation for unit in found.units if unit.recommendation]

    assert all("UNRELIABLE" in one.reason_codes for one in given)
    assert (
        "Measured too unreliably to decide on (reliability below 0.60): problem definition."
        in (spoken(summary(found)))
    )


def test_without_head_counts_this_is_said_once_and_there_is_no_rate() -> None:
    told = whole_report(small("small_units_zero.csv"), vocabulary())

    assert count(told, "participation.no_headcounts") == 1
    assert "participation.rate" not in keys(told)


@pytest.mark.parametrize("whole", [False, True])
def test_outdated_head_counts_are_said_to_be_once_and_there_is_no_rate(whole: bool) -> None:
    found = small("small_units_below.csv")
    told = whole_report(found, vocabulary()) if whole else summary(found)

    assert count(told, "participation.no_rate") == 1
    assert keys(told).isdisjoint({"participation.rate", "participation.outdated"})


def test_a_phase_is_said_to_be_judged_by_the_answers_as_given() -> None:
    """A habit of agreeing or of avoiding the ends cannot be told from the answers alone."""
    found = mid_style()
    told = [unit_report(found, unit.unit, vocabulary()) for unit in found.units]

    assert [count(one, "phase.as_answered") for one in told] == [1] * len(found.units)
    assert "By what people answered, the company is in phase" in spoken(summary(found))


def test_gates_above_the_companys_level_are_shrunk_towards_it() -> None:
    found = mid_style()
    (company,) = (gates(unit) for unit in found.units if unit.parent is None)
    threshold = 60.0
    better = [
        gate
        for unit in below_the_top(found)
        for gate in gates(unit).values()
        if gate.mean is not None and gate.mean >= threshold > (company[gate.gate].mean or 0)
    ]

    assert len(better) > 5
    assert all((one.probability or 0) <= unshrunk(one, threshold) + 0.001 for one in better)


def test_how_far_units_lean_is_called_what_the_verdict_says() -> None:
    told = whole_report(mid_style(), vocabulary())

    assert {"structure.clear", "pattern.leans_clearly"} <= keys(told)


def test_no_more_units_are_counted_than_there_are() -> None:
    found = mid_style()
    told = whole_report(found, vocabulary())
    counted = ("sponsorship.open", "sponsorship.single", "sponsorship.start_open")

    assert max(said(told, key)["count"].count for key in counted) <= len(below_the_top(found))
