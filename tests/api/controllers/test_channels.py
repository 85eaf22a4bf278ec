"""Channels over HTTP: secrets go in and never come out; bounces and opt-outs need no key."""

import json
from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest

from api.schemas.message_examples import BOUNCE_SECRET
from models.engine import connection, transaction
from survey.messages.kind import ChannelPlan
from survey.messages.opting_out import opt_out_id
from survey.messages.setting_up import set_channel
from survey.messages.signatures import signature
from tests.api.callers import Caller
from tests.factories.campaigns import make_draft, make_open, rows_of, submit
from tests.factories.directory import load_company
from tests.factories.server import NOW, SERVER_KEY

PLAN = {
    "url": "smtp://office@127.0.0.1:1?starttls=1",
    "sender": "Office <office@example.com>",
    "password": "correct horse",
}


async def test_a_secret_goes_in_and_does_not_come_out(client: httpx.AsyncClient) -> None:
    answers = [
        await client.put("/v1/channels/email", json=PLAN),
        await client.get("/v1/channels/email"),
        await client.get("/v1/channels"),
        await client.get("/v1/audit"),
    ]

    assert [answer.status_code for answer in answers] == [200] * 4
    assert answers[1].json()["secrets"] == ["password"]
    assert answers[1].headers["ETag"] == '"1"'
    assert not any("horse" in answer.text for answer in answers)


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"url": "smtp://office@mail.example.com"}, "/url"),
        ({"url": "smtp://office:correct%20horse@127.0.0.1"}, "/password"),
        ({"sender": "nobody"}, "/sender"),
        ({"bounceSecret": "correct horse"}, "/bounceSecret"),
    ],
)
async def test_a_wrong_setting_is_named_and_no_secret_is_repeated(
    client: httpx.AsyncClient, change: dict[str, str], pointer: str
) -> None:
    answer = await client.put("/v1/channels/email", json=PLAN | change)

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == pointer
    assert "horse" not in answer.text


async def test_a_removed_channel_is_not_found(client: httpx.AsyncClient) -> None:
    await client.put("/v1/channels/email", json=PLAN)

    assert (await client.delete("/v1/channels/email")).status_code == 204
    assert (await client.get("/v1/channels/email")).status_code == 404
    assert (await client.delete("/v1/channels/email")).status_code == 404


async def test_only_kinds_that_exist_are_set_up(client: httpx.AsyncClient) -> None:
    answer = await client.put("/v1/channels/pigeon", json=PLAN)

    assert answer.json()["type"] == "/problems/channel-kind-unknown"


async def test_trying_out_says_what_is_wrong(
    client: httpx.AsyncClient, organisation: UUID
) -> None:
    await load_company(organisation, {"U1": 1})
    await client.put("/v1/channels/email", json=PLAN)

    answer = await client.post("/v1/channels/email/test", json={"person": "U1-0"})
    unknown = await client.post("/v1/channels/email/test", json={"person": "nobody"})

    assert (answer.status_code, answer.json()["outcome"]) == (200, "failed")
    assert "Nothing answers at 127.0.0.1:1" in answer.json()["detail"]
    assert unknown.json()["type"] == "/problems/person-not-found"


async def test_a_campaign_opens_by_a_channel_that_does_not_work_only_by_force(
    client: httpx.AsyncClient, organisation: UUID
) -> None:
    await load_company(organisation, {"U1": 1})
    draft = f"/v1/campaigns/{(await make_draft(organisation)).id}"
    await client.put("/v1/channels/email", json=PLAN)

    refused = await client.post(f"{draft}/open", json={"channel": "email"})
    state = (await client.get(draft)).json()["state"]
    forced = await client.post(f"{draft}/open", json={"channel": "email", "force": True})

    assert refused.status_code == 409
    assert refused.json()["type"] == "/problems/channel-not-working"
    assert "Check host and port" in refused.json()["detail"]
    assert (state, forced.json()["state"]) == ("draft", "open")


async def bounced(
    caller: httpx.AsyncClient,
    organisation: UUID,
    body: dict[str, Any],
    *,
    secret: str = BOUNCE_SECRET,
    minutes: int = 0,
    claimed: bytes | None = None,
) -> int:
    sent = json.dumps(body).encode()
    at = str(int((NOW + timedelta(minutes=minutes)).timestamp()))
    proof = signature(secret, message="msg_1", timestamp=at, body=claimed or sent)
    answer = await caller.post(
        f"/v1/channels/email/bounces?organisation={organisation}",
        content=sent,
        headers={
            "Content-Type": "application/json",
            "webhook-id": "msg_1",
            "webhook-timestamp": at,
            "webhook-signature": f"v1,AAAA {proof}",
        },
    )
    return answer.status_code


@pytest.fixture
async def message_id(organisation: UUID) -> str:
    """Send a mail to somebody; give its Message-ID."""
    await make_open(organisation, {"U1": 1})
    plan = ChannelPlan(
        url="smtp://localhost:25", sender="o@example.com", bounce_secret=BOUNCE_SECRET
    )
    await set_channel(organisation, "email", plan, server_key=SERVER_KEY, now=NOW)
    async with transaction(organisation):
        key = await connection().fetchval(
            "UPDATE delivery SET state = 'sent', channel = 'email' RETURNING id"
        )
    return f"<{key}@example.com>"


