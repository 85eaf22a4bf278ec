"""A release: the immutable results of one closed campaign, computed and stored once."""

import asyncio
from datetime import datetime
from uuid import UUID

import asyncpg
import polars as pl
from uuid_utils.compat import uuid7

from analytics.analysis import Findings, analyse
from analytics.disclosure.plan import disclosable, plan_disclosure
from analytics.earlier_wave import EarlierWave
from analytics.study.study import Study
from analytics.waves.membership import InvitedLists, Membership
from models.engine import transaction
from models.enums import AuditAction
from survey.access.actors import PLATFORM, Actor
from survey.access.audit import record_event
from survey.jobs.kind import Attempt, JobKind, Retry, Work
from survey.jobs.store import (
    Clock,
    JobView,
    StartedJob,
    carry_out,
    report_progress,
    start_job,
    succeed_job,
)
from survey.releases.errors import AlreadyReleased
from survey.releases.material import Answers, Material, load_material, require_releasable
from survey.releases.store import write_release

__all__ = ["RELEASE", "ReleaseJob", "releasing", "start_release"]


class ReleaseJob(StartedJob, frozen=True, kw_only=True):
    """A closed campaign whose results are to be computed and stored."""

    campaign: UUID
    seed: int


RELEASE = JobKind(
    name="release",
    payload=ReleaseJob,
    scope="campaigns:write",
    # Computed anew from the same answers, it fails for the same reason.
    retry=Retry(attempts=3),
)
_LOADED, _COMPUTED = 0.1, 0.9
"""How far a release is by then, roughly in shares of its time."""


def releasing(*, clock: Clock) -> Work[ReleaseJob]:
    """Return the work that releases campaigns."""

    async def run(job: ReleaseJob, attempt: Attempt) -> None:
        await carry_out(job, attempt, lambda: _release(job, clock), clock=clock)

    return Work(kind=RELEASE, run=run)


async def start_release(
    organisation: UUID, campaign: UUID, *, seed: int, by: Actor, now: datetime
) -> JobView:
    """Have the results of a closed campaign computed and stored by a job.

    Nothing of a release is ever changed: every reader sees the same figures, or none.

    Parameters
    ----------
    organisation, campaign : UUID
        What to release.
    seed : int
        Seed of the draws, recorded with the release.
    by : Actor
        Who releases it; the audit trail keeps that.
    now : datetime
        The moment, UTC.

    Returns
    -------
    JobView
        The job; its result is the address of the release.

    Raises
    ------
    CampaignNotFound
        The organisation has no such campaign.
    CampaignNotClosed
        Its campaign has not closed yet.
    AlreadyReleased
        It has a release.
    NothingToRelease
        Nobody answered.
    MoreAnswersThanInvitations
        A unit has more answers by invitation than people who completed it.
    CatalogueNotFound
        The organisation has no operating models.
    JobUnderWay
        It is being released already.
    """
    async with transaction(organisation):
        await require_releasable(organisation, campaign)
        job = ReleaseJob(organisation=organisation, job=uuid7(), campaign=campaign, seed=seed)
        address, of_job = f"/v1/campaigns/{campaign}", f"/v1/jobs/{job.job}"
        started = await start_job(RELEASE, job, subject=address, by=by.key, now=now)
        await record_event(
            organisation,
            AuditAction.RELEASE_STARTED,
            address,
            of_job,
            facts={"seed": seed},
            by=by,
        )
    return started


async def _release(job: ReleaseJob, clock: Clock) -> None:
    """Compute a release; store all of it together with the success of the job, or nothing."""
    material = await load_material(job.organisation, job.campaign)
    await report_progress(job, _LOADED, now=clock())
    findings = await asyncio.to_thread(_compute, material, job.seed)
    await report_progress(job, _COMPUTED, now=clock())
    release, now = uuid7(), clock()
    units = material.answers.units
    try:
        async with transaction(job.organisation):
            await write_release(
                job.organisation, job.campaign, release, findings, units=units, now=now
            )
            await succeed_job(job, result=f"/v1/releases/{release}", now=now)
            await _tell(job, release, findings)
    except asyncpg.UniqueViolationError:
        raise AlreadyReleased(job.campaign) from None


async def _tell(job: ReleaseJob, release: UUID, findings: Findings) -> None:
    lineage = findings.analysis.lineage
    await record_event(
        job.organisation,
        AuditAction.RELEASE_STORED,
        f"/v1/releases/{release}",
        f"/v1/campaigns/{job.campaign}",
        f"/v1/jobs/{job.job}",
        facts={
            "instrument": lineage.instrument,
            "method": lineage.method,
            "anchors": lineage.anchors,
            "seed": lineage.seed,
        },
        by=PLATFORM,
    )


def _compute(material: Material, seed: int) -> Findings:
    answers = material.answers
    return analyse(
        answers.responses,
        answers.definition.measures(),
        material.theory,
        units=_units(answers),
        headcounts_by_role=_headcounts(material),
        thresholds=answers.thresholds,
        seed=seed,
        earlier=_earlier_wave(material),
    )


def _headcounts(material: Material) -> pl.DataFrame | None:
    """Return the people invited per unit and role, if they cover everybody who answered.

    Answers that were imported come from people who were never invited: then nobody knows how
    many hold which role, and weights make up for units alone.
    """
    answered = material.answers.responses.filter(pl.col("role") != "sponsor")
    counted = answered.group_by("unit", "role").len().cast({"len": pl.Int64})
    known = material.headcounts
    people = "invited" if "invited" in known.columns else "headcount"
    invited = counted.join(known, on=["unit", "role"], how="left")
    covered = invited.select((pl.col(people).fill_null(0) >= pl.col("len")).all()).item()
    return known if covered else None


def _units(wave: Answers) -> pl.DataFrame:
    """Return the units; their population counts only if nobody else has answered.

    Answers that were imported may come from people whom the campaign is not about.
    """
    covered = _covers_answers(wave, "unit", "role")
    return wave.units if covered else wave.units.drop("population", strict=False)


def _earlier_wave(material: Material) -> EarlierWave | None:
    """Score the answers of the last wave anew; what was said of them stays as shown."""
    if material.earlier is None:
        return None
    answers, shown = material.earlier
    k = answers.thresholds.scores
    measures = answers.definition.measures()
    units = _units(answers)
    responses = disclosable(answers.responses, measures, units, k=k)
    study = Study.of(responses, measures, units)
    plan = plan_disclosure(study, k=k)
    return EarlierWave(
        study,
        plan,
        shown.recommendations,
        shown.organisation,
        membership=_membership(material.answers, answers),
    )


def _membership(now: Answers, before: Answers) -> Membership | None:
    """Compare who was invited; None if answers came from people who were not, too."""
    if not (_covers_answers(now) and _covers_answers(before)):
        return None
    return InvitedLists.of(now.invited, before.invited)


def _covers_answers(wave: Answers, *per: str) -> bool:
    """Tell whether in every unit at least as many people were invited as have answered.

    With ``per``, of every combination of these.
    """
    groups = per or ("unit",)
    answered = wave.responses.filter(pl.col("role") != "sponsor").group_by(groups).len()
    invited = wave.invited.group_by(groups).len(name="invited")
    both = answered.join(invited, on=groups, how="left")
    return bool(both.select((pl.col("invited").fill_null(0) >= pl.col("len")).all()).item())
