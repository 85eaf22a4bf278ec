import numpy as np
import pytest
from scipy.stats import norm, t

from analytics.diagnosis.prerequisites import prerequisites
from analytics.results.diagnosis import Prerequisite
from analytics.yardsticks import Condition, EvidenceLinks, Yardsticks
from tests.analytics.diagnosis.company import construct, study_of
from tests.analytics.studies import planned

YARDSTICKS = Yardsticks(
    version="1",
    in_place=3.4,
    conditions={
        "federated": (
            Condition(construct="data_readiness", needed=2.6),
            Condition(construct="governance", needed=3.4),
            Condition(construct="joint_ownership", needed=3.4),
        ),
    },
    evidence=EvidenceLinks(
        root_causes={"governance": ("central",)}, practices={"joint_ownership": ("both",)}
    ),
)
PARTS = (
    construct("data_readiness", 1),
    construct("governance", 1),
    construct("joint_ownership", 1, block="practice"),
)
LOW = [2, 3, 2, 3, 2, 3, 3, 2, 2, 3]
NEAR = [3, 4, 4, 3, 4, 3, 4, 4, 3, 3]
HIGH = [5, 4, 5, 5, 5, 4, 5, 5, 4, 5]


def read(model: str = "federated", **answers: list[int | None]) -> tuple[Prerequisite, ...]:
    base: dict[str, list[int | None]] = {
        "data_readiness_1": HIGH,
        "governance_1": LOW,
        "joint_ownership_1": NEAR,
    }
    study = study_of({"U": base | answers}, *PARTS)
    return prerequisites(study, planned(study), YARDSTICKS, {"U": model})["U"]


def test_what_is_surest_to_be_missing_comes_first() -> None:
    found = read()

    assert [(one.construct, one.status) for one in found] == [
        ("governance", "must_come_first"),
        ("joint_ownership", "uncertain"),
        ("data_readiness", "met"),
    ]


def test_the_score_stands_in_its_interval() -> None:
    expected = t.interval(0.95, 9, np.mean(NEAR), np.std(NEAR, ddof=1) / np.sqrt(10))

    found = next(one for one in read() if one.construct == "joint_ownership")

    assert (found.low, found.high) == pytest.approx(tuple(25 * (end - 1) for end in expected))


def test_the_probability_is_the_normal_tail_below_what_is_needed() -> None:
    # Single items: their variance is the typical .20 squared; people add S / n.
    variance = np.var(NEAR, ddof=1) / 10 + 0.2**2

    found = next(one for one in read() if one.construct == "joint_ownership")

    assert found.below == pytest.approx(norm.cdf(3.4, np.mean(NEAR), np.sqrt(variance)))


def test_score_and_need_are_given_from_0_to_100() -> None:
    found = read()[0]

    assert found.score == pytest.approx(25 * (np.mean(LOW) - 1))
    assert found.needed == pytest.approx(60.0)


def test_a_condition_whose_construct_may_not_be_shown_is_left_out() -> None:
    found = read(governance_1=[2, 3, 2, 3] + [None] * 6)

    assert "governance" not in {one.construct for one in found}


def test_conditions_carry_the_evidence_of_their_construct() -> None:
    evidence = {one.construct: one.evidence for one in read()}

    assert evidence == {
        "governance": ("central",),
        "joint_ownership": ("both",),
        "data_readiness": (),
    }


def test_a_model_without_conditions_needs_nothing_first() -> None:
    assert read("coe") == ()


def test_a_unit_without_a_model_is_absent() -> None:
    study = study_of({"U": {"governance_1": LOW}}, *PARTS)

    assert prerequisites(study, planned(study), YARDSTICKS, {}) == {}


def test_a_file_without_maturity_scales_sets_no_condition() -> None:
    study = study_of({"U": {"a_1": LOW}}, construct("a", 1, block="context"))

    assert prerequisites(study, planned(study), YARDSTICKS, {"U": "federated"}) == {}
