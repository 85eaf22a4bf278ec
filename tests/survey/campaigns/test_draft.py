"""Campaigns are drafted and changed until they open."""

import asyncio
from datetime import datetime, timedelta
from uuid import UUID, uuid4

import pytest

from models.campaign import Campaign
from models.engine import transaction
from survey.access.audit_reading import AuditFilter, list_events
from survey.campaigns.draft import change_campaign, delete_draft, draft_campaign
from survey.campaigns.errors import (
    CampaignLocked,
    CampaignNotDraft,
    CampaignNotFound,
    DuplicateCampaign,
)
from survey.campaigns.open import open_campaign
from survey.campaigns.plan import CampaignChange
from survey.campaigns.read import CampaignView, list_campaigns, read_campaign
from survey.directory.organisations import OrganisationChange, change_organisation
from survey.errors import ChangedMeanwhile, FieldInvalid
from survey.instruments.errors import InstrumentNotFound
from survey.instruments.store import import_instrument
from tests.factories.campaigns import close_campaign, make_draft, make_open, plan
from tests.factories.definition import make_definition
from tests.factories.directory import load_company
from tests.factories.principals import make_principal
from tests.factories.server import CHANNELS, KEYS, NOW, SERVER_KEY

pytestmark = pytest.mark.usefixtures("database")


DELETED = AuditFilter(action="campaign.deleted")


async def count(organisation: UUID) -> int:
    async with transaction(organisation):
        return await Campaign.count()


async def test_a_draft_is_what_was_planned(organisation: UUID, now: datetime) -> None:
    await import_instrument(organisation, make_definition())
    end = now + timedelta(days=14)

    drafted = await draft_campaign(
        organisation,
        plan(wave=2, mode="confidential", min_group=6, min_comments=12, closes_at=end),
        now=now,
    )

    assert drafted == CampaignView(
        id=drafted.id,
        name="Baseline",
        wave=2,
        instrument_key="small",
        instrument_version=1,
        mode="confidential",
        state="draft",
        min_group=6,
        min_comments=12,
        min_drivers=100,
        opens_at=None,
        closes_at=end,
        opened_at=None,
        closed_at=None,
        revision=1,
        created_at=now,
    )
    assert await read_campaign(organisation, drafted.id) == drafted


async def test_thresholds_left_open_are_the_organisations(organisation: UUID) -> None:
    await change_organisation(organisation, OrganisationChange(min_group=12))

    drafted = await make_draft(organisation)

    assert (drafted.min_group, drafted.min_comments) == (12, 12)


async def test_a_name_and_wave_are_taken_once(organisation: UUID, now: datetime) -> None:
    await make_draft(organisation)

    with pytest.raises(DuplicateCampaign):
        await draft_campaign(organisation, plan(), now=now)

    assert await count(organisation) == 1


async def test_a_wrong_value_is_refused(organisation: UUID, now: datetime) -> None:
    await import_instrument(organisation, make_definition())

    with pytest.raises(FieldInvalid):
        await draft_campaign(organisation, plan(min_group=3), now=now)

    assert await count(organisation) == 0


async def test_a_draft_needs_an_instrument(organisation: UUID, now: datetime) -> None:
    with pytest.raises(InstrumentNotFound):
        await draft_campaign(organisation, plan(), now=now)

    assert await count(organisation) == 0


async def test_an_instrument_of_another_organisation_is_not_found(
    organisation: UUID, other_organisation: UUID, now: datetime
) -> None:
    await import_instrument(other_organisation, make_definition())

    with pytest.raises(InstrumentNotFound):
        await draft_campaign(organisation, plan(), now=now)


async def test_a_change_replaces_what_it_names_and_counts_up(organisation: UUID) -> None:
    drafted = await make_draft(organisation, opens_at=None)
    await import_instrument(organisation, make_definition(version=2))

    changed = await change_campaign(
        organisation,
        drafted.id,
        revision=1,
        change=CampaignChange(name="Renamed", instrument_version=2, min_group=4),
        now=NOW,
    )

    assert (changed.name, changed.instrument_version, changed.min_group) == ("Renamed", 2, 4)
    assert (changed.revision, changed.mode, changed.min_comments) == (2, "anonymous", 10)
    assert await read_campaign(organisation, drafted.id) == changed


async def test_a_change_of_what_somebody_else_has_changed_is_refused(
    organisation: UUID,
) -> None:
    drafted = await make_draft(organisation)
    rename = CampaignChange(name="First")
    first = await change_campaign(organisation, drafted.id, revision=1, change=rename, now=NOW)

    with pytest.raises(ChangedMeanwhile) as caught:
        await change_campaign(
            organisation, drafted.id, revision=1, change=CampaignChange(name="Second"), now=NOW
        )

    assert caught.value.facts == {"given": 1, "current": 2}
    assert await read_campaign(organisation, drafted.id) == first


@pytest.mark.parametrize(
    ("change", "error"),
    [
        (CampaignChange(min_group=3), FieldInvalid),
        (CampaignChange(min_group=20), FieldInvalid),  # above min_comments
        (CampaignChange(instrument_version=9), InstrumentNotFound),
        (CampaignChange(name="Taken"), DuplicateCampaign),
    ],
)
async def test_a_refused_change_changes_nothing(
    organisation: UUID, now: datetime, change: CampaignChange, error: type[Exception]
) -> None:
    drafted = await make_draft(organisation)
    await draft_campaign(organisation, plan(name="Taken"), now=now)

    with pytest.raises(error):
        await change_campaign(organisation, drafted.id, revision=1, change=change, now=NOW)

    assert await read_campaign(organisation, drafted.id) == drafted


