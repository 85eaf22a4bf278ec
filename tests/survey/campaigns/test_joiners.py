"""Joiners are invited late and leavers dropped; no number tells who has answered."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from models.engine import transaction
from survey.access.audit_reading import list_events
from survey.campaigns.audience import Audience, UnitChoice
from survey.campaigns.head_counts import UnitHeadCounts
from survey.campaigns.participation import participation
from survey.campaigns.read import CampaignView
from survey.capture.errors import InvitationUnknown
from survey.capture.forms import SavedAnswers, open_form, save_answers
from survey.directory.people import sync_people
from survey.directory.units import sync_units
from survey.releases.frames import load_headcounts
from tests.factories.campaigns import close_campaign, make_draft, rows_of, submit, token_of
from tests.factories.directory import load_company, people_file, person, unit, unit_file
from tests.factories.passing_time import PassingTime
from tests.factories.server import NOW, SEALS
from tests.survey.messages.remembering import RememberingChannel

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


async def opened(
    organisation: UUID, time: PassingTime, people: dict[str, int], **fields: Any
) -> CampaignView:
    await load_company(organisation, people)
    draft = await make_draft(organisation, **({"invite_joiners": True} | fields))
    campaign = await time.open(organisation, draft.id)
    await time.work()
    return campaign


async def invitations(organisation: UUID) -> dict[str, dict[str, Any]]:
    rows = await rows_of(
        organisation,
        "SELECT p.external_id, i.id, i.unit_code, i.role, i.invited_late, i.revoked, "
        "i.generation, i.completed FROM invitation i JOIN person p ON p.id = i.person",
    )
    return {row["external_id"]: row for row in rows}


async def join(organisation: UUID, *rows: dict[str, Any]) -> None:
    await sync_people(organisation, people_file(*rows))


async def leave(organisation: UUID, *people: str) -> None:
    rows = [person(name, name.partition("-")[0], active="no") for name in people]
    await sync_people(organisation, people_file(*rows), expect_deactivated=len(rows))


async def shown(
    organisation: UUID, campaign: CampaignView, time: PassingTime
) -> dict[str, UnitHeadCounts]:
    found = await participation(organisation, campaign.id, now=time.now)
    return {one.unit: one for one in found.units}


async def test_a_joiner_is_invited_with_the_unit_and_role_of_that_moment(
    organisation: UUID, time: PassingTime, channel: RememberingChannel
) -> None:
    await opened(organisation, time, {"U1": 2})

    await join(organisation, person("new", "U1", role="manager"))
    await time.work()
    await join(organisation, person("new", "ALL", role="contributor"))
    await time.work()

    new = (await invitations(organisation))["new"]
    assert (new["unit_code"], new["role"], new["invited_late"]) == ("U1", "manager", True)
    assert [message.name for message in channel.messages[2:]] == ["Person new"]


async def test_a_joiner_whom_the_audience_rules_out_is_not_invited(
    organisation: UUID, time: PassingTime
) -> None:
    audience = Audience(units=(UnitChoice(unit="U1"),))
    await opened(organisation, time, {"U1": 6, "U2": 6}, audience=audience)

    await join(organisation, person("inside", "U1"), person("outside", "U2"))
    await time.work()

    assert {"inside", "outside"} & (await invitations(organisation)).keys() == {"inside"}


async def test_a_joiner_can_answer(organisation: UUID, time: PassingTime) -> None:
    await opened(organisation, time, {"U1": 2})
    await join(organisation, person("new", "U1"))
    await time.work()

    new = (await invitations(organisation))["new"]
    await submit(organisation, [new["id"]], now=time.now)

    assert (await invitations(organisation))["new"]["completed"]


async def test_a_joiners_reminders_count_from_their_own_invitation(
    organisation: UUID, time: PassingTime, channel: RememberingChannel
) -> None:
    await opened(organisation, time, {"U1": 1}, reminders=(3,))
    await time.pass_by(2 * DAY, step=DAY)
    await join(organisation, person("new", "U1"))
    await time.work()

    await time.pass_by(DAY + HOUR, step=12 * HOUR)
    first = [message.name for message in channel.messages if message.kind == "reminder"]
    await time.pass_by(2 * DAY, step=12 * HOUR)
    both = [message.name for message in channel.messages if message.kind == "reminder"]

    assert first == ["Person U1-0"]
    assert both == ["Person U1-0", "Person new"]


@pytest.mark.parametrize(
    ("fields", "row"),
    [
        ({"invite_joiners": False}, person("new", "U1")),
        ({}, person("new", "U1", role="sponsor")),
        ({}, person("new", "U2")),
    ],
    ids=["not wanted", "asked nothing", "of a unit that is not in the tree"],
)
async def test_some_joiners_are_not_invited(
    organisation: UUID, time: PassingTime, fields: dict[str, Any], row: dict[str, Any]
) -> None:
    await opened(organisation, time, {"U1": 2}, **fields)
    await sync_units(organisation, unit_file(unit("ALL"), unit("U1", "ALL"), unit("U2", "ALL")))

    await join(organisation, row)
    await time.work()

    assert set(await invitations(organisation)) == {"U1-0", "U1-1"}


async def test_a_dry_run_and_a_person_who_only_changes_invite_nobody(
    organisation: UUID, time: PassingTime, channel: RememberingChannel
) -> None:
    await load_company(organisation, {"U1": 2})
    await join(organisation, person("old", "U1", role="sponsor"))
    draft = await make_draft(organisation, invite_joiners=True)
    await time.open(organisation, draft.id)

    await sync_people(organisation, people_file(person("new", "U1")), dry_run=True)
    await join(organisation, person("old", "U1", role="contributor"))
    await time.work()

    assert set(await invitations(organisation)) == {"U1-0", "U1-1"}
    assert len(channel.messages) == 2


async def test_the_trail_says_how_many_joined_and_nothing_of_leavers(
    organisation: UUID, time: PassingTime
) -> None:
    await opened(organisation, time, {"U1": 3})
    await join(organisation, person("new", "U1"))
    await time.work()
    joined = (await list_events(organisation)).items[0]

    await leave(organisation, "U1-0")
    await time.work()
    left = (await list_events(organisation)).items[0]

    assert (joined.action, joined.facts) == ("invitations.joined", {"invited": 1})
    assert left.action == "people.synced"


async def test_a_leavers_link_is_void_and_nothing_more_is_sent(
    organisation: UUID, time: PassingTime, channel: RememberingChannel
) -> None:
    await opened(organisation, time, {"U1": 2}, reminders=(1,))
    gone = (await invitations(organisation))["U1-0"]
    token = token_of(gone["id"])
    await save_answers(token, SavedAnswers(answers={"pain_1": 2}), seals=SEALS, now=time.now)

    await leave(organisation, "U1-0")
    await time.work()
    await time.pass_by(2 * DAY, step=12 * HOUR)

    with pytest.raises(InvitationUnknown):
        await open_form(token, locale=None, seals=SEALS, now=time.now)
    with pytest.raises(InvitationUnknown):
        await submit(organisation, [gone["id"]], now=time.now)
    (row,) = await rows_of(
        organisation, "SELECT draft FROM invitation WHERE id = $1", gone["id"]
    )
    assert row["draft"] is None
    assert [one.name for one in channel.messages if one.kind == "reminder"] == ["Person U1-1"]


async def test_a_message_on_its_way_to_a_leaver_is_not_sent(
    organisation: UUID, time: PassingTime, channel: RememberingChannel
) -> None:
    await load_company(organisation, {"U1": 2})
    draft = await make_draft(organisation)
    await time.open(organisation, draft.id)

    await leave(organisation, "U1-0")
    await time.work()

    assert [message.name for message in channel.messages] == ["Person U1-1"]


async def test_a_leaver_who_has_answered_keeps_the_answer(
    organisation: UUID, time: PassingTime
) -> None:
    campaign = await opened(organisation, time, {"U1": 6})
    people = await invitations(organisation)
    await submit(organisation, [people["U1-0"]["id"]], now=time.now)

    await leave(organisation, "U1-0")
    await time.work()
    await close_campaign(organisation, campaign.id, now=time.now)

    kept = (await invitations(organisation))["U1-0"]
    assert (kept["completed"], kept["generation"]) == (True, 1)
    assert len(await rows_of(organisation, "SELECT id FROM response")) == 1


async def test_a_leaver_who_comes_back_gets_a_new_link(
    organisation: UUID, time: PassingTime, channel: RememberingChannel
) -> None:
    await opened(organisation, time, {"U1": 2}, invite_joiners=False)
    await leave(organisation, "U1-0")
    await time.work()

    await join(organisation, person("U1-0", "U1"))
    await time.work()

    back = (await invitations(organisation))["U1-0"]
    assert (back["revoked"], back["generation"]) == (False, 2)
    link = channel.messages[-1].link
    assert link.endswith(token_of(back["id"], generation=2))
    form = await open_form(
        token_of(back["id"], generation=2), locale=None, seals=SEALS, now=time.now
    )
    assert form.state == "open"


async def test_whoever_comes_back_before_a_message_left_gets_one_and_is_reminded(
    organisation: UUID, time: PassingTime, channel: RememberingChannel
) -> None:
    await load_company(organisation, {"U1": 2})
    draft = await make_draft(organisation, reminders=(1,))
    await time.open(organisation, draft.id)
    await leave(organisation, "U1-0")
    await time.work()

    await join(organisation, person("U1-0", "U1"))
    await time.work()
    await time.pass_by(2 * DAY, step=12 * HOUR)

    to_them = [one.kind for one in channel.messages if one.name == "Person U1-0"]
    assert to_them == ["invitation", "reminder"]


async def test_the_trail_does_not_tell_whether_somebody_who_is_back_has_answered(
    organisation: UUID, time: PassingTime, channel: RememberingChannel
) -> None:
    await opened(organisation, time, {"U1": 6})
    people = await invitations(organisation)
    await submit(organisation, [people["U1-0"]["id"]], now=time.now)
    told = []
    for name in ("U1-0", "U1-1"):
        await leave(organisation, name)
        await time.work()
        await join(organisation, person(name, "U1"))
        await time.work()
        event = (await list_events(organisation)).items[0]
        told.append((event.action, event.facts))

    assert told == [("invitations.joined", {"invited": 1})] * 2
    assert [message.name for message in channel.messages[6:]] == ["Person U1-1"]


async def test_while_a_campaign_is_open_invited_stays_as_it_was_at_its_opening(
    organisation: UUID, time: PassingTime
) -> None:
    campaign = await opened(organisation, time, {"U1": 12, "U2": 12})
    before = await shown(organisation, campaign, time)

    await join(organisation, *(person(f"new-{n}", "U1") for n in range(6)))
    await leave(organisation, *(f"U2-{n}" for n in range(6)))
    await time.work()
    await time.sleep(2 * HOUR)

    assert await shown(organisation, campaign, time) == before
    assert before["U1"].invited == before["U2"].invited == 12


async def test_a_joiner_does_not_make_the_others_progress_visible(
    organisation: UUID, time: PassingTime
) -> None:
    # 9 of 12 have answered: with 3 left, nothing is shown. With 4 joiners there would be 7
    # left, and everybody knows of 4 of them that they have only just come.
    campaign = await opened(organisation, time, {"U1": 12, "U2": 12})
    people = await invitations(organisation)
    await submit(organisation, [people[f"U1-{n}"]["id"] for n in range(9)], now=time.now)

    await join(organisation, *(person(f"new-{n}", "U1") for n in range(4)))
    await time.work()
    await time.sleep(2 * HOUR)

    assert (await shown(organisation, campaign, time))["U1"].completed is None


@pytest.mark.parametrize(
    ("unanswered", "answered", "invited"), [(5, 0, 7), (4, 3, 12), (0, 6, 12)]
)
async def test_after_the_close_leavers_without_an_answer_leave_the_count_if_they_are_k(
    organisation: UUID, time: PassingTime, unanswered: int, answered: int, invited: int
) -> None:
    campaign = await opened(organisation, time, {"U1": 12, "U2": 12})
    people = await invitations(organisation)
    gone = [f"U1-{n}" for n in range(unanswered + answered)]
    await submit(organisation, [people[name]["id"] for name in gone[:answered]], now=time.now)

    await leave(organisation, *gone)
    await time.work()
    await close_campaign(organisation, campaign.id, now=time.now)

    assert (await shown(organisation, campaign, time))["U1"].invited == invited
    async with transaction(organisation):
        headcounts = await load_headcounts(campaign.id)
    assert headcounts.rows() == [("U1", "contributor", invited), ("U2", "contributor", 12)]


async def test_after_the_close_joiners_count(organisation: UUID, time: PassingTime) -> None:
    campaign = await opened(organisation, time, {"U1": 12, "U2": 12})
    await join(organisation, *(person(f"new-{n}", "U1") for n in range(2)))
    await time.work()

    await close_campaign(organisation, campaign.id, now=time.now)

    assert (await shown(organisation, campaign, time))["U1"].invited == 14


async def test_an_answer_that_was_on_its_way_when_its_person_left_counts(
    organisation: UUID, time: PassingTime
) -> None:
    campaign = await opened(organisation, time, {"U1": 12})
    await leave(organisation, *(f"U1-{n}" for n in range(6)))
    await time.work()
    await rows_of(
        organisation,
        "UPDATE invitation SET completed = true WHERE revoked RETURNING id",
    )
    await rows_of(organisation, "UPDATE campaign SET state = 'closing' RETURNING id")
    await rows_of(
        organisation,
        "UPDATE campaign SET state = 'closed', closed_at = $1, public_key = NULL, "
        "public_key_mark = NULL RETURNING id",
        NOW,
    )

    assert (await shown(organisation, campaign, time))["U1"].invited == 12
