import numpy as np
import polars as pl
import pytest

from tests.benchmarks.simulator import DISTURBANCES, SCENARIOS, simulate
from tests.benchmarks.simulator.archetypes import ANCHORS, CENTRE
from tests.benchmarks.simulator.disturbances import (
    contentment,
    mirrored,
    reaches,
    some,
    tails,
    undescribed,
)


def test_a_disturbance_that_is_off_draws_nothing() -> None:
    rng, untouched = np.random.default_rng(1), np.random.default_rng(1)

    some(rng, 10, share=0.0)
    mirrored(rng, ANCHORS, CENTRE, cells=0)
    reaches(rng, 4, spread=0.0)
    tails(rng, 10, freedom=None)

    assert rng.random() == untouched.random()


def test_mirrored_cells_belong_to_one_model_and_keep_their_distance() -> None:
    wrong = mirrored(np.random.default_rng(1), ANCHORS, CENTRE, cells=4)

    moved = wrong != ANCHORS
    assert sorted(moved.sum(axis=1)) == [0, 0, 0, 4]
    assert (wrong - CENTRE)[moved] == pytest.approx((CENTRE - ANCHORS)[moved])


def test_an_undescribed_profile_is_equally_far_away_and_unlike_the_four() -> None:
    described = ANCHORS - CENTRE
    lengths = np.linalg.norm(described, axis=1)

    for seed in range(20):
        away = undescribed(np.random.default_rng(seed))
        assert np.linalg.norm(away) == pytest.approx(lengths.mean())
        assert (described @ away / lengths / lengths.mean()).max() < 0.5


def test_heavy_tails_keep_the_spread_and_reach_further() -> None:
    rng = np.random.default_rng(1)
    drawn = tails(rng, 200_000, freedom=6.0)[:, 0] * rng.normal(size=200_000)

    assert drawn.std() == pytest.approx(1, abs=0.02)
    assert (np.abs(drawn) > 4).mean() > 10 * 6.3e-5  # 6.3e-5 of normal draws are beyond 4


def test_respondents_are_more_content_if_the_discontented_are_silent() -> None:
    unit = np.repeat(np.arange(4000), 50)
    halo = contentment(np.random.default_rng(1), unit, sd=0.35, silence=0.95)

    # E of sd r |z| with r uniform up to .95
    assert halo.mean() == pytest.approx(0.35 * np.sqrt(2 / np.pi) * 0.95 / 2, abs=0.003)


def test_uneven_reach_gives_every_model_its_own_reach() -> None:
    profiles = simulate(DISTURBANCES["uneven_reach"], units=4, seed=3).making.truth.profiles
    away = (profiles - profiles.mean(axis=0)) @ (ANCHORS - CENTRE).T

    reach = np.diag(away) / np.linalg.norm(ANCHORS - CENTRE, axis=1) ** 2
    assert reach.max() / reach.min() > 1.3


def test_avoided_ends_are_never_chosen_by_half_of_the_people() -> None:
    people = simulate(DISTURBANCES["avoided_ends"], units=24, seed=1).making.people
    usual = simulate(SCENARIOS["baseline"], units=24, seed=1).making.people

    def without_ends(answers: np.ndarray) -> float:
        return float(((answers != 1) & (answers != 5)).all(axis=1).mean())

    assert 0.4 < without_ends(people.answers) < 0.6
    assert without_ends(usual.answers) < 0.05


@pytest.mark.parametrize(
    ("scenario", "kind"), [("fifth_model", "fifth"), ("two_camps", "split")]
)
def test_a_quarter_of_the_units_follows_none_of_the_four_models(
    scenario: str, kind: str
) -> None:
    truth = simulate(DISTURBANCES[scenario], units=24, seed=1).truth

    assert truth.filter(kind=kind)["model"].to_list() == ["none"] * 6
    assert truth.filter(pl.col("kind") == "pure").height == 18


def test_people_of_a_split_unit_differ_more_than_others() -> None:
    company = simulate(DISTURBANCES["two_camps"], units=60, seed=2)
    columns = [name for name in company.responses.columns if name.startswith("cross_function")]
    spread = (
        company.responses.filter(pl.col("role") != "sponsor")
        .group_by("unit")
        .agg(pl.col(columns).var())
        .select("unit", pl.mean_horizontal(columns).alias("variance"))
        .join(company.truth, on="unit")
        .group_by("kind")
        .agg(pl.col("variance").mean())
    )
    variance = dict(spread.iter_rows())

    assert variance["split"] > 1.1 * variance["pure"]
