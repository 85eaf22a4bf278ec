"""A release: the immutable results of one closed campaign, computed and stored once."""

import asyncio
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import asyncpg
import polars as pl
from uuid_utils.compat import uuid7

from analytics.analysis import Findings, analyse
from analytics.recommender import Anchors
from analytics.results import Thresholds
from models.engine import connection, transaction
from survey.campaigns.errors import CampaignNotFound
from survey.catalogue import read_catalogue
from survey.frames import load_responses, load_units
from survey.instruments import definition_of
from survey.release_errors import AlreadyReleased, CampaignNotClosed, NothingToRelease
from survey.release_writing import write_release
from survey.rules.instrument import InstrumentDefinition
from survey.rules.operating_models import OperatingModels

__all__ = ["release_campaign"]

_CAMPAIGN = """
SELECT state, instrument, min_group, min_comments, min_drivers,
       EXISTS (SELECT FROM release r WHERE r.campaign = c.id) AS released
FROM campaign c WHERE id = $1
"""


@dataclass(frozen=True)
class _Material:
    """What a release is computed from."""

    definition: InstrumentDefinition
    responses: pl.DataFrame
    units: pl.DataFrame
    anchors: Anchors
    thresholds: Thresholds


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
    material = await _load(organisation, campaign)
    findings = await asyncio.to_thread(_compute, material, seed)
    release = uuid7()
    try:
        async with transaction(organisation):
            await write_release(
                organisation, campaign, release, findings, units=material.units, now=now
            )
    except asyncpg.UniqueViolationError:
        raise AlreadyReleased(campaign) from None
    return release


async def _load(organisation: UUID, campaign: UUID) -> _Material:
    async with transaction(organisation):
        row = await connection().fetchrow(_CAMPAIGN, campaign)
        if row is None:
            raise CampaignNotFound(campaign)
        if row["state"] not in {"closed", "archived"}:
            raise CampaignNotClosed(campaign, row["state"])
        if row["released"]:
            raise AlreadyReleased(campaign)
        definition = await definition_of(organisation, row["instrument"])
        responses = await load_responses(campaign, definition)
        if responses.is_empty():
            raise NothingToRelease(campaign)
        models = await read_catalogue(organisation, "operating_models", OperatingModels)
        return _Material(
            definition=definition,
            responses=responses,
            units=await load_units(campaign),
            anchors=models.anchors(),
            thresholds=Thresholds(
                scores=row["min_group"],
                comments=row["min_comments"],
                drivers=row["min_drivers"],
            ),
        )


def _compute(material: _Material, seed: int) -> Findings:
    return analyse(
        material.responses,
        material.definition.measures(),
        material.anchors,
        units=material.units,
        thresholds=material.thresholds,
        seed=seed,
    )
