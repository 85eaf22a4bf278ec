"""Closing when something is wrong: nothing is lost, and no key is destroyed too early."""

from datetime import timedelta
from uuid import UUID

import pytest

from models.engine import connection, operator_transaction
from survey.access.actors import COMMAND_LINE
from survey.access.audit_reading import AuditFilter, list_events
from survey.campaigns.abandon import abandon_campaign
from survey.campaigns.close import CloseJob, closing, start_closing
from survey.campaigns.due import DueJob, closing_when_due
from survey.campaigns.errors import IllegalMove
from survey.campaigns.read import CampaignView, read_campaign
from survey.capture.errors import CampaignNotOpen
from survey.jobs.kind import Attempt
from survey.jobs.store import JobView, read_job
from survey.jobs.worker import drain_queue
from survey.sealing.errors import KeyExchanged, KeysMissing
from survey.sealing.key_folder import KeyFolder
from survey.sealing.key_pair import new_private_key
from survey.sealing.seal import Envelope, Seal
from tests.factories.campaigns import make_draft, make_open, rows_of, submit
from tests.factories.jobs import cut_off_at, leave_to_a_dead_worker
from tests.factories.server import KEYS, NOW, SEALS

pytestmark = pytest.mark.usefixtures("database")

WORK = closing(seals=SEALS, clock=lambda: NOW)


@pytest.fixture
async def campaign(organisation: UUID) -> CampaignView:
    """Give an open campaign with six answers, in six envelopes."""
    opened = await make_open(organisation, {"U1": 8})
    await submit(organisation, (await invited(organisation))[:6])
    return opened


async def invited(organisation: UUID) -> list[UUID]:
    rows = await rows_of(organisation, "SELECT id FROM invitation ORDER BY id")
    return [row["id"] for row in rows]


async def close(
    organisation: UUID, campaign: CampaignView, *, accept_missing: int | None = None
) -> JobView:
    job = await start_closing(
        organisation, campaign.id, by=COMMAND_LINE, now=NOW, accept_missing=accept_missing
    )
    payload = CloseJob(
        organisation=organisation,
        job=job.id,
        campaign=campaign.id,
        accept_missing=accept_missing,
    )
    await WORK.run(payload, Attempt(number=0, last=True))
    return await read_job(organisation, job.id)


async def in_the_database(statement: str, *values: object) -> None:
    """Do what somebody can who holds the database alone."""
    async with operator_transaction():
        await connection().execute(statement, *values)


async def lose_an_envelope(campaign: CampaignView) -> None:
    await in_the_database(
        "DELETE FROM envelope WHERE id = (SELECT id FROM envelope WHERE campaign = $1 LIMIT 1)",
        campaign.id,
    )


async def forge_an_envelope(organisation: UUID, campaign: CampaignView) -> None:
    real = await SEALS.of(organisation, campaign.id)
    forger = Seal(
        organisation=organisation,
        campaign=campaign.id,
        secret=b"guessed" * 5,
        public_key=real.public_key,
        layout=real.layout,
    )
    forged: Envelope = forger.close([], [])
    await in_the_database(
        "INSERT INTO envelope (organisation, campaign, id, sealed, mark) "
        "VALUES ($1, $2, $3, $4, $5)",
        organisation,
        campaign.id,
        *forged,
    )


async def stored(organisation: UUID) -> int:
    return len(await rows_of(organisation, "SELECT id FROM response"))


async def test_a_missing_answer_stops_the_closing(
    organisation: UUID, campaign: CampaignView
) -> None:
    await lose_an_envelope(campaign)

    job = await close(organisation, campaign)

    assert job.problem is not None
    assert job.problem.code == "answers-missing"
    assert "5 sheets of 6 completed invitations" in job.problem.detail
    assert (await read_campaign(organisation, campaign.id)).state == "closing"
    assert not list(KEYS.problems([campaign.id]))
    assert await stored(organisation) == 0


async def test_an_operator_may_accept_what_is_missing_and_it_is_noted(
    organisation: UUID, campaign: CampaignView
) -> None:
    await lose_an_envelope(campaign)
    await close(organisation, campaign)

    job = await close(organisation, campaign, accept_missing=1)

    assert job.state == "succeeded"
    assert await stored(organisation) == 5
    closings = (await list_events(organisation, AuditFilter(action="campaign.closing"))).items
    assert [event.facts for event in closings] == [{"acceptMissing": 1}, {}]


async def test_no_more_may_be_missing_than_was_accepted(
    organisation: UUID, campaign: CampaignView
) -> None:
    await lose_an_envelope(campaign)
    await lose_an_envelope(campaign)

    job = await close(organisation, campaign, accept_missing=1)

    assert job.problem is not None
    assert job.problem.code == "answers-missing"


async def test_a_forged_envelope_stops_the_closing(
    organisation: UUID, campaign: CampaignView
) -> None:
    await forge_an_envelope(organisation, campaign)

    job = await close(organisation, campaign)

    assert job.problem is not None
    assert job.problem.code == "envelope-refused"
    assert not list(KEYS.problems([campaign.id]))


async def test_a_forged_envelope_can_be_set_aside(
    organisation: UUID, campaign: CampaignView
) -> None:
    await forge_an_envelope(organisation, campaign)

    job = await close(organisation, campaign, accept_missing=0)

    assert job.state == "succeeded"
    assert await stored(organisation) == 6


