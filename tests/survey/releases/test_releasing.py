"""Releasing as a job: the whole release together with the success of its job, or nothing."""

import asyncio
from uuid import UUID

import pytest

from survey.access.actors import COMMAND_LINE
from survey.capture.importing import import_responses
from survey.jobs.kind import Attempt
from survey.jobs.store import JobUnderWay, JobView, read_job
from survey.jobs.worker import drain_queue
from survey.releases.compute import ReleaseJob, releasing, start_release
from survey.releases.errors import AlreadyReleased, CampaignNotClosed
from survey.releases.store import latest_release, releases_of
from tests.factories.campaigns import close_campaign, rows_of
from tests.factories.jobs import cut_off_at, leave_to_a_dead_worker
from tests.factories.north import open_north, with_consent
from tests.factories.server import NOW, SEALS

WORK = releasing(clock=lambda: NOW)
TABLES = ("release", "release_unit", "score", "finding")


@pytest.fixture
async def campaign(organisation: UUID) -> UUID:
    """Give a closed campaign that holds company north's responses."""
    opened = await open_north(organisation, NOW)
    await import_responses(
        organisation, opened, with_consent(), name="north", seals=SEALS, now=NOW
    )
    await close_campaign(organisation, opened)
    return opened


async def start(organisation: UUID, campaign: UUID, *, seed: int = 7) -> JobView:
    return await start_release(organisation, campaign, seed=seed, by=COMMAND_LINE, now=NOW)


async def run(organisation: UUID, campaign: UUID, job: JobView) -> None:
    payload = ReleaseJob(organisation=organisation, job=job.id, campaign=campaign, seed=7)
    await WORK.run(payload, Attempt(number=0, last=False))


async def stored(organisation: UUID) -> dict[str, bool]:
    """Tell of each table whether it holds anything of a release."""
    return {
        table: bool(await rows_of(organisation, f"SELECT id FROM {table} LIMIT 1"))  # noqa: S608 - our own names
        for table in TABLES
    }


async def test_what_cannot_be_released_is_refused_before_a_job_starts(
    organisation: UUID,
) -> None:
    opened = await open_north(organisation, NOW)

    with pytest.raises(CampaignNotClosed):
        await start(organisation, opened)

    assert await rows_of(organisation, "SELECT id FROM job") == []


async def test_a_release_is_there_when_its_job_has_succeeded(
    organisation: UUID, campaign: UUID
) -> None:
    job = await start(organisation, campaign)

    await run(organisation, campaign, job)

    ended = await read_job(organisation, job.id)
    release = await latest_release(organisation, campaign)
    assert (ended.state, ended.result) == ("succeeded", f"/v1/releases/{release.id}")
    assert release.lineage.seed == 7
    with pytest.raises(AlreadyReleased):
        await start(organisation, campaign)


async def test_a_campaign_is_released_by_one_job_at_a_time(
    organisation: UUID, campaign: UUID
) -> None:
    job = await start(organisation, campaign)

    with pytest.raises(JobUnderWay, match=str(job.id)):
        await start(organisation, campaign, seed=8)


async def test_a_release_that_was_cut_off_leaves_nothing_and_another_worker_makes_it(
    organisation: UUID, campaign: UUID, database: str
) -> None:
    job = await start(organisation, campaign)
    await cut_off_at("finding", database, run(organisation, campaign, job))
    left = await stored(organisation)
    meanwhile = await read_job(organisation, job.id)
    await leave_to_a_dead_worker(job.id)

    await drain_queue([WORK])

    assert left == dict.fromkeys(TABLES, False)
    assert (meanwhile.state, meanwhile.progress) == ("running", 0.9)
    assert await stored(organisation) == dict.fromkeys(TABLES, True)
    (release,) = await releases_of(organisation, campaign)
    assert (await read_job(organisation, job.id)).result == f"/v1/releases/{release.id}"


async def test_two_workers_that_do_the_same_release_make_one(
    organisation: UUID, campaign: UUID
) -> None:
    job = await start(organisation, campaign)

    await asyncio.gather(*(run(organisation, campaign, job) for _ in range(2)))

    (release,) = await releases_of(organisation, campaign)
    ended = await read_job(organisation, job.id)
    assert (ended.state, ended.result) == ("succeeded", f"/v1/releases/{release.id}")
