"""A profile that no model describes is noticed if units share it, and only then."""

import numpy as np
import polars as pl
import pytest
from numpy.typing import NDArray

from analytics.recommender.estimator import AnchoredUnitMixture
from analytics.recommender.people import PeopleBehind
from analytics.recommender.recommend import recommend
from analytics.recommender.unnamed import UnnamedProfile, unnamed_profile
from analytics.study.roll_up import group_shares, roll_up
from analytics.study.tree import UnitTree
from analytics.study.unit_means import UnitMeans, deviations_of, unit_means
from tests.analytics.recommender.unit_means import (
    ANCHORS,
    CENTRE,
    CONSTRUCTS,
    company,
    means,
    without,
)

FIFTH = np.array([0.9, -0.9, -0.5, 0.8, -0.8, 0.7, -0.9, -0.6, 0.9])
"""An undescribed profile less the centre: it correlates with none of the four."""


def with_fifth(others: int, members: int, *, seed: int = 0) -> UnitMeans:
    """Build units of the four in turn, and after them units of the undescribed profile."""
    described = company(*[k % 4 for k in range(others)], seed=seed).means
    rng = np.random.default_rng(seed + 100)
    return means(np.vstack([described, CENTRE + FIFTH + rng.normal(0, 0.25, (members, 9))]))


def found_in(units: UnitMeans) -> UnnamedProfile | None:
    mixture = AnchoredUnitMixture(ANCHORS.matrix, defining=ANCHORS.mask)
    mixture.fit(units.means, unit_cov=units.covariance)
    return unnamed_profile(mixture, units.means, units.covariance, range(len(units.units)))


def test_units_of_an_undescribed_profile_are_found() -> None:
    found = found_in(with_fifth(40, 8))

    assert found is not None
    assert found.members.tolist() == list(range(40, 48))
    assert found.log_bayes_factor > 3


@pytest.mark.parametrize("seed", range(5))
def test_a_company_that_follows_the_theory_has_none(seed: int) -> None:
    assert found_in(company(*[0, 1, 2, 3] * 8, seed=seed)) is None


@pytest.mark.parametrize("seed", range(5))
def test_units_at_the_centre_are_no_profile_of_their_own(seed: int) -> None:
    assert found_in(company(*[None] * 24, seed=seed)) is None


def test_one_odd_unit_is_no_profile() -> None:
    assert found_in(with_fifth(40, 1)) is None


def test_nobody_looks_below_twelve_units() -> None:
    assert found_in(with_fifth(6, 5)) is None


def test_order_of_units_changes_nothing() -> None:
    units = with_fifth(30, 6)
    order = np.random.default_rng(2).permutation(36)
    shuffled = means(units.means[order], covariance=units.covariance[order])

    one, other = found_in(units), found_in(shuffled)

    assert one is not None
    assert other is not None
    assert sorted(order[other.members].tolist()) == one.members.tolist()
    assert other.log_bayes_factor == pytest.approx(one.log_bayes_factor, abs=1e-6)


def test_a_model_that_lies_elsewhere_is_not_a_new_one() -> None:
    units = company(*[0, 1, 2, 3] * 10, noise=0.15)
    moved = units.means.copy()
    moved[::4] += 0.8 * ANCHORS.directions[0]

    assert found_in(means(moved)) is None


def people(rows: NDArray[np.float64], *, each: int = 20) -> pl.DataFrame:
    rng = np.random.default_rng(9)
    frames = [
        pl.DataFrame(row + rng.normal(0, 0.5, (each, 9)), schema=list(CONSTRUCTS)).select(
            pl.lit(f"U{place:03}").alias("unit"), pl.all()
        )
        for place, row in enumerate(rows)
    ]
    return pl.concat(frames)


def recommended(*, hidden: str = "") -> tuple[tuple[str, ...], dict[str, tuple[str, ...]]]:
    """Return the units named, and every unit's reason codes."""
    drawn = people(with_fifth(40, 8).means)
    tree = UnitTree.flat([f"U{place:03}" for place in range(48)])
    own = unit_means(drawn, CONSTRUCTS, tree.codes)
    weights = dict.fromkeys(tree.codes, 20.0)
    behind = PeopleBehind(
        own, deviations_of(drawn, CONSTRUCTS, tree.codes), group_shares(own, tree, weights), 1
    )
    groups = roll_up(own, tree, weights)
    shown = without(groups, hidden)
    found = recommend(own, shown, ANCHORS, people=behind)
    codes = {code: given.reason_codes for code, given in found.recommendations.items()}
    return found.pattern.unnamed.units, codes


def test_its_units_are_told_and_nobody_else() -> None:
    named, codes = recommended()

    assert named == tuple(f"U{place:03}" for place in range(40, 48))
    assert {code for code, said in codes.items() if "UNNAMED" in said} == set(named)


def test_a_hidden_unit_is_not_named() -> None:
    named, _ = recommended(hidden="U042")

    assert "U042" not in named
    assert len(named) == 7
