"""The differencing attacker on simulated companies with many small units."""

from functools import cache
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from analytics.disclosure.suppression import _Roles
from analytics.results import Thresholds
from seed.content import standard_instrument, theory
from survey.releases.of_files import analyse_files
from tests.attackers.alike import agreeing_groups
from tests.attackers.cells import people_behind
from tests.attackers.differencing import Exposure, exposures
from tests.attackers.face_value import disagreements, slips
from tests.attackers.published import as_json
from tests.benchmarks.simulator import SCENARIOS, simulate

pytestmark = pytest.mark.slow


@pytest.fixture(
    scope="module",
    params=[("tiny_units", 24, 101), ("long_tail", 60, 102), ("dirty_data", 12, 103)],
    ids=lambda drawn: str(drawn[0]),
)
def folder(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a simulated company's files."""
    scenario, units, seed = request.param
    path = tmp_path_factory.mktemp(scenario)
    simulate(SCENARIOS[scenario], units=units, seed=seed).write(path)
    return path


def analysed(folder: Path, k: int = 5) -> tuple[dict[str, Any], pl.DataFrame]:
    """Return the JSON of an analysis and its table of cuts."""
    findings = analyse_files(
        folder / "responses.csv",
        folder / "units.csv",
        instrument=standard_instrument(),
        theory=theory(),
        thresholds=Thresholds(scores=k),
        seed=0,
    ).findings
    return as_json(findings), findings.cuts


unchanged_analysis = cache(analysed)
"""An analysis by the unchanged product; it gives the same result every time."""


def answers(folder: Path) -> pl.DataFrame:
    return pl.read_csv(folder / "responses.csv", infer_schema_length=None)


def attacked(
    folder: Path, found: tuple[dict[str, Any], pl.DataFrame], k: int = 5
) -> list[Exposure]:
    result, cuts = found
    return exposures(result, people_behind(answers(folder)), k=k, cuts=cuts, depth=k - 1)


@pytest.mark.parametrize("k", [4, 5])
def test_no_group_below_the_threshold_follows(folder: Path, k: int) -> None:
    assert attacked(folder, unchanged_analysis(folder, k), k) == []


def test_no_small_group_that_agrees_wholly_follows(folder: Path) -> None:
    result, cuts = unchanged_analysis(folder, 5)

    assert agreeing_groups(result, answers(folder), k=5, cuts=cuts) == []


def test_no_row_breaks_a_rule(folder: Path) -> None:
    result, _ = unchanged_analysis(folder, 5)

    assert slips(result, k=5) == []


def test_published_counts_are_true(folder: Path) -> None:
    result, _ = unchanged_analysis(folder, 5)

    assert disagreements(result, people_behind(answers(folder))) == []


def test_without_secondary_suppression_of_roles_managers_follow(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(_Roles, "is_safe", lambda *_: True)
    simulate(SCENARIOS["baseline"], units=24, seed=105).write(tmp_path)

    found = attacked(tmp_path, analysed(tmp_path))

    assert {"manager"} in [{role for _, role in each.cells} for each in found]
