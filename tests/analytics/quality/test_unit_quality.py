import numpy as np
import polars as pl
import pytest
from numpy.typing import NDArray

from analytics.quality.shown_units import shown_units
from analytics.quality.unit_quality import _view, unit_quality
from analytics.results.quality import Agreement, ScoreQuality
from analytics.study.study import Study
from tests.analytics.quality.likert import STUDY, UNITS
from tests.analytics.studies import construct, everything_but, instrument, planned, unscreened

SCALE = instrument(construct("governance", 3), construct("data_readiness", 1))
K = 5


def people(mean: float, size: int, *, seed: int, spread: float = 0.8) -> NDArray[np.int64]:
    rng = np.random.default_rng(seed)
    answers = np.round(
        mean + rng.normal(size=(size, 1)) * 0.4 + rng.normal(size=(size, 4)) * spread
    )
    return np.clip(answers, 1, 5).astype(np.int64)


def study(units: dict[str, NDArray[np.int64]], tree: pl.DataFrame | None = None) -> Study:
    frames = [
        pl.DataFrame(
            answers, schema=["governance_1", "governance_2", "governance_3", "data_readiness_1"]
        )
        .fill_nan(None)
        .cast(pl.Int64)
        .with_columns(unit=pl.lit(unit), role=pl.lit("contributor"))
        for unit, answers in units.items()
    ]
    return unscreened(pl.concat(frames), SCALE, tree)


COMPANY = {
    f"U{number}": people(2 + 0.3 * number, 6 + number, seed=number) for number in range(1, 8)
}


def governance(of: Study, *hidden: str) -> dict[str, ScoreQuality]:
    found = unit_quality(of, everything_but(of, *hidden), k=K)
    return {code: unit.scores["governance"] for code, unit in found.items()}


def test_every_reported_unit_has_an_entry() -> None:
    assert tuple(unit_quality(STUDY, planned(STUDY), k=K)) == UNITS


def test_the_raw_mean_is_the_mean_of_the_people() -> None:
    found = governance(study(COMPANY))["U3"]

    expected = 25 * (COMPANY["U3"][:, :3].mean() - 1)
    assert found.estimate.raw == pytest.approx(expected)


def test_the_estimate_lies_between_the_raw_mean_and_the_others() -> None:
    found = governance(study(COMPANY))["U7"]

    assert found.estimate.raw > found.estimate.mean > 50.0


def test_a_larger_unit_has_the_more_reliable_mean() -> None:
    found = governance(study(COMPANY))

    assert found["U7"].reliability > found["U1"].reliability


def test_fewer_than_five_units_are_not_shrunk() -> None:
    few = {code: COMPANY[code] for code in ("U1", "U2", "U3")}

    assert not any(one.estimate.shrunk for one in governance(study(few)).values())


def test_one_unit_alone_is_compared_with_nothing() -> None:
    found = governance(study({"U1": COMPANY["U1"]}))["U1"]

    assert (found.reliability, found.estimate, found.difference) == (None, None, None)


def test_the_highest_unit_is_above_the_others() -> None:
    assert governance(study(COMPANY))["U7"].difference == "above"


def test_a_hidden_unit_shows_nothing() -> None:
    assert set(governance(study(COMPANY), "U1")) == set(COMPANY) - {"U1"}


def test_a_hidden_unit_informs_nothing_that_is_said_of_the_others() -> None:
    other = COMPANY | {"U1": people(5, 9, seed=99)}

    assert governance(study(COMPANY), "U1") == governance(study(other), "U1")


def test_answers_all_alike_agree_entirely() -> None:
    found = governance(study(COMPANY | {"U1": np.full((2 * K, 4), 4)}))["U1"]

    assert (found.agreement.rwg, found.agreement.band) == (1.0, "very_strong")


def test_answers_all_alike_are_shared() -> None:
    found = governance(study(COMPANY | {"U1": np.full((2 * K, 4), 4)}))["U1"]

    assert found.view == "shared"


def test_full_agreement_among_fewer_than_2k_is_not_shown() -> None:
    """Two more people left an item out, so that the scores of the unit differ."""
    sheets = np.full((7, 4), 4.0)
    sheets[5:, 0], sheets[5:, 1] = np.nan, 2.0

    found = governance(study(COMPANY | {"U1": sheets}))["U1"]

    assert (found.estimate is None, found.agreement, found.view) == (False, None, None)


def test_answers_all_alike_show_no_distribution_in_a_small_unit() -> None:
    assert governance(study(COMPANY | {"U1": np.full((6, 4), 4)}))["U1"].distribution is None


def test_two_camps_are_divided() -> None:
    camps = np.repeat([[1, 1, 1, 1], [5, 5, 5, 5]], 6, axis=0)

    assert governance(study(COMPANY | {"U1": camps}))["U1"].view == "divided"


