from collections.abc import Mapping

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.errors import AnalyticsError, SchemaError
from analytics.study.answer_sums import AnswerSums, sum_answers
from analytics.study.scoring import score_people
from tests.analytics.studies import construct, instrument, responses
from tests.analytics.study.sheets import INSTRUMENT, UNITS, sheets

ROLES = ("manager", "contributor")


def as_lists(sums: AnswerSums) -> Mapping[str, object]:
    parts = ("people", "totals", "squares", "chosen", "products")
    return {"respondents": sums.respondents.tolist()} | {
        f"{key}:{part}": getattr(scale, part).tolist()
        for key, scale in sums.scales.items()
        for part in parts
    }


@given(sheets(), sheets())
@settings(max_examples=50, deadline=None)
def test_the_sums_of_two_parts_are_the_sums_of_the_whole(
    first: pl.DataFrame, second: pl.DataFrame
) -> None:
    whole = sum_answers(pl.concat([first, second]), INSTRUMENT, UNITS)

    added = sum_answers(first, INSTRUMENT, UNITS) + sum_answers(second, INSTRUMENT, UNITS)

    assert as_lists(added) == as_lists(whole)


@given(sheets(), st.integers(0, 99))
@settings(max_examples=30, deadline=None)
def test_the_order_of_rows_leaves_no_trace(sheet: pl.DataFrame, seed: int) -> None:
    shuffled = sheet.sample(fraction=1.0, shuffle=True, seed=seed)

    found = sum_answers(shuffled, INSTRUMENT, UNITS)

    assert as_lists(found) == as_lists(
        sum_answers(sheet.sort("unit", "role"), INSTRUMENT, UNITS)
    )


@given(sheets())
@settings(max_examples=50, deadline=None)
def test_everybody_with_a_score_is_counted_in_their_unit_and_role(sheet: pl.DataFrame) -> None:
    scored = score_people(sheet, INSTRUMENT)

    found = sum_answers(sheet, INSTRUMENT, UNITS)

    for name, scale in found.scales.items():
        for row, unit in enumerate(UNITS):
            for column, role in enumerate(ROLES):
                cell = scored.filter((pl.col("unit") == unit) & (pl.col("role") == role))
                assert scale.n[row, column] == cell[name].count()


@given(sheets())
@settings(max_examples=30, deadline=None)
def test_respondents_are_those_with_any_answer(sheet: pl.DataFrame) -> None:
    items = [item.key for item in INSTRUMENT.items]
    answering = sheet.filter(pl.any_horizontal(pl.col(items).is_not_null()))

    found = sum_answers(sheet, INSTRUMENT, UNITS)

    for column, role in enumerate(ROLES):
        of_role = answering.filter(pl.col("role") == role)["unit"].to_list()
        assert found.respondents[:, column].tolist() == [of_role.count(u) for u in UNITS]


def test_options_are_counted_after_reversal_among_complete_sheets() -> None:
    asked = instrument(construct("x", 2, reversed_items=1))
    sheet = responses(
        ("A", "manager", [1, 5]),
        ("A", "manager", [2, 5]),
        ("A", "manager", [2, None]),
        items=["x_1", "x_2"],
    )

    chosen = sum_answers(sheet, asked, ["A"]).scales["x"].chosen[0, 0]

    assert chosen.tolist() == [[1, 1, 0, 0, 0], [2, 0, 0, 0, 0]]


def test_products_are_those_of_the_answers_after_reversal() -> None:
    asked = instrument(construct("x", 2, reversed_items=1))
    sheet = responses(("A", "manager", [3, 1]), ("A", "manager", [4, 5]), items=["x_1", "x_2"])

    products = sum_answers(sheet, asked, ["A"]).scales["x"].products[0, 0]

    assert products.tolist() == [[9 + 16, 15 + 4], [15 + 4, 25 + 1]]


def test_a_scale_may_start_anywhere() -> None:
    asked = instrument(construct("x", 1), low=0, high=10)
    sheet = responses(("A", "manager", [0]), ("A", "manager", [10]), items=["x_1"])

    chosen = sum_answers(sheet, asked, ["A"]).scales["x"].chosen[0, 0, 0]

    assert chosen.tolist() == [1, *[0] * 9, 1]


def test_sums_beyond_32_bits_do_not_overflow() -> None:
    asked = instrument(construct("x", 4), low=1, high=127)
    sheet = responses(("A", "manager", [127] * 4), items=[f"x_{i}" for i in range(1, 5)])

    found = sum_answers(pl.concat([sheet] * 70_000), asked, ["A"]).scales["x"]

    assert found.squares[0, 0, 4] == 70_000 * (4 * 127) ** 2


def test_reads_a_columnar_copy_without_loading_the_frame() -> None:
    sheet = responses(("A", "manager", [3]), ("B", "contributor", [4]), items=["three_1"])

    found = sum_answers(sheet.lazy(), INSTRUMENT, UNITS)

    assert as_lists(found) == as_lists(sum_answers(sheet, INSTRUMENT, UNITS))


def test_constructs_nobody_was_asked_about_have_no_sums() -> None:
    sheet = responses(("A", "manager", [3]), items=["three_1"])

    assert list(sum_answers(sheet, INSTRUMENT, UNITS).scales) == ["three"]


def test_refuses_to_add_sums_of_other_units() -> None:
    sheet = responses(("A", "manager", [3]), items=["three_1"])

    with pytest.raises(AnalyticsError, match="different units"):
        sum_answers(sheet, INSTRUMENT, UNITS) + sum_answers(sheet, INSTRUMENT, ["A"])


def test_refuses_a_unit_it_was_not_told_about() -> None:
    sheet = responses(("Z", "manager", [3]), items=["three_1"])

    with pytest.raises(AnalyticsError, match="not among the units"):
        sum_answers(sheet, INSTRUMENT, UNITS)


def test_refuses_fractions() -> None:
    sheet = responses(("A", "manager", [3]), items=["three_1"])
    sheet = sheet.with_columns(pl.col("three_1") + 0.5)

    with pytest.raises(SchemaError, match="three_1: expected whole numbers"):
        sum_answers(sheet, INSTRUMENT, UNITS)


@pytest.mark.parametrize("answer", [0, 6])
def test_refuses_an_answer_outside_the_scale(answer: int) -> None:
    sheet = responses(("A", "manager", [answer]), items=["three_1"])

    with pytest.raises(AnalyticsError, match="three_1: an answer lies outside"):
        sum_answers(sheet, INSTRUMENT, UNITS)


def test_refuses_a_scale_of_too_many_options() -> None:
    asked = instrument(construct("x", 1), low=0, high=127)
    sheet = responses(("A", "manager", [3]), items=["x_1"])

    with pytest.raises(AnalyticsError, match="128 options"):
        sum_answers(sheet, asked, ["A"])


def test_an_item_nobody_answered_counts_nobody() -> None:
    sheet = responses(("A", "manager", [3, None]), items=["three_1", "three_2"])
    empty = sheet.with_columns(pl.lit(None).alias("three_2"))

    found = sum_answers(empty, INSTRUMENT, UNITS).scales["three"]

    assert (found.n[0, 0], found.complete[0, 0]) == (1, 0)
    assert not np.any(found.products)
