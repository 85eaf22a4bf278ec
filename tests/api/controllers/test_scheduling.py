"""Campaigns are scheduled, and their people written to, over HTTP."""

from typing import Any
from uuid import UUID

import httpx
import pytest

from tests.factories.campaigns import make_draft, make_open, rows_of
from tests.factories.directory import load_company

CONSOLE = {"channel": "console"}
TOMORROW, LATER = "2026-11-24T09:00:00Z", "2026-11-30T09:00:00Z"


@pytest.fixture
async def scheduled(client: httpx.AsyncClient, organisation: UUID) -> httpx.Response:
    """Schedule a campaign for tomorrow; give the answer."""
    await load_company(organisation, {"U1": 6})
    draft = f"/v1/campaigns/{(await make_draft(organisation)).id}"
    await client.patch(draft, json={"opensAt": TOMORROW}, headers={"If-Match": "*"})
    return await client.post(f"{draft}/open", json=CONSOLE)


@pytest.fixture
async def opened(organisation: UUID) -> str:
    """Give the address of an open campaign."""
    campaign = await make_open(organisation, {"U1": 6, "U2": 7})
    return f"/v1/campaigns/{campaign.id}"


def address(answer: httpx.Response) -> str:
    return f"/v1/campaigns/{answer.json()['id']}"


async def test_a_later_moment_schedules(scheduled: httpx.Response) -> None:
    body = scheduled.json()

    assert scheduled.status_code == 200
    assert (body["state"], body["opensAt"], body["channel"], body["openedAt"]) == (
        "scheduled",
        TOMORROW,
        "console",
        None,
    )


async def test_a_scheduled_campaign_is_moved_and_becomes_a_draft_again(
    client: httpx.AsyncClient, scheduled: httpx.Response
) -> None:
    moved = await client.patch(
        address(scheduled),
        json={"opensAt": LATER},
        headers={"If-Match": scheduled.headers["ETag"]},
    )
    stale = await client.patch(
        address(scheduled),
        json={"opensAt": None},
        headers={"If-Match": scheduled.headers["ETag"]},
    )
    back = await client.patch(
        address(scheduled), json={"opensAt": None}, headers={"If-Match": moved.headers["ETag"]}
    )

    assert (moved.json()["state"], moved.json()["opensAt"]) == ("scheduled", LATER)
    assert stale.status_code == 412
    assert (back.json()["state"], back.json()["channel"]) == ("draft", None)


async def test_a_scheduled_campaign_keeps_its_mode(
    client: httpx.AsyncClient, scheduled: httpx.Response
) -> None:
    answer = await client.patch(
        address(scheduled), json={"mode": "confidential"}, headers={"If-Match": "*"}
    )

    assert (answer.status_code, answer.json()["fields"]) == (409, ["mode"])


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"reminders": [7, 3]}, "reminders"),
        ({"reminders": [3, 3]}, "reminders"),
        ({"sendingWindow": {"start": "17:00", "end": "09:00"}}, "sendingWindow"),
        (
            {"sendingWindow": {"start": "08:00", "end": "10:00"}, "reminderHour": 12},
            "reminderHour",
        ),
    ],
)
async def test_a_plan_that_cannot_be_is_refused_by_name(
    client: httpx.AsyncClient, organisation: UUID, fields: dict[str, Any], field: str
) -> None:
    draft = f"/v1/campaigns/{(await make_draft(organisation)).id}"

    answer = await client.patch(draft, json=fields, headers={"If-Match": "*"})

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == f"/{field}"


@pytest.mark.parametrize(
    "fields",
    [
        {"reminders": [1, 2, 3, 4, 5, 6]},
        {"reminders": [0]},
        {"reminderHour": 24},
        {"sendingWindow": {"start": "9:00", "end": "17:00"}},
        {"sendingWindow": {"start": "09:00", "end": "24:00"}},
        {"sendingWindow": {"start": "09:00", "end": "17:00", "days": []}},
        {"sendingWindow": {"start": "09:00", "end": "17:00", "days": ["monday"]}},
    ],
)
async def test_a_plan_that_nobody_understands_is_refused(
    client: httpx.AsyncClient, organisation: UUID, fields: dict[str, Any]
) -> None:
    draft = f"/v1/campaigns/{(await make_draft(organisation)).id}"

    answer = await client.patch(draft, json=fields, headers={"If-Match": "*"})

    assert answer.status_code in {400, 422}


