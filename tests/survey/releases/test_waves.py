"""The release of a second wave is compared with the first; what a release is computed from."""

from dataclasses import replace
from datetime import datetime
from uuid import UUID

import msgspec
import polars as pl
import pytest

from survey.campaigns.draft import draft_campaign
from survey.campaigns.open import open_campaign
from survey.capture.importing import import_responses
from survey.releases import compute as release_module
from survey.releases.material import Material, load_earlier, load_material
from survey.releases.store import read_analysis
from tests.factories.campaigns import close_campaign, release_campaign
from tests.factories.north import PLAN, open_north, with_consent
from tests.factories.server import CHANNELS, KEYS, SEALS, SERVER_KEY


@pytest.fixture
async def first(organisation: UUID, now: datetime) -> UUID:
    """Give the first wave: company north, closed."""
    opened = await open_north(organisation, now)
    return await answered(organisation, opened, now)


async def answered(organisation: UUID, campaign: UUID, now: datetime) -> UUID:
    await import_responses(
        organisation, campaign, with_consent(), name="north", seals=SEALS, now=now
    )
    await close_campaign(organisation, campaign, now=now)
    return campaign


async def second_wave(organisation: UUID, now: datetime, *, wave: int = 2) -> UUID:
    plan = msgspec.structs.replace(PLAN, name="North again", wave=wave)
    drafted = await draft_campaign(organisation, plan, now=now)
    await open_campaign(
        organisation,
        drafted.id,
        server_key=SERVER_KEY,
        keys=KEYS,
        channel="console",
        channels=CHANNELS,
        now=now,
    )
    return await answered(organisation, drafted.id, now)


async def test_a_second_wave_is_compared_with_the_first(
    organisation: UUID, first: UUID, now: datetime
) -> None:
    await release_campaign(organisation, first, seed=0, now=now)
    second = await second_wave(organisation, now)

    release = await release_campaign(organisation, second, seed=0, now=now)

    analysis, _ = await read_analysis(organisation, release)
    outcomes = {
        unit.recommendation.since_last_wave.outcome
        for unit in analysis.units
        if unit.recommendation and unit.recommendation.since_last_wave
    }
    assert outcomes == {"confirmed"}
    assert analysis.drift is not None
    assert analysis.drift.status == "stable"
    assert analysis.change is not None


async def test_a_first_wave_is_compared_with_nothing(
    organisation: UUID, first: UUID, now: datetime
) -> None:
    release = await release_campaign(organisation, first, seed=0, now=now)

    analysis, _ = await read_analysis(organisation, release)
    assert (analysis.change, analysis.drift) == (None, None)


async def test_a_wave_that_was_never_released_is_not_compared_with(
    organisation: UUID, first: UUID, now: datetime
) -> None:
    second = await second_wave(organisation, now)

    assert await load_earlier(organisation, second) is None


async def test_a_later_wave_is_not_compared_with(
    organisation: UUID, first: UUID, now: datetime
) -> None:
    second = await second_wave(organisation, now)
    await release_campaign(organisation, second, seed=0, now=now)

    assert await load_earlier(organisation, first) is None


async def test_an_item_that_nobody_answered_counts_as_not_asked(
    organisation: UUID, first: UUID
) -> None:
    material = await load_material(organisation, first)

    assert "value_realised_1" in {item.key for item in material.answers.definition.items}
    assert "value_realised_1" not in material.answers.responses.columns


async def test_people_who_were_never_invited_make_head_counts_by_role_unknown(
    organisation: UUID, first: UUID
) -> None:
    material = await load_material(organisation, first)

    assert release_module._headcounts(material) is None


async def test_head_counts_by_role_are_used_if_everybody_was_invited(
    organisation: UUID, first: UUID
) -> None:
    material = covered(await load_material(organisation, first))

    assert release_module._headcounts(material) is material.headcounts


def covered(material: Material) -> Material:
    """Return the material as if ten more people of every role had been invited."""
    people = material.answers.responses.filter(pl.col("role") != "sponsor")
    invited = people.group_by("unit", "role").agg(
        (pl.len().cast(pl.Int64) + 10).alias("headcount")
    )
    return replace(material, headcounts=invited)
