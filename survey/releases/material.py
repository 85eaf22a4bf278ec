"""What a release is computed from, read within one transaction."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

import polars as pl

from analytics import yardsticks as yardstick_measures
from analytics.diagnosis import phases as phase_measures
from analytics.results import CompanyPattern, Recommendation, Thresholds
from analytics.theory import Theory
from models.engine import connection, reading
from models.enums import CampaignState
from survey.campaigns.errors import CampaignNotFound
from survey.catalogue.errors import CatalogueNotFound
from survey.catalogue.operating_models import OperatingModels
from survey.catalogue.phases import Phases
from survey.catalogue.store import read_catalogue
from survey.catalogue.yardsticks import Yardsticks
from survey.instruments.definition import InstrumentDefinition
from survey.instruments.store import definition_of
from survey.releases.errors import (
    AlreadyReleased,
    CampaignNotClosed,
    MoreAnswersThanInvitations,
    NothingToRelease,
)
from survey.releases.frames import (
    has_responses,
    load_headcounts,
    load_invited,
    load_responses,
    load_units,
    overfull_unit,
)
from survey.releases.store import read_analysis

__all__ = [
    "Answers",
    "EarlierResults",
    "Material",
    "load_earlier",
    "load_material",
    "require_releasable",
]

_CAMPAIGN = """
SELECT state, instrument, min_group, min_comments, min_drivers,
       EXISTS (SELECT FROM release r WHERE r.campaign = c.id) AS released
FROM campaign c WHERE id = $1
"""
_EARLIER = """
SELECT e.id, e.instrument, e.min_group, e.min_comments, e.min_drivers, r.id AS release
FROM campaign c
JOIN instrument i ON i.id = c.instrument
JOIN campaign e ON e.wave < c.wave
JOIN instrument j ON j.id = e.instrument AND j.key = i.key
JOIN release r ON r.campaign = e.id
WHERE c.id = $1 ORDER BY e.wave DESC, r.computed_at DESC LIMIT 1
"""


@dataclass(frozen=True)
class Answers:
    """The answers to one campaign, who was asked, and the rules it was opened under."""

    definition: InstrumentDefinition
    responses: pl.DataFrame
    units: pl.DataFrame
    invited: pl.DataFrame
    thresholds: Thresholds


@dataclass(frozen=True)
class EarlierResults:
    """What the release of an earlier wave says of its units and of the company."""

    recommendations: dict[str, Recommendation]
    organisation: CompanyPattern


@dataclass(frozen=True)
class Material:
    """All that the release of a campaign rests on.

    Attributes
    ----------
    headcounts : polars.DataFrame
        People invited, per unit and role.
    earlier : tuple of Answers and Shown, optional
        The last wave that was released under the same instrument, if its answers are kept.
    """

    answers: Answers
    theory: Theory
    headcounts: pl.DataFrame
    earlier: tuple[Answers, EarlierResults] | None


async def require_releasable(organisation: UUID, campaign: UUID) -> None:
    """Check that a campaign can be released, as far as it shows before anything is computed.

    Raises
    ------
    CampaignNotFound, CampaignNotClosed, AlreadyReleased, NothingToRelease,
    MoreAnswersThanInvitations, CatalogueNotFound
        As for `load_material`.
    """
    async with reading(organisation):
        await _releasable(campaign)
        await _theory(organisation)


async def load_material(organisation: UUID, campaign: UUID) -> Material:
    """Read what a release needs.

    Raises
    ------
    CampaignNotFound
        The organisation has no such campaign.
    CampaignNotClosed
        It has not closed yet.
    AlreadyReleased
        It has a release.
    NothingToRelease
        Nobody answered.
    MoreAnswersThanInvitations
        A unit has more answers by invitation than people who completed it.
    CatalogueNotFound
        The organisation has no operating models.
    """
    async with reading(organisation):
        row = await _releasable(campaign)
        return Material(
            answers=await _answers(organisation, campaign, row),
            theory=await _theory(organisation),
            headcounts=await load_headcounts(campaign),
            earlier=await load_earlier(organisation, campaign),
        )


async def _releasable(campaign: UUID) -> Any:
    """Return the row of a campaign that has closed, was answered and is not yet released."""
    row = await connection().fetchrow(_CAMPAIGN, campaign)
    if row is None:
        raise CampaignNotFound(campaign)
    if row["state"] != CampaignState.CLOSED:
        raise CampaignNotClosed(campaign, row["state"])
    if row["released"]:
        raise AlreadyReleased(campaign)
    if not await has_responses(campaign):
        raise NothingToRelease(campaign)
    if unit := await overfull_unit(campaign):
        raise MoreAnswersThanInvitations(campaign, unit)
    return row


async def load_earlier(
    organisation: UUID, campaign: UUID
) -> tuple[Answers, EarlierResults] | None:
    """Read the last wave before a campaign; None without one, or once its answers are gone."""
    async with reading(organisation):
        row = await connection().fetchrow(_EARLIER, campaign)
        if row is None:
            return None
        answers = await _answers(organisation, row["id"], row)
        if answers.responses.is_empty():
            return None
        analysis, _ = await read_analysis(organisation, row["release"])
    shown = {
        unit.unit: unit.recommendation
        for unit in analysis.units
        if unit.recommendation is not None
    }
    return answers, EarlierResults(shown, analysis.organisation)


async def _answers(organisation: UUID, campaign: UUID, row: Any) -> Answers:
    definition = await definition_of(organisation, row["instrument"])
    return Answers(
        definition=definition,
        responses=await load_responses(campaign, definition),
        units=await load_units(campaign),
        invited=await load_invited(campaign),
        thresholds=Thresholds(
            scores=row["min_group"],
            comments=row["min_comments"],
            drivers=row["min_drivers"],
        ),
    )


async def _theory(organisation: UUID) -> Theory:
    """Read what figures are read by; an organisation may lack phases and conditions."""
    models = await read_catalogue(organisation, "operating_models", OperatingModels)
    return Theory(
        anchors=models.anchors(),
        phases=await _phases(organisation),
        yardsticks=await _yardsticks(organisation),
    )


async def _phases(organisation: UUID) -> phase_measures.Phases | None:
    try:
        return (await read_catalogue(organisation, "phases", Phases)).measures()
    except CatalogueNotFound:
        return None


async def _yardsticks(organisation: UUID) -> yardstick_measures.Yardsticks | None:
    try:
        return (await read_catalogue(organisation, "diagnosis", Yardsticks)).measures()
    except CatalogueNotFound:
        return None
