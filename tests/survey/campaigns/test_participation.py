"""Participation as the transformation office sees it while a campaign runs."""

from datetime import datetime
from uuid import UUID

import pytest

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
from tests.factories.server import SEALS

pytestmark = pytest.mark.usefixtures("database")


def row(
    unit_code: str, invited: int, completed: int | None, parent: str | None
) -> UnitHeadCounts:
    return UnitHeadCounts(
        unit=unit_code,
        name=f"Unit {unit_code}",
        parent=parent,
        status="reported",
        invited=invited,
        started=completed,
        completed=completed,
        rate=None if completed is None else completed / invited,
    )


async def test_participation_is_counted_up_the_frozen_tree(organisation: UUID) -> None:
    opened = await make_open(organisation, {"U1": 10, "U2": 6})
    ones = await rows_of(organisation, "SELECT id FROM invitation WHERE unit_code = 'U1'")
    await submit(organisation, [found["id"] for found in ones[:7]])
    await sync_units(organisation, unit_file(unit("ALL"), unit("U1"), unit("U2", "U1")))

    found = await participation(organisation, opened.id)

    assert found == Participation(
        campaign=opened.id,
        state="open",
        min_group=5,
        units=(row("ALL", 16, 7, None), row("U1", 10, 7, "ALL"), row("U2", 6, None, "ALL")),
    )


async def test_groups_below_the_threshold_are_hidden_and_do_not_follow(
    organisation: UUID,
) -> None:
    opened = await make_open(organisation, {"U1": 4, "U2": 6, "U3": 20})

    found = await participation(organisation, opened.id)

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

    found = await participation(organisation, opened.id)

    assert [unit.status for unit in found.units[1:3]] == ["suppressed", "suppressed"]


async def test_participation_stays_as_it_was_at_close(
    organisation: UUID, now: datetime
) -> None:
    opened = await make_open(organisation, {"U1": 6, "U2": 6})
    everybody = await rows_of(organisation, "SELECT id FROM invitation")
    await submit(organisation, [found["id"] for found in everybody])
    before = await participation(organisation, opened.id)

    await close_campaign(organisation, opened.id, now=now)

    after = await participation(organisation, opened.id)
    assert (after.units, after.state) == (before.units, "closed")


async def test_participation_less_respondents_does_not_tell_of_a_sponsor(
    organisation: UUID, now: datetime
) -> None:
    opened = await open_standard_campaign(organisation, now=now, people=12, units=2, sponsors=1)
    await everybody_answers(opened, now)
    await close_campaign(organisation, opened.campaign, now=now)
    release = await release_campaign(organisation, opened.campaign, seed=0, now=now)

    counted = await participation(organisation, opened.campaign)
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

    assert (await participation(organisation, draft.id)).units == ()


async def test_a_campaign_of_another_organisation_is_not_found(
    organisation: UUID, other_organisation: UUID
) -> None:
    opened = await make_open(organisation, {"U1": 6})

    with pytest.raises(CampaignNotFound):
        await participation(other_organisation, opened.id)
