"""Drivers of companies whose outcome is made of known causes."""

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.results.drivers import Driver, DriverAnalysis, Drivers
from tests.analytics.drivers.companies import CAUSES, asked, found_in, people

STRONG = {"data_readiness": 0.8, "governance": 0.3}
MANY = [10] * 80


def company(effects: dict[str, float] | None = None, **how: object) -> Drivers:
    questions = asked()
    found = found_in(people(questions, effects or STRONG, sizes=MANY, **how), questions)
    assert found is not None
    return found


def keys(found: DriverAnalysis) -> list[tuple[str, ...]]:
    return [driver.constructs for driver in found.drivers]


def driver(found: DriverAnalysis, key: str) -> Driver:
    return next(one for one in found.drivers if key in one.constructs)


def test_nobody_asked_about_an_outcome_means_no_drivers() -> None:
    questions = asked(outcome=False)

    assert found_in(people(questions, {}, sizes=MANY), questions) is None


def test_an_outcome_with_nothing_that_could_drive_it_means_no_drivers() -> None:
    questions = asked(causes=())

    assert found_in(people(questions, {}, sizes=MANY), questions) is None


@pytest.mark.parametrize("level", ["within", "between"])
def test_the_strongest_cause_ranks_first(level: str) -> None:
    found = getattr(company(), level)

    assert keys(found) == [("data_readiness",), ("governance",), ("problem_definition",)]


@pytest.mark.parametrize("level", ["within", "between"])
def test_importance_adds_up_to_what_is_explained(level: str) -> None:
    found = getattr(company(), level)

    assert sum(one.importance.estimate for one in found.drivers) == pytest.approx(
        found.r_squared.estimate, abs=1e-12
    )


def test_the_cross_check_agrees_within_a_hundredth() -> None:
    gaps = [
        abs(one.relative_weight - one.importance.estimate) for one in company().within.drivers
    ]

    assert max(gaps) < 0.01


def test_within_is_the_regression_of_deviations_from_the_units_mean() -> None:
    questions = asked()
    responses = people(questions, STRONG, sizes=[6] * 40)
    scored = responses.select(
        "unit",
        *(
            pl.mean_horizontal(f"{key}_1", f"{key}_2").alias(key)
            for key in (*CAUSES, "value_realised")
        ),
    ).with_columns(pl.exclude("unit") - pl.exclude("unit").mean().over("unit"))
    X, y = scored.select(CAUSES).to_numpy(), scored["value_realised"].to_numpy()
    residual = y - X @ np.linalg.lstsq(X, y, rcond=None)[0]

    found = found_in(responses, questions)

    assert found.within.r_squared.estimate == pytest.approx(
        1 - (residual @ residual) / (y @ y), abs=1e-10
    )


def test_what_holds_for_whole_units_is_not_seen_among_colleagues() -> None:
    # Everybody of a unit gives the unit's answer, moved by a person's own outcome.
    rng = np.random.default_rng(3)
    questions = asked(causes=("data_readiness",))
    unit = np.repeat(np.arange(40), 10)
    level = rng.integers(2, 5, 40)[unit]
    own = np.tile([-1, 1], 200)
    responses = pl.DataFrame(
        {
            "unit": [f"U{one:02}" for one in unit],
            "role": ["contributor"] * 400,
            "domain_specificity_1": 1,
            "domain_specificity_2": 5,
            "data_readiness_1": level,
            "data_readiness_2": np.clip(level + np.tile([0, 1, 1, 0], 100), 1, 5),
            "value_realised_1": level + own,
            "value_realised_2": level,
        }
    )

    found = found_in(responses, questions)

    within, between = found.within.r_squared.estimate, found.between.r_squared.estimate
    assert (within < 0.02, between > 0.9) == (True, True)


def test_adjusted_explains_nothing_if_the_outcome_is_pure_chance() -> None:
    questions = asked()
    by_chance = [
        found_in(people(questions, {}, sizes=[10] * 60, seed=seed), questions)
        for seed in range(10)
    ]

    adjusted = np.array([found.between.adjusted_r_squared for found in by_chance])
    assert abs(adjusted.mean()) < 2.5 * adjusted.std(ddof=1) / np.sqrt(10)


def test_units_that_are_all_alike_leave_intervals_without_width() -> None:
    questions = asked()
    one = people(questions, STRONG, sizes=[12])
    responses = pl.concat(
        [one.with_columns(unit=pl.lit(f"U{place:03}")) for place in range(12)]
    )

    found = found_in(responses, questions)

    assert [one.importance.high - one.importance.low for one in found.within.drivers] == (
        pytest.approx([0.0] * 3, abs=1e-12)
    )


def test_the_interval_covers_the_truth_about_as_often_as_it_says() -> None:
    # One predictor: importance is the squared correlation, known from 50 000 people.
    questions = asked(causes=("data_readiness",))
    effects = {"data_readiness": 0.6}
    truth = found_in(people(questions, effects, sizes=[100] * 500, seed=99), questions)
    expected = truth.within.r_squared.estimate

    covered = 0
    for seed in range(40):
        found = found_in(people(questions, effects, sizes=[10] * 30, seed=seed), questions)
        covered += found.within.r_squared.low <= expected <= found.within.r_squared.high

    # 95 % of 40 is 38; fewer than 32 would happen once in 10 000 times.
    assert covered >= 32


def test_a_clear_order_is_stable_over_resamples() -> None:
    assert driver(company().within, "data_readiness").first_share > 0.99


def test_two_equal_causes_share_the_first_rank_over_resamples() -> None:
    found = company({"data_readiness": 0.5, "governance": 0.5}).within

    ranks = {(one.rank_low, one.rank_high) for one in found.drivers[:2]}
    assert ranks == {(1, 2)}


def test_the_order_of_rows_changes_nothing() -> None:
    questions = asked()
    responses = people(questions, STRONG, sizes=[7] * 30)
    shuffled = responses.sample(fraction=1.0, shuffle=True, seed=5)

    assert found_in(shuffled, questions) == found_in(responses, questions)


@settings(max_examples=5, deadline=None)
@given(seed=st.integers(0, 1000))
def test_the_seed_moves_intervals_only(seed: int) -> None:
    questions = asked()
    responses = people(questions, STRONG, sizes=[7] * 30)

    first, second = (found_in(responses, questions, seed=s) for s in (seed, seed + 1))

    assert [one.importance.estimate for one in first.within.drivers] == [
        one.importance.estimate for one in second.within.drivers
    ]
