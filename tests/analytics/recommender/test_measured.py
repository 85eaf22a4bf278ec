"""Unreliable constructs are marked, and lose their say if even their upper bound is low."""

from dataclasses import replace

import msgspec
import numpy as np
import pytest

from analytics.recommender.measured import Measured
from analytics.recommender.recommend import RecommenderResult, recommend
from analytics.results.quality import Reliability, ScaleQuality
from analytics.study.unit_means import UnitMeans
from tests.analytics.recommender.unit_means import ANCHORS, company

TWELVE = company(*[0, 1, 2, 3] * 3)
NINE = ANCHORS.constructs


def scale(value: float, high: float, **fields: object) -> ScaleQuality:
    omega = Reliability(
        coefficient="omega",
        verdict="do_not_use" if value < 0.60 else "reliable",
        omega=value,
        omega_low=0.0,
        omega_high=high,
        alpha=value,
        alpha_low=0.0,
        alpha_high=0.99,
        items={},
    )
    found = msgspec.structs.replace(omega, **fields)
    return ScaleQuality(status="reported", reliability=found, invariance="not_tested")


def recommended(measured: Measured) -> RecommenderResult:
    return recommend(TWELVE, TWELVE, ANCHORS, measured=measured)


@pytest.mark.parametrize(
    ("value", "high", "doubtful", "left_out"),
    [
        (0.70, 0.80, False, False),
        (0.60, 0.70, False, False),
        (0.59, 0.61, True, False),
        (0.50, 0.60, True, False),
        (0.50, 0.59, True, True),
    ],
)
def test_only_a_whole_interval_below_60_takes_a_construct_its_say(
    value: float, high: float, doubtful: bool, left_out: bool
) -> None:
    found = Measured.of({"one": scale(value, high)})

    assert ("one" in found.doubtful, "one" in found.left_out) == (doubtful, left_out)


def test_without_an_omega_the_interval_of_alpha_decides() -> None:
    alpha = scale(0.4, 0.5, coefficient="alpha", omega=None, omega_high=None, alpha_high=0.59)

    assert Measured.of({"one": alpha}).left_out == {"one"}


def test_a_construct_of_unknown_reliability_keeps_its_say() -> None:
    unknown = ScaleQuality(status="too_few_people", invariance="not_tested")

    assert Measured.of({"one": unknown}) == Measured()


def test_every_recommendation_names_the_doubtful_constructs_that_it_used() -> None:
    found = recommended(Measured(doubtful=frozenset(NINE[:2])))

    for given in found.recommendations.values():
        assert "UNRELIABLE" in given.reason_codes
        assert given.unreliable == NINE[:2]
    assert found.pattern.left_out == ()


def test_a_construct_left_out_has_no_say_and_is_no_doubt() -> None:
    gone = frozenset(NINE[:1])

    found = recommended(Measured(doubtful=gone, left_out=gone))
    without = recommend(TWELVE, TWELVE, ANCHORS.restricted_to(NINE[1:]))

    assert found.recommendations == without.recommendations
    assert found.pattern.left_out == NINE[:1]


def test_doubts_change_no_probability() -> None:
    doubted = recommended(Measured(doubtful=frozenset(NINE))).recommendations
    trusted = recommended(Measured()).recommendations

    for code, given in trusted.items():
        assert doubted[code].probabilities == given.probabilities
        assert doubted[code].status == given.status


@pytest.mark.parametrize(("left", "recommends"), [(5, True), (4, False)])
def test_four_constructs_choose_no_model(left: int, recommends: bool) -> None:
    gone = frozenset(NINE[left:])

    found = recommended(Measured(doubtful=gone, left_out=gone))

    assert bool(found.recommendations) is recommends
    assert found.pattern.left_out == NINE[left:]


def told(measured: Measured, *answered: str) -> object:
    """Return why nothing is recommended if only some constructs were answered."""
    columns = [NINE.index(key) for key in answered]
    means = np.full_like(TWELVE.means, np.nan)
    means[:, columns] = TWELVE.means[:, columns]
    units = replace(TWELVE, means=means)
    return recommend(units, units, ANCHORS, measured=measured).pattern.no_choice


def test_too_few_reliable_constructs_are_the_reason_if_they_are() -> None:
    assert told(Measured(left_out=frozenset(NINE[4:])), *NINE) == "unreliable"


def test_reliability_is_not_blamed_if_nobody_answered() -> None:
    assert told(Measured(left_out=frozenset(NINE[:1]))) == "unanswered"


def test_reliability_is_not_blamed_if_the_questions_asked_are_the_same_for_two_models() -> None:
    only = ("live_service_need",)
    columns = [NINE.index(key) for key in only]
    asked = UnitMeans(
        TWELVE.units,
        only,
        TWELVE.n[:, columns],
        TWELVE.means[:, columns],
        TWELVE.within[np.ix_(columns, columns)],
        TWELVE.covariance[:, columns][:, :, columns],
    )

    found = recommend(asked, asked, ANCHORS, measured=Measured(left_out=frozenset(only)))

    assert found.pattern.no_choice == "indistinct"


def test_no_reason_is_told_if_something_is_recommended() -> None:
    assert told(Measured(left_out=frozenset(NINE[:1])), *NINE) is msgspec.UNSET
