import ast
import json
from pathlib import Path
from types import ModuleType

import msgspec
import numpy as np
import polars as pl
import pytest
from polars.testing import assert_frame_equal

from analytics.analysis import analyse
from seed.content import standard_instrument, theory
from tests.benchmarks import judges, oracle, simulator
from tests.benchmarks.accuracy import judged
from tests.benchmarks.recommender.__main__ import main
from tests.benchmarks.recommender.companies import (
    SIZES,
    Company,
    companies,
    sponsored_companies,
)
from tests.benchmarks.recommender.comparing import comparison
from tests.benchmarks.recommender.gates import Gate, errors, gates, verdict_table
from tests.benchmarks.recommender.measuring import measure, measured
from tests.benchmarks.recommender.mixture import judged_by_mixture, kept_means, means_of
from tests.benchmarks.recommender.product import analysed, context_sheet
from tests.benchmarks.recommender.tables import mean_by_company
from tests.benchmarks.simulator import DISTURBANCES, SCENARIOS, simulate
from tests.benchmarks.simulator.archetypes import MODELS

SMALL = Company(scenario="baseline", units=8, seed=5)


@pytest.fixture(scope="module")
def rows() -> pl.DataFrame:
    return measure([SMALL, Company(scenario="null", units=12, seed=6)], jobs=1)


@pytest.mark.parametrize("package", [simulator, judges, oracle])
def test_judges_share_no_code_with_the_product(package: ModuleType) -> None:
    folder = Path(str(package.__file__)).parent
    imported = set()
    for source in folder.glob("*.py"):
        for node in ast.walk(ast.parse(source.read_text())):
            if isinstance(node, ast.ImportFrom):
                imported.add(str(node.module).split(".")[0])
            elif isinstance(node, ast.Import):
                imported |= {name.name.split(".")[0] for name in node.names}

    assert not imported & {"analytics", "api", "survey", "models", "seed"}


@pytest.mark.slow
def test_measuring_in_process_agrees_with_the_command(tmp_path: Path) -> None:
    company = Company(scenario="baseline", units=8, seed=5, sheet="whole")
    simulate(company.parameters, units=8, seed=5).write(tmp_path)

    here, there = measured(company), judged(tmp_path).sort("unit")

    assert_frame_equal(here.select(there.columns), there, abs_tol=1e-9)


def test_context_items_alone_get_the_verdicts_of_a_whole_analysis() -> None:
    company = simulate(SCENARIOS["tiny_units"], units=12, seed=8)
    findings = analyse(
        context_sheet(company.responses),
        standard_instrument().measures(),
        theory(),
        units=company.units,
    )
    expected = json.loads(msgspec.json.encode(findings.analysis.units))

    found = analysed(company, whole=False)["units"]

    assert [unit["status"] for unit in found] == [unit["status"] for unit in expected]
    for one, other in zip(found, expected, strict=True):
        for member in ("status", "conditional", "set90", "reasonCodes"):
            advice = one.get("recommendation", {}).get(member)
            assert advice == other.get("recommendation", {}).get(member)


@pytest.mark.slow
def test_several_processes_agree_with_one(rows: pl.DataFrame) -> None:
    again = measure([SMALL, Company(scenario="null", units=12, seed=6)], jobs=2)

    assert_frame_equal(again, rows)


def test_every_cell_has_enough_units_and_no_seed_is_used_twice() -> None:
    drawn = companies([*SCENARIOS, *DISTURBANCES], units_per_cell=300, seed=1)
    counts = (
        pl.DataFrame(
            {"scenario": [c.scenario for c in drawn], "units": [c.units for c in drawn]}
        )
        .group_by("scenario", "units")
        .agg(total=pl.col("units").sum())
    )

    assert (counts["total"] >= 300).all()
    assert set(counts.filter(scenario="baseline")["units"]) == set(SIZES)
    assert min(counts.filter(scenario="null")["units"]) == 12
    assert len({company.seed for company in drawn}) == len(drawn)


def test_sponsored_units_have_up_to_five_sponsors() -> None:
    (_, whole) = sponsored_companies(["baseline"], units_per_scenario=24, seed=1)

    drawn = simulate(whole.parameters, units=whole.units, seed=whole.seed)

    assert set(drawn.truth["sponsors"]) == {1, 2, 3, 4, 5}


