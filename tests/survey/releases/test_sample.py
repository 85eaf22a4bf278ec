"""What a release says if part of the company was invited: whom rates and weights count."""

from uuid import UUID

import pytest

from analytics.results import Analysis
from analytics.results.participation import ResponseRate
from seed.content import standard_instrument
from seed.loader import load_standard_content
from survey.campaigns.audience import Audience, Sample, UnitChoice
from survey.campaigns.draft import draft_campaign
from survey.campaigns.open import open_campaign
from survey.campaigns.plan import CampaignPlan
from survey.capture.importing import import_responses
from survey.releases.pages import read_scores
from survey.releases.store import read_analysis
from tests.factories.campaigns import close_campaign, release_campaign, rows_of, submit
from tests.factories.directory import load_company
from tests.factories.imports import sheets, written
from tests.factories.open_campaign import answer_sheet
from tests.factories.server import CHANNELS, KEYS, NOW, SEALS, SERVER_KEY

VARIED = standard_instrument().items[0].construct
"""A construct on which answers differ."""
LARGE, SMALL = 60, 12
DRAWN = {"A": 10, "B": 6}
"""How many of A and B are drawn for a margin of 30 points."""


async def released(
    organisation: UUID, audience: Audience | None, *, imported: int = 0
) -> tuple[Analysis, dict[str, float]]:
    """Return what a release says if everybody invited answers, and units' means of VARIED."""
    await load_standard_content(organisation, now=NOW)
    await load_company(organisation, {"A": LARGE, "B": SMALL})
    plan = CampaignPlan(
        name="Autumn",
        instrument_key="ai-scaling-conditions",
        instrument_version=1,
        audience=audience,
    )
    campaign = (await draft_campaign(organisation, plan, now=NOW)).id
    await open_campaign(
        organisation,
        campaign,
        server_key=SERVER_KEY,
        keys=KEYS,
        channel="console",
        channels=CHANNELS,
        now=NOW,
    )
    for number, row in enumerate(await rows_of(organisation, "SELECT id FROM invitation")):
        await submit(organisation, [row["id"]], answers=answer_sheet(number).answers)
    if imported:
        file = written(sheets(*(f"i{number}" for number in range(imported)), unit="A"))
        await import_responses(
            organisation, campaign, file, name="others", seals=SEALS, now=NOW
        )
    await close_campaign(organisation, campaign)
    release = await release_campaign(organisation, campaign)
    analysis, _ = await read_analysis(organisation, release)
    scores = await read_scores(organisation, release, limit=1000)
    means = {
        one.unit: one.mean
        for one in scores.items
        if (one.construct, one.cut) == (VARIED, "all") and one.mean is not None
    }
    return analysis, means


async def test_a_sample_weighs_as_much_as_the_people_it_stands_for(organisation: UUID) -> None:
    analysis, means = await released(organisation, Audience(sample=Sample(margin=0.3)))

    whole = (LARGE * means["A"] + SMALL * means["B"]) / (LARGE + SMALL)
    assert means["ALL"] == pytest.approx(whole)
    assert analysis.participation is not None
    assert analysis.participation.weighted is not None
    assert analysis.participation.weighted[VARIED].weighted == pytest.approx(whole)


async def test_the_rate_of_a_sample_is_of_those_invited(organisation: UUID) -> None:
    analysis, _ = await released(organisation, Audience(sample=Sample(margin=0.3)))

    assert {
        unit: (rate.respondents, rate.headcount, rate.population)
        for unit, rate in rates_of(analysis).items()
    } == {
        "ALL": (16, 16, LARGE + SMALL),
        "A": (DRAWN["A"], DRAWN["A"], LARGE),
        "B": (DRAWN["B"], DRAWN["B"], SMALL),
    }
    assert analysis.participation is not None
    assert analysis.participation.warnings == ()


async def test_units_that_were_not_invited_leave_the_rate_alone(organisation: UUID) -> None:
    analysis, means = await released(organisation, Audience(units=(UnitChoice(unit="A"),)))

    assert analysis.participation is not None
    rate = analysis.participation.everyone
    assert rate is not None
    assert (rate.respondents, rate.headcount, rate.population) == (LARGE, LARGE, LARGE)
    assert means["ALL"] == pytest.approx(means["A"])


async def test_if_everybody_was_invited_the_unit_file_counts(organisation: UUID) -> None:
    analysis, _ = await released(organisation, None)

    assert rates_of(analysis)["ALL"].population is None


async def test_if_others_answered_as_well_nobody_knows_whom_they_stand_for(
    organisation: UUID,
) -> None:
    audience = Audience(sample=Sample(margin=0.3))

    analysis, _ = await released(organisation, audience, imported=12)

    assert all(rate.population is None for rate in rates_of(analysis).values())


def rates_of(analysis: Analysis) -> dict[str, ResponseRate]:
    return {
        unit.unit: unit.participation.everyone
        for unit in analysis.units
        if unit.participation is not None and unit.participation.everyone is not None
    }
