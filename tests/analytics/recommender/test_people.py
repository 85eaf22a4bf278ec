"""What the people behind the means add: resamples, stability, camps, silhouettes."""

import numpy as np
import polars as pl
import pytest

from analytics.recommender.estimator import AnchoredUnitMixture
from analytics.recommender.people import PeopleBehind, split_units
from analytics.recommender.recommend import recommend
from analytics.recommender.stability import (
    cluster_similarity,
    labels_of,
    refit,
    resampled_shifts,
)
from analytics.study.roll_up import group_shares, roll_up
from analytics.study.tree import UnitTree
from analytics.study.unit_means import UnitMeans, deviations_of, unit_means
from tests.analytics.recommender.reference import COMPONENTS, PRIOR
from tests.analytics.recommender.unit_means import ANCHORS, CENTRE, CONSTRUCTS, without
from tests.factories.recommendations import MODELS


def crowd(
    *kinds: int,
    people: int = 20,
    noise: float = 0.7,
    seed: int = 0,
    camps: tuple[int, ...] = (),
) -> pl.DataFrame:
    """Draw people of units of the given models; units of ``camps`` hold two opposed ones."""
    rng = np.random.default_rng(seed)
    frames = []
    for place, kind in enumerate(kinds):
        centre = CENTRE + 0.65 * ANCHORS.directions[kind] + rng.normal(0, 0.2, 9)
        rows = centre + rng.normal(0, noise, (people, 9))
        if place in camps:
            apart = ANCHORS.directions[0] - ANCHORS.directions[1]
            rows += np.where(np.arange(people) % 2, 1, -1)[:, None] * apart * 0.7
        frame = pl.DataFrame(rows, schema=list(CONSTRUCTS))
        frames.append(frame.select(pl.lit(f"U{place:03}").alias("unit"), pl.all()))
    return pl.concat(frames)


TREE = UnitTree(
    {"C": None, "D": "C"} | {f"U{place:03}": "D" if place < 6 else "C" for place in range(12)},
    {f"U{place:03}": 30 for place in range(12)},
)
KINDS = (0, 1, 2, 3) * 3


def behind(people: pl.DataFrame, *, seed: int = 7) -> tuple[UnitMeans, UnitMeans, PeopleBehind]:
    own = unit_means(people, CONSTRUCTS, TREE.codes)
    weights = {code: float(TREE.headcounts.get(code, 0)) for code in TREE.codes}
    deviations = deviations_of(people, CONSTRUCTS, TREE.codes)
    shares = group_shares(own, TREE, weights)
    return own, roll_up(own, TREE, weights), PeopleBehind(own, deviations, shares, seed)


def test_shifts_have_the_variance_of_the_mean() -> None:
    deviations = deviations_of(crowd(0, people=15), CONSTRUCTS, ["U000"])
    expected = np.var(deviations.values, axis=0, ddof=1) / 15

    shifts = resampled_shifts(deviations, seed=1, resamples=20_000)[:, 0]

    assert shifts.mean(axis=0) == pytest.approx(np.zeros(9), abs=0.006)
    assert shifts.var(axis=0) == pytest.approx(expected, rel=0.05)


def test_a_unit_of_one_person_is_not_shifted() -> None:
    deviations = deviations_of(crowd(0, people=1), CONSTRUCTS, ["U000"])

    assert not resampled_shifts(deviations, seed=1).any()


def test_a_unit_draws_the_same_whoever_else_is_there() -> None:
    people = crowd(0, 1, 2)
    alone = deviations_of(people.filter(pl.col("unit") == "U001"), CONSTRUCTS, ["U001"])
    together = deviations_of(people, CONSTRUCTS, ["U002", "U001", "U000"])

    found = resampled_shifts(together, seed=3)[:, 1]

    assert np.array_equal(found, resampled_shifts(alone, seed=3)[:, 0])


def test_another_seed_draws_other_people() -> None:
    deviations = deviations_of(crowd(0), CONSTRUCTS, ["U000"])

    assert not np.array_equal(
        resampled_shifts(deviations, seed=1), resampled_shifts(deviations, seed=2)
    )


@pytest.mark.parametrize("units", [6, 12])
def test_without_shifts_every_refit_is_the_fit(units: int) -> None:
    own = unit_means(
        crowd(*KINDS[:units]), CONSTRUCTS, [f"U{place:03}" for place in range(units)]
    )
    mixture = AnchoredUnitMixture(ANCHORS.matrix, defining=ANCHORS.mask, tol=1e-12)
    mixture.fit(own.means, unit_cov=own.covariance)

    found = refit(mixture, own.means, own.covariance, np.zeros((2, units, 9)), ANCHORS.matrix)

    expected = mixture.parameters_.means(COMPONENTS)
    assert found.means == pytest.approx(np.stack([expected] * 2), abs=1e-5)
    assert found.mix == pytest.approx(np.stack([mixture.parameters_.mix] * 2), abs=1e-5)


