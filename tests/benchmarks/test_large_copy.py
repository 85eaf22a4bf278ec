from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

from analytics.study.scoring import item_points
from analytics.study.tree import UnitTree
from tests.analytics.studies import construct, instrument
from tests.benchmarks.large_copy import draw_copy, draw_tree, statistics_of

ASKED = instrument(construct("x", 3, reversed_items=1), construct("y", 2))


@pytest.fixture
def tree() -> UnitTree:
    return draw_tree(12)


@pytest.fixture
def copy(tree: UnitTree, tmp_path: Path) -> pl.LazyFrame:
    draw_copy(tmp_path / "copy.parquet", tree, ASKED, people=600, seed=1)
    return pl.scan_parquet(tmp_path / "copy.parquet")


def test_the_tree_has_the_requested_nodes_on_three_levels(tree: UnitTree) -> None:
    assert len(tree.codes) == 12
    assert {len(tree.ancestors(code)) for code in tree.codes} == {0, 1, 2}


def test_alpha_agrees_with_a_computation_on_complete_sheets(
    copy: pl.LazyFrame, tree: UnitTree
) -> None:
    found: Any = statistics_of(copy, ASKED, tree, k=5)["reliability"]
    sheets = item_points(copy.collect(), ASKED).select("x_1", "x_2", "x_3").drop_nulls()
    covariance = np.cov(sheets.to_numpy(), rowvar=False)

    alpha = 3 / 2 * (1 - np.trace(covariance) / covariance.sum())

    assert found["x"]["alpha"] == pytest.approx(alpha)


def test_agreement_agrees_with_a_computation_on_complete_sheets(
    copy: pl.LazyFrame, tree: UnitTree
) -> None:
    found: Any = statistics_of(copy, ASKED, tree, k=5)["agreement"]
    unit = tree.codes[-1]
    points = item_points(copy.collect(), ASKED).filter(pl.col("unit") == unit)
    variance = points.select("y_1", "y_2").drop_nulls().to_numpy().var(axis=0, ddof=1).mean()

    agreed = 2 * (1 - variance / 2) / (2 * (1 - variance / 2) + variance / 2)

    assert found["y"]["rwg"][-1] == pytest.approx(agreed)
