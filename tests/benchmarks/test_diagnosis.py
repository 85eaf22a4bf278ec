"""The diagnosis on whole sheets of simulated companies: the gates of README.md, "Diagnosis"."""

import polars as pl
import pytest

from tests.benchmarks.diagnosis import DiagnosedCompany, constraint_rows, gate_rows
from tests.benchmarks.judges.measures import calibration_error
from tests.benchmarks.simulator import SCENARIOS

pytestmark = pytest.mark.slow

Companies = list[DiagnosedCompany]


@pytest.fixture(scope="module")
def companies() -> Companies:
    drawn = [("baseline", seed) for seed in range(30)] + [
        ("tiny_units", 90 + n) for n in range(20)
    ]
    return [DiagnosedCompany.of(SCENARIOS[scenario], seed) for scenario, seed in drawn]


@pytest.mark.parametrize(("below", "limit"), [(501, 0.03), (15, 0.05)])
def test_stated_probabilities_of_gates_and_phases_are_calibrated(
    companies: Companies, below: int, limit: float
) -> None:
    rows = pl.concat([gate_rows(company) for company in companies])
    judged = rows.filter(pl.col("size") < below)

    for kind in ("gate", "phase"):
        one = judged.filter(pl.col("kind") == kind)
        stated, passed = one["probability"].to_numpy(), one["passed"].to_numpy()
        assert calibration_error(stated, passed) <= limit, kind


def test_identified_root_causes_are_right_and_as_often_as_stated(companies: Companies) -> None:
    rows = pl.concat([constraint_rows(company) for company in companies])
    identified = rows.filter(pl.col("status") == "identified")

    for least, below in ((0, 15), (15, 30), (30, 501)):
        one = identified.filter(pl.col("size") >= least, pl.col("size") < below)
        right = one.select(pl.col("right").cast(pl.Float64).mean()).item()
        stated = one.select(pl.col("probability").mean()).item()
        assert one.height > 50
        assert right >= 0.85, least
        assert abs(right - stated) <= 0.05, least
