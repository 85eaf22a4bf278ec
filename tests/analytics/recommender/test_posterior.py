"""The posterior against the reference values given with the method, and odd inputs."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import multivariate_normal

from analytics.recommender.parameters import (
    Parameters,
    components_of,
    elevation,
    without_learning,
)
from analytics.recommender.posterior import plug_in_posterior, precision
from tests.analytics.recommender.unit_means import ANCHORS, CENTRE, means, read
from tests.factories.recommendations import MODELS

COMPONENTS = components_of(MODELS, ANCHORS.mask)
BASELINE = read("baseline-5.json")
X, V = np.array(BASELINE["x"]), np.array(BASELINE["V"])


def fitted(rows: np.ndarray) -> Parameters:
    return without_learning(rows, ANCHORS.matrix, COMPONENTS)


def test_components_are_those_of_the_reference() -> None:
    assert list(COMPONENTS.names) == BASELINE["components"]


def test_parameters_are_those_of_the_reference() -> None:
    parameters = fitted(X)

    assert np.allclose(parameters.centroids, BASELINE["mu"], rtol=0, atol=1e-9)
    assert np.allclose(parameters.mix, BASELINE["pi"], rtol=0, atol=1e-12)


def test_posterior_is_that_of_the_reference() -> None:
    found = plug_in_posterior(X, V, COMPONENTS, fitted(X)).probabilities

    assert np.allclose(found, BASELINE["plugIn"], rtol=0, atol=1e-6)


def test_blends_lie_half_way_and_are_held_to_the_cells_of_both_models() -> None:
    blend = COMPONENTS.names.index("federated+managed_service")

    assert COMPONENTS.weights[blend].tolist() == [0, 0.5, 0, 0.5]
    assert COMPONENTS.scales[blend].tolist() == [1.5, 1.5, 1, 1, 1, 1.5, 1.5, 1, 1]
    assert (COMPONENTS.scales[COMPONENTS.names.index("none")] == 1.5).all()


def test_a_missing_construct_is_dropped_from_its_unit_alone() -> None:
    partial = X.copy()
    partial[2, [1, 7]] = np.nan
    parameters = fitted(X)
    kept = [0, 2, 3, 4, 5, 6, 8]
    spread = parameters.covariances(COMPONENTS)[:, kept][:, :, kept]
    log_joint = np.log(parameters.mix) + [
        multivariate_normal.logpdf(X[2, kept], mean, cov + V[2][np.ix_(kept, kept)])
        for mean, cov in zip(parameters.means(COMPONENTS)[:, kept], spread, strict=True)
    ]
    expected = np.exp(log_joint) / np.exp(log_joint).sum()

    found = plug_in_posterior(partial, V, COMPONENTS, parameters).probabilities

    assert np.allclose(found[2], expected, rtol=0, atol=1e-12)
    assert np.allclose(
        found[[0, 1, 3, 4]], np.array(BASELINE["plugIn"])[[0, 1, 3, 4]], atol=1e-6
    )


def test_a_unit_without_any_construct_gets_the_mix() -> None:
    found = plug_in_posterior(np.full((1, 9), np.nan), V[:1], COMPONENTS, fitted(X))

    assert np.allclose(found.probabilities[0], COMPONENTS.prior, rtol=0, atol=1e-12)


def test_means_without_error_are_no_trouble() -> None:
    found = plug_in_posterior(X, np.zeros_like(V), COMPONENTS, fitted(X)).probabilities

    assert np.isfinite(found).all()
    assert np.allclose(found.sum(axis=1), 1)


def test_a_unit_far_from_everything_still_has_probabilities() -> None:
    found = plug_in_posterior(
        np.full((1, 9), 400.0), V[:1], COMPONENTS, fitted(X)
    ).probabilities

    assert found.sum() == pytest.approx(1)


def test_precision_is_the_inverse_of_spread_and_error_together() -> None:
    spread = fitted(X).covariances(COMPONENTS)

    found = precision(V, np.ones((5, 9), dtype=bool), spread)

    assert np.allclose(found.matrices[3, 6] @ (spread[6] + V[3]), np.eye(9))
    assert found.log_determinants[3, 6] == pytest.approx(
        np.log(np.linalg.det(spread[6] + V[3]))
    )


def test_elevation_is_one_number_that_shrinks_with_few_units() -> None:
    rows = np.array([CENTRE + 0.3, CENTRE + 0.6])

    assert elevation(rows, CENTRE, units_behind_prior=2) == pytest.approx(0.45 / 2)


def test_elevation_is_a_third_of_what_one_unit_shows() -> None:
    assert elevation(CENTRE[None] + 0.6, CENTRE, units_behind_prior=2) == pytest.approx(0.2)


def test_elevation_skips_missing_cells() -> None:
    rows = np.array([CENTRE + 0.3, CENTRE + 0.3])
    rows[0, 3:] = np.nan

    assert elevation(rows, CENTRE, units_behind_prior=2) == pytest.approx(0.15)


def test_no_elevation_without_units() -> None:
    assert elevation(np.empty((0, 9)), CENTRE, units_behind_prior=2) == 0


@settings(max_examples=50, deadline=None)
@given(st.lists(st.lists(st.floats(1, 5), min_size=9, max_size=9), min_size=1, max_size=6))
def test_probabilities_sum_to_one_whatever_the_answers(rows: list[list[float]]) -> None:
    given_means = means(rows)

    found = plug_in_posterior(
        given_means.means, given_means.covariance, COMPONENTS, fitted(given_means.means)
    )

    assert np.allclose(found.probabilities.sum(axis=1), 1, rtol=0, atol=1e-12)
