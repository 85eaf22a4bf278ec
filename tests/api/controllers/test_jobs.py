"""Jobs over HTTP: who sees them, and how a failure is told."""

from uuid import UUID, uuid4

import httpx
import pytest

from api.controllers.jobs import JobController
from api.http.application import Application
from api.http.auth import Requires
from models.engine import connection, transaction
from survey.workload import workload
from tests.api.callers import Caller, as_key, make_key, work_through
from tests.factories.campaigns import make_open
from tests.factories.server import NOW, SEALS, SERVER_KEY


@pytest.fixture
async def closing_job(client: httpx.AsyncClient, organisation: UUID) -> str:
    """Give the address of a job that closes a campaign."""
    campaign = await make_open(organisation, {"U1": 6})
    accepted = await client.post(f"/v1/campaigns/{campaign.id}/close")
    return str(accepted.headers["Location"])


async def test_a_job_is_read_with_the_scope_that_starts_it(
    app: Application, organisation: UUID, closing_job: str
) -> None:
    key = as_key(await make_key(organisation, scopes=["campaigns:write"]))

    async with Caller(app, headers=key) as caller:
        answer = await caller.get(closing_job)

    assert answer.status_code == 200
    assert answer.json()["id"] == closing_job.rpartition("/")[2]


async def test_a_key_without_that_scope_is_told_which_it_lacks(
    app: Application, organisation: UUID, closing_job: str
) -> None:
    key = as_key(await make_key(organisation, scopes=["campaigns:read", "analytics:read"]))

    async with Caller(app, headers=key) as caller:
        answer = await caller.get(closing_job)

    assert answer.status_code == 403
    assert answer.json()["scopes"] == ["campaigns:write"]


async def test_a_job_of_another_organisation_is_not_there(
    stranger: httpx.AsyncClient, closing_job: str
) -> None:
    answers = [await stranger.get(one) for one in (closing_job, f"/v1/jobs/{uuid4()}")]

    assert [answer.json()["type"] for answer in answers] == ["/problems/job-not-found"] * 2


async def test_a_job_that_fails_says_why_as_a_request_would(
    client: httpx.AsyncClient, organisation: UUID
) -> None:
    campaign = await make_open(organisation, {"U1": 6})
    accepted = await client.post(f"/v1/campaigns/{campaign.id}/close")
    # Its work meets what a request would be refused for: an acknowledged answer is gone.
    async with transaction(organisation):
        await connection().execute(
            "UPDATE invitation SET completed = true, fingerprint = '\\x00' "
            "WHERE id = (SELECT id FROM invitation LIMIT 1)"
        )

    ended = (await work_through(client, accepted)).json()

    assert (ended["state"], ended["result"]) == ("failed", None)
    assert ended["problem"] == {
        "type": "/problems/answers-missing",
        "title": "Answers missing",
        "status": 409,
        "detail": "The envelopes hold 0 sheets of 1 completed invitations and 0 of 0 imported "
        "rows. The campaign stays closing.",
    }


def test_every_job_that_is_shown_has_its_scope_at_the_door() -> None:
    kinds = [
        work.kind
        for work in workload(
            server_key=SERVER_KEY,
            seals=SEALS,
            channels={},
            form_url="http://localhost",
            clock=lambda: NOW,
        )
    ]
    (door,) = [one for one in JobController.read.guards or () if isinstance(one, Requires)]

    assert {kind.scope for kind in kinds if kind.scope} == set(door.scopes)
    assert len({kind.name for kind in kinds}) == len(kinds)
