"""The forecast uses what is shown already, and so tells nothing about anybody."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from analytics.results.participation import RateForecast
from models.engine import connection, transaction
from survey.campaigns.draft import draft_campaign
from survey.campaigns.open import open_campaign
from survey.campaigns.participation import participation
from survey.campaigns.read import CampaignView
from tests.factories.campaigns import (
    close_campaign,
    make_draft,
    make_open,
    plan,
    rows_of,
    submit,
)
from tests.factories.server import CHANNELS, KEYS, NOW, SERVER_KEY

pytestmark = pytest.mark.usefixtures("database")

PEOPLE = {"U1": 60, "U2": 40}
DAYS = timedelta(days=10)


async def opened(
    organisation: UUID, people: dict[str, int] = PEOPLE, **fields: Any
) -> CampaignView:
    return await make_open(organisation, people, **({"closes_at": NOW + DAYS} | fields))


async def complete(organisation: UUID, campaign: UUID, unit: str, people: int) -> None:
    query = (
        "SELECT id FROM invitation WHERE unit_code = $1 AND campaign = $2 AND NOT completed "
        "ORDER BY id LIMIT $3"
    )
    rows = await rows_of(organisation, query, unit, campaign, people)
    await submit(organisation, [row["id"] for row in rows])


async def forecast(
    organisation: UUID, campaign: UUID, *, day: float, **options: Any
) -> RateForecast | None:
    now = NOW + timedelta(days=day)
    return (await participation(organisation, campaign, now=now, **options)).forecast


async def watch(organisation: UUID, campaign: UUID) -> RateForecast | None:
    """Let half of the company complete in the first days, and look every day."""
    found = None
    for day, people in enumerate((12, 8, 6, 5, 0, 0, 0, 0), start=1):
        for unit in PEOPLE:
            await complete(organisation, campaign, unit, people)
        found = await forecast(organisation, campaign, day=day)
    return found


async def test_a_campaign_that_nearly_stands_still_is_foreseen(organisation: UUID) -> None:
    campaign = await opened(organisation)

    found = await watch(organisation, campaign.id)

    assert found is not None
    assert (found.status, found.method) == ("forecast", "saturating_curve")
    assert found.low is not None
    assert found.high is not None
    assert 0.6 <= found.low <= 0.62 + 0.1 <= found.high + 0.1


async def test_whoever_completes_below_a_step_does_not_move_it(organisation: UUID) -> None:
    campaign = await opened(organisation)
    before = await watch(organisation, campaign.id)
    shown = (await participation(organisation, campaign.id, now=NOW + 0.8 * DAYS)).units

    await complete(organisation, campaign.id, "U1", 4)
    after = await participation(organisation, campaign.id, now=NOW + 0.8 * DAYS)

    assert after.units == shown
    assert after.forecast == before


async def test_the_same_numbers_have_the_same_forecast_whoever_is_behind_them(
    organisation: UUID, other_organisation: UUID
) -> None:
    found = []
    for owner, held_back in ((organisation, 0), (other_organisation, 4)):
        campaign = await opened(owner)
        for unit in PEOPLE:
            await complete(owner, campaign.id, unit, 20)
        await forecast(owner, campaign.id, day=2)
        await complete(owner, campaign.id, "U1", held_back)
        found.append(await forecast(owner, campaign.id, day=6))

    assert found[0] == found[1]
    assert found[0] is not None


async def test_a_reader_of_one_unit_gets_none(organisation: UUID) -> None:
    campaign = await opened(organisation)

    assert await forecast(organisation, campaign.id, day=3, within="U1") is None


async def test_without_an_end_there_is_none(organisation: UUID) -> None:
    campaign = await opened(organisation, closes_at=None)

    found = await forecast(organisation, campaign.id, day=3)

    assert found == RateForecast(status="no_end", method="saturating_curve")


async def test_a_company_below_the_threshold_has_none(organisation: UUID) -> None:
    campaign = await opened(organisation, {"U1": 9})

    found = await forecast(organisation, campaign.id, day=3)

    assert found == RateForecast(status="suppressed", method="saturating_curve")


async def test_a_draft_has_none(organisation: UUID) -> None:
    draft = await make_draft(organisation)

    assert await forecast(organisation, draft.id, day=0) is None


async def test_a_closed_campaign_has_none(organisation: UUID) -> None:
    campaign = await opened(organisation)

    await close_campaign(organisation, campaign.id, now=NOW)

    assert await forecast(organisation, campaign.id, day=1) is None


async def test_only_numbers_that_moved_are_kept(organisation: UUID) -> None:
    campaign = await opened(organisation)

    await watch(organisation, campaign.id)

    async with transaction(organisation):
        kept = await connection().fetchval(
            "SELECT jsonb_agg(look -> 1) "
            "FROM participation_steps, jsonb_array_elements(shown) look"
        )
    assert kept == "[24, 40, 52, 62]"


async def test_a_past_campaign_is_gone_by(organisation: UUID) -> None:
    past = await opened(organisation, name="Past")
    await watch(organisation, past.id)
    await close_campaign(organisation, past.id, now=NOW + DAYS)

    following = plan(wave=2, name="Present", closes_at=NOW + DAYS)
    campaign = await draft_campaign(organisation, following, now=NOW)
    await open_campaign(
        organisation,
        campaign.id,
        server_key=SERVER_KEY,
        keys=KEYS,
        channel="console",
        channels=CHANNELS,
        now=NOW,
    )
    found = await watch(organisation, campaign.id)

    assert found is not None
    assert found.method == "past_campaigns"
