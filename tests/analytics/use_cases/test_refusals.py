"""Every way in which criteria, weights and candidates can be wrong."""

import math

import pytest

from analytics.errors import AnalyticsError
from analytics.results.use_cases import Candidate
from analytics.use_cases.criteria import Criteria, Criterion
from analytics.use_cases.ranking import rank_use_cases
from tests.analytics.use_cases.rated import CRITERIA, candidate, criteria


def refused(match: str, **wrong: object) -> None:
    candidates = wrong.pop("candidates", [])
    with pytest.raises(AnalyticsError, match=match):
        rank_use_cases(candidates, CRITERIA, **wrong)


def test_two_candidates_of_one_key_are_refused() -> None:
    refused("Two candidates have the key 'a'", candidates=[candidate("a"), candidate("a")])


def test_a_score_on_an_unknown_criterion_is_refused() -> None:
    refused("rated on the unknown 'colour'", candidates=[candidate("a", colour=1)])


def test_an_unknown_ground_for_deferral_is_refused() -> None:
    strange = Candidate(key="a", deferrals={"weather": True})

    refused("rated on the unknown 'weather'", candidates=[strange])


@pytest.mark.parametrize("score", [-1, 5, 2.5])
def test_a_score_outside_the_scale_is_refused(score: float) -> None:
    refused("not a whole number from 0 to 4", candidates=[candidate("a", cost=score)])


@pytest.mark.parametrize("weights", [{"cost": 1.0}, {"cost": 1.0, "data": 1.0, "colour": 1.0}])
def test_weights_that_do_not_name_each_criterion_once_are_refused(
    weights: dict[str, float],
) -> None:
    refused("must name each criterion once", weights=weights)


@pytest.mark.parametrize("weight", [-1.0, math.nan, math.inf])
def test_a_weight_that_is_negative_or_not_finite_is_refused(weight: float) -> None:
    refused("finite, not negative", weights={"cost": weight, "data": 2.0})


def test_weights_that_are_all_zero_are_refused() -> None:
    refused("not all zero", weights={"cost": 0.0, "data": 0.0})


def test_a_criterion_named_twice_is_refused() -> None:
    twice = Criterion(key="cost", weight=1.0)

    with pytest.raises(AnalyticsError, match="named twice"):
        Criteria(version="test", scored=(twice, twice))


def test_criteria_without_any_are_refused() -> None:
    with pytest.raises(AnalyticsError, match="not all zero"):
        criteria()
