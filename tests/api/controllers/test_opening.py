"""A campaign opens by a channel that is configured, once, and its messages are counted."""

from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import pytest

from api.settings import ApiSettings
from survey.messages.channels import configured_channels
from tests.api.callers import Caller, as_key, make_key, work_through
from tests.api.conftest import running
from tests.factories.campaigns import make_draft, make_open
from tests.factories.directory import load_company

CONSOLE = {"channel": "console"}


@pytest.fixture
async def draft(organisation: UUID) -> str:
    """Give the address of a draft."""
    return f"/v1/campaigns/{(await make_draft(organisation)).id}"


@pytest.fixture
async def opened(organisation: UUID) -> str:
    """Give the address of an open campaign of two units."""
    campaign = await make_open(organisation, {"U1": 6, "U2": 7})
    return f"/v1/campaigns/{campaign.id}"


async def test_opening_invites_and_locks(
    client: httpx.AsyncClient, organisation: UUID, draft: str
) -> None:
    await load_company(organisation, {"U1": 6})

    answer = await client.post(f"{draft}/open", json=CONSOLE)

    assert answer.status_code == 200
    assert (answer.json()["state"], answer.json()["openedAt"]) == (
        "open",
        "2026-11-23T09:00:00Z",
    )
    locked = await client.patch(
        draft, json={"mode": "confidential"}, headers={"If-Match": answer.headers["ETag"]}
    )
    assert locked.json()["type"] == "/problems/campaign-locked"
    assert locked.json()["fields"] == ["mode"]


@pytest.mark.parametrize("channel", ["email", "folder", "CONSOLE"])
async def test_a_channel_that_is_not_configured_opens_nothing(
    client: httpx.AsyncClient, organisation: UUID, draft: str, channel: str
) -> None:
    await load_company(organisation, {"U1": 6})

    answer = await client.post(f"{draft}/open", json={"channel": channel})

    assert answer.status_code == 422
    assert answer.json()["type"] == "/problems/channel-not-configured"
    assert answer.json()["configured"] == ["console"]
    (error,) = answer.json()["errors"]
    assert (error["pointer"], error["value"]) == ("/channel", channel)
    assert (await client.get(draft)).json()["state"] == "draft"
    assert (await client.get(f"{draft}/invitations")).json()["messages"] == []


async def test_a_channel_that_does_not_work_opens_nothing(
    database: str, organisation: UUID, draft: str, tmp_path: Path
) -> None:
    (tmp_path / "outbox").write_text("a file where the folder should be")
    channels = configured_channels({}, home=tmp_path)

    async with (
        running(database, ApiSettings(), channels) as app,
        Caller(app, headers=as_key(await make_key(organisation))) as caller,
    ):
        answer = await caller.post(f"{draft}/open", json={"channel": "folder"})
        campaign = await caller.get(draft)

    assert answer.status_code == 409
    assert answer.json()["type"] == "/problems/channel-not-working"
    assert campaign.json()["state"] == "draft"


@pytest.mark.parametrize("body", [None, {}, {"channel": None}, {"channel": ""}])
async def test_no_channel_is_chosen_for_the_caller(
    client: httpx.AsyncClient, draft: str, body: Any
) -> None:
    answer = await client.post(f"{draft}/open", json=body)

    assert answer.status_code == 400
    assert answer.json()["type"] == "/problems/malformed-body"


async def test_a_campaign_of_nobody_does_not_open(
    client: httpx.AsyncClient, draft: str
) -> None:
    answer = await client.post(f"{draft}/open", json=CONSOLE)

    assert answer.status_code == 409
    assert answer.json()["type"] == "/problems/nobody-to-invite"


async def test_opening_twice_with_the_same_key_opens_once(
    client: httpx.AsyncClient, organisation: UUID, draft: str
) -> None:
    await load_company(organisation, {"U1": 6})
    key = {"Idempotency-Key": "open"}

    answers = [await client.post(f"{draft}/open", json=CONSOLE, headers=key) for _ in range(2)]
    without = await client.post(f"{draft}/open", json=CONSOLE)

    assert [answer.json() for answer in answers] == [answers[0].json()] * 2
    assert without.json()["type"] == "/problems/illegal-campaign-move"


async def test_messages_are_counted_and_never_named(
    client: httpx.AsyncClient, opened: str
) -> None:
    answer = await client.get(f"{opened}/invitations")

    assert answer.json() == {
        "campaign": opened.rsplit("/", 1)[1],
        "messages": [{"kind": "invitation", "state": "queued", "messages": 13}],
        "linksHandedOut": 0,
        "remindersFailed": False,
    }


async def test_messages_are_still_counted_after_close(
    client: httpx.AsyncClient, opened: str
) -> None:
    before = await client.get(f"{opened}/invitations")
    await work_through(client, await client.post(f"{opened}/close"))

    assert (await client.get(f"{opened}/invitations")).json() == before.json()
