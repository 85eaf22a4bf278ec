import numpy as np
import pytest
from scipy.stats import multivariate_normal, norm

from analytics.diagnosis.phase_progress import gate_levels, phase_progress
from analytics.diagnosis.phases import Gate, Phase, Phases
from analytics.results.diagnosis import PhaseProgress
from analytics.study.study import Study
from analytics.yardsticks import EvidenceLinks
from tests.analytics.diagnosis.company import construct, study_of
from tests.analytics.studies import K, planned

LOW = [1, 2, 2, 1, 2, 2, 1, 2, 2, 2]
NEAR = [3, 4, 3, 4, 3, 3, 4, 3, 4, 3]
HIGH = [5, 4, 5, 5, 4, 5, 5, 4, 5, 5]
PARTS = (construct("a", 3), construct("b", 3))


def phases(*gates: tuple[Gate, ...], threshold: float = 3.4) -> Phases:
    """Build phases of ten weeks each, the last without an end."""
    return Phases(
        version="1",
        threshold=threshold,
        phases=tuple(
            Phase(
                key=f"p{number}",
                number=number,
                first_week=10 * number - 9,
                last_week=None if number == len(gates) else 10 * number,
                gates=group,
            )
            for number, group in enumerate(gates, 1)
        ),
    )


def gate(key: str, *items: str) -> Gate:
    return Gate(key=key, items=items)


def company(**answers: list[int | None]) -> Study:
    """Build one unit; an item that is not named is answered high."""
    items = [item.key for part in PARTS for item in part.items]
    return study_of({"U": {item: answers.get(item, HIGH) for item in items}}, *PARTS)


def read(study: Study, ladder: Phases, **options: object) -> PhaseProgress:
    return phase_progress(study, planned(study), ladder, k=K, **options)["U"]


TWO_GATES = phases((gate("one", "a_1", "a_2"), gate("two", "b_1", "b_2")))


def test_the_probability_of_a_gate_is_the_normal_tail_above_the_threshold() -> None:
    study = company(a_1=NEAR, a_2=HIGH[::-1], a_3=LOW)
    gates = gate_levels(study, planned(study), TWO_GATES, k=K)
    assert gates is not None
    mean, variance = gates.levels.means[0, 0], gates.levels.people[0, 0, 0]

    found = read(study, TWO_GATES).phases[0].gates[0]

    assert found.probability == pytest.approx(norm.sf(3.4, mean, np.sqrt(variance)), abs=5e-3)


def test_a_phase_is_passed_with_the_probability_of_all_its_gates_together() -> None:
    study = company(a_1=NEAR, a_2=NEAR[::-1], b_1=NEAR, b_2=HIGH, b_3=LOW)
    gates = gate_levels(study, planned(study), TWO_GATES, k=K)
    assert gates is not None
    # P(both >= t) is the distribution function of the negated means at -t.
    both = multivariate_normal(-gates.levels.means[0], gates.levels.people[0])

    found = read(study, TWO_GATES, draws=20_000).phases[0]

    assert found.probability == pytest.approx(both.cdf([-3.4, -3.4]), abs=5e-3)


def test_a_unit_stands_in_the_first_phase_that_is_not_passed() -> None:
    ladder = phases((gate("one", "a_1"),), (gate("two", "b_1"),), (gate("three", "a_2"),))

    found = read(company(b_1=LOW), ladder)

    assert [phase.status for phase in found.phases] == ["passed", "failed", "passed"]
    assert (found.phase, found.first_unmet) == ("p2", "two")


def test_a_unit_that_has_passed_everything_stays_in_the_last_phase() -> None:
    found = read(company(), TWO_GATES)

    assert (found.phase, found.first_unmet) == ("p1", None)


def test_the_gate_to_begin_with_is_the_first_that_is_not_passed() -> None:
    ladder = phases((gate("one", "a_1"), gate("two", "a_2"), gate("three", "b_1")))

    found = read(company(a_2=NEAR, b_1=LOW), ladder)

    assert found.first_unmet == "two"