async def test_an_exchanged_public_key_is_never_used(
    organisation: UUID, campaign: CampaignView
) -> None:
    mine = new_private_key().public_key().to_bytes()
    await in_the_database(
        "UPDATE campaign SET public_key = $1 WHERE id = $2", mine, campaign.id
    )
    SEALS._known.pop(campaign.id)

    with pytest.raises(KeyExchanged):
        await submit(organisation, (await invited(organisation))[-1:])


async def test_without_its_keys_a_campaign_takes_no_answers_and_loses_none(
    organisation: UUID, campaign: CampaignView
) -> None:
    files = {path: path.read_bytes() for path in KEYS.folder.glob(f"{campaign.id}*")}
    KEYS.destroy(campaign.id)

    with pytest.raises(KeysMissing):
        await submit(organisation, (await invited(organisation))[-1:])

    for path, content in files.items():
        path.touch(mode=0o600)
        path.write_bytes(content)
    await submit(organisation, (await invited(organisation))[-1:])
    assert (await close(organisation, campaign)).state == "succeeded"
    assert await stored(organisation) == 7


@pytest.mark.parametrize("table", ["envelope", "comment", "invitation", "delivery", "campaign"])
async def test_a_closing_that_is_cut_off_anywhere_is_finished_once(
    organisation: UUID, campaign: CampaignView, database: str, table: str
) -> None:
    job = await start_closing(organisation, campaign.id, by=COMMAND_LINE, now=NOW)
    payload = CloseJob(organisation=organisation, job=job.id, campaign=campaign.id)
    await cut_off_at(table, database, WORK.run(payload, Attempt(number=0, last=False)))
    assert not list(KEYS.problems([campaign.id]))
    assert await stored(organisation) == 0
    await leave_to_a_dead_worker(job.id)

    await drain_queue([WORK])

    assert (await read_job(organisation, job.id)).state == "succeeded"
    assert await stored(organisation) == 6
    assert list(KEYS.problems([campaign.id]))


async def test_keys_that_outlived_the_commit_are_destroyed_by_the_next_worker(
    organisation: UUID, campaign: CampaignView, monkeypatch: pytest.MonkeyPatch
) -> None:
    def die(_: KeyFolder, __: UUID) -> None:
        raise ConnectionError

    job = await start_closing(organisation, campaign.id, by=COMMAND_LINE, now=NOW)
    payload = CloseJob(organisation=organisation, job=job.id, campaign=campaign.id)
    with monkeypatch.context() as killed:
        killed.setattr(KeyFolder, "destroy", die)
        with pytest.raises(ConnectionError):
            await WORK.run(payload, Attempt(number=0, last=False))
    assert (await read_campaign(organisation, campaign.id)).state == "closed"
    assert not list(KEYS.problems([campaign.id]))

    await WORK.run(payload, Attempt(number=1, last=False))

    assert (await read_job(organisation, job.id)).state == "succeeded"
    assert list(KEYS.problems([campaign.id]))
    assert await stored(organisation) == 6


async def test_an_abandoned_campaign_keeps_nothing(
    organisation: UUID, campaign: CampaignView
) -> None:
    KEYS.destroy(campaign.id)

    ended = await abandon_campaign(
        organisation, campaign.id, keys=KEYS, by=COMMAND_LINE, now=NOW
    )

    assert (ended.state, ended.closed_at) == ("abandoned", NOW)
    assert await rows_of(organisation, "SELECT id FROM envelope") == []
    kept = "SELECT id FROM invitation WHERE num_nonnulls(fingerprint, draft) > 0"
    assert await rows_of(organisation, kept) == []
    event = (await list_events(organisation)).items[0]
    assert (event.action, event.facts) == ("campaign.abandoned", {"submissionsLost": 6})
    with pytest.raises(CampaignNotOpen):
        await submit(organisation, (await invited(organisation))[-1:])


async def test_a_draft_is_not_abandoned(organisation: UUID) -> None:
    draft = await make_draft(organisation)

    with pytest.raises(IllegalMove):
        await abandon_campaign(organisation, draft.id, keys=KEYS, by=COMMAND_LINE, now=NOW)


async def test_a_campaign_closes_by_itself_when_its_time_has_come(organisation: UUID) -> None:
    end = NOW + timedelta(hours=1)
    opened = await make_open(organisation, {"U1": 6}, closes_at=end)
    job = DueJob(organisation=organisation, campaign=opened.id)

    early = closing_when_due(clock=lambda: end - timedelta(minutes=1))
    await early.run(job, Attempt(number=0, last=True))
    assert (await read_campaign(organisation, opened.id)).state == "open"

    await closing_when_due(clock=lambda: end).run(job, Attempt(number=0, last=True))
    assert (await read_campaign(organisation, opened.id)).state == "closing"


async def test_opening_has_a_campaign_closed_at_its_end(organisation: UUID) -> None:
    await make_open(organisation, {"U1": 6}, closes_at=NOW + timedelta(hours=1))

    async with operator_transaction():
        waiting = await connection().fetch(
            "SELECT execute_after - now() AS sleeps FROM pgqueuer "
            "WHERE entrypoint = 'close-when-due' AND convert_from(payload, 'UTF8') LIKE $1",
            f"%{organisation}%",
        )
    (job,) = waiting
    assert timedelta(minutes=55) < job["sleeps"] < timedelta(minutes=65)
