"""Findings of a release, page by page and within sight, as they were stored."""

from uuid import UUID, uuid4

import msgspec
import pytest

from analytics.results import Analysis, Record, UnitResult
from models.enums import FindingKind
from survey.releases.errors import FindingNotFound, ReleaseNotFound
from survey.releases.pages import read_company_finding, read_findings
from tests.factories.releases import make_release, unit


class Audit(Record, frozen=True, kw_only=True):
    """A finding."""

    status: str
    weakest: str | None = None


class Unit(UnitResult, frozen=True, kw_only=True):
    """A unit with a finding."""

    governance: Audit | None = None


class Company(Analysis, frozen=True, kw_only=True):
    """An analysis with a finding of the company."""

    drift: Audit | None = None


FOUND = Audit(status="identified", weakest="lineage")


def found(code: str, parent: str | None = None, **fields: object) -> Unit:
    return Unit(unit=code, parent=parent, **({"status": "reported"} | fields))  # type: ignore[arg-type]  # as given


async def tree(organisation: UUID) -> UUID:
    return await make_release(
        organisation,
        found("A", governance=FOUND),
        found("A1", "A", governance=Audit(status="suppressed")),
        found("A2", "A"),
        found("B", status="suppressed"),
    )


async def statuses(organisation: UUID, release: UUID, **given: object) -> dict[str, str]:
    records = await read_findings(
        organisation,
        release,
        FindingKind.GOVERNANCE,
        **({"limit": 10} | given),  # type: ignore[arg-type]  # as given
    )
    return {record.unit: record.status for record in records}


async def test_every_unit_has_its_finding_or_the_reason_why_not(organisation: UUID) -> None:
    release = await tree(organisation)

    assert await statuses(organisation, release) == {
        "A": "reported",
        "A1": "suppressed",
        "A2": "not_available",
        "B": "suppressed",
    }


async def test_a_finding_holds_its_record(organisation: UUID) -> None:
    release = await tree(organisation)

    first, *_ = await read_findings(organisation, release, FindingKind.GOVERNANCE, limit=1)

    assert msgspec.json.decode(first.content, type=Audit) == FOUND


async def test_a_reader_of_a_part_sees_it_and_below(organisation: UUID) -> None:
    release = await tree(organisation)

    assert set(await statuses(organisation, release, within="A")) == {"A", "A1", "A2"}


async def test_a_page_begins_after_the_one_before(organisation: UUID) -> None:
    release = await tree(organisation)

    assert list(await statuses(organisation, release, after="A1", limit=1)) == ["A2"]


async def test_a_kind_that_the_release_found_nowhere_has_no_record(organisation: UUID) -> None:
    release = await make_release(organisation, unit("A"))

    assert await statuses(organisation, release) == {}


async def test_what_was_found_of_the_company_is_read_in_its_shape(organisation: UUID) -> None:
    release = await make_release(organisation, shape=Company, drift=FOUND)

    read = await read_company_finding(organisation, release, FindingKind.DRIFT, Audit)

    assert read == FOUND


async def test_of_a_company_too_small_to_tell_nothing_is_told_but_that(
    organisation: UUID,
) -> None:
    hidden = Audit(status="suppressed", weakest="lineage")
    release = await make_release(organisation, shape=Company, drift=hidden)

    read = await read_company_finding(organisation, release, FindingKind.DRIFT, Audit)

    assert read == Audit(status="suppressed")


async def test_what_was_not_found_of_the_company_is_said_so(organisation: UUID) -> None:
    release = await make_release(organisation, found("A", governance=FOUND))

    with pytest.raises(FindingNotFound):
        await read_company_finding(organisation, release, FindingKind.GOVERNANCE, Audit)


async def test_a_release_that_is_not_there_is_named(organisation: UUID) -> None:
    with pytest.raises(ReleaseNotFound):
        await statuses(organisation, uuid4())
    with pytest.raises(ReleaseNotFound):
        await read_company_finding(organisation, uuid4(), FindingKind.DRIFT, Audit)
