"""Findings of a release through HTTP: what was stored, in pages, within sight."""

from collections.abc import AsyncIterator
from uuid import UUID, uuid4

import httpx
import pytest

from analytics.results import UnitResult
from api.http.application import Application
from api.schemas.company_findings import COMPANY_EXAMPLES
from tests.api.callers import Caller, as_key, make_key
from tests.factories.directory import load_company
from tests.factories.findings import (
    OF_BOTH,
    OF_COMPANY,
    OF_UNITS,
    Company,
    Unit,
    findings_of_company,
    findings_of_unit,
)
from tests.factories.releases import make_release


@pytest.fixture
async def release(organisation: UUID) -> str:
    """Give the address of a release; unit B is suppressed."""
    made = await make_release(
        organisation,
        findings_of_unit("A"),
        findings_of_unit("A1", "A"),
        Unit(unit="B", status="suppressed"),
        shape=Company,
        **findings_of_company(),
    )
    return f"/v1/releases/{made}"


@pytest.fixture
async def division(app: Application, organisation: UUID) -> AsyncIterator[httpx.AsyncClient]:
    """Call with a key that is restricted to unit A."""
    await load_company(organisation, {"A": 0})
    key = as_key(await make_key(organisation, unit="A"))
    async with Caller(app, headers=key) as caller:
        yield caller


@pytest.mark.parametrize("path", OF_UNITS)
async def test_what_was_found_of_each_unit_is_shown(
    client: httpx.AsyncClient, release: str, path: str
) -> None:
    answer = await client.get(f"{release}/{path}")

    member = OF_UNITS[path].member
    found = OF_UNITS[path].example[member]
    assert [
        (one["unit"], one["status"], one.get(member)) for one in answer.json()["items"]
    ] == [
        ("A", "reported", found),
        ("A1", "reported", found),
        ("B", "suppressed", None),
    ]


@pytest.mark.parametrize("path", OF_COMPANY | OF_BOTH)
async def test_what_was_found_of_the_company_is_shown(
    client: httpx.AsyncClient, release: str, path: str
) -> None:
    answer = await client.get(f"{release}/{path}")

    assert answer.json()["company"] == COMPANY_EXAMPLES[(OF_COMPANY | OF_BOTH)[path]]


@pytest.mark.parametrize("path", OF_UNITS | OF_COMPANY)
async def test_every_finding_carries_its_release(
    client: httpx.AsyncClient, release: str, path: str
) -> None:
    answer = await client.get(f"{release}/{path}")

    assert answer.json()["release"] == (await client.get(release)).json()


@pytest.mark.parametrize("path", OF_UNITS)
async def test_findings_of_units_come_in_pages(
    client: httpx.AsyncClient, release: str, path: str
) -> None:
    first = await client.get(f"{release}/{path}?limit=2")
    rest = await client.get(first.links["next"]["url"])

    units = [[one["unit"] for one in page.json()["items"]] for page in (first, rest)]
    assert (units, rest.json()["nextCursor"]) == ([["A", "A1"], ["B"]], None)


@pytest.mark.parametrize("path", OF_UNITS | OF_COMPANY)
async def test_who_has_a_finding_does_not_get_it_again(
    client: httpx.AsyncClient, release: str, path: str
) -> None:
    first = await client.get(f"{release}/{path}")

    again = await client.get(
        f"{release}/{path}", headers={"If-None-Match": first.headers["ETag"]}
    )

    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize("path", OF_UNITS)
async def test_a_key_of_a_part_sees_its_units_alone(
    division: httpx.AsyncClient, release: str, path: str
) -> None:
    answer = (await division.get(f"{release}/{path}")).json()

    assert [one["unit"] for one in answer["items"]] == ["A", "A1"]
    assert answer.get("company") is None


@pytest.mark.parametrize("path", OF_COMPANY)
async def test_what_is_about_the_whole_company_is_not_for_a_key_of_a_part(
    division: httpx.AsyncClient, release: str, path: str
) -> None:
    answer = await division.get(f"{release}/{path}")

    assert answer.status_code == 403
    assert answer.json()["type"] == "/problems/whole-organisation-only"


async def test_a_release_that_found_nothing_of_units_lists_none(
    client: httpx.AsyncClient, organisation: UUID
) -> None:
    release = await make_release(organisation, UnitResult(unit="A", status="reported"))

    answers = [await client.get(f"/v1/releases/{release}/{path}") for path in OF_UNITS]

    assert [answer.json()["items"] for answer in answers] == [[]] * len(OF_UNITS)
    assert [answer.json().get("company") for answer in answers] == [None] * len(OF_UNITS)


@pytest.mark.parametrize("path", OF_COMPANY)
async def test_what_a_release_does_not_say_of_the_company_is_not_found(
    client: httpx.AsyncClient, organisation: UUID, path: str
) -> None:
    release = await make_release(organisation)

    answer = await client.get(f"/v1/releases/{release}/{path}")

    assert (answer.status_code, answer.json()["type"]) == (404, "/problems/finding-not-found")


@pytest.mark.parametrize("path", OF_UNITS | OF_COMPANY)
async def test_another_organisation_finds_nothing(
    stranger: httpx.AsyncClient, release: str, path: str
) -> None:
    answers = [
        await stranger.get(f"{release}/{path}"),
        await stranger.get(f"/v1/releases/{uuid4()}/{path}"),
    ]

    kinds = [(answer.status_code, answer.json()["type"]) for answer in answers]
    assert kinds == [(404, "/problems/release-not-found")] * 2
