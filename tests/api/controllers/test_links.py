"""Personal links over HTTP: as a table that no spreadsheet reads as a formula, and as codes."""

import csv
import io
from collections.abc import AsyncIterator
from uuid import UUID

import httpx
import pytest

from api.http.application import Application
from survey.access.audit_reading import list_events
from survey.access.scopes import GENERAL_SCOPES
from survey.campaigns.read import CampaignView
from survey.directory.people import sync_people
from survey.directory.units import sync_units
from tests.api.callers import Caller, as_key, make_key
from tests.factories.campaigns import close_campaign, make_draft, open_by_links
from tests.factories.directory import people_file, person, unit, unit_file

NAMES = ["=1+1", "Anna Bauer", "-5", "@cmd", "Ελένη", "+49"]
CSV = {"Accept": "text/csv"}


@pytest.fixture
async def campaign(organisation: UUID) -> CampaignView:
    """Open a campaign for people with names that a spreadsheet could misread."""
    await sync_units(organisation, unit_file(unit("ALL"), unit("U1", "ALL")))
    rows = [person(f"e-{number}", "U1", display_name=name) for number, name in enumerate(NAMES)]
    await sync_people(organisation, people_file(*rows))
    return await open_by_links(organisation, await make_draft(organisation))


@pytest.fixture
def links(campaign: CampaignView) -> str:
    return f"/v1/campaigns/{campaign.id}/invitations/links"


@pytest.fixture
async def office(app: Application, organisation: UUID) -> AsyncIterator[Caller]:
    """Call with a key that may export links and nothing else."""
    key = await make_key(organisation, scopes=["invitations:export"])
    async with Caller(app, headers=as_key(key)) as caller:
        yield caller


async def test_a_key_for_general_use_gets_no_links(
    app: Application, organisation: UUID, links: str
) -> None:
    key = await make_key(organisation, scopes=GENERAL_SCOPES)
    async with Caller(app, headers=as_key(key)) as caller:
        answer = await caller.get(links)

    assert answer.status_code == 403
    assert answer.json()["scopes"] == ["invitations:export"]


async def test_links_come_in_pages(office: httpx.AsyncClient, links: str) -> None:
    first = await office.get(links, params={"limit": 4})
    rest = await office.get(first.links["next"]["url"])

    people = [one["name"] for page in (first, rest) for one in page.json()["items"]]
    assert people == NAMES
    assert "next" not in rest.links
    assert first.headers["Cache-Control"] == "no-store"


async def test_a_table_has_everybody_at_once_and_no_formula(
    office: httpx.AsyncClient, links: str
) -> None:
    answer = await office.get(links, params={"limit": 1}, headers=CSV)

    assert answer.headers["Content-Type"].startswith("text/csv")
    assert answer.content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert [row["name"] for row in rows] == [
        "'=1+1", "Anna Bauer", "'-5", "'@cmd", "Ελένη", "'+49"
    ]  # fmt: skip
    assert {row["link"].rpartition("/")[0] for row in rows} == {"http://127.0.0.1:8000/f"}


async def test_another_kind_is_refused_and_nothing_is_handed_out(
    office: httpx.AsyncClient, links: str, organisation: UUID
) -> None:
    answer = await office.get(links, headers={"Accept": "text/html"})

    assert (answer.status_code, answer.json()["offered"]) == (
        406,
        ["application/json", "text/csv"],
    )
    assert "invitations.links_exported" not in await actions(organisation)


async def test_after_the_close_there_are_no_links(
    office: httpx.AsyncClient, links: str, campaign: CampaignView, organisation: UUID
) -> None:
    await close_campaign(organisation, campaign.id)

    answer = await office.get(links)

    assert (answer.status_code, answer.json()["type"]) == (
        409,
        "/problems/links-while-open-only",
    )


async def test_the_trail_keeps_which_key_exported_how_many(
    office: httpx.AsyncClient, links: str, organisation: UUID
) -> None:
    await office.get(links, headers=CSV)

    (event, *_) = (await list_events(organisation, limit=1)).items
    assert (event.action, event.actor.kind) == ("invitations.links_exported", "key")
    assert event.facts == {"links": len(NAMES), "as": "csv"}


async def test_a_code_is_an_image_of_one_link(
    office: httpx.AsyncClient, links: str, organisation: UUID
) -> None:
    answer = await office.get(links.replace("links", "e-1/qr.svg"))

    assert answer.headers["Content-Type"].startswith("image/svg+xml")
    assert answer.text.startswith("<svg")
    assert "<script" not in answer.text
    assert "invitations.links_exported" in await actions(organisation)


async def test_nobody_has_a_code_under_another_id(
    office: httpx.AsyncClient, links: str
) -> None:
    answer = await office.get(links.replace("links", "e-99/qr.svg"))

    assert (answer.status_code, answer.json()["type"]) == (404, "/problems/link-not-found")


async def test_letters_are_a_pdf_that_says_where_a_name_is_missing(
    office: httpx.AsyncClient, links: str
) -> None:
    answer = await office.get(links.replace("links", "letters"), params={"limit": 2})

    assert answer.content.startswith(b"%PDF-1.7")
    assert answer.headers["Letters-Without-Name"] == "0"
    assert "next" in answer.links


async def actions(organisation: UUID) -> set[str]:
    return {event.action for event in (await list_events(organisation, limit=20)).items}
