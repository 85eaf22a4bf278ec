"""Closing as a job: nothing is taken from its start on, and nothing stays half done."""

import asyncio
from datetime import datetime
from uuid import UUID

import pytest

from survey.access.actors import COMMAND_LINE
from survey.campaigns.close import CloseJob, closing, start_closing
from survey.campaigns.read import CampaignView, read_campaign
from survey.capture.errors import CampaignClosing
from survey.capture.forms import SavedAnswers, save_answers
from survey.jobs.kind import Attempt
from survey.jobs.store import JobUnderWay, JobView, read_job
from survey.jobs.worker import drain_queue
from tests.factories.campaigns import make_open, rows_of, submit, token_of
from tests.factories.jobs import cut_off_at, leave_to_a_dead_worker
from tests.factories.server import NOW, SEALS

WORK = closing(seals=SEALS, clock=lambda: NOW)
TABLES = ("response", "comment", "invitation", "delivery", "delivery_count")


@pytest.fixture
async def campaign(organisation: UUID) -> CampaignView:
    """Give an open campaign with six answers and two invitations without one."""
    opened = await make_open(organisation, {"U1": 8})
    await submit(organisation, (await invited(organisation))[:6])
    return opened


async def invited(organisation: UUID) -> list[UUID]:
    rows = await rows_of(organisation, "SELECT id FROM invitation ORDER BY id")
    return [row["id"] for row in rows]


async def start(organisation: UUID, campaign: CampaignView) -> JobView:
    return await start_closing(organisation, campaign.id, by=COMMAND_LINE, now=NOW)


async def run(organisation: UUID, campaign: CampaignView, job: JobView) -> None:
    payload = CloseJob(organisation=organisation, job=job.id, campaign=campaign.id)
    await WORK.run(payload, Attempt(number=0, last=False))


async def everything(organisation: UUID) -> dict[str, list[str]]:
    """Return every row that closing touches, with its place in the file."""
    return {
        table: [
            row["line"]
            for row in await rows_of(
                organisation,
                f"SELECT concat(ctid, t::text) AS line FROM {table} t ORDER BY ctid",  # noqa: S608 - our own names
            )
        ]
        for table in TABLES
    }


async def test_whoever_closes_sees_the_campaign_closing_and_the_job_queued(
    organisation: UUID, campaign: CampaignView
) -> None:
    job = await start(organisation, campaign)

    closing_now = await read_campaign(organisation, campaign.id)
    assert (closing_now.state, closing_now.closed_at) == ("closing", None)
    assert (job.state, job.subject) == ("queued", f"/v1/campaigns/{campaign.id}")


async def test_a_campaign_that_is_closing_takes_no_answers(
    organisation: UUID, campaign: CampaignView, now: datetime
) -> None:
    waiting = (await invited(organisation))[-1]
    before = await everything(organisation)
    await start(organisation, campaign)

    with pytest.raises(CampaignClosing, match="closing"):
        await submit(organisation, [waiting])
    with pytest.raises(CampaignClosing, match="closing"):
        await save_answers(
            token_of(waiting), SavedAnswers(answers={"pain_1": 3}), seals=SEALS, now=now
        )

    assert await everything(organisation) == before


async def test_a_closing_that_was_cut_off_has_done_nothing(
    organisation: UUID, campaign: CampaignView, database: str
) -> None:
    before = await everything(organisation)
    job = await start(organisation, campaign)

    await cut_off_at("comment", database, run(organisation, campaign, job))

    assert await everything(organisation) == before
    assert (await read_campaign(organisation, campaign.id)).state == "closing"
    assert (await read_job(organisation, job.id)).state == "running"


async def test_a_closing_that_was_cut_off_is_finished_by_another_worker(
    organisation: UUID, campaign: CampaignView, database: str
) -> None:
    job = await start(organisation, campaign)
    await cut_off_at("comment", database, run(organisation, campaign, job))
    await leave_to_a_dead_worker(job.id)

    await drain_queue([WORK])

    closed = await read_campaign(organisation, campaign.id)
    assert (closed.state, closed.closed_at) == ("closed", NOW)
    ended = await read_job(organisation, job.id)
    assert (ended.state, ended.result) == ("succeeded", f"/v1/campaigns/{campaign.id}")
    assert len(await rows_of(organisation, "SELECT id FROM response")) == 6


async def test_two_workers_that_do_the_same_closing_close_once(
    organisation: UUID, campaign: CampaignView
) -> None:
    job = await start(organisation, campaign)

    await asyncio.gather(*(run(organisation, campaign, job) for _ in range(2)))

    assert (await read_job(organisation, job.id)).state == "succeeded"
    counts = await rows_of(organisation, "SELECT messages FROM delivery_count")
    assert counts == [{"messages": 8}]


async def test_a_closing_under_way_is_not_started_again(
    organisation: UUID, campaign: CampaignView
) -> None:
    job = await start(organisation, campaign)

    with pytest.raises(JobUnderWay, match=str(job.id)):
        await start(organisation, campaign)


async def test_a_closing_that_was_given_up_may_be_started_again(
    organisation: UUID, campaign: CampaignView
) -> None:
    job = await start(organisation, campaign)
    await rows_of(
        organisation,
        "UPDATE job SET state = 'failed', problem = $1",
        '{"code": "x", "detail": "y"}',
    )

    again = await start(organisation, campaign)
    await run(organisation, campaign, again)

    assert again.id != job.id
    assert (await read_campaign(organisation, campaign.id)).state == "closed"
