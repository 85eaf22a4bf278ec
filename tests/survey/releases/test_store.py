"""Findings as rows and back, on records that have the fields of some kinds and lack others."""

from functools import partial
from typing import Literal

import msgspec
import pytest

from analytics.results import Analysis, Record, UnitResult
from models.enums import FindingKind
from survey.releases.store import COMPANY_KINDS, UNIT_KINDS, finding_rows, restored
from tests.factories import releases


class Phase(Record, frozen=True, kw_only=True):
    """A finding with a status of its own."""

    status: Literal["reported", "suppressed"]
    weeks: tuple[int, int] | None = None
    passed: dict[str, float] | None = None


class Unit(UnitResult, frozen=True, kw_only=True):
    """A unit with findings."""

    readiness: Phase | None = None
    quality: dict[str, float] | None = None


class Company(Analysis, frozen=True, kw_only=True):
    """An analysis with findings of the company."""

    quality: dict[str, float] | None = None


PHASE = Phase(status="reported", weeks=(1, 6), passed={"data": 0.1 + 0.2})


analysis = partial(releases.analysis, shape=Company)


def unit(code: str = "A", **findings: object) -> Unit:
    return Unit(unit=code, status="reported", **findings)  # type: ignore[arg-type]  # as above


@pytest.mark.parametrize(
    "findings",
    [
        {},
        {"readiness": PHASE},
        {"readiness": Phase(status="suppressed")},
        {"quality": {}},
        {"readiness": PHASE, "quality": {"alpha": 0.8}},
    ],
)
def test_what_was_found_of_a_unit_comes_back(findings: dict[str, object]) -> None:
    written = unit(**findings)

    rows = list(finding_rows(analysis(written)))

    assert unit(**restored(rows, Unit)) == written


def test_what_was_found_of_the_company_comes_back() -> None:
    rows = list(finding_rows(analysis(quality={"alpha": 0.8})))

    assert restored(rows, Company) == {"quality": {"alpha": 0.8}}


def test_each_row_names_its_unit_and_the_company_none() -> None:
    units = [unit("A", readiness=PHASE), unit("B", readiness=PHASE)]

    rows = finding_rows(analysis(*units, quality={}))

    assert [(row.kind, row.unit_code) for row in rows] == [
        ("readiness", "A"),
        ("readiness", "B"),
        ("quality", None),
    ]


def test_nothing_is_stored_of_what_may_not_be_shown() -> None:
    slipped = Phase(status="suppressed", weeks=(1, 6))

    (row,) = finding_rows(analysis(unit(readiness=slipped)))

    assert (row.status, row.content) == ("suppressed", "{}")


def test_a_kind_without_a_field_is_passed_over() -> None:
    rows = list(finding_rows(analysis(unit(readiness=PHASE))))

    assert "readiness" not in restored(rows, Company)


def test_a_row_that_its_field_does_not_take_is_an_error() -> None:
    (row,) = finding_rows(analysis(unit(readiness=PHASE)))

    with pytest.raises(msgspec.ValidationError):
        restored([row._replace(content='{"status": "lost"}')], Unit)


def test_every_kind_is_of_units_or_of_the_company() -> None:
    assert set(FindingKind) == UNIT_KINDS | COMPANY_KINDS


def test_every_part_of_an_analysis_is_stored_as_a_finding_or_has_a_table_of_its_own() -> None:
    fields = {field.name for field in msgspec.structs.fields(Analysis)}

    assert fields == {"lineage", "organisation", "units"} | COMPANY_KINDS


def test_every_part_of_a_unit_is_stored_as_a_finding_or_has_a_table_of_its_own() -> None:
    fields = {field.name for field in msgspec.structs.fields(UnitResult)}

    of_unit = {"unit", "parent", "status", "respondents", "response_rate", "scores"}
    assert fields == of_unit | UNIT_KINDS
