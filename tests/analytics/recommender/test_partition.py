"""Anchored k-means against the reference labels, and with constructs missing."""

import numpy as np
import pytest

from analytics.recommender.partition import models_of_clusters, partition, seeds_of
from tests.analytics.recommender.unit_means import ANCHORS, CENTRE, company, read, symmetric
from tests.factories.recommendations import MODELS

REFERENCE = read("partitions.json")
# In these companies the reference found another resting point of the same k-means.
OTHER_RESTING_POINT = {
    "low_icc-24": 5,
    "null-12": 1,
    "single_model-16": 2,
    "style_heavy-20": 1,
}


def loaded(name: str) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    given = REFERENCE[name]
    labels = np.array([MODELS.index(model) for model in given["stageA"]])
    return np.array(given["x"]), symmetric(given["V"]), labels


@pytest.mark.parametrize("name", sorted(REFERENCE.keys() - OTHER_RESTING_POINT.keys()))
def test_labels_every_unit_as_the_reference_does(name: str) -> None:
    X, V, expected = loaded(name)

    assert partition(X, V, ANCHORS.matrix).labels.tolist() == expected.tolist()


@pytest.mark.parametrize(("name", "differing"), OTHER_RESTING_POINT.items())
def test_differs_from_the_reference_in_no_more_than_the_known_units(
    name: str, differing: int
) -> None:
    X, V, expected = loaded(name)

    assert (partition(X, V, ANCHORS.matrix).labels != expected).sum() <= differing


@pytest.mark.parametrize("name", sorted(REFERENCE))
def test_reference_labels_are_at_rest_in_our_distances(name: str) -> None:
    X, V, expected = loaded(name)
    found = partition(X, V, ANCHORS.matrix)
    weights = 1 / (1 + np.trace(V, axis1=1, axis2=2) / (9 * 0.35**2))
    belongs = np.eye(4)[expected] * weights[:, None]
    seeds = seeds_of(X, ANCHORS.matrix)
    centroids = (belongs.T @ X + 4 * seeds) / (belongs.sum(axis=0) + 4)[:, None]
    gaps = X[:, None] - centroids
    distances = np.einsum("bki,ij,bkj->bk", gaps, np.linalg.inv(found.covariance), gaps)

    assert distances.argmin(axis=1).tolist() == expected.tolist()


@pytest.mark.parametrize("name", sorted(REFERENCE))
def test_second_opinion_of_a_unit_is_its_label(name: str) -> None:
    X, V, _ = loaded(name)

    found = partition(X, V, ANCHORS.matrix)

    assert found.second_opinion(X).tolist() == found.labels.tolist()


def test_a_company_of_one_model_uses_one_label() -> None:
    units = company(*[1] * 12)

    found = partition(units.means, units.covariance, ANCHORS.matrix)

    assert set(found.labels.tolist()) == {1}
    assert np.isnan(found.silhouettes).all()


def test_a_model_that_nobody_has_keeps_its_seed() -> None:
    units = company(0, 0, 1, 1, 1)
    seeds = seeds_of(units.means, ANCHORS.matrix)

    found = partition(units.means, units.covariance, ANCHORS.matrix)

    assert np.allclose(found.centroids[2:], seeds[2:])


def test_silhouettes_are_high_if_models_are_far_apart() -> None:
    units = company(0, 0, 0, 1, 1, 1, reach=1.0, noise=0.05)

    found = partition(units.means, units.covariance, ANCHORS.matrix)

    assert (found.silhouettes > 0.8).all()


def test_a_missing_construct_leaves_a_clear_unit_where_it_was() -> None:
    units = company(0, 1, 2, 3, 0, 1, 2, 3, noise=0.1)
    partial = units.means.copy()
    partial[[0, 1, 2, 3], [0, 2, 5, 8]] = np.nan

    found = partition(partial, units.covariance, ANCHORS.matrix)

    assert found.labels.tolist() == [0, 1, 2, 3] * 2
    assert found.second_opinion(partial).tolist() == [0, 1, 2, 3] * 2


def test_a_unit_that_lacks_most_constructs_is_judged_by_the_rest() -> None:
    units = company(0, 1, 2, 3)
    parent = np.full((1, 9), np.nan)
    parent[0, [0, 1]] = CENTRE[[0, 1]] + 0.9

    found = partition(units.means, units.covariance, ANCHORS.matrix)

    assert found.second_opinion(parent).tolist() == [0]


def test_partitions_nothing_but_the_anchors_if_there_are_no_units() -> None:
    found = partition(np.empty((0, 9)), np.empty((0, 9, 9)), ANCHORS.matrix)

    assert found.labels.tolist() == []
    assert found.second_opinion(ANCHORS.matrix).tolist() == [0, 1, 2, 3]


def test_clusters_take_the_names_of_their_seeds() -> None:
    centres = np.arange(8.0).reshape(4, 2)

    named = models_of_clusters(np.array([2, 0, 3, 1]), centres, centres)

    assert named.tolist() == [1, 3, 0, 2]


def test_clusters_are_matched_at_least_distance_if_seeds_share_one() -> None:
    seeds = np.array([[0.0, 0.0], [1.0, 0.0], [5.0, 0.0], [9.0, 0.0]])
    centres = np.array([[0.4, 0.0], [5.0, 0.0], [9.0, 0.0], [2.0, 0.0]])

    named = models_of_clusters(np.array([0, 0, 1, 2]), centres, seeds)

    assert named.tolist() == [0, 2, 3, 1]
