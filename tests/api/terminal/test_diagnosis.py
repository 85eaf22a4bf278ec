"""The diagnosis as text: what a director reads, with the figures behind each sentence."""

import pytest

from analytics.results import Constraint
from analytics.results.constraint import Importance
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
from api.terminal.diagnosis import Guide, diagnosis_lines
from api.terminal.footnotes import Footnotes
from seed.content import diagnosis, evidence, phases

GUIDE = Guide(phases=phases(), yardsticks=diagnosis())


def text(**parts: object) -> str:
    return "\n".join(diagnosis_lines(Diagnosis(**parts), GUIDE, Footnotes(evidence())))


def constraint(**fields: object) -> Constraint:
    base = {
        "status": "identified",
        "dimensions": ("governance",),
        "probabilities": {"governance": 0.9, "data_readiness": 0.1},
        "distance": {"estimate": 1.2, "low": -0.4, "high": 3.1},
    }
    return Constraint(**base | fields)


def gate(key: str, probability: float | None, **fields: object) -> GateResult:
    if probability is None:
        return GateResult(gate=key, status="not_measured")
    base = {"status": "uncertain", "items": 2, "mean": 55.4, "low": 48.0, "high": 62.0}
    return GateResult(gate=key, probability=probability, **base | fields)


def readiness(
    *gates: GateResult, probability: float | None = 0.4, **fields: object
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
    base = {
        "status": "reported",
        "threshold": 60.0,
        "phase": "workflow_pilot",
        "phases": (stage, later),
    }
    return PhaseProgress(**base | fields)


def prerequisite(status: str, below: float) -> Prerequisite:
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


def test_a_constraint_is_named_with_probability_distance_and_interval() -> None:
    assert text(constraint=constraint()) == (
        "Hidden constraint: governance, 90% probable to be the lowest root cause; "
        "1 point below the next (0 to 3)."
    )


def test_two_tied_root_causes_are_named_together_without_a_distance() -> None:
    tied = constraint(
        status="tied",
        dimensions=("governance", "data_readiness"),
        probabilities={"governance": 0.5, "data_readiness": 0.4, "workflow_redesign": 0.1},
    )

    assert "governance or data readiness, 90% probable" in text(constraint=tied)
    assert "below the next" not in text(constraint=tied)


def test_an_open_verdict_says_what_is_likeliest() -> None:
    unclear = constraint(
        status="insufficient_evidence",
        dimensions=(),
        probabilities={"governance": 0.35, "data_readiness": 0.45, "workflow_redesign": 0.2},
    )

    assert text(constraint=unclear) == (
        "Hidden constraint: not certain yet; most probably data readiness (45%) or "
        "governance (35%)."
    )


def test_a_verdict_that_may_not_be_shown_says_so() -> None:
    hidden = Constraint(status="insufficient_evidence", dimensions=())

    assert "not every root cause may be shown" in text(constraint=hidden)


def test_importance_goes_together_and_never_causes() -> None:
    known = {"governance": Importance(share=0.31, low=0.2, high=0.45)}

    said = text(constraint=constraint(importance=known)).split("\n")[1]

    assert "governance goes together with 31%" in said
    assert "cause" not in said


def test_merged_scales_are_named_together() -> None:
    shared = Importance(share=0.31, low=0.2, high=0.45, merged_with=("data_readiness",))

    said = text(constraint=constraint(importance={"governance": shared}))

    assert "governance with data readiness goes together" in said


def test_what_must_come_first_is_said_with_its_score_and_its_reason() -> None:
    said = text(prerequisites=(prerequisite("must_come_first", 0.97),))

    assert said.startswith("Federated, but governance 38 must come first: 60 is needed")
    assert "nobody checks after them" in said


def test_a_condition_too_close_to_call_is_no_condition_met() -> None:
    said = text(prerequisites=(prerequisite("uncertain", 0.5),))

    assert "too close to call" in said
    assert "is there" not in said


def test_conditions_that_are_met_are_said_to_be() -> None:
    said = text(prerequisites=(prerequisite("met", 0.1),))

    assert said == "Federated: what it needs first is there (governance 38)."


def test_a_phase_is_said_with_its_weeks_and_the_gate_to_begin_with() -> None:
    said = text(
        readiness=readiness(
            gate("measured_financially", 0.4), first_unmet="measured_financially"
        )
    )

    assert "Phase 1 of 2: Piloted workflow redesign (weeks 17 to 28)." in said
    assert "Score 55 (48 to 62), 60 needed; 40% probable to be passed." in said


def test_a_gate_from_one_question_says_so() -> None:
    single = gate("financial_measures", 0.4, items=1)

    assert "one question" in text(readiness=readiness(single, first_unmet="financial_measures"))


def test_a_gate_that_was_not_asked_says_what_to_bring() -> None:
    said = text(readiness=readiness(gate("controlled_group", None)))

    assert "Not told by the answers: A controlled group works with it. Bring: " in said


def test_later_phases_that_are_passed_leave_the_earlier_gates_open() -> None:
    assert "all measured gates of phase 2 are passed" in text(readiness=readiness())


def test_the_duration_stands_beside_any_plan() -> None:
    plan = diagnosis().evidence.findings["plan"]

    said = text(readiness=readiness(plan_evidence=plan))

    assert "takes 12 to 24 months. [1]" in said
    assert "expect results within six months. [3]" in said


def test_draws_that_all_agree_are_no_certainty() -> None:
    assert "It is <1% probable that all" in text(readiness=readiness(probability=0.0))


@pytest.mark.parametrize(
    ("status", "said"),
    [("suppressed", "to protect small groups"), ("not_measured", "nothing that was asked")],
)
def test_a_readiness_without_phases_says_why(status: str, said: str) -> None:
    assert said in text(readiness=PhaseProgress(status=status))


def test_the_weakest_component_comes_with_what_good_looks_like() -> None:
    levels = {"mean": 40.0, "low": 30.0, "high": 50.0, "level": 3, "n": 12}
    found = GovernanceAudit(
        status="identified",
        weakest=("audit",),
        components={
            "audit": ComponentResult(**levels, probability_weakest=0.85),
            "override": ComponentResult(**levels | {"mean": 60.0}, probability_weakest=0.15),
        },
    )

    said = text(governance_audit=found)

    assert "audit 40 (30 to 50), override 60 (30 to 50)" in said
    assert "Weakest is audit (85% probable)." in said
    assert "every single result can be looked up later" in said


def test_a_hidden_audit_says_so() -> None:
    said = text(governance_audit=GovernanceAudit(status="suppressed"))

    assert said == "Governance audit: not shown, to protect small groups."


def test_practices_are_grouped_by_whether_they_are_in_place() -> None:
    levels = {"mean": 70.0, "low": 60.0, "high": 80.0, "level": 4, "n": 12}
    found = Practices(
        threshold=60.0,
        practices={
            "data_first": PracticeResult(status="in_place", items=1, probability=0.9, **levels),
            "joint_ownership": PracticeResult(
                status="not_in_place", items=2, probability=0.1, **levels
            ),
        },
    )

    said = text(practices=found)

    assert "In place: data first 70 (60 to 80, 90% probable)." in said
    assert "Not in place: joint ownership 70" in said
    assert said.endswith("Each from a single question: data first.")


def test_nothing_found_is_nothing_said() -> None:
    assert text() == ""


def test_a_figure_is_numbered_once_however_often_it_is_referred_to() -> None:
    notes = Footnotes(evidence())

    marks = [notes.mark(("six_months", "air_india")), notes.mark(("six_months",))]

    assert marks == [" [1] [2]", " [1]"]
    assert len(notes.lines()) == 2


@pytest.mark.parametrize(
    ("key", "note"),
    [
        ("workflow_first", "(McKinsey, 2025, secondary)"),
        ("chief_executive_sponsors", "(McKinsey, no year given, secondary)"),
        ("time_to_scale", "(Practitioner article, naming no source, 2026, secondary)"),
    ],
)
def test_a_note_names_source_year_and_standing(key: str, note: str) -> None:
    notes = Footnotes(evidence())
    notes.mark((key,))

    assert notes.lines()[0].endswith(note)


def test_a_figure_that_does_not_exist_is_an_error() -> None:
    with pytest.raises(KeyError, match="invented"):
        Footnotes(evidence()).mark(("invented",))
