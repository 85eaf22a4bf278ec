"""Links for the office: whose, what is marked and recorded, and what they do not tell."""

import asyncio
from collections.abc import Sequence
from uuid import UUID

import pytest

from models.engine import connection, transaction
from survey.access.actors import COMMAND_LINE
from survey.access.audit_reading import AuditEventView, list_events
from survey.campaigns.errors import CampaignNotFound, LinksOfNobody, LinksWhileOpenOnly
from survey.campaigns.invitations import invitation_counts
from survey.campaigns.links import (
    HandedOut,
    LinkFilter,
    LinkMaker,
    PersonalLink,
    all_links,
    hand_out_link,
    hand_out_links,
    links_of,
)
from survey.campaigns.privacy import privacy_facts
from survey.campaigns.read import CampaignView
from survey.capture.forms import open_form
from survey.capture.writing import write_group
from survey.errors import FieldInvalid
from tests.factories.campaigns import (
    close_campaign,
    entry_of,
    jobs_of,
    make_draft,
    open_by_links,
    rows_of,
    submit,
)
from tests.factories.directory import load_company
from tests.factories.server import NOW, SEALS, SERVER_KEY

MAKER = LinkMaker(server_key=SERVER_KEY, form_url="https://ask.example/")


@pytest.fixture
async def campaign(organisation: UUID) -> CampaignView:
    """Open a campaign by links for three people in U1 and two in U2."""
    await load_company(organisation, {"U1": 3, "U2": 2})
    return await open_by_links(organisation, await make_draft(organisation))


async def handed_out(campaign: CampaignView, organisation: UUID, **wanted: object) -> HandedOut:
    return await hand_out_links(
        organisation,
        campaign.id,
        LinkFilter(**wanted),  # type: ignore[arg-type]  # as each test says
        form="csv",
        by=COMMAND_LINE,
    )


async def exported(
    campaign: CampaignView, organisation: UUID, **wanted: object
) -> list[PersonalLink]:
    handed = await handed_out(campaign, organisation, **wanted)
    return [one async for one in all_links(organisation, handed, MAKER)]


async def privacy_text(link: str) -> str:
    token = link.rpartition("/")[2]
    return (await open_form(token, locale=None, seals=SEALS, now=NOW)).text.privacy


async def marked(organisation: UUID) -> int:
    rows = await rows_of(organisation, "SELECT link_exported FROM invitation")
    return sum(row["link_exported"] for row in rows)


async def last_export(organisation: UUID) -> AuditEventView:
    (event, *_) = (await list_events(organisation, limit=1)).items
    return event


async def test_a_campaign_by_links_sends_nothing_and_counts_nothing_as_sent(
    organisation: UUID, campaign: CampaignView
) -> None:
    counts = await invitation_counts(organisation, campaign.id)

    assert await jobs_of(organisation) == []
    assert (counts.messages, counts.links_handed_out) == ((), 0)


async def test_every_link_opens_the_form_of_its_person(
    organisation: UUID, campaign: CampaignView
) -> None:
    links = await exported(campaign, organisation)

    assert [(one.external_id, one.unit) for one in links] == sorted(
        [(one.external_id, one.unit) for one in links], key=lambda pair: pair[::-1]
    )
    for one in links:
        base, _, token = one.link.rpartition("/")
        form = await open_form(token, locale=None, seals=SEALS, now=NOW)
        assert (base, form.campaign, form.role) == (
            "https://ask.example/f",
            campaign.id,
            one.role,
        )


async def test_the_links_of_those_who_have_answered_are_there_like_all_others(
    organisation: UUID, campaign: CampaignView
) -> None:
    before = await exported(campaign, organisation)
    rows = await rows_of(organisation, "SELECT id FROM invitation")
    await submit(organisation, [rows[0]["id"]])

    assert await exported(campaign, organisation) == before


async def test_exported_links_are_marked_and_only_they(
    organisation: UUID, campaign: CampaignView
) -> None:
    await exported(campaign, organisation, unit="U2")

    assert await marked(organisation) == 2
    assert (await invitation_counts(organisation, campaign.id)).links_handed_out == 2


async def test_the_trail_tells_who_exported_how_many_and_of_whom(
    organisation: UUID, campaign: CampaignView
) -> None:
    await exported(campaign, organisation, unit="U2", without="email")

    event = await last_export(organisation)
    assert (event.action, event.actor.kind) == ("invitations.links_exported", "command_line")
    assert event.facts == {"links": 0, "as": "csv", "unit": "U2", "without": "email"}


async def test_a_unit_brings_the_units_below_it(
    organisation: UUID, campaign: CampaignView
) -> None:
    assert len(await exported(campaign, organisation, unit="ALL")) == 5
    assert {one.unit for one in await exported(campaign, organisation, unit="U1")} == {"U1"}


