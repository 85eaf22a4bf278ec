import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings

from analytics.study.answer_sums import sum_answers
from analytics.study.group_scores import group_scores, scores_of_sums
from analytics.study.moments import item_covariance, score_moments
from analytics.study.scoring import item_points, score_people
from analytics.study.tree import UnitTree
from analytics.vocabulary import CUTS
from tests.analytics.studies import construct, instrument, responses
from tests.analytics.study.sheets import INSTRUMENT, UNITS, sheets

TREE = UnitTree({"A": "D", "B": "D", "C": None, "D": None}, {"A": 40, "B": 35, "C": 33, "D": 1})
WEIGHTS = {"A": 40.0, "B": 35.0, "C": 33.0, "D": 1.0}
NAMES = ["one", "three", "five", "parts", "parts.early", "parts.late"]


@given(sheets(most=60))
@settings(max_examples=60, deadline=None)
def test_scores_from_sums_are_those_of_the_people(sheet: pl.DataFrame) -> None:
    people = score_people(sheet.filter(pl.col("role") != "sponsor"), INSTRUMENT)
    expected = group_scores(people, NAMES, TREE, WEIGHTS)

    found = scores_of_sums(sum_answers(sheet, INSTRUMENT, UNITS), NAMES, TREE, WEIGHTS)

    for cut in CUTS:
        for part in ("own", "n", "mean", "low", "high"):
            np.testing.assert_allclose(
                getattr(found[cut], part), getattr(expected[cut], part), atol=1e-7
            )


def test_equal_scores_have_no_spread_at_all() -> None:
    asked = instrument(construct("x", 3))
    sheet = responses(
        ("A", "manager", [4, 4, None]),
        ("A", "manager", [3, 4, 5]),
        ("A", "manager", [3, 5, None]),
        items=["x_1", "x_2", "x_3"],
    )

    found = score_moments(sum_answers(sheet, asked, ["A"]).scales["x"])

    assert (found.n[0], found.mean[0], found.squares[0]) == (3.0, 4.0, 0.0)


def test_other_scales_are_brought_to_points() -> None:
    asked = instrument(construct("x", 1), low=0, high=10)
    sheet = responses(("A", "manager", [0]), ("A", "manager", [10]), items=["x_1"])

    found = score_moments(sum_answers(sheet, asked, ["A"]).scales["x"])

    assert (found.mean[0], found.squares[0]) == pytest.approx((3.0, 8.0))


@given(sheets(most=60))
@settings(max_examples=40, deadline=None)
def test_covariances_are_those_of_complete_sheets(sheet: pl.DataFrame) -> None:
    items = ["three_1", "three_2", "three_3"]
    points = item_points(sheet.filter(pl.col("role") != "sponsor"), INSTRUMENT)
    complete = points.select(items).drop_nulls().to_numpy()

    sums = sum_answers(sheet, INSTRUMENT, UNITS).scales["three"]
    found = item_covariance(sums.map(lambda part: part.sum(axis=(0, 1))))

    if len(complete) < 2:
        assert np.isnan(found).all()
    else:
        np.testing.assert_allclose(found, np.cov(complete, rowvar=False), atol=1e-12)
