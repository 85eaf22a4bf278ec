"""The whole analysis of answers that hardly vary: it says less, and all of it is numbers."""

from collections.abc import Iterator
from math import isfinite
from typing import Any

import msgspec
import polars as pl
import pytest

from analytics.analysis import analyse
from analytics.results import Analysis
from seed.content import standard_instrument, theory
from tests.data import DATA

COMPANY = DATA / "company-north"
RESPONSES = pl.read_csv(COMPANY / "responses.csv")
UNITS = pl.read_csv(COMPANY / "units.csv")
INSTRUMENT = standard_instrument().measures()
ITEMS = [item for item in INSTRUMENT.items if item.key in RESPONSES.columns]

_POINTS = {
    "everybody the same": pl.lit(4),
    "all colleagues the same": 2 + pl.col("unit").rank("dense").cast(pl.Int64) % 3,
}
_ENDS = pl.when(pl.int_range(pl.len()) % 2 == 0).then(1).otherwise(5)


def answered(points: pl.Expr, *, turned: bool) -> list[pl.Expr]:
    """Replace every answer, the reversed items' ``turned`` so that they mean the same."""
    return [
        pl.when(pl.col(item.key).is_not_null())
        .then(6 - points if item.reversed and turned else points)
        .alias(item.key)
        for item in ITEMS
    ]


_ODD = {name: answered(points, turned=True) for name, points in _POINTS.items()}
_ODD["nothing but ends of the scale"] = answered(_ENDS, turned=False)


@pytest.fixture(scope="module", params=list(_ODD))
def analysis(request: pytest.FixtureRequest) -> Analysis:
    responses = RESPONSES.with_columns(_ODD[request.param])
    return analyse(responses, INSTRUMENT, theory(), units=UNITS).analysis


def figures(found: Any, path: str = "") -> Iterator[tuple[str, float]]:
    """Yield every number of a record with where it stands."""
    if isinstance(found, float):
        yield path, found
    elif isinstance(found, dict):
        for key, value in found.items():
            yield from figures(value, f"{path}.{key}")
    elif isinstance(found, list | tuple):
        for place, value in enumerate(found):
            yield from figures(value, f"{path}.{place}")


def test_every_figure_is_a_number(analysis: Analysis) -> None:
    found = dict(figures(msgspec.to_builtins(analysis)))

    assert [path for path, value in found.items() if not isfinite(value)] == []


def test_no_figure_is_what_rounding_left_over(analysis: Analysis) -> None:
    found = dict(figures(msgspec.to_builtins(analysis)))

    assert [path for path, value in found.items() if abs(value) > 1e4] == []
