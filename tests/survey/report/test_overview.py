"""What was found, why, and what to do next, in a few sentences."""

from typing import Any

import msgspec
import pytest

from analytics.results import Gap, Sponsorship
from analytics.results.diagnosis import GateResult, PhaseProgress, PhaseResult, Prerequisite
from analytics.results.sponsorship import CompanySponsorship
from survey.report.document import Count, Term, UnitName
from survey.report.overview import (
    findings_section,
    models_found,
    next_steps_section,
    why_section,
)
from tests.survey.report.findings import IDENTIFIED, LEANING, SCORES, analysis, unit
from tests.survey.report.reading import keys, said, spoken

FIRM = msgspec.structs.replace(LEANING, status="firm")
OPEN = msgspec.structs.replace(
    LEANING, status="no_clear_model", between=("coe", "federated"), more_answers=7
)


def beyond(p: float) -> Sponsorship:
    return Sponsorship(
        status="reported", gap=Gap(estimate=20.0, low=5.0, high=35.0, adjusted_p=p)
    )


def steps(*units: Any, **fields: Any) -> Any:
    return next_steps_section(analysis(*units, **fields))


def test_units_are_counted_by_model_and_by_how_sure_that_is() -> None:
    units = [
        unit("A", recommendation=FIRM),
        unit("B", recommendation=LEANING),
        unit("C", recommendation=OPEN),
    ]

    assert spoken(findings_section(analysis(*units))) == (
        "1 of 3 units has a clear model: centre of excellence (1). 1 unit leans towards one "
        "model and 1 unit has no single model."
    )


def test_a_company_without_a_clear_model_is_told_so() -> None:
    none = models_found(analysis(unit("A", recommendation=OPEN)))

    assert none.key == "overview.none_clear"


def test_a_company_of_clear_models_is_told_of_nothing_else() -> None:
    assert models_found(analysis(unit("A", recommendation=FIRM))).key == "overview.clear"


def test_parents_are_not_counted_as_units() -> None:
    parent, child = unit("P", recommendation=FIRM), unit("A", parent="P", recommendation=FIRM)

    assert said(models_found(analysis(parent, child)), "overview.clear")["of"] == Count(1)


def test_what_speaks_for_a_model_is_said_to_be_high_or_low() -> None:
    few = {"cross_function_breadth": msgspec.structs.replace(
        SCORES["cross_function_breadth"], mean=10.0
    )}  # fmt: skip
    units = [unit("A", recommendation=FIRM, scores=SCORES), unit("B", scores=few)]

    reasons = why_section(analysis(*units))

    assert "Centre of excellence (1): breadth across functions high (1)." in spoken(reasons)


def test_the_causes_to_start_with_are_a_step() -> None:
    found = steps(unit("A", constraint=IDENTIFIED), constraint=IDENTIFIED)

    assert "constraint.compete" in keys(found)


def test_without_anything_pressing_there_are_no_steps() -> None:
    assert steps(unit("A", recommendation=FIRM)) is None


def test_a_gap_beyond_chance_is_a_step() -> None:
    figures = said(steps(unit("A", sponsorship=beyond(0.01))), "next.gaps")

    assert figures["units"].items[0].arguments["name"] == UnitName("A")


def test_a_gap_that_the_number_of_units_explains_is_not_pressed_on_anybody() -> None:
    assert steps(unit("A", sponsorship=beyond(0.2))) is None


def test_units_between_two_models_are_to_be_talked_about() -> None:
    pair = said(steps(unit("A", recommendation=OPEN)), "next.pair")

    assert [one.key for one in pair["models"].items] == ["coe", "federated"]


def test_units_that_only_lean_are_to_be_talked_about_too() -> None:
    assert said(steps(unit("A", recommendation=LEANING)), "next.leaning")["count"] == Count(1)


def test_how_many_answers_would_settle_it_is_a_step() -> None:
    wanted = said(steps(unit("A", recommendation=OPEN)), "named.about")

    assert wanted == {"name": UnitName("A"), "number": Count(7)}


def test_conditions_that_are_not_met_come_before_the_model() -> None:
    lacking = Prerequisite(
        model="coe",
        construct="governance",
        status="must_come_first",
        score=30.0,
        needed=60.0,
        below=0.99,
    )
    found = steps(
        unit("A", recommendation=msgspec.structs.replace(FIRM, prerequisites=(lacking,)))
    )

    assert said(found, "next.conditions")["count"] == Count(1)
    assert said(found, "named.figure")["name"] == Term("construct", "governance")


def test_the_companys_phase_comes_with_its_first_open_condition() -> None:
    phase = PhaseResult(
        phase="foundation",
        number=2,
        first_week=7,
        last_week=16,
        status="failed",
        gates=(GateResult(gate="data_audited", status="failed"),),
    )
    whole = unit(
        "A",
        readiness=PhaseProgress(
            status="reported",
            threshold=60.0,
            phase="foundation",
            first_unmet="data_audited",
            phases=(phase,),
        ),
    )

    found = steps(whole)

    assert said(found, "next.phase")["phase"] == Term("phase", "foundation")
    assert said(found, "gate.begin")["gate"] == Term("gate", "data_audited")


def test_what_sponsors_do_best_to_start_with_is_counted() -> None:
    company = CompanySponsorship(status="reported", start_with={"speaks": 3, "uses": 1})

    assert said(steps(unit("A"), sponsorship=company), "next.start")["count"] == Count(4)


@pytest.mark.parametrize("count", [1, 2])
def test_one_unit_is_not_called_units(count: int) -> None:
    units = [unit(f"U{place}", recommendation=LEANING) for place in range(count)]

    assert ("1 unit only leans" in spoken(steps(*units))) == (count == 1)
