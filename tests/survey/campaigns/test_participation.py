"""Participation as the transformation office sees it while a campaign runs."""

import asyncio
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from analytics.results.participation import RateForecast
from survey.campaigns.errors import CampaignNotFound
from survey.campaigns.head_counts import UnitHeadCounts
from survey.campaigns.participation import Participation, participation
from survey.capture.queue import Capture
from survey.capture.submission import Submission
from survey.directory.units import sync_units
from survey.releases.store import read_analysis
from tests.factories.campaigns import (
    close_campaign,
    make_draft,
    make_open,
    release_campaign,
    rows_of,
    submit,
)
from tests.factories.directory import unit, unit_file
from tests.factories.open_campaign import (
    ITEMS,
    OpenCampaign,
    answer_sheet,
    open_standard_campaign,
)
from tests.factories.server import NOW, SEALS

pytestmark = pytest.mark.usefixtures("database")


HOUR = timedelta(hours=1)


def row(
    unit_code: str, invited: int, completed: int | None, parent: str | None
) -> UnitHeadCounts:
    return UnitHeadCounts(
        unit=unit_code,
        name=f"Unit {unit_code}",
        parent=parent,
        status="reported",
        invited=invited,
        completed=completed,
        rate=None if completed is None else completed / invited,
    )


async def complete(organisation: UUID, unit_code: str, people: int) -> None:
    """Let some more people of a unit complete the form."""
    query = "SELECT id FROM invitation WHERE unit_code = $1 AND NOT completed ORDER BY id"
    waiting = await rows_of(organisation, query, unit_code)
    await submit(organisation, [found["id"] for found in waiting[:people]])


async def completed(organisation: UUID, campaign: UUID, *, now: datetime) -> dict[str, Any]:
    found = await participation(organisation, campaign, now=now)
    return {unit.unit: unit.completed for unit in found.units}


async def test_participation_is_counted_up_the_frozen_tree(organisation: UUID) -> None:
    opened = await make_open(organisation, {"U1": 20, "U2": 12})
    await complete(organisation, "U1", 7)
    await sync_units(organisation, unit_file(unit("ALL"), unit("U1"), unit("U2", "U1")))

    found = await participation(organisation, opened.id, now=NOW)

    assert found == Participation(
        campaign=opened.id,
        state="open",
        min_group=5,
        as_of=NOW,
        units=(row("ALL", 32, 7, None), row("U1", 20, 7, "ALL"), row("U2", 12, None, "ALL")),
        forecast=RateForecast(status="no_end", method="saturating_curve"),
    )


async def test_within_an_hour_everybody_sees_the_same(organisation: UUID) -> None:
    opened = await make_open(organisation, {"U1": 20, "U2": 12})
    await complete(organisation, "U1", 7)
    before = await participation(organisation, opened.id, now=NOW)
    await complete(organisation, "U1", 6)

    after = await participation(organisation, opened.id, now=NOW + HOUR - timedelta(seconds=1))

    assert after == before


async def test_a_unit_moves_after_an_hour_by_k_people(organisation: UUID) -> None:
    opened = await make_open(organisation, {"U1": 20, "U2": 12})
    await complete(organisation, "U1", 7)
    await completed(organisation, opened.id, now=NOW)
    await complete(organisation, "U1", 5)

    found = await completed(organisation, opened.id, now=NOW + HOUR)

    assert found == {"ALL": 12, "U1": 12, "U2": None}


async def test_a_unit_of_which_fewer_than_k_more_completed_stays(organisation: UUID) -> None:
    opened = await make_open(organisation, {"U1": 20, "U2": 12})
    await complete(organisation, "U1", 7)
    await completed(organisation, opened.id, now=NOW)
    await complete(organisation, "U1", 4)
    await complete(organisation, "U2", 5)

    found = await completed(organisation, opened.id, now=NOW + HOUR)

    assert found == {"ALL": 12, "U1": 7, "U2": 5}


