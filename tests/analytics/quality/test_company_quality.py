import numpy as np
import polars as pl
import pytest

from analytics.quality.company_quality import company_quality
from analytics.quality.scales import aggregation, scale_reliability
from analytics.results.quality import CompanyQuality, ScaleQuality
from tests.analytics.quality.groups import groups_of
from tests.analytics.quality.likert import SCALES, STUDY
from tests.analytics.studies import construct, everything_but, instrument, planned, unscreened

K = 5


def answers(items: int, people: int, *, noise: float = 1.0) -> np.ndarray:
    rng = np.random.default_rng(0)
    raw = 2 + rng.normal(size=(people, 1)) + noise * rng.normal(size=(people, items))
    return np.clip(np.round(raw), 0, 4)


def quality(sheet: np.ndarray, *, k: int = K) -> ScaleQuality:
    items = sheet.shape[1]
    responses = pl.DataFrame(
        (sheet + 1).astype(np.int64),
        schema=[f"governance_{number + 1}" for number in range(items)],
    ).with_columns(unit=pl.lit("A"), role=pl.lit("contributor"))
    study = unscreened(responses, instrument(construct("governance", items)))
    return company_quality(study, planned(study), k=k, seed=0).scales["governance"]


@pytest.fixture(scope="module")
def likert() -> CompanyQuality:
    return company_quality(STUDY, planned(STUDY), k=K, seed=0)


def test_every_construct_has_a_scale(likert: CompanyQuality) -> None:
    assert list(likert.scales) == list(SCALES)


def test_the_same_seed_gives_the_same_intervals(likert: CompanyQuality) -> None:
    assert company_quality(STUDY, planned(STUDY), k=K, seed=0) == likert


def test_a_coefficient_of_more_than_seventy_is_reliable(likert: CompanyQuality) -> None:
    assert likert.scales["governance"].reliability.verdict == "reliable"


def test_a_coefficient_of_sixty_to_seventy_asks_for_caution(likert: CompanyQuality) -> None:
    assert likert.scales["executive_sponsorship"].reliability.verdict == "caution"


def test_a_coefficient_below_sixty_is_not_to_be_used() -> None:
    assert quality(answers(3, 200, noise=2.0)).reliability.verdict == "do_not_use"


def test_fifty_people_have_omega_as_the_headline() -> None:
    assert quality(answers(3, 50)).reliability.coefficient == "omega"


def test_49_people_have_alpha_alone() -> None:
    found = quality(answers(3, 49)).reliability

    assert (found.coefficient, found.omega) == ("alpha", None)


def test_19_people_have_no_coefficient() -> None:
    found = quality(answers(3, 19))

    assert (found.status, found.reliability) == ("too_few_people", None)


def test_a_threshold_above_the_people_leaves_no_coefficient() -> None:
    assert quality(answers(3, 30), k=31).status == "too_few_people"


def test_two_items_are_judged_by_spearman_and_brown() -> None:
    sheet = answers(2, 80)
    correlation = np.corrcoef(sheet.T)[0, 1]

    found = quality(sheet).reliability

    assert found.coefficient == "spearman_brown"
    assert found.spearman_brown == pytest.approx(2 * correlation / (1 + correlation))


def test_one_item_has_no_reliability() -> None:
    assert quality(answers(1, 80)).status == "single_item"


def test_answers_that_do_not_vary_have_no_reliability() -> None:
    assert quality(np.full((60, 3), 2.0)).status == "no_variance"


def test_an_item_that_does_not_vary_has_no_correlation() -> None:
    sheet = answers(4, 60)
    sheet[:, 3] = 2.0

    found = scale_reliability(sheet, ("a", "b", "c", "d"), seed=0)

    assert found.items["d"].item_total is None


def test_differences_beyond_chance_defend_the_means(likert: CompanyQuality) -> None:
    assert likert.scales["governance"].aggregation.verdict == "defended"


def test_units_alike_defend_nothing() -> None:
    rng = np.random.default_rng(1)

    found = aggregation(groups_of([rng.normal(size=10) for _ in range(8)]))

    assert (found.verdict, found.ranking) == ("not_defended", False)


def test_differences_that_chance_explains_defend_nothing_however_large() -> None:
    found = aggregation(groups_of([[1.0, 2.0], [2.5, 4.0], [3.0, 4.5]]))

    assert found.icc1 > 0.05
    assert found.verdict == "not_defended"


def test_a_mean_reliability_below_seventy_forbids_ranking(likert: CompanyQuality) -> None:
    # multilevel: ICC(2) .686.
    found = likert.scales["executive_sponsorship"].aggregation

    assert (found.verdict, found.ranking) == ("defended", False)


def test_one_unit_has_no_aggregation() -> None:
    assert quality(answers(3, 60)).aggregation is None


def test_units_of_one_mean_have_no_icc2() -> None:
    found = aggregation(groups_of([[1.0, 5.0], [2.0, 4.0], [3.0, 3.0]]))

    assert found.icc2 is None


def test_hidden_units_do_not_inform_what_is_said_of_differences() -> None:
    plan = everything_but(STUDY, "U001")
    other = STUDY.screened.kept.with_columns(
        pl.when(pl.col("unit") == "U001")
        .then(5)
        .otherwise(pl.col("governance_1"))
        .alias("governance_1")
    )
    moved = unscreened(other, STUDY.instrument)

    there = company_quality(STUDY, plan, k=K, seed=0).scales["governance"].aggregation
    again = company_quality(moved, plan, k=K, seed=0).scales["governance"].aggregation

    assert again == there


def test_a_company_of_nobody_kept_says_nothing() -> None:
    nobody = unscreened(STUDY.screened.kept.head(3), STUDY.instrument)

    found = company_quality(nobody, planned(nobody), k=K, seed=0).scales["governance"]

    assert found == ScaleQuality(status="too_few_people", invariance="not_tested")
