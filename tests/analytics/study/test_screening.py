import numpy as np
import polars as pl
import pytest

from analytics.instrument import Construct, Instrument, Item
from analytics.quality.screened import screening_report
from analytics.study.screening import careless_rules, screen
from analytics.study.study import Study

ITEMS = tuple(f"i{number}" for number in range(1, 28))
CARE = [2, 4, 3, 5, 1, 3, 2, 4, 4, 3, 2, 5, 3, 1, 2, 4, 3, 3, 5, 2, 4, 1, 3, 2, 4, 5, 3]


def sheets(
    *rows: list[int | None], unit: str = "U", duration: float | None = 300
) -> pl.DataFrame:
    return pl.DataFrame(
        [(unit, duration, *row) for row in rows],
        schema={"unit": pl.String, "duration_s": pl.Float64} | dict.fromkeys(ITEMS, pl.Int8),
        orient="row",
    )


YES_OR_NO = sheets(
    *([place % 2 for place in range(27)] for _ in range(3)),
    [1] * 12 + [0] + [1] * 12 + [0, 1],
)
"""The last sheet holds two noes among 27 answers."""


def crowd(*careless: list[int | None], duration: float | None = 300) -> pl.DataFrame:
    return pl.concat(
        [sheets(CARE, CARE[::-1], CARE[5:] + CARE[:5]), sheets(*careless, duration=duration)]
    )


def test_keeps_people_who_answer_with_care() -> None:
    assert screen(crowd(CARE), ITEMS).kept.height == 4


@pytest.mark.parametrize(
    "answers",
    [
        pytest.param([3] * 27, id="one answer throughout"),
        pytest.param([3] * 13 + CARE[:14], id="a run of nearly half the sheet"),
        pytest.param([*[3] * 9, 4, *[3] * 8, 4, *[3] * 8], id="hardly any spread"),
        pytest.param([*CARE[:8], *[None] * 19], id="fewer than a third answered"),
    ],
)
def test_leaves_out_a_careless_sheet(answers: list[int | None]) -> None:
    assert screen(crowd(answers), ITEMS).kept.height == 3


def test_a_yes_or_no_sheet_of_nearly_one_answer_has_spread_enough() -> None:
    kept = {step: screen(YES_OR_NO, ITEMS, step=step).kept.height for step in (1.0, 4.0)}

    assert kept == {1.0: 3, 4.0: 4}


def test_a_study_screens_by_the_scale_of_its_instrument() -> None:
    asked = Construct(
        key="asked", block="context", items=tuple(Item(key=name) for name in ITEMS)
    )
    yes_or_no = Instrument(key="short", version=1, constructs=(asked,), low=0, high=1)
    responses = YES_OR_NO.with_columns(role=pl.lit("contributor"))

    study = Study.of(responses, yes_or_no, None)

    assert study.screened.kept.height == 4
    assert screening_report(study, k=1).status == "none"


def test_a_short_file_shows_no_lack_of_spread() -> None:
    equal = pl.DataFrame(
        {"unit": ["U"] * 6, "i1": [4, 4, 4, 2, 3, 5], "i2": [4, 4, 4, 2, 3, 1]}
    )

    assert screen(equal, ("i1", "i2")).kept.height == 6


def test_a_run_looks_through_unanswered_items() -> None:
    assert screen(crowd([3] * 6 + [None] + [3] * 7 + CARE[:13]), ITEMS).kept.height == 3


def test_leaves_out_whoever_was_certainly_too_fast() -> None:
    assert screen(crowd(CARE, duration=26.0), ITEMS).kept.height == 3


def test_speed_alone_is_no_reason() -> None:
    assert screen(crowd(CARE, duration=40.0), ITEMS).kept.height == 4


def test_leaves_out_whoever_answered_nothing_even_in_a_small_unit() -> None:
    assert screen(sheets(CARE, [None] * 27), ITEMS).kept.height == 1


def test_never_screens_a_unit_below_three_people() -> None:
    small = sheets(CARE, CARE[::-1], [3] * 27, [2] * 27)

    assert screen(small, ITEMS).kept.height == 4


def test_speed_with_a_pattern_far_from_everybody_is_careless() -> None:
    usual = [[level] * 26 + [6 - level] for level in (2, 3, 4)] * 40
    odd = [1, 5] * 13 + [1]
    frame = pl.concat([sheets(*usual), sheets(odd, duration=40.0), sheets(odd)])

    assert screen(frame, ITEMS).careless[-2:].tolist() == [True, False]


@pytest.mark.parametrize("people", [140, 250])
def test_one_of_a_thousand_normal_sheets_is_an_outlier(people: int) -> None:
    rng = np.random.default_rng(1)
    items = [f"i{number}" for number in range(62)]
    together = np.linalg.cholesky(0.3 * np.eye(62) + 0.7)

    def outliers() -> int:
        answers = rng.normal(size=(people, 62)) @ together.T
        frame = pl.from_numpy(answers, schema=items).with_columns(duration_s=62 * 1.5)
        return int(careless_rules(frame, tuple(items))["two_families"].sum())

    # 42 of 42 000 are expected, with an error of 6.5.
    draws = 42_000 // people
    assert sum(outliers() for _ in range(draws)) == pytest.approx(42, abs=20)


def test_items_that_follow_from_others_make_nobody_an_outlier() -> None:
    rng = np.random.default_rng(2)
    sheet = pl.from_numpy(rng.normal(size=(200, 5)), schema=list("abcde"))
    sheet = sheet.with_columns(duration_s=9.0, f=pl.lit(4.0), g=pl.col("a"))

    found = careless_rules(sheet, tuple("abcde"))["two_families"]

    assert careless_rules(sheet, tuple("abcdefg"))["two_families"].tolist() == found.tolist()


def test_screens_without_durations() -> None:
    assert screen(crowd(CARE).drop("duration_s"), ITEMS).kept.height == 4
