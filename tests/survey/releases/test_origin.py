"""A release counts invited and imported people apart, and refuses more answers than people."""

from datetime import datetime
from uuid import UUID

import pytest

from models.engine import connection, reading, transaction
from seed.content import standard_instrument
from survey.capture.importing import import_responses
from survey.releases.errors import MoreAnswersThanInvitations
from survey.releases.frames import load_responses
from survey.releases.store import read_analysis
from tests.factories.campaigns import close_campaign, release_campaign, rows_of, submit
from tests.factories.imports import sheets, written
from tests.factories.open_campaign import OpenCampaign, answer_sheet, open_standard_campaign
from tests.factories.server import SEALS


@pytest.fixture
async def opened(organisation: UUID, now: datetime) -> OpenCampaign:
    """Give an open campaign in which one person of U0 has answered, and six of U1."""
    found = await open_standard_campaign(organisation, now=now)
    query = (
        "SELECT id FROM invitation WHERE role = 'contributor' AND unit_code = $1 ORDER BY id"
    )
    alone, several = [await rows_of(organisation, query, unit) for unit in ("U0", "U1")]
    for number, invitation in enumerate([alone[0], *several]):
        await submit(organisation, [invitation["id"]], answers=answer_sheet(number).answers)
    return found


async def imported(opened: OpenCampaign, now: datetime, *people: str) -> None:
    file = written(sheets(*people, unit="U0"))
    await import_responses(
        opened.organisation, opened.campaign, file, name="invented", seals=SEALS, now=now
    )


async def origins(opened: OpenCampaign) -> list[bool]:
    async with reading(opened.organisation):
        frame = await load_responses(opened.campaign, standard_instrument())
    return sorted(frame["imported"])


async def test_responses_say_whether_they_were_imported(
    opened: OpenCampaign, now: datetime
) -> None:
    await imported(opened, now, "A", "B", "C", "D")
    await close_campaign(opened.organisation, opened.campaign, now=now)

    assert await origins(opened) == [False] * 7 + [True] * 4


async def test_four_imported_rows_do_not_show_one_invited_person(
    opened: OpenCampaign, now: datetime
) -> None:
    await imported(opened, now, "A", "B", "C", "D")
    await close_campaign(opened.organisation, opened.campaign, now=now)

    release = await release_campaign(opened.organisation, opened.campaign, now=now)

    analysis, _ = await read_analysis(opened.organisation, release)
    status = {unit.unit: unit.status for unit in analysis.units}
    assert status["U0"] == "suppressed"


async def test_more_answers_by_invitation_than_people_who_completed_are_not_released(
    opened: OpenCampaign, now: datetime
) -> None:
    await close_campaign(opened.organisation, opened.campaign, now=now)
    async with transaction(opened.organisation):
        await connection().execute(
            "UPDATE invitation SET completed = false WHERE campaign = $1 AND unit_code = 'U0'",
            opened.campaign,
        )

    with pytest.raises(MoreAnswersThanInvitations, match="U0"):
        await release_campaign(opened.organisation, opened.campaign, now=now)
