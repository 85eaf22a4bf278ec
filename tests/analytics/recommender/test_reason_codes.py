"""Every caveat has a case that brings it about."""

from dataclasses import replace

import numpy as np
import pytest

from analytics.recommender.judge import Case, Judge
from analytics.recommender.parameters import without_learning
from analytics.recommender.predictive import Predictive, plug_in
from analytics.recommender.recommend import recommend
from analytics.results import Recommendation
from analytics.study.unit_means import UnitMeans
from tests.analytics.recommender.reference import COMPONENTS
from tests.analytics.recommender.unit_means import ANCHORS, CENTRE, company, means

TWELVE = company(*[0, 1, 2, 3] * 3)
DIRECTIONS = ANCHORS.directions


def judged(row: np.ndarray, *, people: int = 60) -> Recommendation:
    """Judge one unit in a company of twelve clear ones."""
    return recommend(TWELVE, means(row, people=people), ANCHORS).recommendations["U000"]


def test_a_clear_unit_has_no_caveat() -> None:
    found = judged(CENTRE + 0.65 * DIRECTIONS[1])

    assert found.status == "firm"
    assert found.model == "federated"
    assert found.reason_codes == ()
    assert found.between is None


def test_between_names_both_models_of_the_blend() -> None:
    found = judged(CENTRE + 0.65 * (DIRECTIONS[0] + DIRECTIONS[2]) / 2)

    assert found.status == "no_clear_model"
    assert "BETWEEN" in found.reason_codes
    assert "CENTRE" not in found.reason_codes
    assert set(found.between or ()) == {"coe", "hybrid_squad"}


def test_centre_if_no_model_fits_better() -> None:
    found = judged(CENTRE)

    assert found.status == "no_clear_model"
    assert "CENTRE" in found.reason_codes
    assert found.between is None


def divided(variance: float) -> UnitMeans:
    """Build a unit of eight people of very different minds, by the error of their means."""
    errors = variance * np.eye(9)[None] + 0.12
    return means(CENTRE + 0.65 * DIRECTIONS[2], people=8, covariance=errors)


def test_few_says_how_many_answers_would_settle_it() -> None:
    found = recommend(TWELVE, divided(1.2), ANCHORS).recommendations["U000"]

    assert found.status == "no_clear_model"
    assert "FEW" in found.reason_codes
    assert found.more_answers is not None
    assert 8 < found.more_answers <= 24


def test_few_is_not_said_if_the_model_is_clear() -> None:
    found = judged(CENTRE + 0.65 * DIRECTIONS[1], people=5)

    assert found.more_answers is None
    assert "FEW" not in found.reason_codes


def test_unlike_is_added_to_a_unit_far_from_every_model() -> None:
    found = judged(CENTRE + np.array([2, -2, 2, -2, 2, -2, 2, -2, 2]) * 0.8)

    assert "UNLIKE" in found.reason_codes


def test_a_unit_unlike_all_models_has_no_firm_one() -> None:
    far = replace(case(0.9), distances=np.full(11, 40.0))

    assert JUDGE.recommendation(case(0.9)).status == "firm"
    assert JUDGE.recommendation(far).status == "lean"
    assert JUDGE.recommendation(replace(far, unnamed=True)).status == "lean"


PARAMETERS = without_learning(CENTRE[None], ANCHORS.matrix, COMPONENTS)
JUDGE = Judge(
    theory=ANCHORS,
    components=COMPONENTS,
    parameters=PARAMETERS,
    few_units=False,
    no_structure=False,
)


def case(probability: float, *, mix: np.ndarray = COMPONENTS.prior, second: int = 1) -> Case:
    """Build a federated unit of a given probability; the squads come next."""
    probabilities = np.full(11, (1 - probability) * 0.05)
    probabilities[1], probabilities[2] = probability, (1 - probability) * 0.55
    expected = plug_in(1, COMPONENTS, PARAMETERS)
    return Case(
        means=PARAMETERS.centroids[1],
        covariance=0.01 * np.eye(9),
        respondents=60,
        predictive=Predictive(expected.means, expected.covariances, mix[None]),
        probabilities=probabilities,
        distances=np.ones(11),
        second_opinion=second,
    )


@pytest.mark.parametrize(
    ("probability", "status"), [(0.9, "lean"), (0.74, "lean"), (0.68, "no_clear_model")]
)
def test_second_drops_one_band_if_the_partition_disagrees(
    probability: float, status: str
) -> None:
    found = JUDGE.recommendation(case(probability, second=2))

    assert (found.model, found.second_opinion) == ("federated", "hybrid_squad")
    assert found.status == status
    assert found.reason_codes == ("SECOND",)


def test_mix_is_said_if_a_flat_mix_would_change_the_model() -> None:
    leaning = COMPONENTS.prior.copy()
    leaning[1] = 20 * leaning[2]

    assert "MIX" in JUDGE.recommendation(case(0.7, mix=leaning)).reason_codes


def test_mix_is_not_said_if_the_evidence_carries_the_model() -> None:
    leaning = COMPONENTS.prior.copy()
    leaning[1] = 2 * leaning[2]

    assert "MIX" not in JUDGE.recommendation(case(0.9, mix=leaning)).reason_codes


def test_split_is_added_to_whatever_is_said() -> None:
    found = JUDGE.recommendation(replace(case(0.9), split=True))

    assert found.reason_codes == ("SPLIT",)


@pytest.mark.parametrize(("units", "said"), [(7, True), (8, False)])
def test_few_units_is_said_of_every_unit_below_eight(units: int, said: bool) -> None:
    few = company(*[0, 1, 2, 3, 0, 1, 2, 3][:units])

    found = recommend(few, few, ANCHORS).recommendations.values()

    assert {"FEW_UNITS" in each.reason_codes for each in found} == {said}


def test_codes_keep_one_order() -> None:
    found = recommend(company(0, 1, 2), divided(0.47), ANCHORS).recommendations["U000"]

    assert found.reason_codes == ("CENTRE", "FEW", "FEW_UNITS")
