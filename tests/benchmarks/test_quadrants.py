"""Quadrants of sponsorship against the truth of simulated companies."""

import polars as pl
import pytest

from tests.benchmarks.quadrants import judged, right_share, table
from tests.benchmarks.recommender.companies import companies


@pytest.mark.slow
def test_nineteen_of_twenty_named_quadrants_are_right() -> None:
    scenarios = ["baseline", "style_heavy", "tiny_units"]
    drawn = companies(scenarios, units_per_cell=4, seed=3)

    named = pl.concat(map(judged, drawn)).filter(pl.col("quadrant") != "too_close_to_call")

    assert named.height > 100
    assert right_share(named)[0] >= 0.95


def test_the_table_counts_what_is_right_by_quadrant() -> None:
    rows = pl.DataFrame(
        {
            "company": [1, 1, 2, 2],
            "quadrant": ["blind_spot", "blind_spot", "visible_sponsor", "too_close_to_call"],
            "true": ["blind_spot", "acknowledged_gap", "visible_sponsor", "blind_spot"],
            "latent": ["blind_spot", "blind_spot", "visible_sponsor", "blind_spot"],
        }
    )

    lines = table(rows).splitlines()

    assert "| blind spot | 2 | 2 | 0.500 (0.000) | 1.000 |" in lines
    assert "| hidden strength | 0 | 0 | - | - |" in lines
    assert lines[-1].startswith("| **all four** | 4 | 3 | 0.667 (")
