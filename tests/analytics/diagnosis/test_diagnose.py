"""The whole diagnosis, on a company drawn before the project began."""

import json
from itertools import pairwise

import msgspec
import polars as pl
import pytest

from analytics.diagnosis.diagnose import diagnose
from analytics.diagnosis.unit_constraints import COMPANY
from analytics.disclosure.figures import shown_scores
from analytics.disclosure.plan import plan_disclosure
from analytics.results import Score
from analytics.results.diagnosis import Diagnosis
from analytics.study.group_scores import group_scores
from analytics.study.study import Study
from seed.content import diagnosis, phases, standard_instrument
from tests.data import DATA

NORTH = DATA / "company-north"
RESPONSES = pl.read_csv(NORTH / "responses.csv")
UNITS = pl.read_csv(NORTH / "units.csv")
INSTRUMENT = standard_instrument().measures()
MODELS = {"U001": "federated", "U017": "managed_service"}


Scores = dict[str, dict[str, Score]]


def run(responses: pl.DataFrame = RESPONSES) -> dict[str, Diagnosis]:
    study = Study.of(responses, INSTRUMENT, UNITS)
    plan = plan_disclosure(study, k=5)
    return diagnose(study, plan, phases().measures(), diagnosis().measures(), MODELS, k=5)


@pytest.fixture(scope="module")
def found() -> dict[str, Diagnosis]:
    return run()


@pytest.fixture(scope="module")
def scores() -> Scores:
    """Return the scores that stand beside the diagnosis of every reported unit."""
    study = Study.of(RESPONSES, INSTRUMENT, UNITS)
    plan = plan_disclosure(study, k=5)
    everyone = group_scores(study.people, study.keys, study.tree, study.weights)["all"]
    return {
        code: shown_scores(everyone, plan, study.tree, code)
        for code in study.tree.codes
        if plan.reports(code)
    }


def test_every_reported_unit_and_the_company_are_diagnosed(
    found: dict[str, Diagnosis], scores: Scores
) -> None:
    assert set(found) == {*scores, COMPANY}


def test_a_verdict_lies_as_far_ahead_as_the_scores_beside_it(
    found: dict[str, Diagnosis], scores: Scores
) -> None:
    for unit, beside in scores.items():
        verdict = found[unit].constraint
        assert verdict is not None
        assert verdict.probabilities is not None
        assert verdict.distance is not None
        means = sorted(beside[key].mean for key in verdict.probabilities)
        assert verdict.distance["estimate"] == pytest.approx(means[1] - means[0])


def test_practices_have_the_scores_that_stand_beside_them(
    found: dict[str, Diagnosis], scores: Scores
) -> None:
    for unit, beside in scores.items():
        practices = found[unit].practices
        assert practices is not None
        for key, one in practices.practices.items():
            score = beside[key]
            assert (one.level, one.n) == (score.level, score.n)
            assert (one.mean, one.low, one.high) == pytest.approx(
                (score.mean, score.low, score.high)
            )


def test_prerequisites_have_the_scores_that_stand_beside_them(
    found: dict[str, Diagnosis], scores: Scores
) -> None:
    assert found["U001"].prerequisites
    for one in found["U001"].prerequisites:
        assert one.score == pytest.approx(scores["U001"][one.construct].mean)


def test_a_phase_is_never_surer_than_its_gates(found: dict[str, Diagnosis]) -> None:
    stages = [
        phase for one in found.values() if one.readiness for phase in one.readiness.phases
    ]

    assert len(stages) > 50
    for phase in stages:
        gates = [gate.probability for gate in phase.gates if gate.probability is not None]
        assert phase.probability is not None
        assert phase.probability <= min(gates)


def test_the_phase_of_every_unit_follows_only_on_passed_ones(
    found: dict[str, Diagnosis],
) -> None:
    for one in found.values():
        if one.readiness is None or one.readiness.status != "reported":
            continue
        before = [p for p in one.readiness.phases if p.phase != one.readiness.phase]
        current = next(p for p in one.readiness.phases if p.phase == one.readiness.phase)
        earlier = [p.status for p in before if p.number < current.number]
        assert set(earlier) <= {"passed"}


def test_gates_without_a_question_are_named_for_every_unit(
    found: dict[str, Diagnosis],
) -> None:
    readiness = found["U001"].readiness
    assert readiness is not None

    gates = [gate for phase in readiness.phases for gate in phase.gates]

    assert len(gates) == 13
    assert {gate.gate for gate in gates if gate.status == "not_measured"} == {
        "controlled_group",
        "drift_thresholds",
        "degradation_incident",
    }


def test_phases_come_in_their_order_with_their_weeks(found: dict[str, Diagnosis]) -> None:
    readiness = found["U001"].readiness
    assert readiness is not None

    spans = [(phase.first_week, phase.last_week) for phase in readiness.phases]

    assert all(last + 1 == first for (_, last), (first, _) in pairwise(spans))


def test_the_order_of_rows_changes_nothing(found: dict[str, Diagnosis]) -> None:
    assert run(RESPONSES.sample(fraction=1.0, shuffle=True, seed=3)) == found


def test_the_record_is_in_camel_case_and_leaves_out_what_is_absent(
    found: dict[str, Diagnosis],
) -> None:
    document = json.loads(msgspec.json.encode(found["U017"]))

    assert document["readiness"]["firstUnmet"] == "owner_on_call"
    assert "lastWeek" not in document["readiness"]["phases"][3]
    assert set(json.loads(msgspec.json.encode(found[COMPANY]))) == {"constraint"}


def test_a_file_of_context_items_alone_leaves_only_the_gates_they_tell_about() -> None:
    context = [item.key for part in INSTRUMENT.block("context") for item in part.items]
    kept = RESPONSES.select("respondent_id", "unit", "role", "duration_s", *context)
    others = kept.filter(pl.col("role") != "sponsor")

    found = run(others)["U017"]

    assert (found.constraint, found.governance_audit, found.practices) == (None, None, None)
    assert found.readiness is not None
    assert found.readiness.phases[1].status == "not_measured"