async def test_a_campaign_shows_its_plan(client: httpx.AsyncClient, organisation: UUID) -> None:
    await load_company(organisation, {"U1": 6})
    draft = f"/v1/campaigns/{(await make_draft(organisation)).id}"
    plan = {
        "reminders": [3, 7],
        "reminderHour": 16,
        "sendingWindow": {"start": "08:00", "end": "17:00", "days": ["mon", "thu"]},
        "inviteJoiners": True,
    }
    await client.patch(draft, json=plan, headers={"If-Match": "*"})
    await client.post(f"{draft}/open", json=CONSOLE)

    shown = (await client.get(draft)).json()

    assert {name: shown[name] for name in plan} == plan
    assert shown["nextReminderAt"] == "2026-11-26T16:00:00Z"


async def test_a_time_zone_that_nobody_knows_is_refused(client: httpx.AsyncClient) -> None:
    answer = await client.patch("/v1/organisation", json={"timeZone": "Europe/Bern"})

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == "/timeZone"


async def test_invitations_are_sent_again_to_people_by_name(
    client: httpx.AsyncClient, opened: str, organisation: UUID
) -> None:
    await rows_of(organisation, "UPDATE delivery SET state = 'sent' RETURNING id")

    answer = await client.post(f"{opened}/invitations/send", json={"people": ["U1-0"]})

    assert answer.status_code == 200
    assert (answer.json()["kind"], answer.json()["people"]) == ("invitation", 1)
    assert len(await rows_of(organisation, "SELECT id FROM delivery")) == 14


@pytest.mark.parametrize("body", [{}, {"people": ["U1-0"], "undelivered": True}])
async def test_people_or_those_it_has_not_reached_and_not_both(
    client: httpx.AsyncClient, opened: str, body: dict[str, Any]
) -> None:
    answer = await client.post(f"{opened}/invitations/send", json=body)

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == "/people"


async def test_whoever_is_not_invited_is_named(client: httpx.AsyncClient, opened: str) -> None:
    answer = await client.post(f"{opened}/invitations/send", json={"people": ["nobody"]})

    assert answer.status_code == 422
    assert answer.json()["type"] == "/problems/people-not-invited"
    assert answer.json()["people"] == ["nobody"]


async def test_a_repeated_request_sends_once(
    client: httpx.AsyncClient, opened: str, organisation: UUID
) -> None:
    await rows_of(organisation, "UPDATE delivery SET state = 'failed' RETURNING id")
    once = {"Idempotency-Key": "again"}

    answers = [
        await client.post(
            f"{opened}/invitations/send", json={"undelivered": True}, headers=once
        )
        for _ in range(2)
    ]

    assert [answer.json()["people"] for answer in answers] == [13, 13]
    assert answers[1].headers["Idempotency-Replayed"] == "true"
    assert len(await rows_of(organisation, "SELECT id FROM delivery")) == 26


async def test_reminding_answers_without_a_number(
    client: httpx.AsyncClient, opened: str
) -> None:
    everybody = await client.post(f"{opened}/invitations/remind")
    unit = await client.post(f"{opened}/invitations/remind", json={"unit": "U1"})

    assert everybody.status_code == unit.status_code == 200
    assert everybody.json() == unit.json()
    assert everybody.json()["people"] is None


async def test_a_unit_outside_the_campaign_is_refused(
    client: httpx.AsyncClient, opened: str
) -> None:
    answer = await client.post(f"{opened}/invitations/remind", json={"unit": "U9"})

    assert answer.status_code == 422
    assert answer.json()["type"] == "/problems/unit-not-in-campaign"


@pytest.mark.parametrize(("address", "body"), [("send", {"undelivered": True}), ("remind", {})])
async def test_a_draft_sends_nothing(
    client: httpx.AsyncClient, organisation: UUID, address: str, body: dict[str, Any]
) -> None:
    draft = f"/v1/campaigns/{(await make_draft(organisation)).id}"

    answer = await client.post(f"{draft}/invitations/{address}", json=body)

    assert answer.status_code == 409
    assert answer.json()["type"] == "/problems/campaign-not-running"
