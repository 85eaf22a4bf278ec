"""The differencing attacker on real analyses, with and without secondary suppression."""

from functools import cache

import polars as pl
import pytest

from analytics.analysis import Findings
from analytics.disclosure.suppression import _ShownNodes
from analytics.results import Thresholds
from seed.content import standard_instrument, theory
from survey.releases.of_files import analyse_files
from tests.attackers.cells import people_behind
from tests.attackers.differencing import exposures
from tests.attackers.face_value import slips
from tests.attackers.published import as_json
from tests.data import DATA

COMPANIES = ("company-north", "company-south")


def analysed(company: str, k: int) -> Findings:
    return analyse_files(
        DATA / company / "responses.csv",
        DATA / company / "units.csv",
        instrument=standard_instrument(),
        theory=theory(),
        thresholds=Thresholds(scores=k),
        seed=0,
    ).findings


def cells(company: str) -> pl.DataFrame:
    return people_behind(pl.read_csv(DATA / company / "responses.csv"))


unchanged_analysis = cache(analysed)
"""The analysis of the product without changes: it is the same every time."""


@pytest.mark.parametrize("k", [5, *(pytest.param(k, marks=pytest.mark.slow) for k in (4, 8))])
@pytest.mark.parametrize("company", COMPANIES)
def test_no_group_below_k_follows_from_any_figure(company: str, k: int) -> None:
    findings = unchanged_analysis(company, k)

    assert (
        exposures(as_json(findings), cells(company), k=k, cuts=findings.cuts, depth=k - 1) == []
    )


@pytest.mark.parametrize("company", COMPANIES)
def test_no_published_count_is_below_k(company: str) -> None:
    assert slips(as_json(unchanged_analysis(company, 5)), k=5) == []


@pytest.mark.parametrize("company", COMPANIES)
def test_without_secondary_suppression_the_attack_succeeds(
    company: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_ShownNodes, "solve", lambda self: self.shown)

    findings = analysed(company, 5)

    assert exposures(as_json(findings), cells(company), k=5, cuts=findings.cuts)


def test_most_units_of_a_healthy_company_are_reported() -> None:
    units = as_json(unchanged_analysis("company-north", 5))["units"]

    assert [unit["status"] for unit in units].count("reported") >= 27
