"""Every caveat has a case that brings it about."""

import numpy as np
import pytest

from analytics.recommender import recommend
from analytics.results import Recommendation
from tests.analytics.recommender.builders import ANCHORS, CENTRE, company, means

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


def test_centre_where_no_model_fits_better() -> None:
    found = judged(CENTRE)

    assert found.status == "no_clear_model"
    assert "CENTRE" in found.reason_codes
    assert found.between is None


# Eight people of very different minds: the error of their means is .7 a construct.
DIVIDED = means(
    CENTRE + 0.65 * DIRECTIONS[2], people=8, covariance=0.58 * np.eye(9)[None] + 0.12
)


def test_few_says_how_many_answers_would_settle_it() -> None:
    found = recommend(TWELVE, DIVIDED, ANCHORS).recommendations["U000"]

    assert found.status == "no_clear_model"
    assert "FEW" in found.reason_codes
    assert found.more_answers is not None
    assert 8 < found.more_answers <= 24


def test_few_is_not_said_where_the_model_is_clear() -> None:
    found = judged(CENTRE + 0.65 * DIRECTIONS[1], people=5)

    assert found.more_answers is None
    assert "FEW" not in found.reason_codes


def test_unlike_is_added_to_a_unit_far_from_every_model() -> None:
    found = judged(CENTRE + np.array([2, -2, 2, -2, 2, -2, 2, -2, 2]) * 0.8)

    assert "UNLIKE" in found.reason_codes


@pytest.mark.parametrize(
    ("away", "probability", "status"),
    [(0.75, 0.74, "lean"), (0.70, 0.68, "no_clear_model")],
)
def test_second_drops_one_band_where_the_partition_disagrees(
    away: float, probability: float, status: str
) -> None:
    # Sixty units draw the centroid of the federated towards a unit that the anchors give to
    # the squads.
    crowd = means([CENTRE + 0.4 * DIRECTIONS[1] + 0.4 * DIRECTIONS[2]] * 60)
    unit = means(CENTRE + 0.25 * DIRECTIONS[1] + away * DIRECTIONS[2], people=500)

    found = recommend(crowd, unit, ANCHORS).recommendations["U000"]

    assert (found.model, found.second_opinion) == ("hybrid_squad", "federated")
    assert found.probabilities["hybrid_squad"] == pytest.approx(probability, abs=0.01)
    assert found.status == status
    assert found.reason_codes == ("SECOND",)


@pytest.mark.parametrize(("units", "said"), [(7, True), (8, False)])
def test_few_units_is_said_of_every_unit_below_eight(units: int, said: bool) -> None:
    few = company(*[0, 1, 2, 3, 0, 1, 2, 3][:units])

    found = recommend(few, few, ANCHORS).recommendations.values()

    assert {"FEW_UNITS" in each.reason_codes for each in found} == {said}


def test_codes_keep_one_order() -> None:
    found = recommend(company(0, 1, 2), DIVIDED, ANCHORS).recommendations["U000"]

    assert found.reason_codes == ("CENTRE", "FEW", "FEW_UNITS")
