"""Whole analyses of the companies that a report is read of; each is made once per process."""

from functools import cache
from typing import NamedTuple

import polars as pl

from analytics.analysis import analyse
from analytics.results import Analysis, Thresholds
from seed.content import standard_instrument, theory
from seed.demo.answers import demo_answers
from seed.demo.organisation import demo_units
from seed.demo.people import demo_people
from survey.releases.of_files import analyse_files
from tests.data import DATA

__all__ = ["COMPANIES", "AnalysedCompany", "analysed"]

COMPANIES = ("company-north", "company-south", "demo")


class AnalysedCompany(NamedTuple):
    """An analysis, and what its units are called."""

    analysis: Analysis
    unit_names: dict[str, str]


@cache
def analysed(company: str) -> AnalysedCompany:
    """Return the analysis of one of ``COMPANIES``."""
    if company == "demo":
        return _demo()
    found = analyse_files(
        DATA / company / "responses.csv",
        DATA / company / "units.csv",
        instrument=standard_instrument(),
        theory=theory(),
        thresholds=Thresholds(),
        seed=0,
    )
    return AnalysedCompany(found.findings.analysis, found.unit_names)


def _demo() -> AnalysedCompany:
    people = {person.external_id: person for person in demo_people()}
    instrument = standard_instrument()
    rows = [
        {
            "unit": people[sheet.external_id].unit_code,
            "role": people[sheet.external_id].role,
            "duration_s": sheet.duration_s,
            **{key: sheet.answers.get(key) for key in instrument.item_keys},
        }
        for sheet in demo_answers(demo_people())
        if sheet.consent is not False
    ]
    units = pl.DataFrame(
        [
            {
                "code": unit.code,
                "parent_code": unit.parent_code,
                "headcount": unit.headcount,
            }
            for unit in demo_units()
        ],
        infer_schema_length=None,
    )
    findings = analyse(
        pl.DataFrame(rows, infer_schema_length=None),
        instrument.measures(),
        theory(),
        units=units,
        seed=2026,
    )
    return AnalysedCompany(findings.analysis, {unit.code: unit.name for unit in demo_units()})
