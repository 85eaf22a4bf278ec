"""A campaign is found by what people call it, and never guessed."""

from datetime import datetime
from uuid import UUID

import pytest

from survey.campaigns.read import NoSuchCampaign, find_campaign
from tests.factories.open_campaign import OpenCampaign, open_standard_campaign


@pytest.fixture
async def two_waves(organisation: UUID, now: datetime) -> tuple[OpenCampaign, OpenCampaign]:
    """Give two waves of one campaign."""
    return (
        await open_standard_campaign(organisation, now=now, wave=1),
        await open_standard_campaign(organisation, now=now, wave=2),
    )


async def test_finds_a_campaign_by_its_id(two_waves: tuple[OpenCampaign, OpenCampaign]) -> None:
    first, _ = two_waves

    found = await find_campaign(first.organisation, str(first.campaign))

    assert found.id == first.campaign


async def test_finds_a_campaign_by_name_and_wave(
    two_waves: tuple[OpenCampaign, OpenCampaign],
) -> None:
    _, second = two_waves

    found = await find_campaign(second.organisation, "Conditions", wave=2)

    assert found.id == second.campaign


@pytest.mark.parametrize(("name", "wave"), [("Conditions", None), ("Others", None), ("", 1)])
async def test_what_is_not_one_campaign_is_answered_with_those_there_are(
    two_waves: tuple[OpenCampaign, OpenCampaign], name: str, wave: int | None
) -> None:
    first, _ = two_waves

    with pytest.raises(NoSuchCampaign, match="Conditions, wave 1; Conditions, wave 2"):
        await find_campaign(first.organisation, name, wave=wave)
