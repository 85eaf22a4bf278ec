"""The whole diagnosis, on a company drawn before the project began."""

import json
from itertools import pairwise
from pathlib import Path

import msgspec
import polars as pl
import pytest

from analytics.analysis import analyse
from analytics.diagnosis.diagnose import diagnose
from analytics.diagnosis.verdicts import COMPANY
from analytics.disclosure import plan_disclosure
from analytics.results import Analysis
from analytics.results.diagnosis import Diagnosis
from analytics.study import Study
from seed.content import diagnosis, operating_models, phases, standard_instrument

DATA = Path(__file__).parents[2] / "data" / "company-north"
RESPONSES = pl.read_csv(DATA / "responses.csv")
UNITS = pl.read_csv(DATA / "units.csv")
INSTRUMENT = standard_instrument().measures()
MODELS = {"U001": "federated", "U017": "managed_service"}


def run(responses: pl.DataFrame = RESPONSES) -> dict[str, Diagnosis]:
    study = Study.of(responses, INSTRUMENT, UNITS)
    plan = plan_disclosure(study, k=5)
    return diagnose(study, plan, phases().measures(), diagnosis().measures(), MODELS, k=5)


@pytest.fixture(scope="module")
def found() -> dict[str, Diagnosis]:
    return run()


@pytest.fixture(scope="module")
def analysis() -> Analysis:
    anchors = operating_models().anchors()
    return analyse(RESPONSES, INSTRUMENT, anchors, units=UNITS).analysis


def test_every_reported_unit_and_the_company_are_diagnosed(
    found: dict[str, Diagnosis], analysis: Analysis
) -> None:
    reported = {unit.unit for unit in analysis.units if unit.status == "reported"}

    assert set(found) == reported | {COMPANY}


def test_a_verdict_lies_as_far_ahead_as_the_scores_beside_it(
    found: dict[str, Diagnosis], analysis: Analysis
) -> None:
    for unit in analysis.units:
        verdict = found[unit.unit].constraint
        assert verdict is not None
        assert verdict.probabilities is not None
        assert verdict.distance is not None
        assert unit.scores is not None
        means = sorted(unit.scores[key].mean for key in verdict.probabilities)
        assert verdict.distance["estimate"] == pytest.approx(means[1] - means[0])


def test_practices_have_the_scores_that_stand_beside_them(
    found: dict[str, Diagnosis], analysis: Analysis
) -> None:
    for unit in analysis.units:
        practices = found[unit.unit].practices
        assert practices is not None
        assert unit.scores is not None
        for key, practice in practices.practices.items():
            score = unit.scores[key]
            assert (practice.mean, practice.low, practice.high, practice.n) == (
                score.mean,
                score.low,
                score.high,
                score.n,
            )


def test_prerequisites_have_the_scores_that_stand_beside_them(
    found: dict[str, Diagnosis], analysis: Analysis
) -> None:
    unit = next(unit for unit in analysis.units if unit.unit == "U001")

    assert unit.scores is not None
    for one in found["U001"].prerequisites:
        assert one.score == unit.scores[one.construct].mean


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
