"""Findings of a release, page by page and within sight, as they were stored."""

from uuid import UUID, uuid4

import msgspec
import pytest

from analytics.results import Analysis, Record, UnitResult
from models.enums import FindingKind
from survey.directory.errors import UnitNotFound
from survey.releases.errors import FindingNotFound, ReleaseNotFound
from survey.releases.pages import read_company_finding, read_findings, read_unit_finding
from survey.releases.store import restored_finding
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
    page = await read_findings(
        organisation,
        release,
        FindingKind.GOVERNANCE,
        **({"limit": 10} | given),  # type: ignore[arg-type]  # as given
    )
    return {found.unit: found.status for found in page.items}


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

    page = await read_findings(organisation, release, FindingKind.GOVERNANCE, limit=1)

    assert msgspec.json.decode(page.items[0].content, type=Audit) == FOUND


async def test_a_reader_of_a_part_sees_it_and_below(organisation: UUID) -> None:
    release = await tree(organisation)

    assert set(await statuses(organisation, release, within="A")) == {"A", "A1", "A2"}


async def test_a_page_tells_whether_more_follows(organisation: UUID) -> None:
    release = await tree(organisation)

    pages = [
        await read_findings(organisation, release, FindingKind.GOVERNANCE, limit=limit)
        for limit in (3, 4)
    ]

    assert [page.more for page in pages] == [True, False]


async def test_the_finding_of_the_company_comes_with_the_page(organisation: UUID) -> None:
    both = (FindingKind.GOVERNANCE, FindingKind.DRIFT)
    release = await make_release(organisation, shape=Company, drift=FOUND)

    pages = [await read_findings(organisation, release, kind, limit=9) for kind in both]

    assert pages[0].company is None
    assert pages[1].company is not None
    assert restored_finding(pages[1].company, Audit) == FOUND


async def test_a_reader_restricted_to_a_unit_gets_no_finding_of_the_company(
    organisation: UUID,
) -> None:
    release = await make_release(organisation, unit("A"), shape=Company, drift=FOUND)

    page = await read_findings(organisation, release, FindingKind.DRIFT, within="A", limit=9)

    assert page.company is None


async def test_one_unit_is_read_by_its_code(organisation: UUID) -> None:
    release = await tree(organisation)

    one = await read_unit_finding(
        organisation, release, FindingKind.GOVERNANCE, "A2", within="A"
    )

    assert (one.unit, one.status) == ("A2", "not_available")


@pytest.mark.parametrize(("code", "within"), [("B", "A"), ("Z", None), ("Z", "A")])
async def test_a_unit_out_of_sight_is_as_one_that_is_not_there(
    organisation: UUID, code: str, within: str | None
) -> None:
    release = await tree(organisation)

    with pytest.raises(UnitNotFound):
        await read_unit_finding(
            organisation, release, FindingKind.GOVERNANCE, code, within=within
        )


async def test_a_page_begins_after_the_one_before(organisation: UUID) -> None:
    release = await tree(organisation)

    assert list(await statuses(organisation, release, after="A1", limit=1)) == ["A2"]


async def test_a_kind_that_the_release_found_nowhere_has_no_record(organisation: UUID) -> None:
    release = await make_release(organisation, unit("A"))

    assert await statuses(organisation, release) == {}


async def test_what_was_found_of_the_company_is_read_in_its_shape(organisation: UUID) -> None:
    release = await make_release(organisation, shape=Company, drift=FOUND)

    _, read = await read_company_finding(organisation, release, FindingKind.DRIFT, Audit)

    assert read == FOUND


async def test_a_company_too_small_to_tell_is_told_only_that(
    organisation: UUID,
) -> None:
    hidden = Audit(status="suppressed", weakest="lineage")
    release = await make_release(organisation, shape=Company, drift=hidden)

    _, read = await read_company_finding(organisation, release, FindingKind.DRIFT, Audit)

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
