"""The estimator keeps the contract of scikit-learn."""

import warnings
from collections.abc import Callable

import numpy as np
import pytest
from sklearn.base import BaseEstimator, clone
from sklearn.utils.estimator_checks import parametrize_with_checks

from analytics.recommender.estimator import AnchoredUnitMixture
from tests.analytics.recommender.unit_means import ANCHORS, company


# Every check applies: none is an expected failure.
@parametrize_with_checks([AnchoredUnitMixture()])
def test_follows_the_contract(
    estimator: BaseEstimator, check: Callable[[BaseEstimator], None]
) -> None:
    check(estimator)


def mixture() -> AnchoredUnitMixture:
    return AnchoredUnitMixture(ANCHORS.matrix, defining=ANCHORS.mask)


def test_recovers_planted_models() -> None:
    kinds = [0, 1, 2, 3] * 5
    units = company(*kinds)

    found = mixture().fit(units.means, unit_cov=units.covariance)

    assert found.labels_.tolist() == kinds
    assert found.partition_.labels.tolist() == kinds


def test_labels_are_what_the_others_lead_one_to_expect() -> None:
    units = company(*[0, 1, None, 3] * 3, noise=0.5)

    found = mixture().fit(units.means, unit_cov=units.covariance)

    expected = found.expected_.posterior(units.means, units.covariance).probabilities
    assert found.labels_.tolist() == expected[:, :4].argmax(axis=1).tolist()


def test_below_its_fewest_units_nothing_is_learned() -> None:
    units = company(*[0, 1, 2, 3] * 3)

    found = AnchoredUnitMixture(ANCHORS.matrix, defining=ANCHORS.mask, min_units=13)
    found.fit(units.means, unit_cov=units.covariance)

    assert (found.learned_, found.n_iter_) == (False, 0)
    assert found.parameters_.spread == 0.33


def test_a_new_unit_does_not_move_the_centroids() -> None:
    found = mixture().fit(company(0, 1, 2).means)
    before = found.cluster_centers_.copy()

    found.predict_proba(company(3, 3).means)

    assert np.array_equal(found.cluster_centers_, before)


def test_error_of_the_means_makes_probabilities_less_extreme() -> None:
    units = company(0, 1, 2, 3, people=4)
    found = mixture().fit(units.means, unit_cov=units.covariance)

    exact = found.predict_proba(units.means).max(axis=1)
    honest = found.predict_proba(units.means, units.covariance).max(axis=1)

    assert (honest < exact).all()


def test_draws_no_random_numbers() -> None:
    np.random.seed(0)  # noqa: NPY002  the global state is what must stay untouched
    before = np.random.get_state()[1].copy()  # noqa: NPY002  the same

    mixture().fit(company(0, 1, 2).means)

    assert np.array_equal(np.random.get_state()[1], before)  # noqa: NPY002  the same


def test_a_copy_has_the_same_parameters() -> None:
    copied = clone(mixture())

    assert np.array_equal(copied.anchors, ANCHORS.matrix)


def test_fits_without_a_warning_if_all_units_are_the_same() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = mixture().fit(np.repeat(ANCHORS.matrix[:1], 6, axis=0))

    assert found.labels_.tolist() == [0] * 6


COVARIANCE = np.repeat(np.eye(9)[None], 3, axis=0)


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"anchors": ANCHORS.matrix[:, :4]}, "anchors must have"),
        ({"anchors": ANCHORS.matrix[:1]}, "at least 2 rows"),
        ({"anchors": ANCHORS.matrix[[0, 0, 1, 2]]}, "same row twice"),
        ({"defining": ANCHORS.mask[:2]}, "defining must have the shape"),
        ({"unit_cov": COVARIANCE[:2]}, "unit_cov must have shape"),
        ({"unit_cov": COVARIANCE * np.nan}, "row 0 is not finite"),
        ({"unit_cov": -COVARIANCE}, "row 0 has a negative eigenvalue"),
        ({"unit_cov": COVARIANCE + np.triu(np.ones((9, 9)), 1)}, "row 0 is not symmetric"),
        ({"X": np.full((3, 9), np.nan)}, "Row 0 of X has no value"),
        ({"earlier": ANCHORS.matrix[:2]}, "earlier_centers must be finite"),
        ({"earlier": ANCHORS.matrix * np.nan}, "earlier_centers must be finite"),
    ],
)
def test_refuses_what_it_cannot_use(change: dict[str, np.ndarray], complaint: str) -> None:
    arguments = {
        "anchors": ANCHORS.matrix,
        "defining": ANCHORS.mask,
        "X": company(0, 1, 2).means,
        "unit_cov": COVARIANCE,
    } | change
    unfitted = AnchoredUnitMixture(
        arguments["anchors"],
        defining=arguments["defining"],
        earlier_centers=arguments.get("earlier"),
    )

    with pytest.raises(ValueError, match=complaint):
        unfitted.fit(arguments["X"], unit_cov=arguments["unit_cov"])
