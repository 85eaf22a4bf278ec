"""Closing a campaign destroys what could lead from a response to a person."""

import asyncio
from collections import Counter
from datetime import datetime, timedelta
from statistics import correlation
from typing import Any
from uuid import UUID

import pytest

from models.engine import connection, operator_transaction
from survey.campaigns.errors import CampaignNotFound, IllegalMove
from survey.campaigns.read import CampaignView, read_campaign
from survey.capture.forms import SavedAnswers, save_answers
from survey.errors import Conflict
from survey.sealing.errors import KeysMissing
from tests.factories.campaigns import (
    close_campaign,
    make_draft,
    make_open,
    rows_of,
    submit,
    token_of,
)
from tests.factories.sealed import sealed_comments, sealed_sheets
from tests.factories.server import KEYS, SEALS

pytestmark = pytest.mark.usefixtures("database")

PEOPLE = {"U1": 9, "U2": 8}


async def invited(organisation: UUID) -> list[UUID]:
    """Return all invitations in the order of their making."""
    rows = await rows_of(organisation, "SELECT id FROM invitation ORDER BY id")
    return [row["id"] for row in rows]


@pytest.fixture
async def campaign(organisation: UUID) -> CampaignView:
    """Open a campaign that all but one have answered, one after the other."""
    opened = await make_open(organisation, PEOPLE)
    everybody = await invited(organisation)
    await submit(organisation, everybody[:-1])
    return opened


async def physical(table: str, campaign: UUID) -> list[dict[str, Any]]:
    """Read rows with everything that a superuser can select of them, by place."""
    async with operator_transaction():
        rows = await connection().fetch(
            f"SELECT ctid, xmin, xmax, cmin, * FROM {table} WHERE campaign = $1 ORDER BY ctid",  # noqa: S608 - our own names
            campaign,
        )
    return [dict(row) for row in rows]


async def test_a_closed_campaign_says_so(
    organisation: UUID, campaign: CampaignView, now: datetime
) -> None:
    end = now + timedelta(days=14)

    closed = await close_campaign(organisation, campaign.id, now=end)

    assert (closed.state, closed.closed_at, closed.revision) == (
        "closed",
        end,
        campaign.revision + 2,
    )
    assert await read_campaign(organisation, campaign.id) == closed


async def test_every_sheet_becomes_one_response(
    organisation: UUID, campaign: CampaignView, now: datetime
) -> None:
    sealed = await sealed_sheets(organisation, campaign.id)

    await close_campaign(organisation, campaign.id, now=now)

    query = "SELECT unit_code, role, imported, answers FROM response"
    stored = [tuple(row.values()) for row in await rows_of(organisation, query)]
    before = sealed.select("unit_code", "role", "imported", "answers").rows()
    assert sorted(stored, key=str) == sorted(before, key=str)
    assert len(stored) == 16


async def test_every_comment_is_there_exactly_once(
    organisation: UUID, campaign: CampaignView, now: datetime
) -> None:
    sealed = await sealed_comments(organisation, campaign.id)

    await close_campaign(organisation, campaign.id, now=now)

    stored = await rows_of(organisation, "SELECT unit_code, item, text FROM comment")
    before = [(one.unit, one.item, one.text) for one in sealed]
    assert sorted(tuple(row.values()) for row in stored) == sorted(before)
    assert len(stored) == 16


async def test_nothing_sealed_and_no_key_is_left(
    organisation: UUID, campaign: CampaignView, now: datetime
) -> None:
    await close_campaign(organisation, campaign.id, now=now)

    assert await rows_of(organisation, "SELECT id FROM envelope") == []
    assert list(KEYS.problems([campaign.id]))
    with pytest.raises(KeysMissing):
        KEYS.secret(campaign.id)
    keys = await rows_of(organisation, "SELECT public_key, public_key_mark FROM campaign")
    assert keys == [{"public_key": None, "public_key_mark": None}]