async def test_mode_and_thresholds_lock_when_it_opens(organisation: UUID) -> None:
    opened = await make_open(organisation, {"U1": 5})

    with pytest.raises(CampaignLocked):
        await change_campaign(
            organisation,
            opened.id,
            revision=opened.revision,
            change=CampaignChange(mode="confidential"),
            now=NOW,
        )

    assert await read_campaign(organisation, opened.id) == opened


async def test_the_end_of_an_open_campaign_may_move(organisation: UUID, now: datetime) -> None:
    opened = await make_open(organisation, {"U1": 5})
    end = now + timedelta(days=3)

    changed = await change_campaign(
        organisation,
        opened.id,
        revision=opened.revision,
        change=CampaignChange(closes_at=end),
        now=NOW,
    )

    assert (changed.closes_at, changed.revision) == (end, opened.revision + 1)


async def test_a_draft_is_deleted_and_the_trail_says_by_whom(
    organisation: UUID, now: datetime
) -> None:
    drafted = await make_draft(organisation)
    by = await make_principal(organisation, name="Strategy office")

    await delete_draft(drafted.id, revision=1, by=by)

    (event,) = (await list_events(organisation, DELETED)).items
    assert await count(organisation) == 0
    assert event.actor.name == "Strategy office"
    assert event.subjects == (f"/v1/campaigns/{drafted.id}",)
    assert event.facts == {"wave": 1, "instrument": "small@1", "revision": 1}


async def test_the_name_of_a_deleted_draft_is_free_again(
    organisation: UUID, now: datetime
) -> None:
    drafted = await make_draft(organisation)
    await delete_draft(drafted.id, revision=1, by=await make_principal(organisation))

    assert (await draft_campaign(organisation, plan(), now=now)).name == drafted.name


async def test_a_draft_that_changed_meanwhile_is_not_deleted(
    organisation: UUID, now: datetime
) -> None:
    drafted = await make_draft(organisation)
    by = await make_principal(organisation)

    with pytest.raises(ChangedMeanwhile):
        await delete_draft(drafted.id, revision=2, by=by)

    assert await read_campaign(organisation, drafted.id) == drafted
    assert (await list_events(organisation, DELETED)).items == ()


@pytest.mark.parametrize("revision", [1, 2, 3])
async def test_a_campaign_that_has_opened_is_not_deleted_whatever_was_seen(
    organisation: UUID, now: datetime, revision: int
) -> None:
    opened = await make_open(organisation, {"U1": 5})
    by = await make_principal(organisation)

    with pytest.raises(CampaignNotDraft):
        await delete_draft(opened.id, revision=revision, by=by)

    assert await read_campaign(organisation, opened.id) == opened


async def test_a_closed_campaign_is_not_deleted(organisation: UUID, now: datetime) -> None:
    opened = await make_open(organisation, {"U1": 5})
    closed = await close_campaign(organisation, opened.id)
    by = await make_principal(organisation)

    with pytest.raises(CampaignNotDraft):
        await delete_draft(closed.id, revision=closed.revision, by=by)


async def test_a_draft_is_either_opened_or_deleted(organisation: UUID, now: datetime) -> None:
    await load_company(organisation, {"U1": 5})
    drafted = await make_draft(organisation)
    by = await make_principal(organisation)

    results = await asyncio.gather(
        open_campaign(
            organisation,
            drafted.id,
            server_key=SERVER_KEY,
            keys=KEYS,
            channel="console",
            channels=CHANNELS,
            now=now,
        ),
        delete_draft(drafted.id, revision=1, by=by),
        return_exceptions=True,
    )

    failures = [one for one in results if isinstance(one, Exception)]
    assert [type(one) for one in failures] in ([CampaignNotFound], [CampaignNotDraft])
    assert await count(organisation) == isinstance(failures[0], CampaignNotDraft)


async def test_pages_follow_each_other_in_the_order_of_drafting(
    organisation: UUID, now: datetime
) -> None:
    await import_instrument(organisation, make_definition())
    for name in ("C", "A", "B"):
        await draft_campaign(organisation, plan(name=name), now=now)

    first = await list_campaigns(organisation, limit=2)
    second = await list_campaigns(organisation, after=first.next, limit=2)

    assert [found.name for page in (first, second) for found in page.items] == ["C", "A", "B"]


async def test_a_campaign_of_another_organisation_is_not_found(
    organisation: UUID, other_organisation: UUID, now: datetime
) -> None:
    drafted = await make_draft(organisation)

    with pytest.raises(CampaignNotFound):
        await read_campaign(other_organisation, drafted.id)
    with pytest.raises(CampaignNotFound):
        await change_campaign(
            other_organisation,
            drafted.id,
            revision=1,
            change=CampaignChange(name="Stolen"),
            now=NOW,
        )
    thief = await make_principal(other_organisation)
    with pytest.raises(CampaignNotFound):
        await delete_draft(drafted.id, revision=1, by=thief)
    assert (await list_campaigns(other_organisation)).items == ()
    assert await read_campaign(organisation, drafted.id) == drafted


async def test_a_campaign_that_does_not_exist_is_not_found(organisation: UUID) -> None:
    with pytest.raises(CampaignNotFound):
        await read_campaign(organisation, uuid4())
