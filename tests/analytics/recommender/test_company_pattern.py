"""Reach, mix and structure of a company."""

from dataclasses import replace

import numpy as np
import pytest

from analytics.recommender.company_pattern import structure_of
from analytics.recommender.estimator import AnchoredUnitMixture
from analytics.recommender.recommend import recommend
from analytics.results import CompanyPattern
from analytics.study.scoring import to_points
from tests.analytics.recommender.unit_means import (
    ANCHORS,
    CENTRE,
    CONSTRUCTS,
    company,
    means,
    read,
    symmetric,
)
from tests.factories.recommendations import MODELS

# From the centroids of the reference, to three digits: <mu - mean, D> / <D, D>.
LEARNED_REACH = {
    "long_tail-24": 0.584,
    "low_icc-24": 0.363,
    "midway-16": 0.333,
    "null-12": 0.139,
    "single_model-16": 0.497,
    "skewed_mix-24": 0.611,
    "style_heavy-20": 0.609,
    "tiny_units-12": 0.670,
    "weak_separation-60": 0.332,
}
STRUCTURE = {"null-12": "none", "midway-16": "weak", "weak_separation-60": "weak"}
REFERENCE = read("partitions.json")


def pattern_of(name: str) -> CompanyPattern:
    given = REFERENCE[name]
    units = means(given["x"], covariance=symmetric(given["V"]))
    return recommend(units, units, ANCHORS).pattern


@pytest.mark.parametrize(("name", "reach"), LEARNED_REACH.items())
def test_reach_is_that_of_the_reference(name: str, reach: float) -> None:
    assert pattern_of(name).reach == pytest.approx(reach, abs=0.0006)


@pytest.mark.parametrize("name", LEARNED_REACH)
def test_structure_is_what_the_reference_leads_to(name: str) -> None:
    assert pattern_of(name).structure == STRUCTURE.get(name, "clear")


@pytest.mark.parametrize(
    ("units", "reach", "share", "structure"),
    [
        (11, 0.10, 0.3, "cannot_tell"),
        (12, 0.10, 0.3, "none"),
        (12, 0.24, 0.6, "none"),
        (12, 0.24, 0.61, "clear"),
        (12, 0.25, 0.3, "weak"),
        (12, 0.35, 0.3, "clear"),
    ],
)
def test_structure_follows_reach_and_mix(
    units: int, reach: float, share: float, structure: str
) -> None:
    assert structure_of(units, reach, share) == structure


def test_seven_units_teach_nothing_of_the_company() -> None:
    units = company(*[0] * 7)

    found = recommend(units, units, ANCHORS).pattern

    assert found == CompanyPattern(
        structure="cannot_tell", reach=None, mix=dict.fromkeys(MODELS, 0.25)
    )


def test_eight_units_show_a_reach_and_no_structure() -> None:
    units = company(*[0, 1] * 4)

    found = recommend(units, units, ANCHORS).pattern

    assert found.structure == "cannot_tell"
    assert found.reach == pytest.approx(0.65, abs=0.1)


def test_one_model_everywhere_holds_most_of_the_mix() -> None:
    units = company(*[2] * 20)

    found = recommend(units, units, ANCHORS).pattern

    assert found.mix["hybrid_squad"] > 0.6
    assert found.structure == "clear"


def test_mix_sums_to_one() -> None:
    units = company(*[0, 1, 2, 3] * 4)

    mix = recommend(units, units, ANCHORS).pattern.mix

    assert tuple(mix) == MODELS
    assert sum(mix.values()) == pytest.approx(1)


def test_no_structure_lowers_every_unit_by_one_band() -> None:
    none = company(*[None] * 30, noise=0.3)
    clear = company(*[None] * 11, noise=0.3)
    probe = means(ANCHORS.centre + 0.55 * ANCHORS.directions[1], people=400)

    firm = recommend(clear, probe, ANCHORS)
    low = recommend(none, probe, ANCHORS)

    assert firm.recommendations["U000"].status == "firm"
    assert low.pattern.structure == "none"
    assert low.recommendations["U000"].status == "lean"
    assert low.recommendations["U000"].probabilities["federated"] > 0.7