def test_a_shorter_sheet_does_not_change_the_pace() -> None:
    responses = simulate(SCENARIOS["dirty_data"], units=4, seed=1).responses
    responses = responses.filter(pl.col("role") != "sponsor")
    short = context_sheet(responses)

    def pace(frame: pl.DataFrame) -> pl.Series:
        items = pl.exclude("unit", "role", "duration_s", "respondent_id").is_not_null()
        return frame.select(pl.col("duration_s") / pl.sum_horizontal(items)).to_series()

    assert len(short.columns) == 3 + 27
    assert pace(short).to_numpy() == pytest.approx(pace(responses).to_numpy(), abs=0.5 / 15)


def test_the_standard_error_counts_companies_and_not_units() -> None:
    # Two companies that agree within and differ by 2: deviations of -1 and 1, totals -3 and 3.
    values = np.array([0.0, 0.0, 0.0, 2.0, 2.0, 2.0])

    mean, error = mean_by_company(values, np.array([1, 1, 1, 2, 2, 2]))

    assert mean == 1
    assert error == pytest.approx(np.sqrt(2 / 1 * (9 + 9) / 36))


def test_a_run_compared_with_itself_has_not_changed(rows: pl.DataFrame) -> None:
    assert "| all | 8 | +0.0000 ± nan | +0.0000 ± nan |" in comparison(rows, rows)


def test_a_better_variant_has_less_log_loss(rows: pl.DataFrame) -> None:
    surer = [
        pl.when(pl.col("truth") == model).then(1.0).otherwise(0.0).alias(model)
        for model in MODELS
    ]

    line = comparison(rows, rows.with_columns(surer)).splitlines()[2]

    assert float(line.split("|")[4].split("±")[0]) < 0


def test_gates_without_units_are_left_out(rows: pl.DataFrame) -> None:
    names = {gate.name for gate in gates(rows, rows.clear())}

    assert {"right", "centre firm"} <= names
    assert not {"midway firm", "right, single_model", "identified right"} & names


def test_a_gate_of_one_company_per_scenario_has_no_error_that_could_be_seen(
    rows: pl.DataFrame,
) -> None:
    assert max(errors(rows, rows.clear(), resamples=3).values()) < 1e-12


def test_a_figure_outside_its_limits_misses_its_gate() -> None:
    low = Gate(name="a", value=0.91, units=10, least=0.92)
    nothing = Gate(name="b", value=float("nan"), units=10, most=0.2)
    inside = Gate(name="c", value=0.95, units=10, least=0.93, most=0.99)

    assert [gate.met for gate in (low, nothing, inside)] == [False, False, True]
    assert verdict_table([low]).splitlines()[2] == "| a | 10 | >= .920 | .910 | **not met** |"


@pytest.mark.slow
def test_the_command_prints_its_tables_and_keeps_the_units(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    kept = tmp_path / "rows.parquet"
    asked = ["--scenario", "baseline", "--units-per-cell", "4", "--whole-units", "0"]

    main([*asked, "--jobs", "1", "--dump", str(kept)])

    printed = capsys.readouterr().out
    assert "108 units in 5 companies" in printed
    assert printed.count("\n### ") == 5
    assert pl.read_parquet(kept).height == 108


@pytest.mark.parametrize(("units", "seed"), [(4, 11), (12, 12)])
def test_the_mixture_alone_agrees_with_the_product(units: int, seed: int) -> None:
    company = Company(scenario="noisy_units", units=units, seed=seed)

    alone = judged_by_mixture(means_of(company))

    columns = ["unit", "status", *MODELS, "set90", "toy"]
    assert_frame_equal(alone.select(columns), measured(company).select(columns), abs_tol=1e-9)


def test_kept_means_are_not_prepared_again(tmp_path: Path) -> None:
    kept = tmp_path / "means.parquet"
    first = kept_means(kept, [pl.DataFrame({"a": [1]})])

    again = kept_means(kept, [pl.DataFrame({"a": [2]})])

    assert_frame_equal(again, first)
