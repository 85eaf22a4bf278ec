"""The differencing attacker on real analyses, with and without secondary suppression."""

import json
from functools import cache
from typing import Any

import msgspec
import polars as pl
import pytest

from analytics.analysis import Findings
from analytics.disclosure.suppression import _ShownNodes
from analytics.results import Thresholds
from analytics.study.screening import screen
from seed.content import standard_instrument, theory
from survey.releases.of_files import analyse_files
from tests.attackers.cells import count_cells
from tests.attackers.differencing import exposures
from tests.attackers.face_value import slips
from tests.data import DATA

COMPANIES = ("company-north", "company-south")
GATES = {gate.key: gate.items for gate in theory().phases.gates}


def analysed(company: str, k: int) -> Findings:
    return analyse_files(
        DATA / company / "responses.csv",
        DATA / company / "units.csv",
        instrument=standard_instrument(),
        theory=theory(),
        thresholds=Thresholds(scores=k),
        seed=0,
    ).findings


as_it_is = cache(analysed)
"""Of the product as it is; analyses are the same every time."""


def as_json(findings: Findings) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(msgspec.json.encode(findings.analysis))
    return document


def cells(company: str) -> pl.DataFrame:
    people = pl.read_csv(DATA / company / "responses.csv").filter(pl.col("role") != "sponsor")
    keys = set(standard_instrument().item_keys)
    items = tuple(name for name in people.columns if name in keys)
    return count_cells(screen(people, items), GATES)


@pytest.mark.parametrize("k", [4, 5, 8])
@pytest.mark.parametrize("company", COMPANIES)
def test_no_group_below_k_follows_from_any_figure(company: str, k: int) -> None:
    findings = as_it_is(company, k)

    assert (
        exposures(as_json(findings), cells(company), k=k, cuts=findings.cuts, depth=k - 1) == []
    )


@pytest.mark.parametrize("company", COMPANIES)
def test_nothing_below_k_stands_in_the_open(company: str) -> None:
    assert slips(as_json(as_it_is(company, 5)), k=5) == []


@pytest.mark.parametrize("company", COMPANIES)
def test_without_secondary_suppression_the_attack_succeeds(
    company: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_ShownNodes, "solve", lambda self: self.shown)

    findings = analysed(company, 5)

    assert exposures(as_json(findings), cells(company), k=5, cuts=findings.cuts)


def test_most_units_of_a_healthy_company_are_reported() -> None:
    units = as_json(as_it_is("company-north", 5))["units"]

    assert [unit["status"] for unit in units].count("reported") >= 27