def test_order_of_units_does_not_matter() -> None:
    units = company(*[0, 1, 2, None] * 4)
    order = np.random.default_rng(1).permutation(16)
    shuffled = means(units.means[order], covariance=units.covariance[order])

    one = recommend(units, units, ANCHORS).pattern
    other = recommend(shuffled, shuffled, ANCHORS).pattern

    assert other.reach == pytest.approx(one.reach, abs=1e-9)
    assert other.mix == pytest.approx(one.mix, abs=1e-9)


def test_a_cell_that_the_company_contradicts_is_flagged() -> None:
    units = company(*[0, 1, 2, 3] * 15, noise=0.15)
    moved = units.means.copy()
    moved[np.arange(60) % 4 == 3, 8] += 0.8
    found = recommend(replace(units, means=moved), units, ANCHORS).pattern.profiles

    flagged = {
        (model, construct)
        for model, cells in found.items()
        for construct, cell in cells.items()
        if cell.moved
    }

    assert flagged == {("managed_service", "mlops_capability")}


def test_a_cell_stays_flagged_when_learning_starts_from_the_last_wave() -> None:
    units = company(*[0, 1, 2, 3] * 15, noise=0.15)
    moved = units.means.copy()
    moved[np.arange(60) % 4 == 3, 8] += 0.8
    units = replace(units, means=moved)
    first = recommend(units, units, ANCHORS).pattern.profiles
    learned = {
        model: {construct: to_points(cell.learned) for construct, cell in cells.items()}
        for model, cells in first.items()
    }

    second = recommend(units, units, ANCHORS, earlier=learned).pattern.profiles

    assert second["managed_service"]["mlops_capability"].moved


def test_a_company_that_follows_the_theory_has_no_flagged_cell() -> None:
    units = company(*[0, 1, 2, 3] * 15, noise=0.15)

    found = recommend(units, units, ANCHORS).pattern.profiles

    assert not any(cell.moved for cells in found.values() for cell in cells.values())


def test_profiles_stand_beside_the_anchors_on_the_scale_of_readers() -> None:
    units = company(*[0, 1, 2, 3] * 15, noise=0.15)

    cell = recommend(units, units, ANCHORS).pattern.profiles["coe"][CONSTRUCTS[0]]

    assert cell.anchor == pytest.approx(25 * (4.4 - 1))
    assert cell.learned == pytest.approx(25 * (CENTRE[0] + 0.65 * (4.4 - CENTRE[0]) - 1), abs=5)


def test_the_last_wave_pulls_the_profiles_of_the_next() -> None:
    units = company(*[0, 1, 2, 3] * 3)
    before = {
        model: {key: ANCHORS.values[k][j] + 0.5 for j, key in enumerate(CONSTRUCTS)}
        for k, model in enumerate(MODELS)
    }

    fresh = recommend(units, units, ANCHORS).pattern.profiles
    later = recommend(units, units, ANCHORS, earlier=before).pattern.profiles

    assert later["coe"][CONSTRUCTS[0]].learned > fresh["coe"][CONSTRUCTS[0]].learned


def test_an_incomplete_last_wave_is_not_used() -> None:
    units = company(*[0, 1, 2, 3] * 3)

    later = recommend(units, units, ANCHORS, earlier={"coe": {CONSTRUCTS[0]: 4.0}})

    assert later == recommend(units, units, ANCHORS)


@pytest.mark.parametrize("name", LEARNED_REACH)
def test_the_interval_of_the_reach_is_that_of_draws_from_the_centroids(name: str) -> None:
    given = REFERENCE[name]
    V = symmetric(given["V"])
    fitted = AnchoredUnitMixture(ANCHORS.matrix, defining=ANCHORS.mask)
    fitted.fit(np.array(given["x"]), unit_cov=V)
    rng = np.random.default_rng(3)
    drawn = rng.multivariate_normal(
        fitted.cluster_centers_.ravel(), fitted.centroid_covariance_, size=20_000
    ).reshape(-1, 4, 9)
    D = ANCHORS.directions
    apart = drawn - drawn.mean(axis=1, keepdims=True)
    reach = (apart * D).sum(axis=(1, 2)) / (D**2).sum()

    found = pattern_of(name)

    expected = np.quantile(reach, [0.025, 0.975])
    assert [found.reach_low, found.reach_high] == pytest.approx(expected, abs=0.006)
