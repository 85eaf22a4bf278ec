"""Bands, sets and the caveats that go with them."""

import numpy as np
import pytest

from analytics.recommender.certainty import (
    band_of,
    is_unlike_all,
    leading_blend,
    lowered,
    more_answers,
    set90,
)
from analytics.recommender.parameters import components_of, without_learning
from analytics.recommender.posterior import plug_in_posterior
from analytics.recommender.predictive import plug_in
from tests.analytics.recommender.unit_means import ANCHORS, CENTRE, means
from tests.factories.recommendations import MODELS

COMPONENTS = components_of(MODELS, ANCHORS.mask)
PARAMETERS = without_learning(CENTRE[None], ANCHORS.matrix, COMPONENTS)
EXPECTED = plug_in(1, COMPONENTS, PARAMETERS)


@pytest.mark.parametrize(
    ("probability", "band"),
    [
        (0.70, "firm"),
        (0.6999, "lean"),
        (0.50, "lean"),
        (0.4999, "no_clear_model"),
    ],
)
def test_bands_begin_at_their_limit(probability: float, band: str) -> None:
    assert band_of(probability) == band


def test_lowering_ends_at_no_clear_model() -> None:
    assert [lowered("firm", steps) for steps in range(4)] == [
        "firm",
        "lean",
        "no_clear_model",
        "no_clear_model",
    ]


@pytest.mark.parametrize(
    ("conditional", "expected"),
    [
        ([0.02, 0.95, 0.02, 0.01], [1]),
        ([0.60, 0.08, 0.30, 0.02], [0, 2]),
        ([0.10, 0.20, 0.30, 0.40], [3, 2, 1]),
        ([0.25, 0.25, 0.25, 0.25], [0, 1, 2, 3]),
    ],
)
def test_set_holds_the_fewest_models_that_reach_ninety_percent(
    conditional: list[float], expected: list[int]
) -> None:
    assert set90(np.array(conditional)).tolist() == expected


def test_leading_blend_names_the_more_probable_model_first() -> None:
    probabilities = np.full(11, 0.02)
    probabilities[[1, 3]] = 0.1, 0.2
    probabilities[COMPONENTS.names.index("federated+managed_service")] = 0.5

    assert leading_blend(probabilities, COMPONENTS) == (3, 1)


def test_no_blend_leads_if_none_is_more_probable() -> None:
    probabilities = np.full(11, 0.05)
    probabilities[4] = 0.5

    assert leading_blend(probabilities, COMPONENTS) is None


def test_unlike_depends_on_how_many_constructs_were_measured() -> None:
    distances = np.full(11, 12.0)

    assert is_unlike_all(distances, 5)
    assert not is_unlike_all(distances, 9)


def near_the_limit(people: int) -> tuple[np.ndarray, np.ndarray]:
    """Return a unit that few answers leave unsettled and more would settle."""
    row = PARAMETERS.centroids[0] * 0.7 + PARAMETERS.centroids.mean(axis=0) * 0.3
    return row, means(row, people=people).covariance[0]


def test_fewest_answers_that_settle_are_found() -> None:
    x, covariance = near_the_limit(people=3)

    answers = more_answers(x, covariance, 3, EXPECTED, models=4)

    assert answers is not None
    best = [
        plug_in_posterior(x[None], covariance[None] * 3 / (3 + extra), COMPONENTS, PARAMETERS)
        .probabilities[0, :4]
        .max()
        for extra in (answers - 1, answers)
    ]
    assert best[0] < 0.7 <= best[1]


def test_no_number_is_named_if_four_times_the_answers_would_not_do() -> None:
    x = PARAMETERS.centroids.mean(axis=0)
    covariance = means(x, people=5).covariance[0]

    assert more_answers(x, covariance, 5, EXPECTED, models=4) is None


def test_no_number_is_named_if_nobody_is_counted() -> None:
    x, covariance = near_the_limit(people=3)

    assert more_answers(x, covariance, 0, EXPECTED, models=4) is None


def test_a_large_group_gets_a_number_of_the_same_size() -> None:
    x, covariance = near_the_limit(people=3)
    small = more_answers(x, covariance, 3, EXPECTED, models=4)

    large = more_answers(x, covariance, 3_000, EXPECTED, models=4)

    assert small is not None
    assert large is not None
    assert 1_000 * (small - 1) <= large <= 1_000 * small + 25