def test_labels_of_resamples_are_those_of_a_plain_bayes_rule() -> None:
    own = unit_means(crowd(*KINDS), CONSTRUCTS, [f"U{place:03}" for place in range(12)])
    mixture = AnchoredUnitMixture(ANCHORS.matrix, defining=ANCHORS.mask)
    mixture.fit(own.means, unit_cov=own.covariance)
    shifts = np.random.default_rng(5).normal(0, 0.5, (3, 12, 9))
    refits = refit(mixture, own.means, own.covariance, shifts, ANCHORS.matrix)
    spread = mixture.parameters_.covariances(COMPONENTS)[:4]

    found = labels_of(own.means, own.covariance, shifts, mixture, refits)

    for b in range(12):
        gaps = own.means[b] + shifts[2, b] - refits.means[2, :4]
        total = spread + own.covariance[b]
        scores = np.log(refits.mix[2, :4]) - np.linalg.slogdet(total)[1] / 2
        scores -= np.einsum("ki,kij,kj->k", gaps, np.linalg.inv(total), gaps) / 2
        assert found[2, b] == scores.argmax()


def test_a_cluster_found_in_every_resample_has_similarity_one() -> None:
    labels = np.array([0, 0, 1, 1, 1])

    found = cluster_similarity(labels, np.stack([labels] * 4), 3)

    assert found[:2].tolist() == [1, 1]
    assert np.isnan(found[2])


def test_similarity_is_the_overlap_with_the_nearest_cluster() -> None:
    labels = np.array([0, 0, 0, 1])
    resampled = np.array([[1, 1, 0, 1], [0, 0, 0, 1]])

    # First resample: {a, b, c} against {a, b, d} shares two of four; second: all.
    assert cluster_similarity(labels, resampled, 2)[0] == pytest.approx((2 / 4 + 1) / 2)


def test_a_clear_unit_is_stable_and_a_divided_one_less_so() -> None:
    own, groups, people = behind(crowd(*KINDS, camps=(4,), noise=0.9))

    found = recommend(own, groups, ANCHORS, people=people).recommendations

    assert found["U001"].stability == 1
    assert all(0 < each.stability <= 1 for each in found.values() if each.stability is not None)


def test_two_camps_are_flagged_and_a_united_unit_is_not() -> None:
    own, groups, people = behind(crowd(*KINDS, camps=(4,)))

    found = recommend(own, groups, ANCHORS, people=people).recommendations

    assert "SPLIT" in found["U004"].reason_codes
    assert "SPLIT" not in found["U005"].reason_codes


def test_a_parent_of_unlike_units_is_not_called_split() -> None:
    own, groups, people = behind(crowd(*KINDS))

    found = recommend(own, groups, ANCHORS, people=people).recommendations

    assert "SPLIT" not in found["C"].reason_codes


@pytest.mark.parametrize(("people", "flagged"), [(11, False), (12, True)])
def test_fewer_than_twelve_people_are_never_called_split(people: int, flagged: bool) -> None:
    drawn = crowd(0, 0, 0, people=people, camps=(1,), noise=0.3)
    units = ["U000", "U001", "U002"]
    within = unit_means(crowd(*KINDS), CONSTRUCTS, TREE.codes).within

    found = split_units(deviations_of(drawn, CONSTRUCTS, units), within, PRIOR.mean)

    assert ("U001" in found) is flagged


@pytest.mark.parametrize("same", [1, 9])
def test_constructs_on_which_nobody_differs_make_no_camps(same: int) -> None:
    drawn = crowd(0, 0, 0, people=12, camps=(1,), noise=0.3).with_columns(
        pl.lit(3.0).alias(key) for key in CONSTRUCTS[9 - same :]
    )
    units = ["U000", "U001", "U002"]
    within = unit_means(drawn, CONSTRUCTS, units).within

    found = split_units(deviations_of(drawn, CONSTRUCTS, units), within, PRIOR.mean)

    assert found == (frozenset() if same == 9 else {"U001"})


def test_clusters_count_the_units_shown_per_model() -> None:
    own, groups, people = behind(crowd(*KINDS, noise=0.4))

    found = recommend(own, groups, ANCHORS, people=people).pattern.clusters

    assert {model: cluster.units for model, cluster in found.items()} == dict.fromkeys(
        MODELS, 3
    )
    assert {cluster.verdict for cluster in found.values()} == {"stable"}


def test_silhouettes_are_of_units_and_not_of_parents() -> None:
    own, groups, people = behind(crowd(*KINDS))

    found = recommend(own, groups, ANCHORS, people=people).recommendations

    assert found["C"].silhouette is None
    assert all(-1 <= found[f"U{place:03}"].silhouette <= 1 for place in range(12))


def test_a_hidden_unit_leaves_no_trace_in_the_silhouettes_of_others() -> None:
    people = crowd(*KINDS)
    own, groups, _ = behind(people)
    shown = without(groups, "U003")
    found = recommend(own, shown, ANCHORS, people=behind(people)[2]).recommendations
    mixture = AnchoredUnitMixture(ANCHORS.matrix, defining=ANCHORS.mask)
    mixture.fit(
        own.means[np.isfinite(own.means).all(axis=1)],
        unit_cov=own.covariance[np.isfinite(own.means).all(axis=1)],
    )
    partition = mixture.partition_
    whitening = np.linalg.cholesky(np.linalg.inv(partition.covariance))
    leaves = [row for row, code in enumerate(shown.units) if code.startswith("U")]
    points = shown.means[leaves] @ whitening
    labels = partition.second_opinion(shown.means[leaves])
    distances = np.linalg.norm(points[:, None] - points[None], axis=2)
    mates = labels == labels[0]
    inside = distances[0, mates].sum() / (mates.sum() - 1)
    outside = min(distances[0, labels == k].mean() for k in set(labels) - {labels[0]})

    assert found["U000"].silhouette == pytest.approx((outside - inside) / max(inside, outside))
