"""Channels of an organisation: set up whole, shown without secrets, tried out in words."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

import msgspec
import pytest

from models.engine import connection, transaction
from survey.access.audit_reading import list_events
from survey.errors import FieldInvalid
from survey.messages.channels import ChannelNotConfigured, ways_of
from survey.messages.kind import ChannelPlan
from survey.messages.secrets import SecretsUnreadableError, open_secrets, seal_secrets
from survey.messages.setting_up import (
    ChannelKindUnknown,
    ChannelNotFound,
    ChannelTest,
    list_channels,
    read_channel,
    remove_channel,
    set_channel,
    try_channel,
)
from tests.factories.campaigns import rows_of
from tests.factories.directory import load_company
from tests.factories.mail_server import MailServer, mail_server
from tests.factories.server import CHANNELS, NOW, SERVER_KEY

SECRET = "correct horse battery"
BOUNCES = "whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY="
PLAN = ChannelPlan(
    url=f"smtp://office:{SECRET.replace(' ', '%20')}@mail.example.com?starttls=1",
    sender="Office <office@example.com>",
    bounce_secret=BOUNCES,
)


async def set_up(organisation: UUID, plan: ChannelPlan = PLAN) -> None:
    await set_channel(organisation, "email", plan, server_key=SERVER_KEY, now=NOW)


async def stored(organisation: UUID) -> dict[str, Any]:
    (row,) = await rows_of(organisation, "SELECT kind, settings, secrets FROM channel")
    return row


async def test_a_secret_is_neither_shown_nor_stored_nor_told(organisation: UUID) -> None:
    await set_up(organisation)

    view = await read_channel(organisation, "email")
    events = (await list_events(organisation)).items
    everything = f"{view} {await stored(organisation)} {msgspec.json.encode(events)!r} {PLAN!r}"
    assert view.secrets == ("bounceSecret", "password")
    assert view.url == "smtp://office@mail.example.com:587?starttls=1"
    assert not any(part in everything for part in (SECRET, "horse", BOUNCES))
    assert [event.action for event in events] == ["channel.set"]


async def test_secrets_open_for_their_own_channel_alone(
    organisation: UUID, other_organisation: UUID
) -> None:
    def opened(**instead: Any) -> dict[str, str]:
        own: dict[str, Any] = {
            "server_key": SERVER_KEY,
            "organisation": organisation,
            "kind": "email",
        }
        return open_secrets(sealed, **(own | instead))

    sealed = seal_secrets(
        {"password": SECRET}, server_key=SERVER_KEY, organisation=organisation, kind="email"
    )

    assert opened() == {"password": SECRET}
    for instead in (
        {"organisation": other_organisation},
        {"kind": "other"},
        {"server_key": b"another key" * 4},
    ):
        with pytest.raises(SecretsUnreadableError):
            opened(**instead)


async def test_nothing_is_kept_of_how_a_channel_was_before(organisation: UUID) -> None:
    await set_up(organisation)
    await set_up(organisation, ChannelPlan(url="smtp://localhost:25", sender="o@x.example"))

    view = await read_channel(organisation, "email")

    assert (view.secrets, view.bounces, view.revision) == ((), None, 2)
    assert (await stored(organisation))["secrets"] is None


async def test_another_server_key_is_named_as_the_fault(organisation: UUID) -> None:
    await set_up(organisation)

    ways = await ways_of(organisation, installed={}, server_key=b"another key" * 4)
    fault = await ways["email"].channel.fault()

    assert fault is not None
    assert "another server key" in fault


async def test_organisations_have_channels_of_their_own(
    organisation: UUID, other_organisation: UUID
) -> None:
    await set_up(organisation)

    assert [one.kind for one in (await list_channels(organisation)).items] == ["email"]
    assert (await list_channels(other_organisation)).items == ()
    with pytest.raises(ChannelNotFound):
        await remove_channel(other_organisation, "email")


async def test_a_removed_channel_is_gone_with_its_secrets(organisation: UUID) -> None:
    await set_up(organisation)
    await remove_channel(organisation, "email")

    assert await rows_of(organisation, "SELECT FROM channel") == []


@pytest.mark.parametrize(
    ("plan", "field"),
    [
        (ChannelPlan(sender="o@x.example"), "url"),
        (ChannelPlan(url="smtps://x.example"), "sender"),
        (ChannelPlan(url="smtps://x.example", sender="nobody"), "sender"),
        (ChannelPlan(url="smtps://x.example", sender="A <a@x.example>, b@x"), "sender"),
        (ChannelPlan(url="smtps://x.example", sender="A\r\nX: y <a@x.example>"), "sender"),
        (
            ChannelPlan(url="smtps://x.example", sender="a@x.example", bounce_secret="short"),
            "bounce_secret",
        ),
    ],
)
async def test_a_setting_that_will_not_do_is_named(
    organisation: UUID, plan: ChannelPlan, field: str
) -> None:
    with pytest.raises(FieldInvalid) as refusal:
        await set_up(organisation, plan)

    assert refusal.value.facts["field"] == field
    assert await rows_of(organisation, "SELECT FROM channel") == []


async def test_only_known_kinds_are_set_up(organisation: UUID) -> None:
    with pytest.raises(ChannelKindUnknown, match="Kinds: email"):
        await set_channel(organisation, "folder", PLAN, server_key=SERVER_KEY, now=NOW)


@pytest.fixture
def far() -> Iterator[MailServer]:
    with mail_server(login=False) as running:
        yield running


@pytest.fixture
async def person(organisation: UUID, far: MailServer) -> str:
    """Set up a channel to a server on loopback; give somebody to write to."""
    await load_company(organisation, {"U1": 1})
    plan = ChannelPlan(url=f"smtp://127.0.0.1:{far.port}", sender="o@x.example")
    await set_up(organisation, plan)
    return "U1-0"


async def tried(organisation: UUID, person: str, kind: str = "email") -> ChannelTest:
    return await try_channel(
        organisation, kind, person=person, installed=CHANNELS, server_key=SERVER_KEY
    )


async def test_a_test_sends_one_message_without_a_link(
    organisation: UUID, far: MailServer, person: str
) -> None:
    told = await tried(organisation, person)

    (mail,) = far.read()
    body = mail.get_body(("plain",))
    assert body is not None
    assert (told.outcome, told.reason) == ("sent", None)
    assert far.recipients == ["U1-0@example.com"]
    assert "/f/" not in body.get_content()
    assert "List-Unsubscribe" not in mail


@pytest.mark.parametrize(
    ("reply", "outcome", "reason", "word"),
    [
        ("550 5.1.1 unknown", "failed", "5.1.1", "Check the person's address"),
        ("450 4.2.0 busy", "failed", "4.2.0", "try again later"),
    ],
)
async def test_what_a_test_meets_is_said_in_words(
    organisation: UUID,
    far: MailServer,
    person: str,
    reply: str,
    outcome: str,
    reason: str,
    word: str,
) -> None:
    far.refusals["U1-0@example.com"] = reply

    told = await tried(organisation, person)

    assert (told.outcome, told.reason) == (outcome, reason)
    assert word in told.detail


async def test_a_test_without_an_answer_is_uncertain(
    organisation: UUID, far: MailServer, person: str
) -> None:
    far.after_data.append("")

    assert (await tried(organisation, person)).outcome == "uncertain"


async def test_a_sender_that_may_not_write_is_told_what_to_do(
    organisation: UUID, far: MailServer, person: str
) -> None:
    far.sender_reply = "553 5.7.1 not yours"

    assert "allow this one on the server" in (await tried(organisation, person)).detail


async def test_somebody_without_an_address_is_told(
    organisation: UUID, far: MailServer, person: str
) -> None:
    async with transaction(organisation):
        await connection().execute("UPDATE person SET email = NULL")

    told = await tried(organisation, person)

    assert (told.outcome, told.reason) == ("failed", "no-address")
    assert far.mails == []


async def test_a_channel_of_the_installation_can_be_tried_out(
    organisation: UUID, person: str
) -> None:
    assert (await tried(organisation, person, "console")).outcome == "sent"


async def test_a_channel_that_nobody_has_set_up_is_named(organisation: UUID) -> None:
    with pytest.raises(ChannelNotConfigured, match="opmodel channel set email"):
        await tried(organisation, "x")
