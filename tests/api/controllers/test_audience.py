"""Whom a campaign invites, over HTTP: chosen in the draft, seen before it opens and after."""

from typing import Any
from uuid import UUID

import httpx
import pytest

from api.http.application import Application
from survey.campaigns.audience import Audience, UnitChoice
from survey.directory.people import sync_people
from tests.api.callers import Caller, as_key, make_key
from tests.factories.campaigns import make_draft
from tests.factories.directory import load_company, people_file, person

CONSOLE = {"channel": "console"}


@pytest.fixture
async def draft(organisation: UUID) -> str:
    """Give the address of a draft in a company of two units."""
    await load_company(organisation, {"U1": 20, "U2": 3})
    return f"/v1/campaigns/{(await make_draft(organisation)).id}"


async def change(client: httpx.AsyncClient, draft: str, audience: Any) -> httpx.Response:
    tag = (await client.get(draft)).headers["ETag"]
    return await client.patch(draft, json={"audience": audience}, headers={"If-Match": tag})


async def test_an_audience_is_chosen_seen_and_invited(
    client: httpx.AsyncClient, draft: str
) -> None:
    wanted = {"units": [{"unit": "U1"}], "sample": {"margin": 0.2}}

    changed = await change(client, draft, wanted)
    before = await client.get(f"{draft}/audience", params=CONSOLE)
    people = await client.get(f"{draft}/audience/people", params=CONSOLE)
    opened = await client.post(f"{draft}/open", json=CONSOLE)
    after = await client.get(f"{draft}/audience")

    assert changed.json()["audience"]["units"] == [{"unit": "U1", "below": True}]
    assert changed.json()["audience"]["sample"] == {"margin": 0.2, "expectedRate": 1.0}
    assert before.json()["counts"] == [
        {
            "unit": "U1",
            "role": "contributor",
            "population": 20,
            "invited": 12,
            "outOfReach": 0,
        }
    ]
    assert len(people.json()["items"]) == 12
    assert opened.json()["audience"] == changed.json()["audience"]
    assert after.json() == before.json() | {"state": "open"}


async def test_everybody_again_is_null(client: httpx.AsyncClient, draft: str) -> None:
    await change(client, draft, {"roles": ["contributor"]})

    assert (await change(client, draft, None)).json()["audience"] is None


async def test_a_list_shows_how_many_are_on_it(client: httpx.AsyncClient, draft: str) -> None:
    listed = [f"U1-{number}" for number in range(6)]

    changed = await change(client, draft, {"people": listed})

    assert changed.json()["audience"]["people"] == 6
    assert "U1-0" not in changed.text


async def test_those_out_of_reach_are_listed_page_by_page(
    client: httpx.AsyncClient, organisation: UUID, draft: str
) -> None:
    await sync_people(
        organisation, people_file(*(person(f"n{number}", "U2", email="") for number in "123"))
    )

    address: str | None = f"{draft}/audience/people?channel=console&outOfReach=true&limit=2"
    found = []
    while address is not None:
        page = await client.get(address)
        found += page.json()["items"]
        address = page.links.get("next", {}).get("url")

    assert [(one["externalId"], one["outOfReach"]) for one in found] == [
        ("n1", "no_address"),
        ("n2", "no_address"),
        ("n3", "no_address"),
    ]


@pytest.mark.parametrize(
    ("audience", "problem", "member"),
    [
        ({"units": [{"unit": "U9"}]}, "audience-units-unknown", {"units": ["U9"]}),
        ({"people": ["nobody"]}, "audience-people-unknown", {"people": ["nobody"]}),
        ({"people": ["U1-0"], "roles": ["manager"]}, "field-invalid", {}),
        ({}, None, {}),
    ],
)
async def test_an_audience_that_cannot_be_is_refused(
    client: httpx.AsyncClient,
    draft: str,
    audience: Any,
    problem: str | None,
    member: dict[str, Any],
) -> None:
    answer = await change(client, draft, audience)

    assert answer.status_code == (200 if problem is None else 422)
    if problem is not None:
        assert answer.json()["type"] == f"/problems/{problem}"
    assert answer.json().items() >= member.items()


@pytest.mark.parametrize(
    ("audience", "pointer"),
    [
        ({"sample": {"margin": 0.9}}, "/audience/sample/margin"),
        ({"sample": {}}, "/audience/sample/margin"),
        ({"roles": ["boss"]}, "/audience/roles/0"),
        ({"functions": []}, "/audience/functions"),
        ({"unit": "U1"}, "/audience/unit"),
    ],
)
async def test_an_audience_that_is_not_understood_is_pointed_at(
    client: httpx.AsyncClient, draft: str, audience: Any, pointer: str
) -> None:
    answer = await change(client, draft, audience)

    assert answer.status_code == 400
    assert pointer in [error["pointer"] for error in answer.json()["errors"]]


@pytest.mark.parametrize(
    ("audience", "problem"),
    [
        ({"roles": ["sponsor"]}, "audience-roles-not-asked"),
        ({"functions": ["risk"]}, "nobody-to-invite"),
        ({"units": [{"unit": "U2"}]}, "audience-too-small"),
    ],
)
async def test_what_stands_against_the_opening_is_said_before(
    client: httpx.AsyncClient, draft: str, audience: Any, problem: str
) -> None:
    await change(client, draft, audience)

    answers = [
        await client.get(f"{draft}/audience"),
        await client.get(f"{draft}/audience/people"),
        await client.post(f"{draft}/open", json=CONSOLE),
    ]

    assert {(one.status_code, one.json()["type"]) for one in answers} == {
        (409, f"/problems/{problem}")
    }


async def test_a_channel_that_is_not_configured_is_named(
    client: httpx.AsyncClient, draft: str
) -> None:
    answer = await client.get(f"{draft}/audience", params={"channel": "pigeon"})

    assert answer.status_code == 422
    assert answer.json()["type"] == "/problems/channel-not-configured"


async def test_whoever_runs_campaigns_sees_numbers_and_no_people(
    app: Application, organisation: UUID, draft: str
) -> None:
    key = await make_key(organisation, scopes=["campaigns:read"])
    async with Caller(app, headers=as_key(key)) as caller:
        numbers = await caller.get(f"{draft}/audience")
        people = await caller.get(f"{draft}/audience/people")

    assert (numbers.status_code, people.status_code) == (200, 403)
    assert numbers.json()["invited"] == 23


async def test_a_key_of_one_unit_sees_that_unit(app: Application, organisation: UUID) -> None:
    await load_company(organisation, {"U1": 20, "U2": 3})
    audience = Audience(units=(UnitChoice(unit="ALL"),))
    draft = await make_draft(organisation, audience=audience)
    key = await make_key(organisation, unit="U2")
    async with Caller(app, headers=as_key(key)) as caller:
        numbers = await caller.get(f"/v1/campaigns/{draft.id}/audience")

    assert [one["unit"] for one in numbers.json()["counts"]] == ["U2"]
    assert (numbers.json()["invited"], numbers.json()["tooSmall"]) == (3, ["U2"])


async def test_a_strangers_campaign_is_not_there(
    stranger: httpx.AsyncClient, draft: str
) -> None:
    for address in (f"{draft}/audience", f"{draft}/audience/people"):
        assert (await stranger.get(address)).status_code == 404