def test_if_each_gate_is_passed_and_all_are_not_the_least_sure_comes_first() -> None:
    sure, spread = [4, 3, 4, 3, 4, 4, 3, 4, 3, 4], [5, 3, 4, 3, 4, 4, 3, 4, 3, 3]
    answers = {f"{part}_{n}": np.roll(sure, n).tolist() for part in "ab" for n in (1, 2, 3)}
    ladder = phases((gate("one", "a_1"), gate("two", "b_1"), gate("three", "b_2")))

    found = read(company(**answers | {"b_1": spread}), ladder)

    assert {one.status for one in found.phases[0].gates} == {"passed"}
    assert (found.phases[0].status, found.first_unmet) == ("uncertain", "two")


def test_a_gate_that_nothing_measures_is_listed_and_holds_nobody_back() -> None:
    ladder = phases((gate("one", "a_1"), gate("unasked")), (gate("two", "b_1"),))

    found = read(company(b_1=LOW), ladder)

    assert [one.status for one in found.phases[0].gates] == ["passed", "not_measured"]
    assert found.phase == "p2"


def test_a_phase_without_a_measured_gate_is_never_claimed_to_be_passed() -> None:
    found = read(company(), phases((gate("unasked"),), (gate("two", "b_1"),)))

    assert (found.phase, found.phases[0].status) == ("p1", "not_measured")
    assert found.first_unmet is None


def test_a_gate_whose_items_nobody_answered_is_not_measured() -> None:
    found = read(company(a_2=[None] * 10), phases((gate("one", "a_2"), gate("two", "b_1"))))

    assert found.phases[0].gates[0].status == "not_measured"


def test_answers_that_touch_no_gate_leave_nothing_to_say() -> None:
    assert read(company(), phases((gate("one", "z_1"),))) == PhaseProgress(
        status="not_measured"
    )


def test_a_gate_rests_on_those_of_its_items_that_were_asked() -> None:
    found = read(company(), phases((gate("one", "a_1", "z_1"),)))

    assert found.phases[0].gates[0].items == 1


def test_scores_are_given_from_0_to_100() -> None:
    found = read(company(), TWO_GATES)

    assert found.threshold == pytest.approx(60.0)
    assert found.phases[0].gates[0].mean == pytest.approx(25 * (np.mean(HIGH) - 1))


def test_the_weeks_are_those_of_the_phase() -> None:
    found = read(company(), phases((gate("one", "a_1"),), (gate("two", "b_1"),)))

    assert [(p.first_week, p.last_week) for p in found.phases] == [(1, 10), (11, None)]


def test_the_evidence_is_that_of_the_phase_and_of_any_plan() -> None:
    links = EvidenceLinks(phases={"p1": ("about_one",)}, findings={"plan": ("long",)})

    found = read(company(a_1=LOW, a_2=LOW), TWO_GATES, evidence=links)

    assert (found.evidence, found.plan_evidence) == (("about_one",), ("long",))


def test_gates_are_hidden_if_too_few_answered_one_of_them() -> None:
    # Everybody answers half of construct b, so b is shown; four answer the items of the gate.
    half = {"b_1": HIGH, "b_2": HIGH, "b_3": [5, 4, 5, 5] + [None] * 6}
    ladder = phases((gate("one", "a_1"), gate("two", "b_3")))

    study = company(**half)

    assert planned(study).shows("U", "b")
    assert read(study, ladder) == PhaseProgress(status="suppressed")


def test_gates_are_hidden_if_a_construct_they_draw_on_is() -> None:
    # Item b_1 has enough answers; construct b, with one of three items each, has no score.
    nobody: list[int | None] = [None] * 10
    ladder = phases((gate("one", "a_1"), gate("two", "b_1")))

    found = read(company(b_1=HIGH, b_2=nobody, b_3=nobody), ladder)

    assert found.status == "suppressed"


def test_a_unit_below_the_threshold_of_people_is_absent() -> None:
    items = {item.key: HIGH for part in PARTS for item in part.items}
    few = {key: answers[:4] for key, answers in items.items()}
    also = {key: answers[:5] for key, answers in items.items()}
    study = study_of({"U": items, "V": also, "few": few}, *PARTS)

    found = phase_progress(study, planned(study), TWO_GATES, k=K)

    assert "few" not in found


@pytest.mark.parametrize("seed", range(10))
def test_no_seed_moves_a_probability_by_more_than_a_hundredth(seed: int) -> None:
    study = company(a_1=NEAR, a_2=HIGH[::-1], a_3=LOW)

    first = read(study, TWO_GATES, seed=1234).phases[0].probability
    other = read(study, TWO_GATES, seed=seed).phases[0].probability

    assert other == pytest.approx(first, abs=0.01)