async def test_readers_who_come_at_once_see_the_same(organisation: UUID) -> None:
    opened = await make_open(organisation, {"U1": 20, "U2": 12})
    await complete(organisation, "U1", 7)

    moments = [NOW + timedelta(milliseconds=number) for number in range(6)]
    found = await asyncio.gather(
        *(participation(organisation, opened.id, now=moment) for moment in moments)
    )

    assert len({one.as_of for one in found}) == 1
    assert all(one == found[0] for one in found)


async def test_a_remainder_below_k_is_not_shown_while_the_campaign_is_open(
    organisation: UUID, now: datetime
) -> None:
    opened = await make_open(organisation, {"U1": 20, "U2": 12})
    await complete(organisation, "U1", 16)
    before = await completed(organisation, opened.id, now=now)

    await close_campaign(organisation, opened.id, now=now)

    after = await completed(organisation, opened.id, now=now)
    assert (before["U1"], after["U1"]) == (None, 16)


async def test_groups_below_the_threshold_are_hidden_and_do_not_follow(
    organisation: UUID,
) -> None:
    opened = await make_open(organisation, {"U1": 4, "U2": 6, "U3": 20})

    found = await participation(organisation, opened.id, now=NOW)

    assert {unit.unit: unit.status for unit in found.units} == {
        "ALL": "reported",
        "U1": "suppressed",
        "U2": "suppressed",
        "U3": "reported",
    }
    assert found.units[1] == UnitHeadCounts(
        unit="U1", name="Unit U1", parent="ALL", status="suppressed"
    )


async def test_the_threshold_is_the_campaigns(organisation: UUID) -> None:
    opened = await make_open(organisation, {"U1": 6, "U2": 6, "U3": 20}, min_group=7)

    found = await participation(organisation, opened.id, now=NOW)

    assert [unit.status for unit in found.units[1:3]] == ["suppressed", "suppressed"]


async def test_the_numbers_are_final_once_the_campaign_has_closed(
    organisation: UUID, now: datetime
) -> None:
    opened = await make_open(organisation, {"U1": 6, "U2": 6})
    everybody = await rows_of(organisation, "SELECT id FROM invitation")
    await submit(organisation, [found["id"] for found in everybody])
    before = await completed(organisation, opened.id, now=now)

    await close_campaign(organisation, opened.id, now=now)

    after = await participation(organisation, opened.id, now=now)
    assert before == dict.fromkeys(before)
    assert (after.state, after.as_of, after.units[0].completed) == ("closed", None, 12)


async def test_participation_less_respondents_does_not_tell_of_a_sponsor(
    organisation: UUID, now: datetime
) -> None:
    opened = await open_standard_campaign(organisation, now=now, people=12, units=2, sponsors=1)
    await everybody_answers(opened, now)
    await close_campaign(organisation, opened.campaign, now=now)
    release = await release_campaign(organisation, opened.campaign, seed=0, now=now)

    counted = await participation(organisation, opened.campaign, now=now)
    analysis, _ = await read_analysis(organisation, release)

    assert {unit.unit: unit.completed for unit in counted.units} == {
        unit.unit: unit.respondents for unit in analysis.units
    }


async def everybody_answers(opened: OpenCampaign, now: datetime) -> None:
    capture = Capture(lambda: now, SEALS)
    await capture.start()
    own_view = {key: 4 for key in ITEMS if key.startswith("executive_sponsorship_")}
    for number, (person, token) in enumerate(opened.tokens.items()):
        one = answer_sheet(number)
        if person.startswith("S"):
            one = Submission(answers=own_view, consent=False)
        await capture.submit(token, one)
    await capture.stop()


async def test_a_draft_has_no_participation(organisation: UUID) -> None:
    draft = await make_draft(organisation)

    assert (await participation(organisation, draft.id, now=NOW)).units == ()


async def test_a_campaign_of_another_organisation_is_not_found(
    organisation: UUID, other_organisation: UUID
) -> None:
    opened = await make_open(organisation, {"U1": 6})

    with pytest.raises(CampaignNotFound):
        await participation(other_organisation, opened.id, now=NOW)