async def state(organisation: UUID) -> list[dict[str, Any]]:
    return await rows_of(
        organisation,
        "SELECT d.state, d.reason, p.email_fault FROM delivery d "
        "JOIN invitation i ON i.id = d.invitation JOIN person p ON p.id = i.person",
    )


UNTOUCHED = [{"state": "sent", "reason": None, "email_fault": None}]


async def test_a_permanent_failure_marks_message_and_address(
    anybody: httpx.AsyncClient, organisation: UUID, message_id: str
) -> None:
    body = {"messageId": message_id, "status": "5.1.1", "recipient": "u1-0@EXAMPLE.com"}

    assert await bounced(anybody, organisation, body) == 204
    assert await state(organisation) == [
        {"state": "failed", "reason": "5.1.1", "email_fault": "5.1.1"}
    ]


@pytest.mark.parametrize("status", ["4.4.1", "2.0.0", "auto-replied", ""])
async def test_what_is_no_permanent_failure_changes_nothing(
    anybody: httpx.AsyncClient, organisation: UUID, message_id: str, status: str
) -> None:
    body = {"messageId": message_id, "status": status}

    assert await bounced(anybody, organisation, body) == 204
    assert await state(organisation) == UNTOUCHED


@pytest.mark.parametrize("other", ["<x@example.com>", f"<{UUID(int=7)}@example.com>", ""])
async def test_a_report_of_another_message_changes_nothing(
    anybody: httpx.AsyncClient, organisation: UUID, message_id: str, other: str
) -> None:
    assert await bounced(anybody, organisation, {"messageId": other, "status": "5.1.1"}) == 204
    assert await state(organisation) == UNTOUCHED


async def test_an_address_that_is_no_longer_the_persons_blames_nobody(
    anybody: httpx.AsyncClient, organisation: UUID, message_id: str
) -> None:
    body = {"messageId": message_id, "status": "5.1.1", "recipient": "old@example.com"}

    await bounced(anybody, organisation, body)

    assert [row["email_fault"] for row in await state(organisation)] == [None]


@pytest.mark.parametrize(
    "forged",
    [
        {"secret": "whsec_" + "A" * 40},
        {"minutes": 6},
        {"minutes": -6},
        {"claimed": b"{}"},
    ],
)
async def test_a_report_that_is_not_signed_or_old_is_refused(
    anybody: httpx.AsyncClient, organisation: UUID, message_id: str, forged: dict[str, Any]
) -> None:
    body = {"messageId": message_id, "status": "5.1.1"}

    assert await bounced(anybody, organisation, body, **forged) == 401
    assert await state(organisation) == UNTOUCHED


async def test_a_report_for_an_organisation_without_a_secret_is_refused(
    anybody: httpx.AsyncClient, other_organisation: UUID
) -> None:
    body = {"messageId": "<x@y>", "status": "5.1.1"}

    assert await bounced(anybody, other_organisation, body) == 401


@pytest.fixture
async def stopping(organisation: UUID) -> str:
    """Invite somebody; give the address that stops messages to them."""
    await make_open(organisation, {"U1": 1}, name="Opt out")
    (row,) = await rows_of(organisation, "SELECT id FROM invitation")
    return f"/o/{opt_out_id(SERVER_KEY, organisation, row['id'])}"


async def opted_out(organisation: UUID) -> list[bool]:
    return [row["opted_out"] for row in await rows_of(organisation, "SELECT * FROM invitation")]


async def test_opening_the_page_stops_nothing_and_the_button_does(
    plain: httpx.AsyncClient, organisation: UUID, stopping: str
) -> None:
    asked = await plain.get(stopping)
    before = await opted_out(organisation)
    pressed = await plain.post(stopping)

    assert (asked.status_code, before) == (200, [False])
    assert '<form method="post"><button>' in asked.text
    assert asked.headers["Content-Type"].startswith("text/html")
    assert (pressed.status_code, await opted_out(organisation)) == (200, [True])
    assert "<form" not in pressed.text


async def test_a_mail_program_stops_messages_with_one_click_again_and_again(
    plain: httpx.AsyncClient, organisation: UUID, stopping: str
) -> None:
    click = {"List-Unsubscribe": "One-Click"}

    answers = [await plain.post(stopping, data=click) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [200, 200]
    assert await opted_out(organisation) == [True]


async def test_stopping_looks_the_same_whether_somebody_has_answered_or_not(
    plain: httpx.AsyncClient, organisation: UUID, stopping: str
) -> None:
    before = [(await plain.get(stopping)).text, (await plain.post(stopping)).text]
    (row,) = await rows_of(organisation, "SELECT id FROM invitation")
    await submit(organisation, [row["id"]])

    assert [(await plain.get(stopping)).text, (await plain.post(stopping)).text] == before


@pytest.mark.parametrize("change", ["A", "longer", "é"])
async def test_an_address_that_was_not_made_here_stops_nothing(
    plain: httpx.AsyncClient, organisation: UUID, stopping: str, change: str
) -> None:
    wrong = stopping[: -len(change)] + change if change == "A" else stopping + change
    wrong = wrong if wrong != stopping else stopping[:-1] + "B"

    assert (await plain.get(wrong)).status_code == 404
    assert (await plain.post(wrong)).status_code == 404
    assert await opted_out(organisation) == [False]


@pytest.fixture
async def plain(anybody: Caller) -> Caller:
    """Call pages, which the description of the API does not promise."""
    anybody.event_hooks = {}
    return anybody
