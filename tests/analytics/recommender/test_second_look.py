"""A company of one model is not read as a mix, and a mixed one stays as EM found it."""

import numpy as np
import pytest

from analytics.recommender.estimator import AnchoredUnitMixture
from analytics.recommender.second_look import evidence
from tests.analytics.recommender.unit_means import ANCHORS, CENTRE

REACH = 0.55
MANAGED = 3


def units(models: list[int], *, spread: float = 0.33, seed: int) -> np.ndarray:
    """Draw units around shrunken anchors, with offsets of the company's own."""
    rng = np.random.default_rng(seed)
    offsets = rng.normal(0.0, 0.12, 9)
    cells = rng.normal(0.0, 0.12, (4, 9))
    places = CENTRE + REACH * ANCHORS.directions + cells + offsets
    halo = rng.normal(0.0, 0.2, (len(models), 1))
    return np.asarray(places[models] + halo + rng.normal(0.0, spread, (len(models), 9)))


def fitted(X: np.ndarray, *, second_look: bool) -> AnchoredUnitMixture:
    mixture = AnchoredUnitMixture(
        ANCHORS.matrix, defining=ANCHORS.mask, second_look=second_look
    )
    return mixture.fit(X, unit_cov=np.broadcast_to(0.01 * np.eye(9), (len(X), 9, 9)))


def shares_right(*, second_look: bool) -> np.ndarray:
    drawn = [units([MANAGED] * 60, seed=seed) for seed in range(10)]
    found = [fitted(X, second_look=second_look).labels_ == MANAGED for X in drawn]
    return np.array([right.mean() for right in found])


def test_companies_of_one_model_are_read_as_such_more_often() -> None:
    once, twice = shares_right(second_look=False), shares_right(second_look=True)

    assert once.min() < 0.85
    assert twice.mean() > once.mean() + 0.02
    assert (twice >= once - 0.05).all()


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_mixed_company_keeps_its_mix(seed: int) -> None:
    X = units([0, 1, 2, 3] * 8, spread=0.2, seed=seed)

    assert (fitted(X, second_look=True).labels_ == fitted(X, second_look=False).labels_).all()


def test_the_reading_kept_has_at_least_the_evidence_of_the_one_found() -> None:
    X = units([MANAGED] * 40, seed=4)
    once, twice = (fitted(X, second_look=look) for look in (False, True))
    V = np.broadcast_to(0.01 * np.eye(9), (len(X), 9, 9))
    facts = (X, V, once.components_, once.prior_)

    assert evidence(*facts, twice.parameters_) >= evidence(*facts, once.parameters_)
