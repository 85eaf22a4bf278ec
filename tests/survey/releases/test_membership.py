"""The change since the last wave is a band if few people joined or left, by who was invited."""

from datetime import datetime
from uuid import UUID

import pytest

from analytics.results import Analysis
from survey.capture.queue import Capture
from survey.releases.store import read_analysis
from tests.factories.campaigns import close_campaign, release_campaign
from tests.factories.open_campaign import answer_sheet, open_standard_campaign
from tests.factories.server import SEALS

PEOPLE = 40


async def released(
    organisation: UUID, now: datetime, *, wave: int, invited: int, silent: int = 0
) -> Analysis:
    """Return the release of an anonymous wave that all but some of those invited answered."""
    opened = await open_standard_campaign(
        organisation, now=now, people=invited, units=2, sponsors=0, wave=wave
    )
    capture = Capture(lambda: now, SEALS)
    await capture.start()
    for number, token in enumerate(list(opened.tokens.values())[silent:]):
        await capture.submit(token, answer_sheet(number))
    await capture.stop()
    await close_campaign(organisation, opened.campaign, now=now)
    release = await release_campaign(organisation, opened.campaign, now=now)
    return (await read_analysis(organisation, release))[0]


async def second(
    organisation: UUID, now: datetime, *, invited: int, silent: int = 0
) -> Analysis:
    await released(organisation, now, wave=1, invited=PEOPLE)
    return await released(organisation, now, wave=2, invited=invited, silent=silent)


def figures(analysis: Analysis) -> dict[str, bool]:
    """Tell of every unit whether its changes are figures rather than bands."""
    return {
        unit.unit: any(one.estimate is not None for one in unit.change.constructs.values())
        for unit in analysis.units
        if unit.change is not None
    }


@pytest.mark.parametrize("joined", [1, 3])
async def test_few_who_were_invited_anew_leave_bands(
    organisation: UUID, now: datetime, joined: int
) -> None:
    found = await second(organisation, now, invited=PEOPLE + joined)

    assert not figures(found)["U0"]
    assert found.change is not None
    assert all(change.estimate is None for change in found.change.constructs.values())


async def test_a_unit_that_nobody_joined_or_left_keeps_its_figures(
    organisation: UUID, now: datetime
) -> None:
    found = await second(organisation, now, invited=PEOPLE + 1)

    assert figures(found) == {"C": False, "U0": False, "U1": True}


async def test_the_drift_of_the_company_has_no_index_if_few_joined(
    organisation: UUID, now: datetime
) -> None:
    found = await second(organisation, now, invited=PEOPLE + 1)

    assert found.drift is not None
    assert {shift.psi for shift in found.drift.constructs.values()} == {None}


async def test_many_who_were_invited_anew_leave_figures(
    organisation: UUID, now: datetime
) -> None:
    found = await second(organisation, now, invited=PEOPLE + 10)

    assert figures(found) == {"C": True, "U0": True, "U1": True}


async def test_who_did_not_answer_has_not_left(organisation: UUID, now: datetime) -> None:
    found = await second(organisation, now, invited=PEOPLE, silent=3)

    assert figures(found) == {"C": True, "U0": True, "U1": True}