async def test_an_unknown_unit_is_named(organisation: UUID, campaign: CampaignView) -> None:
    with pytest.raises(FieldInvalid, match="'U9'"):
        await exported(campaign, organisation, unit="U9")

    assert await marked(organisation) == 0


async def test_people_without_an_address_can_be_had_alone(
    organisation: UUID, campaign: CampaignView
) -> None:
    (someone, *_) = await exported(campaign, organisation)
    async with transaction(organisation):
        await connection().execute(
            "UPDATE person SET email = NULL WHERE external_id = $1", someone.external_id
        )

    assert await exported(campaign, organisation, without="email") == [someone]


async def test_somebody_who_has_left_gets_no_link(
    organisation: UUID, campaign: CampaignView
) -> None:
    (leaver, *others) = await exported(campaign, organisation)
    async with transaction(organisation):
        await connection().execute(
            "UPDATE person SET active = false WHERE external_id = $1", leaver.external_id
        )

    assert await exported(campaign, organisation) == others


async def test_pages_follow_one_another_and_end(
    organisation: UUID, campaign: CampaignView
) -> None:
    everybody = await exported(campaign, organisation)
    found, after = [], None
    for _ in range(3):
        page = await hand_out_links(
            organisation,
            campaign.id,
            LinkFilter(),
            form="json",
            by=COMMAND_LINE,
            after=None if after is None else UUID(after),
            limit=2,
        )
        found += await links_of(organisation, page.invitations, MAKER)
        after = page.following

    assert (found, after) == (everybody, None)


async def test_one_person_can_be_had_alone(organisation: UUID, campaign: CampaignView) -> None:
    (someone, *_) = await exported(campaign, organisation)

    invitation = await hand_out_link(
        organisation, campaign.id, someone.external_id, form="code", by=COMMAND_LINE
    )

    assert await links_of(organisation, [invitation], MAKER) == [someone]
    assert (await last_export(organisation)).facts == {"links": 1, "as": "code"}


async def test_nobody_of_an_unknown_id_is_invited(
    organisation: UUID, campaign: CampaignView
) -> None:
    with pytest.raises(LinksOfNobody):
        await hand_out_link(organisation, campaign.id, "x", form="code", by=COMMAND_LINE)


async def test_a_closed_campaign_hands_out_nothing(
    organisation: UUID, campaign: CampaignView
) -> None:
    await close_campaign(organisation, campaign.id)

    with pytest.raises(LinksWhileOpenOnly, match="closed"):
        await exported(campaign, organisation)


async def test_exports_and_submissions_never_wait_for_each_other_in_a_circle(
    organisation: UUID,
) -> None:
    await load_company(organisation, {"U1": 120})
    campaign = await open_by_links(organisation, await make_draft(organisation))
    rows = await rows_of(organisation, "SELECT id FROM invitation ORDER BY id DESC")
    people = [row["id"] for row in rows]

    async def submitted(some: Sequence[UUID]) -> None:
        results = await write_group(list(map(entry_of, some)), seals=SEALS, now=NOW)
        assert [one for one in results if isinstance(one, Exception)] == []

    await asyncio.gather(
        *(submitted(people[start::4]) for start in range(4)),
        *(handed_out(campaign, organisation) for _ in range(4)),
    )

    assert await marked(organisation) == len(people)


async def test_another_organisation_has_no_links_here(
    organisation: UUID, other_organisation: UUID, campaign: CampaignView
) -> None:
    with pytest.raises(CampaignNotFound):
        await exported(campaign, other_organisation)


async def test_the_form_tells_those_whose_link_was_handed_out(
    organisation: UUID, campaign: CampaignView
) -> None:
    links = await exported(campaign, organisation, unit="U1")
    handed = await handed_out(campaign, organisation, unit="U1")
    others = await rows_of(
        organisation,
        "SELECT id, generation FROM invitation WHERE id <> ALL($1)",
        list(handed.invitations),
    )
    without = MAKER.link(others[0]["id"], others[0]["generation"])

    told = [await privacy_text(link) for link in (links[0].link, without)]

    assert ["have your personal link" in text for text in told] == [True, False]


async def test_the_statement_says_so_from_the_first_export_on(
    organisation: UUID, campaign: CampaignView
) -> None:
    before = await privacy_facts(organisation, campaign.id, locale="en")
    await exported(campaign, organisation, unit="U2")
    after = await privacy_facts(organisation, campaign.id, locale="en")

    assert (before.links_handed_out, after.links_handed_out) == (False, True)


def test_no_link_is_shown_by_accident() -> None:
    link = PersonalLink(
        external_id="e-1",
        name="Ines",
        unit="U1",
        unit_name="Sales",
        role="manager",
        locale=None,
        link="https://ask.example/f/secret",
    )

    assert "secret" not in repr(link)
    assert SERVER_KEY.hex() not in repr(MAKER)
    assert repr(SERVER_KEY) not in repr(MAKER)
