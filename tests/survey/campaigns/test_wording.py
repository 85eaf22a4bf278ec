"""Offices word the messages of a campaign themselves, and see them before anybody else does."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from survey.campaigns.draft import delete_draft
from survey.campaigns.errors import CampaignLocked
from survey.campaigns.read import CampaignView
from survey.campaigns.wording import (
    CampaignWords,
    MessageDraft,
    MessageWords,
    preview_message,
    read_wording,
    set_wording,
)
from survey.errors import FieldInvalid
from survey.messages.delivery import deliver
from tests.factories.campaigns import (
    close_campaign,
    jobs_of,
    make_draft,
    make_open,
    rows_of,
)
from tests.factories.principals import make_principal
from tests.factories.server import NOW, SERVER_KEY
from tests.survey.messages.remembering import RememberingChannel

OURS = MessageWords(kind="invitation", locale="en", subject="{title}!", text="Dear {name}.")


@pytest.fixture
async def draft(organisation: UUID) -> CampaignView:
    return await make_draft(organisation, closes_at=NOW + timedelta(days=9))


def words(**fields: Any) -> CampaignWords:
    given = {"kind": "invitation", "locale": "en", "subject": "s", "text": "t"}
    return CampaignWords(messages=(MessageWords(**(given | fields)),))


async def test_words_are_replaced_as_a_whole(organisation: UUID, draft: CampaignView) -> None:
    await set_wording(organisation, draft.id, words(kind="reminder", locale="de"))
    await set_wording(organisation, draft.id, CampaignWords(messages=(OURS,)))

    assert await read_wording(organisation, draft.id) == CampaignWords(messages=(OURS,))


@pytest.mark.parametrize(
    ("fields", "field", "named"),
    [
        ({"text": "Hi {nme}"}, "text", "{nme}"),
        ({"subject": "{link}"}, "subject", "{link}"),
        ({"locale": "zz-top"}, "locale", "zz-top"),
    ],
)
async def test_words_that_cannot_be_filled_are_refused(
    organisation: UUID, draft: CampaignView, fields: dict[str, str], field: str, named: str
) -> None:
    with pytest.raises(FieldInvalid) as refusal:
        await set_wording(organisation, draft.id, words(**fields))

    assert (refusal.value.facts["field"], refusal.value.facts["value"]) == (field, named)
    assert await read_wording(organisation, draft.id) == CampaignWords(messages=())


async def test_an_entry_stands_once(organisation: UUID, draft: CampaignView) -> None:
    with pytest.raises(FieldInvalid, match="one entry per kind and language"):
        await set_wording(organisation, draft.id, CampaignWords(messages=(OURS, OURS)))


async def test_messages_that_leave_have_the_words(organisation: UUID) -> None:
    campaign = await make_open(organisation, {"U1": 1})
    await set_wording(organisation, campaign.id, CampaignWords(messages=(OURS,)))
    channel = RememberingChannel()

    (job,) = await jobs_of(organisation)
    await deliver(
        job,
        server_key=SERVER_KEY,
        channels={"console": channel},
        form_url="https://x.example",
        clock=lambda: NOW,
    )

    (message,) = channel.messages
    assert message.words is not None
    assert (message.words.subject, message.words.text) == (OURS.subject, OURS.text)


async def test_a_campaign_that_is_over_keeps_its_words(organisation: UUID) -> None:
    campaign = await make_open(organisation, {"U1": 1})
    await close_campaign(organisation, campaign.id)

    with pytest.raises(CampaignLocked):
        await set_wording(organisation, campaign.id, words())


async def test_words_go_with_a_deleted_draft(organisation: UUID, draft: CampaignView) -> None:
    await set_wording(organisation, draft.id, words())

    await delete_draft(draft.id, revision=None, by=await make_principal(organisation))

    assert await rows_of(organisation, "SELECT FROM campaign_wording") == []


async def test_a_preview_shows_stored_words_or_those_to_try_out(
    organisation: UUID, draft: CampaignView
) -> None:
    await set_wording(organisation, draft.id, CampaignWords(messages=(OURS,)))

    stored = await preview_message(
        organisation, draft.id, MessageDraft(kind="invitation", locale="en-GB")
    )
    tried = await preview_message(
        organisation,
        draft.id,
        MessageDraft(kind="invitation", locale="en", subject="New", text="By {closes}."),
    )

    assert (stored.subject, "Dear Kim Example." in stored.text) == ("Title!", True)
    assert (tried.subject, "By 2 December 2026" in tried.text) == ("New", True)
    assert await read_wording(organisation, draft.id) == CampaignWords(messages=(OURS,))


@pytest.mark.parametrize(("role", "told"), [("sponsor", True), ("manager", False)])
async def test_a_preview_knows_the_role(
    organisation: UUID, draft: CampaignView, role: Any, *, told: bool
) -> None:
    shown = await preview_message(
        organisation, draft.id, MessageDraft(kind="reminder", locale="en", role=role)
    )

    assert ("on the record" in shown.text) is told
    assert ("on the record" in shown.html) is told


async def test_a_preview_of_half_a_message_is_refused(
    organisation: UUID, draft: CampaignView
) -> None:
    with pytest.raises(FieldInvalid, match="belong together"):
        await preview_message(
            organisation, draft.id, MessageDraft(kind="invitation", locale="en", text="x")
        )