async def test_who_has_completed_is_still_known(
    organisation: UUID, campaign: CampaignView, now: datetime
) -> None:
    query = "SELECT id, person, token_hash, started, completed FROM invitation ORDER BY id"
    before = await rows_of(organisation, query)

    await close_campaign(organisation, campaign.id, now=now)

    assert [row["completed"] for row in before] == [True] * 16 + [False]
    assert await rows_of(organisation, query) == before


@pytest.mark.parametrize("table", ["response", "comment"])
async def test_no_system_column_tells_one_row_from_another(
    organisation: UUID, campaign: CampaignView, now: datetime, table: str
) -> None:
    await close_campaign(organisation, campaign.id, now=now)

    rows = await physical(table, campaign.id)
    assert len(rows) == 16
    assert len({(row["xmin"], row["xmax"]) for row in rows}) == 1


async def test_responses_and_comments_lie_in_orders_of_their_own(
    organisation: UUID, now: datetime
) -> None:
    opened = await make_open(organisation, {"U1": 300})
    for number, invitation in enumerate(await invited(organisation)):
        answers = {"pain_1": 1 + number // 100, "pain_2": 3}
        comments = {"comment_help": f"{number:03}"}
        await submit(organisation, [invitation], answers=answers, comments=comments)

    await close_campaign(organisation, opened.id, now=now)

    answered = [row["answers"][0] for row in await physical("response", opened.id)]
    said = [int(row["text"]) for row in await physical("comment", opened.id)]
    place = list(range(300))
    # Under chance one coefficient of 300 pairs exceeds .3 in less than one run of a million.
    for one, other in ((place, answered), (place, said), (answered, said)):
        assert abs(correlation(one, other)) < 0.3


async def test_fingerprints_and_saved_answers_are_gone(
    organisation: UUID, campaign: CampaignView, now: datetime
) -> None:
    (last,) = (await invited(organisation))[-1:]
    await save_answers(
        token_of(last), SavedAnswers(answers={"pain_1": 1}), seals=SEALS, now=now
    )
    query = "SELECT count(fingerprint) AS fingerprints, count(draft) AS drafts FROM invitation"
    before = await rows_of(organisation, query)

    await close_campaign(organisation, campaign.id, now=now)

    assert before == [{"fingerprints": 16, "drafts": 1}]
    assert await rows_of(organisation, query) == [{"fingerprints": 0, "drafts": 0}]


async def test_messages_are_reduced_to_counts(
    organisation: UUID, campaign: CampaignView, now: datetime
) -> None:
    await close_campaign(organisation, campaign.id, now=now)

    counts = await rows_of(organisation, "SELECT kind, state, messages FROM delivery_count")
    assert counts == [{"kind": "invitation", "state": "queued", "messages": 17}]
    assert await rows_of(organisation, "SELECT id FROM delivery") == []


async def test_a_day_that_few_share_is_forgotten(organisation: UUID, now: datetime) -> None:
    opened = await make_open(organisation, {"U1": 14})
    everybody = await invited(organisation)
    await submit(organisation, everybody[:6], now=now)
    await submit(organisation, everybody[6:12], now=now + timedelta(days=1))
    await submit(organisation, everybody[12:], now=now + timedelta(days=2))

    await close_campaign(organisation, opened.id, now=now)

    rows = await rows_of(organisation, "SELECT submitted_on FROM response")
    days = Counter(row["submitted_on"] for row in rows)
    assert sorted(days.values()) == [6, 8]
    assert days[None] == 8


async def test_a_language_that_few_share_is_forgotten_in_responses_and_comments(
    organisation: UUID, now: datetime
) -> None:
    opened = await make_open(organisation, {"U1": 14})
    everybody = await invited(organisation)
    await submit(organisation, everybody[:12], locale="en")
    await submit(organisation, everybody[12:], locale="de")

    await close_campaign(organisation, opened.id, now=now)

    for table in ("response", "comment"):
        rows = await rows_of(organisation, f"SELECT DISTINCT locale FROM {table}")  # noqa: S608 - our own names
        assert rows == [{"locale": None}]


async def test_a_confidential_campaign_keeps_the_person(
    organisation: UUID, now: datetime
) -> None:
    opened = await make_open(organisation, {"U1": 6}, mode="confidential")
    await submit(organisation, await invited(organisation))

    await close_campaign(organisation, opened.id, now=now)

    rows = await rows_of(organisation, "SELECT person, submitted_on, locale FROM response")
    people = await rows_of(organisation, "SELECT id FROM person")
    assert {row["person"] for row in rows} == {row["id"] for row in people}
    assert {(row["submitted_on"], row["locale"]) for row in rows} == {(now.date(), "en")}


@pytest.mark.parametrize(
    ("seconds", "kept"),
    [
        (1, (True, 0)),
        (299, (False, 0)),
        (301, (False, 1)),
        (9_000, (False, 4)),
        (None, (None, None)),
    ],
)
async def test_a_duration_becomes_a_class_and_whether_it_was_too_short(
    organisation: UUID, now: datetime, seconds: int | None, kept: tuple[bool, int]
) -> None:
    opened = await make_open(organisation, {"U1": 6})
    await submit(organisation, await invited(organisation), duration_s=seconds)

    await close_campaign(organisation, opened.id, now=now)

    rows = await rows_of(organisation, "SELECT too_fast, duration_class FROM response")
    assert {tuple(row.values()) for row in rows} == {kept}


async def test_a_campaign_that_nobody_answered_closes(
    organisation: UUID, now: datetime
) -> None:
    opened = await make_open(organisation, {"U1": 6})

    closed = await close_campaign(organisation, opened.id, now=now)

    assert closed.state == "closed"


async def test_other_campaigns_are_left_alone(
    organisation: UUID, campaign: CampaignView, other_organisation: UUID, now: datetime
) -> None:
    other = await make_open(other_organisation, {"U1": 6})
    await submit(other_organisation, await invited(other_organisation))
    tables = ("envelope", "comment", "invitation", "delivery")
    before = [await physical(table, other.id) for table in tables]

    await close_campaign(organisation, campaign.id, now=now)

    assert [await physical(table, other.id) for table in tables] == before


async def test_a_campaign_closes_once(
    organisation: UUID, campaign: CampaignView, now: datetime
) -> None:
    await close_campaign(organisation, campaign.id, now=now)
    before = await physical("response", campaign.id)

    with pytest.raises(IllegalMove) as caught:
        await close_campaign(organisation, campaign.id, now=now)

    assert caught.value.facts == {"current": "closed", "wanted": "closing"}
    assert await physical("response", campaign.id) == before


async def test_one_of_two_closings_at_once_wins(
    organisation: UUID, campaign: CampaignView, now: datetime
) -> None:
    results = await asyncio.gather(
        close_campaign(organisation, campaign.id, now=now),
        close_campaign(organisation, campaign.id, now=now),
        return_exceptions=True,
    )

    assert [isinstance(result, Conflict) for result in results].count(True) == 1
    assert [isinstance(result, CampaignView) for result in results].count(True) == 1


async def test_answers_that_come_while_it_closes_are_stored_or_refused(
    organisation: UUID, campaign: CampaignView, now: datetime
) -> None:
    (last,) = (await invited(organisation))[-1:]

    answered, closed = await asyncio.gather(
        submit(organisation, [last]),
        close_campaign(organisation, campaign.id, now=now),
        return_exceptions=True,
    )

    assert isinstance(closed, CampaignView)
    rows = await rows_of(organisation, "SELECT id FROM response")
    assert len(rows) == (17 if answered is None else 16)
    assert len({row["xmin"] for row in await physical("response", campaign.id)}) == 1


async def test_a_draft_cannot_be_closed(organisation: UUID, now: datetime) -> None:
    draft = await make_draft(organisation)

    with pytest.raises(IllegalMove):
        await close_campaign(organisation, draft.id, now=now)

    assert await read_campaign(organisation, draft.id) == draft


async def test_a_campaign_of_another_organisation_is_not_found(
    organisation: UUID, campaign: CampaignView, other_organisation: UUID, now: datetime
) -> None:
    with pytest.raises(CampaignNotFound):
        await close_campaign(other_organisation, campaign.id, now=now)

    assert await read_campaign(organisation, campaign.id) == campaign
