import numpy as np
import polars as pl
import pytest

from analytics.quality.screened import screening_report
from analytics.results.quality import Screening
from analytics.study.study import Study
from tests.analytics.studies import construct, instrument

SHEET = instrument(construct("governance", 6), construct("data_readiness", 6))
ITEMS = [item.key for item in SHEET.items]
K = 5


def careful(people: int) -> np.ndarray:
    sheet = np.tile([1, 2, 3, 4, 5, 3, 2, 4, 1, 5, 2, 3], (people, 1))
    return np.random.default_rng(0).permuted(sheet, axis=1)


def study(straight: int, *, fast: int = 0, kept: int = 30, high: int = 5) -> Study:
    sheets = np.vstack([careful(kept), np.full((straight, 12), 5), careful(fast)])
    responses = pl.DataFrame(sheets, schema=ITEMS, orient="row").with_columns(
        unit=pl.Series(["A", "B"] * (len(sheets) // 2) + ["A"] * (len(sheets) % 2)),
        role=pl.lit("contributor"),
        duration_s=pl.Series([300.0] * (kept + straight) + [3.0] * fast),
    )
    return Study.of(responses, SHEET, None)


def report(straight: int, **options: int) -> Screening:
    return screening_report(study(straight, **options), k=K)


def test_nobody_left_out_is_said() -> None:
    assert report(0) == Screening(status="none")


@pytest.mark.parametrize(("straight", "stayed"), [(9, False), (10, True)])
def test_careless_people_whose_units_would_be_left_empty_are_said_to_have_stayed(
    straight: int, stayed: bool
) -> None:
    found = report(straight, kept=0)

    assert found == Screening(status="none", some_stayed=stayed)


def test_fewer_than_k_who_stayed_are_not_told() -> None:
    assert not screening_report(study(9, kept=4), k=10).some_stayed


def test_fewer_than_k_left_out_are_no_number() -> None:
    assert report(4) == Screening(status="fewer_than_k")


def test_k_left_out_are_counted() -> None:
    assert report(5).people == 5


def test_fewer_than_k_kept_are_no_number_either() -> None:
    assert screening_report(study(9, kept=8), k=9) == Screening(status="fewer_than_k")


def test_people_are_counted_by_the_rule_they_broke() -> None:
    assert report(6, fast=7).rules == {"invariability": 6, "speed": 7}


def test_a_rule_that_caught_fewer_than_k_hides_all_rules() -> None:
    found = report(6, fast=2)

    assert (found.people, found.rules) == (8, None)


def test_fewer_than_k_caught_by_other_rules_alone_hide_all_rules() -> None:
    """Eleven straight-liners, ten of them fast, and nobody else: one was only straight."""
    of = study(11)
    fast = pl.Series([300.0] * 31 + [3.0] * 10)
    hurried = Study.of(
        of.screened.answering.sort(pl.col("governance_1") == 5, *ITEMS).with_columns(
            duration_s=fast
        ),
        SHEET,
        None,
    )

    found = screening_report(hurried, k=K)

    assert (found.people, found.rules) == (11, None)


def test_the_unscreened_score_weighs_units_as_the_screened_one_does() -> None:
    of = study(10)
    kept = of.people.group_by("unit").len().sort("unit")["len"].to_numpy()
    sheets = of.screened.answering.sort("unit").partition_by("unit")
    means = [25 * (sheet.select(ITEMS[:6]).to_numpy().mean() - 1) for sheet in sheets]

    found = screening_report(of, k=K).effects["governance"]

    assert found.unscreened == pytest.approx(np.average(means, weights=kept))


def test_the_screened_score_is_that_of_the_people_kept() -> None:
    of = study(10)

    found = screening_report(of, k=K).effects["governance"]

    assert found.screened == pytest.approx(25 * (of.people["governance"].mean() - 1))


def test_a_level_that_changes_is_said() -> None:
    assert report(29).effects["governance"].level_changes


def test_a_level_that_stays_is_said() -> None:
    assert not report(10, kept=90).effects["governance"].level_changes


def test_fewer_than_2k_left_out_who_all_agree_have_no_effect() -> None:
    assert report(9).people == 9
    assert report(9).effects is None


def test_a_construct_without_scores_of_those_left_out_has_no_effect() -> None:
    responses = study(10).screened.answering
    straight = pl.all_horizontal(pl.col(ITEMS) == 5)
    silent = responses.with_columns(pl.when(~straight).then(pl.col(ITEMS[8:])).name.keep())

    found = screening_report(Study.of(silent, SHEET, None), k=K)

    assert set(found.effects) == {"governance"}


def test_nobody_answering_leaves_nobody_out() -> None:
    empty = (
        study(0)
        .screened.answering.head(1)
        .with_columns(pl.lit(None, pl.Int64).alias(item) for item in ITEMS)
    )

    assert screening_report(Study.of(empty, SHEET, None), k=K) == Screening(status="none")
