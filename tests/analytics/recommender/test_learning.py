"""The learning mixture against the reference sets, and what must hold of any of them."""

from dataclasses import replace

import numpy as np
import pytest

from analytics.recommender.learning import learn, mix_of
from analytics.recommender.parameters import Trust, prior_of, without_learning
from analytics.recommender.posterior import plug_in_posterior, precision, pull_of_units
from analytics.recommender.predictive import (
    believed_centroids,
    leave_one_out,
    plug_in,
    with_centroid_error,
)
from tests.analytics.recommender.reference import (
    COMPONENTS,
    LEARNED_SETS,
    PRIOR,
    reference_set,
)
from tests.analytics.recommender.unit_means import ANCHORS, company

TOLERANCE = 1e-6
"""What the method asks for."""


@pytest.mark.parametrize("name", LEARNED_SETS)
def test_parameters_are_those_of_the_reference(name: str) -> None:
    given = reference_set(name)
    expected = given.expected

    found = given.learned().parameters

    assert found.centroids == pytest.approx(np.array(expected["mu"]), abs=TOLERANCE)
    assert found.mix == pytest.approx(expected["pi"], abs=TOLERANCE)
    assert (found.spread, found.unit_elevation) == pytest.approx(
        (expected["tau"], expected["tauA"]), abs=TOLERANCE
    )
    assert (found.trust.cells, found.trust.offsets) == pytest.approx(
        (expected["sdD"], expected["sdO"]), abs=TOLERANCE
    )


@pytest.mark.parametrize("name", LEARNED_SETS)
def test_learning_stops_where_the_reference_stops(name: str) -> None:
    given = reference_set(name)

    assert given.learned().iterations == given.expected["iterations"]


@pytest.mark.parametrize("name", LEARNED_SETS)
def test_plug_in_posteriors_are_those_of_the_reference(name: str) -> None:
    given = reference_set(name)

    found = plug_in_posterior(given.X, given.V, COMPONENTS, given.learned().parameters)

    assert found.probabilities == pytest.approx(
        np.array(given.expected["plugIn"]), abs=TOLERANCE
    )


@pytest.mark.parametrize("name", LEARNED_SETS)
def test_leave_one_out_posteriors_are_those_of_the_reference(name: str) -> None:
    given = reference_set(name)
    parameters = given.learned().parameters

    expected = leave_one_out(given.X, given.V, COMPONENTS, parameters, PRIOR)

    assert expected.posterior(given.X, given.V).probabilities == pytest.approx(
        np.array(given.expected["leaveOneOut"]), abs=TOLERANCE
    )


def test_a_unit_has_no_say_in_what_is_expected_of_it() -> None:
    given = reference_set("tiny_units-12")
    parameters = given.learned().parameters
    _, pulls, chances = believed_centroids(given.X, given.V, COMPONENTS, parameters, PRIOR)
    others = np.arange(12) != 3
    inverse = np.linalg.inv(PRIOR.covariance(parameters.trust))
    H = inverse + pulls.precision[others].sum(axis=0)
    mu = np.linalg.solve(H, inverse @ PRIOR.mean.ravel() + pulls.right[others].sum(axis=0))

    found = leave_one_out(given.X, given.V, COMPONENTS, parameters, PRIOR)

    assert found.means[3] == pytest.approx(COMPONENTS.weights @ mu.reshape(4, 9), abs=1e-9)
    assert found.mix[3] == pytest.approx(
        mix_of(chances[others].sum(axis=0), COMPONENTS), abs=1e-12
    )


def test_error_of_the_centroids_widens_what_is_expected() -> None:
    given = reference_set("null-12")
    parameters = given.learned().parameters
    facts = (given.X, given.V, COMPONENTS, parameters, PRIOR)

    sure = plug_in(1, COMPONENTS, parameters).covariances[0]
    honest = with_centroid_error(*facts).covariances[0]
    alone = leave_one_out(*facts).covariances

    assert (np.einsum("cjj->cj", honest - sure) > 0).all()
    assert (np.einsum("bcjj->bcj", alone - honest) > 0).all()


def test_the_pull_of_a_unit_is_that_of_the_formula() -> None:
    given = reference_set("midway-16")
    parameters = given.learned().parameters
    spread = precision(
        given.V[:2], np.ones((2, 9), dtype=bool), parameters.covariances(COMPONENTS)
    )
    chances = np.random.default_rng(4).dirichlet(np.ones(11), size=2)
    expected = sum(
        chances[1, c] * np.kron(np.outer(a, a), spread.matrices[1, c])
        for c, a in enumerate(COMPONENTS.weights)
    )

    found = pull_of_units(given.X[:2], spread, chances, COMPONENTS)

    assert found.precision[1] == pytest.approx(expected, abs=1e-10)


def test_the_prior_of_the_theory_is_that_of_the_formula() -> None:
    D = ANCHORS.directions.ravel()
    one = np.ones((9, 9))
    expected = (
        0.16**2 * np.outer(D, D)
        + np.kron(np.ones((4, 4)), 0.28**2 * one + 0.10**2 * np.eye(9))
        + 0.12**2 * np.eye(36)
    )

    assert PRIOR.covariance(Trust()) == pytest.approx(expected, abs=1e-12)


def test_the_likelihood_rises_while_learning() -> None:
    given = reference_set("long_tail-24")
    start = without_learning(given.X, ANCHORS.matrix, COMPONENTS)

    fits = [
        learn(given.X, given.V, COMPONENTS, PRIOR, start, max_iter=rounds, tol=0.0).parameters
        for rounds in (1, 2, 4, 8)
    ]
    log_likelihoods = [
        plug_in_posterior(given.X, given.V, COMPONENTS, fit).log_densities.sum() for fit in fits
    ]

    assert log_likelihoods == sorted(log_likelihoods)


def test_a_missing_construct_says_nothing_of_the_spread() -> None:
    units = company(*[0, 1, 2, 3] * 3)
    holes = units.means.copy()
    holes[::2, 4] = np.nan
    start = without_learning(holes, ANCHORS.matrix, COMPONENTS)

    found = learn(holes, units.covariance, COMPONENTS, PRIOR, start).parameters
    filled = learn(units.means, units.covariance, COMPONENTS, PRIOR, start).parameters

    assert found.spread == pytest.approx(filled.spread, abs=0.03)
    assert np.isfinite(found.centroids).all()


def test_the_last_wave_is_where_the_next_one_starts() -> None:
    earlier = ANCHORS.matrix + 0.3

    found = prior_of(ANCHORS.matrix, earlier)

    assert np.array_equal(found.mean, earlier)
    assert found.trust == replace(Trust(), cells=Trust().cells / 2)
