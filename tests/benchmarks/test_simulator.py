from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from tests.benchmarks.simulator import SCENARIOS, simulate
from tests.benchmarks.simulator.archetypes import DEFINING, MODELS
from tests.benchmarks.simulator.truth import between_unit_sd

COUNTS = {
    "cross_function_breadth": 3,
    "shared_standards_need": 3,
    "domain_specificity": 3,
    "data_literacy": 3,
    "product_ownership": 3,
    "production_stage": 3,
    "live_service_need": 3,
    "business_case": 3,
    "mlops_capability": 3,
    "problem_definition": 4,
    "data_readiness": 4,
    "governance": 8,
    "workflow_redesign": 4,
    "business_pain": 1,
    "data_first": 1,
    "live_product": 1,
    "joint_ownership": 2,
    "executive_sponsorship": 8,
}
ITEMS = [f"{key}_{number}" for key, count in COUNTS.items() for number in range(1, count + 1)]
SILENT = replace(
    SCENARIOS["baseline"],
    person_halo=0.0,
    person_sd=0.0,
    item_sd=0.0,
    item_offset=0.0,
    acq_mean=0.0,
    acq_sd=0.0,
    unit_acq_sd=0.0,
    ext_sd=0.0,
    unit_ext_sd=0.0,
    careless=0.0,
    missing=0.0,
    manager_bias=0.0,
)


def test_the_respondent_file_has_the_columns_of_a_real_one() -> None:
    company = simulate(SCENARIOS["baseline"], units=4, seed=1)

    assert company.responses.columns == ["respondent_id", "unit", "role", "duration_s", *ITEMS]


def test_the_same_seed_draws_the_same_company() -> None:
    first, second, other = (
        simulate(SCENARIOS["dirty_data"], units=8, seed=seed) for seed in (5, 5, 6)
    )

    assert_frame_equal(first.responses, second.responses)
    assert not first.responses.equals(other.responses)


def test_every_unit_has_more_people_than_respondents() -> None:
    company = simulate(SCENARIOS["long_tail"], units=60, seed=2)

    heads = company.truth.join(company.units, left_on="unit", right_on="code")

    assert (heads["headcount"] > heads["respondents"]).all()


def test_the_truth_counts_the_people_who_answer() -> None:
    company = simulate(SCENARIOS["baseline"], units=12, seed=3)

    people = company.responses.filter(pl.col("role") != "sponsor").group_by("unit").len()
    counted = company.truth.join(people, on="unit")

    assert (counted["respondents"] == counted["len"]).all()


def test_sponsors_fill_the_sponsorship_items_and_nothing_else() -> None:
    company = simulate(SCENARIOS["baseline"], units=12, seed=4)

    sponsors = company.responses.filter(pl.col("role") == "sponsor").select(ITEMS)
    filled = [name for name in ITEMS if sponsors[name].null_count() < sponsors.height]

    assert filled == ITEMS[-8:]


def test_answers_are_whole_points_from_one_to_five() -> None:
    company = simulate(SCENARIOS["style_heavy"], units=12, seed=5)

    values = company.responses.select(pl.col(ITEMS)).unpivot()["value"].drop_nulls()

    assert set(values) == {1, 2, 3, 4, 5}


def test_without_noise_everybody_answers_the_truth_of_the_unit() -> None:
    company = simulate(SILENT, units=12, seed=6)

    answered = company.responses.filter(pl.col("role") == "contributor").join(
        company.truth, on="unit"
    )
    truth = answered["mean_data_readiness"].clip(1, 5)

    assert ((answered["data_readiness_1"] - truth).abs() <= 0.5001).all()


def test_reversed_items_are_answered_the_other_way_round() -> None:
    company = simulate(SILENT, units=12, seed=6)

    people = company.responses.filter(pl.col("role") == "contributor")

    assert (people["data_readiness_4"] == 6 - people["data_readiness_1"]).all()
    assert (people["business_case_3"] == 6 - people["business_case_1"]).all()


def test_missing_answers_are_close_to_their_share() -> None:
    company = simulate(SCENARIOS["dirty_data"], units=60, seed=7)

    people = company.responses.filter(pl.col("role") != "sponsor").select(ITEMS)
    share = people.null_count().sum_horizontal().item() / (people.height * len(ITEMS))

    assert 0.13 < share < 0.17  # .6 of .2, and a fifth of the sheet of .8 of .2


@pytest.mark.parametrize(
    ("scenario", "kinds"),
    [
        ("baseline", {"pure": 20}),
        ("null", {"centre": 20}),
        ("midway", {"midway": 20}),
        ("mixed_null", {"pure": 14, "centre": 3, "midway": 3}),
    ],
)
def test_a_mix_has_its_kinds_of_unit(scenario: str, kinds: dict[str, int]) -> None:
    company = simulate(SCENARIOS[scenario], units=20, seed=8)

    assert dict(company.truth["kind"].value_counts().iter_rows()) == kinds


def test_a_balanced_mix_holds_the_four_models_in_turn() -> None:
    company = simulate(SCENARIOS["baseline"], units=24, seed=9)

    assert dict(company.truth["model"].value_counts().iter_rows()) == dict.fromkeys(MODELS, 6)


def test_a_single_model_company_has_one_model() -> None:
    company = simulate(SCENARIOS["single_model"], units=24, seed=10)

    assert company.truth["model"].n_unique() == 1


def test_a_written_company_can_be_read_back(tmp_path: Path) -> None:
    company = simulate(SCENARIOS["tiny_units"], units=8, seed=11)

    company.write(tmp_path)

    for name in ("responses", "units"):
        assert_frame_equal(pl.read_csv(tmp_path / f"{name}.csv"), getattr(company, name))
    assert_frame_equal(pl.read_csv(tmp_path / "truth_units.csv"), company.truth)


def test_units_vary_less_on_the_defining_cells_of_their_models() -> None:
    parameters = SCENARIOS["baseline"]

    pure, midway, centre = between_unit_sd(parameters, [(0,), (0, 3), ()])

    assert ((pure == parameters.tau_primary) == DEFINING[0]).all()
    assert ((midway == parameters.tau_primary) == DEFINING[[0, 3]].any(axis=0)).all()
    assert (centre == parameters.tau_primary).all()
