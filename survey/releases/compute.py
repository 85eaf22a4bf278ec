"""A release: the immutable results of one closed campaign, computed and stored once."""

import asyncio
from datetime import datetime
from uuid import UUID

import asyncpg
import polars as pl
from uuid_utils.compat import uuid7

from analytics.analysis import Findings, analyse
from analytics.disclosure.plan import plan_disclosure
from analytics.earlier_wave import EarlierWave
from analytics.study.study import Study
from models.engine import transaction
from survey.releases.errors import AlreadyReleased
from survey.releases.material import Material, load_material
from survey.releases.store import write_release

__all__ = ["release_campaign"]


async def release_campaign(
    organisation: UUID, campaign: UUID, *, seed: int, now: datetime
) -> UUID:
    """Compute and store the results of a closed campaign.

    Nothing of it is ever changed: every reader sees the same figures, or none.

    Parameters
    ----------
    organisation, campaign : UUID
        What to release.
    seed : int
        Seed of the draws, recorded with the release.
    now : datetime
        The moment of computation, UTC.

    Returns
    -------
    UUID
        The release.

    Raises
    ------
    CampaignNotFound
        The organisation has no such campaign.
    CampaignNotClosed
        Its campaign has not closed yet.
    AlreadyReleased
        It has a release, or got one while this one was being computed.
    NothingToRelease
        Nobody answered.
    """
    material = await load_material(organisation, campaign)
    findings = await asyncio.to_thread(_compute, material, seed)
    release = uuid7()
    try:
        async with transaction(organisation):
            await write_release(
                organisation, campaign, release, findings, units=material.answers.units, now=now
            )
    except asyncpg.UniqueViolationError:
        raise AlreadyReleased(campaign) from None
    return release


def _compute(material: Material, seed: int) -> Findings:
    answers = material.answers
    return analyse(
        answers.responses,
        answers.definition.measures(),
        material.theory,
        units=answers.units,
        headcounts_by_role=_headcounts(material),
        thresholds=answers.thresholds,
        seed=seed,
        earlier=_earlier_wave(material),
    )


def _headcounts(material: Material) -> pl.DataFrame | None:
    """Return the people invited per unit and role, where they cover everybody who answered.

    Answers that were imported come from people who were never invited: then nobody knows how
    many hold which role, and weights make up for units alone.
    """
    answered = material.answers.responses.filter(pl.col("role") != "sponsor")
    counted = answered.group_by("unit", "role").len().cast({"len": pl.Int64})
    invited = counted.join(material.headcounts, on=["unit", "role"], how="left")
    covered = invited.select((pl.col("headcount").fill_null(0) >= pl.col("len")).all()).item()
    return material.headcounts if covered else None


def _earlier_wave(material: Material) -> EarlierWave | None:
    """Score the answers of the last wave anew; what was said of them stays as shown."""
    if material.earlier is None:
        return None
    answers, shown = material.earlier
    study = Study.of(answers.responses, answers.definition.measures(), answers.units)
    plan = plan_disclosure(study, k=answers.thresholds.scores)
    return EarlierWave(study, plan, shown.recommendations, shown.organisation)