def test_answers_by_lot_are_varied() -> None:
    lot = np.random.default_rng(4).integers(1, 6, (40, 4))

    assert governance(study(COMPANY | {"U1": lot}))["U1"].view == "varied"


@pytest.mark.parametrize(
    ("rwg", "band", "deviation", "view"),
    [
        pytest.param(0.80, "strong", 15.0, "shared", id="near each other"),
        pytest.param(0.80, "strong", 22.0, "partly_shared", id="far from the mean"),
        pytest.param(0.60, "moderate", 15.0, "varied", id="no more alike than by lot"),
        pytest.param(0.45, "weak", 15.0, "varied", id="weak"),
    ],
)
def test_people_see_it_alike_as_far_as_all_indices_say_so(
    rwg: float, band: str, deviation: float, view: str
) -> None:
    agreement = Agreement(
        rwg=rwg,
        lindell=rwg,
        average_deviation=deviation,
        average_deviation_limit=20.8,
        chance=0.71 if band == "moderate" else 0.4,
        band=band,
    )

    assert _view(agreement, divided=False) == view


def test_low_agreement_hides_no_score() -> None:
    lot = np.random.default_rng(4).integers(1, 6, (40, 4))

    found = governance(study(COMPANY | {"U1": lot}))["U1"]

    assert found.distribution is not None
    assert found.estimate is not None


@pytest.mark.parametrize(("complete", "shown"), [(4, False), (5, True)])
def test_agreement_takes_k_complete_answers(complete: int, shown: bool) -> None:
    kept = (pl.col("unit") != "U1") | (pl.int_range(pl.len()) < complete)
    responses = study(COMPANY).screened.kept.with_columns(
        governance_3=pl.when(kept).then("governance_3")
    )

    found = governance(unscreened(responses, SCALE))["U1"]

    assert (found.agreement is not None) == shown


def test_the_limit_of_the_average_deviation_is_in_points_of_a_hundred() -> None:
    found = governance(study(COMPANY))["U1"]

    assert found.agreement.average_deviation_limit == pytest.approx(25 * 5 / 6)


def test_a_construct_of_one_item_has_agreement_too() -> None:
    of = study(COMPANY)
    found = unit_quality(of, planned(of), k=K)["U3"].scores["data_readiness"].agreement

    variance = COMPANY["U3"][:, 3].var(ddof=1)
    assert found.rwg == pytest.approx(max(1 - variance / 2, 0))


def test_seven_options_have_no_moderately_skewed_null() -> None:
    seven = instrument(construct("governance", 3), construct("data_readiness", 1), high=7)
    of = unscreened(study(COMPANY).screened.kept, seven)

    found = unit_quality(of, planned(of), k=K)["U3"].scores["governance"].agreement

    assert found.rwg_skewed is None


def test_seven_options_vary_by_lot_with_four() -> None:
    seven = instrument(construct("governance", 3), construct("data_readiness", 1), high=7)
    of = unscreened(study(COMPANY).screened.kept, seven)

    found = unit_quality(of, planned(of), k=K)["U3"].scores["governance"].agreement

    variance = COMPANY["U3"][:, :3].var(axis=0, ddof=1).mean()
    assert found.lindell == pytest.approx(1 - variance / 4)


TREE = pl.DataFrame(
    {
        "code": ["TOP", "LEFT", *COMPANY],
        "parent_code": [None, "TOP", "LEFT", "LEFT", *["TOP"] * 5],
        "headcount": [0, 0, 90, 30, *[20] * 5],
    }
)


def test_a_parent_is_not_compared_with_its_own_units() -> None:
    found = governance(study(COMPANY, TREE))["LEFT"]

    assert found.estimate is None


def test_a_parent_whose_units_are_hidden_stands_for_them() -> None:
    found = governance(study(COMPANY, TREE), "U1", "U2")["LEFT"]

    first, second = (25 * (COMPANY[code][:, :3].mean() - 1) for code in ("U1", "U2"))
    assert found.estimate.raw == pytest.approx(0.75 * first + 0.25 * second)


def test_people_of_unequal_weight_count_as_fewer() -> None:
    of = study(COMPANY, TREE)

    found = shown_units(of, everything_but(of, "U1", "U2"))["governance"]

    effective = dict(zip(found.units, found.groups.n, strict=True))["LEFT"]
    # Kish: (90 + 30)² / (90² / 7 + 30² / 8).
    assert effective == pytest.approx(120**2 / (90**2 / 7 + 30**2 / 8))


def test_agreement_is_that_of_a_unit_s_own_people_only() -> None:
    found = governance(study(COMPANY, TREE))

    assert found["TOP"].agreement is None
    assert found["U1"].agreement is not None


def test_without_a_unit_file_units_stand_side_by_side() -> None:
    assert len(governance(study(COMPANY))) == 7


def test_a_unit_of_one_person_is_nowhere() -> None:
    of = study(COMPANY | {"LONE": people(3, 1, seed=50)})

    assert "LONE" not in unit_quality(of, planned(of), k=K)
