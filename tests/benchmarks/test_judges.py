from math import log
from typing import Any

import numpy as np
import polars as pl
import pytest

from tests.benchmarks.judges import judge, report, toy_models, verdicts
from tests.benchmarks.judges.measures import Share, calibration_error
from tests.benchmarks.simulator import SCENARIOS, simulate
from tests.benchmarks.simulator.archetypes import MODELS

Row = dict[str, Any]


def truth(**columns: list[Any]) -> pl.DataFrame:
    """Return a truth frame of units A, B, ...; governance is the lowest unless given."""
    length = len(next(iter(columns.values())))
    frame = {
        "unit": [chr(65 + place) for place in range(length)],
        "model": ["coe"] * length,
        "kind": ["pure"] * length,
        "mean_problem_definition": [3.0] * length,
        "mean_data_readiness": [3.1] * length,
        "mean_governance": [2.0] * length,
        "mean_workflow_redesign": [3.2] * length,
        "behaviour_speaks": [3.0] * length,
        "behaviour_uses": [3.0] * length,
        "behaviour_protects": [3.0] * length,
        "behaviour_removes": [3.0] * length,
        "inflation": [0.4] * length,
    }
    return pl.DataFrame(frame | columns)


def said(unit: str, *conditional: float, status: str = "firm", **more: Any) -> Row:
    advice = {
        "status": status,
        "conditional": dict(zip(MODELS, conditional, strict=True)),
        "set90": ["coe"],
    }
    return {"unit": unit, "status": "reported", "recommendation": advice} | more


def result(*rows: Row) -> Row:
    return {"units": list(rows)}


def test_right_is_the_most_probable_of_the_four() -> None:
    found = judge(
        verdicts(
            result(said("A", 0.5, 0.4, 0.1, 0.0), said("B", 0.3, 0.4, 0.2, 0.1)),
            truth(model=["coe", "coe"]),
        )
    )

    assert found.right == Share(part=1, whole=2)
    assert found.log_loss == pytest.approx((-log(0.5) - log(0.3)) / 2)


def test_suppressed_units_are_not_judged() -> None:
    rows = result(said("A", 1, 0, 0, 0), {"unit": "B", "status": "suppressed"})

    found = judge(verdicts(rows, truth(model=["coe", "coe"])))

    assert found.reported == Share(part=1, whole=2)
    assert found.right == Share(part=1, whole=1)


def test_parents_are_not_judged() -> None:
    rows = result(said("D01", 0, 1, 0, 0), said("A", 1, 0, 0, 0))

    assert judge(verdicts(rows, truth(model=["coe"]))).right == Share(part=1, whole=1)


def test_a_true_model_outside_the_set_is_not_covered() -> None:
    found = judge(verdicts(result(said("A", 1, 0, 0, 0)), truth(model=["federated"])))

    assert found.covered == Share(part=0, whole=1)


def test_recommendations_for_units_without_a_true_model_are_counted() -> None:
    rows = [
        said(unit, 1, 0, 0, 0, status=status)
        for unit, status in zip("ABCD", ["firm", "lean", "no_clear_model", "lean"], strict=True)
    ]
    kinds = ["centre", "centre", "centre", "midway"]

    found = judge(verdicts(result(*rows), truth(model=["none"] * 4, kind=kinds)))

    assert (found.centre_firm, found.centre_any) == (
        Share(part=1, whole=3),
        Share(part=2, whole=3),
    )
    assert (found.midway_firm, found.midway_any) == (
        Share(part=0, whole=1),
        Share(part=1, whole=1),
    )
    assert found.right.whole == 0


def test_a_probability_of_one_half_is_calibrated_if_half_are_right() -> None:
    assert calibration_error(np.array([0.55, 0.55]), np.array([True, False])) == pytest.approx(
        0.05
    )


def test_certainty_that_is_always_wrong_is_not_calibrated() -> None:
    assert calibration_error(np.array([1.0, 1.0]), np.array([False, False])) == 1.0


def test_only_identified_constraints_are_judged() -> None:
    verdict = {"status": "identified", "dimensions": ["governance"]}
    rows = [
        said("A", 1, 0, 0, 0, constraint=verdict),
        said("B", 1, 0, 0, 0, constraint=verdict | {"dimensions": ["data_readiness"]}),
        said("C", 1, 0, 0, 0, constraint={"status": "tied", "dimensions": ["governance", "x"]}),
    ]

    found = judge(verdicts(result(*rows), truth(model=["coe"] * 3)))

    assert found.constraint_right == Share(part=1, whole=2)


def test_the_mean_of_the_behaviours_can_be_the_lowest_root_cause() -> None:
    frame = truth(model=["coe"], behaviour_uses=[-1.5])
    verdict = {"status": "identified", "dimensions": ["executive_sponsorship"]}

    found = judge(verdicts(result(said("A", 1, 0, 0, 0, constraint=verdict)), frame))

    assert found.constraint_right == Share(part=1, whole=1)


def sponsored(low: float, high: float, **more: Any) -> Row:
    gap = {"estimate": 0.0, "low": low, "high": high}
    return {"sponsorship": {"status": "reported", "gap": gap} | more}


def test_a_gap_is_covered_if_its_interval_contains_the_inflation() -> None:
    rows = [
        said("A", 1, 0, 0, 0, **sponsored(9.0, 11.0)),
        said("B", 1, 0, 0, 0, **sponsored(11.0, 12.0)),
        said("C", 1, 0, 0, 0, **sponsored(9.0, 11.0, sponsorOf="D01")),
    ]

    found = judge(verdicts(result(*rows), truth(inflation=[0.4, 0.4, 0.4])))

    assert found.gap_covered == Share(part=1, whole=2)


def test_the_toy_finds_four_clear_models() -> None:
    company = simulate(SCENARIOS["strong_separation"], units=24, seed=1)

    named = toy_models(company.responses)
    true = dict(company.truth.select("unit", "model").iter_rows())

    assert sum(named[unit] == model for unit, model in true.items()) >= 20


def test_the_toy_names_four_models_even_if_there_is_one() -> None:
    company = simulate(SCENARIOS["single_model"], units=24, seed=1)

    assert set(toy_models(company.responses).values()) == set(MODELS)


def test_the_toy_is_judged_on_the_same_units() -> None:
    rows = result(said("A", 1, 0, 0, 0), {"unit": "B", "status": "suppressed"})
    with_toy = verdicts(rows, truth(model=["coe", "coe"])).with_columns(toy=pl.lit("federated"))

    assert judge(with_toy).toy_right == Share(part=0, whole=1)


def test_the_report_has_a_line_for_each_company_and_the_goals() -> None:
    found = judge(verdicts(result(said("A", 1, 0, 0, 0)), truth(model=["coe"])))

    lines = report({"north": found, "south": found}).splitlines()

    assert [line.split()[0] for line in lines[1:4]] == ["north", "south", "goal"]
