"""The diagnosis in sentences: what a director reads, with the figures behind each."""

from typing import Any

import pytest

from analytics.results.diagnosis import (
    ComponentResult,
    Diagnosis,
    GateResult,
    GovernanceAudit,
    PhaseProgress,
    PhaseResult,
    PracticeResult,
    Practices,
    Prerequisite,
)
from seed.content import diagnosis, vocabulary
from survey.report.diagnosis import diagnosis_parts
from survey.report.document import Count, Points, Probability, Term
from tests.survey.report.reading import keys, said, spoken


def found(**parts: Any) -> list[Any]:
    return list(diagnosis_parts(Diagnosis(**parts), vocabulary()))


def gate(key: str, probability: float | None, **fields: Any) -> GateResult:
    if probability is None:
        return GateResult(gate=key, status="not_measured")
    base: dict[str, Any] = {
        "status": "uncertain", "items": 2, "mean": 55.4, "low": 48.0, "high": 62.0,
    }  # fmt: skip
    return GateResult(gate=key, probability=probability, **base | fields)


def readiness(
    *gates: GateResult, probability: float | None = 0.4, **fields: Any
) -> PhaseProgress:
    stage = PhaseResult(
        phase="workflow_pilot",
        number=1,
        first_week=17,
        last_week=28,
        status="uncertain",
        probability=probability,
        gates=gates,
    )
    later = PhaseResult(
        phase="live_operations", number=2, first_week=29, status="passed", gates=()
    )
    base: dict[str, Any] = {
        "status": "reported",
        "threshold": 60.0,
        "phase": "workflow_pilot",
        "phases": (stage, later),
    }
    return PhaseProgress(**base | fields)


def prerequisite(status: Any, below: float) -> Prerequisite:
    return Prerequisite(
        model="federated",
        construct="governance",
        status=status,
        score=38.2,
        low=31.0,
        high=45.4,
        needed=60.0,
        below=below,
        evidence=("central_governance",),
    )


def test_what_must_come_first_is_said_with_its_score_and_its_reason() -> None:
    first = found(prerequisites=(prerequisite("must_come_first", 0.9),))

    assert spoken(first).startswith(
        "Federated model needs something first: governance has 38 points of 100 and needs 60. "
        "The probability that it lies below is 90%."
    )
    assert "nobody checks after them" in spoken(first)
    assert first[0].sources == ("central_governance",)


def test_a_condition_too_close_to_call_is_no_condition_met() -> None:
    unsure = found(prerequisites=(prerequisite("uncertain", 0.5),))

    assert said(unsure, "condition.uncertain")["chance"] == Probability(0.5)
    assert "condition.met" not in keys(unsure)


def test_conditions_that_are_met_are_said_to_be() -> None:
    met = found(prerequisites=(prerequisite("met", 0.1),))

    assert spoken(met) == (
        "What this model needs first is there (federated model): governance (38)."
    )


def test_a_phase_is_said_with_its_weeks_and_its_first_open_condition() -> None:
    first = gate("measured_financially", 0.4)
    phase = found(readiness=readiness(first, first_unmet="measured_financially"))

    assert "Phase 1 of 2: piloted workflow redesign (weeks 17 to 28)." in spoken(phase)
    assert said(phase, "gate.begin.score")["score"] == Points(55.4)
    assert said(phase, "gate.begin.score")["chance"] == Probability(0.4)


def test_a_gate_from_one_question_says_so() -> None:
    single = gate("financial_measures", 0.4, items=1)

    assert "gate.begin.single" in keys(
        found(readiness=readiness(single, first_unmet="financial_measures"))
    )


def test_a_gate_that_was_not_asked_says_what_to_bring() -> None:
    phase = found(readiness=readiness(gate("controlled_group", None)))

    assert said(phase, "gate.not_measured")["gate"] == Term("gate", "controlled_group")
    assert said(phase, "gate.bring")["evidence"] == Term("gate_bring", "controlled_group")


def test_later_phases_that_are_passed_leave_the_earlier_gates_open() -> None:
    assert said(found(readiness=readiness()), "phase.ahead")["phases"].items == (Count(2),)


def test_the_duration_stands_beside_any_plan_with_its_sources() -> None:
    plan = diagnosis().evidence.findings["plan"]

    phase = found(readiness=readiness(plan_evidence=plan))

    assert "takes 12 to 24 months." in spoken(phase)
    assert phase[-1].sources == plan


@pytest.mark.parametrize(
    ("status", "key"),
    [("suppressed", "phase.hidden"), ("not_measured", "phase.not_measured")],
)
def test_a_readiness_without_phases_says_why(status: Any, key: str) -> None:
    assert keys(found(readiness=PhaseProgress(status=status))) == {key}


def component(mean: float, weakest: float) -> ComponentResult:
    return ComponentResult(
        mean=mean, low=30.0, high=50.0, level=3, n=12, probability_weakest=weakest
    )


def test_the_weakest_component_comes_with_what_good_looks_like() -> None:
    audit = GovernanceAudit(
        status="identified",
        weakest=("audit",),
        components={"audit": component(40.0, 0.85), "override": component(60.0, 0.15)},
    )

    text = spoken(found(governance_audit=audit))

    assert "rules and records 40 (30 to 50), overruling the AI 60 (30 to 50)" in text
    assert "The weakest is rules and records (85%)." in text
    assert "every single result can be looked up later" in text


def test_a_hidden_audit_says_so() -> None:
    assert keys(found(governance_audit=GovernanceAudit(status="suppressed"))) == {
        "governance.hidden"
    }


def test_practices_are_grouped_by_whether_they_are_in_place() -> None:
    levels: dict[str, Any] = {"mean": 70.0, "low": 60.0, "high": 80.0, "level": 4, "n": 12}
    practices = Practices(
        threshold=60.0,
        practices={
            "data_first": PracticeResult(status="in_place", items=1, probability=0.9, **levels),
            "joint_ownership": PracticeResult(
                status="not_in_place", items=2, probability=0.1, **levels
            ),
        },
    )

    text = spoken(found(practices=practices))

    assert "In place: data first 70 (60 to 80), probability 90%." in text
    assert "Not in place: joint ownership 70" in text
    assert text.endswith("Measured with a single question: data first.")


def test_nothing_found_is_nothing_said() -> None:
    assert found() == []
