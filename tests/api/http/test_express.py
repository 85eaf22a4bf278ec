"""The short way of submissions says nothing that the ordinary way would not say."""

from collections.abc import AsyncIterator, Callable
from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg
import httpx
import pytest

from api.http.application import Application
from api.settings import ApiSettings
from survey.capture import writing as capture_writing
from survey.capture.queue import Capture, Receipt
from survey.capture.submission import Submission
from tests.api.callers import Caller
from tests.api.conftest import running
from tests.factories.open_campaign import OpenCampaign, answer_sheet, open_standard_campaign

JSON = {"Content-Type": "application/json"}
BODY = answer_sheet(9).canonical()


@pytest.fixture
async def opened(organisation: UUID, now: datetime) -> OpenCampaign:
    return await open_standard_campaign(organisation, now=now)


@pytest.mark.parametrize(
    ("person", "body", "headers"),
    [
        pytest.param("P0000", BODY, JSON, id="a receipt"),
        pytest.param("P0000", b'{"answers": {"governance_1": 9}}', JSON, id="a broken rule"),
        pytest.param("P0000", b"{", JSON, id="no JSON"),
        pytest.param("P0000", b"[]", JSON, id="another shape"),
        pytest.param("P0000", b" " * 1_100_000 + BODY, JSON, id="too long"),
        pytest.param("P0000", BODY, {"Content-Type": "text/plain"}, id="another medium"),
        pytest.param("P0000", BODY, JSON | {"X-Request-Id": "r-1"}, id="with an id"),
        pytest.param("P0000", b'{"answers": {}, "answers": {}}', JSON, id="a member twice"),
        pytest.param("P0000", b'{"comments": {"a": "\\u0000"}}', JSON, id="a NUL"),
        pytest.param("P0000", b"[" * 5_000, JSON, id="nested without end"),
        pytest.param("nobody", BODY, JSON, id="an unknown token"),
        pytest.param(None, BODY, JSON, id="no token"),
    ],
)
async def test_both_ways_give_the_same_answer(
    app: Application,
    anybody: httpx.AsyncClient,
    opened: OpenCampaign,
    monkeypatch: pytest.MonkeyPatch,
    person: str | None,
    body: bytes,
    headers: dict[str, str],
) -> None:
    token = opened.tokens.get(person or "", person)
    credential = {} if token is None else {"Authorization": f"Bearer {token}"}

    async def said() -> dict[str, Any]:
        answer = await anybody.post("/v1/form", content=body, headers=headers | credential)
        shown = {name for name in answer.headers if not name.startswith("ratelimit")}
        kept = {name: answer.headers[name] for name in shown - {"x-request-id", "date"}}
        return {"status": answer.status_code, "text": answer.text, "headers": kept}

    short = await said()
    monkeypatch.setattr(app, "express", None)

    assert await said() == short


async def test_a_submission_with_a_parameter_is_refused(
    anybody: httpx.AsyncClient, opened: OpenCampaign
) -> None:
    answer = await anybody.post(
        "/v1/form?again=1",
        content=BODY,
        headers=JSON | {"Authorization": f"Bearer {opened.tokens['P0000']}"},
    )

    assert answer.status_code == 400
    assert answer.json()["errors"][0]["parameter"] == "again"


async def test_a_receipt_tells_what_is_left_of_the_limit(
    anybody: httpx.AsyncClient, opened: OpenCampaign
) -> None:
    answer = await anybody.post(
        "/v1/form",
        content=BODY,
        headers=JSON | {"Authorization": f"Bearer {opened.tokens['P0000']}"},
    )

    assert answer.headers["ratelimit"].startswith('"form";r=119')


async def test_a_rejected_submission_counts_once(
    anybody: httpx.AsyncClient, opened: OpenCampaign
) -> None:
    answer = await anybody.post(
        "/v1/form",
        content=b"{}",
        headers=JSON | {"Authorization": f"Bearer {opened.tokens['P0001']}"},
    )

    assert answer.status_code == 422
    assert answer.headers["ratelimit"].startswith('"form";r=119')


class Asked:
    """How often capture is asked to store a submission."""

    def __init__(self, capture: Capture, monkeypatch: pytest.MonkeyPatch) -> None:
        self.times = 0
        self._submit = capture.submit
        monkeypatch.setattr(capture, "submit", self.submit)

    async def submit(self, token: str, submission: Submission) -> Receipt:
        self.times += 1
        return await self._submit(token, submission)


@pytest.fixture
async def own_app(database: str) -> AsyncIterator[Application]:
    """Run an application whose capture can be stopped."""
    async with running(database, ApiSettings()) as made:
        yield made


async def submitted(
    app: Application, opened: OpenCampaign, body: bytes = BODY
) -> httpx.Response:
    async with Caller(app) as caller:
        credential = {"Authorization": f"Bearer {opened.tokens['P0000']}"}
        return await caller.post("/v1/form", content=body, headers=JSON | credential)


async def test_a_server_with_too_much_to_do_is_asked_once(
    own_app: Application, opened: OpenCampaign, monkeypatch: pytest.MonkeyPatch
) -> None:
    capture = own_app.state["services"].capture
    asked = Asked(capture, monkeypatch)
    await capture.stop()

    answer = await submitted(own_app, opened)
    await capture.start()

    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "1")
    assert answer.json()["type"] == "/problems/capture-overloaded"
    assert asked.times == 1


def lost() -> Exception:
    return asyncpg.ConnectionDoesNotExistError("connection was closed")


def broken() -> Exception:
    return asyncpg.UndefinedTableError("no such table")


@pytest.mark.parametrize(
    ("failure", "status", "kind"),
    [(lost, 503, "storage-unavailable"), (broken, 500, "internal-error")],
)
async def test_a_database_that_fails_is_asked_once(
    app: Application,
    opened: OpenCampaign,
    monkeypatch: pytest.MonkeyPatch,
    failure: Callable[[], Exception],
    status: int,
    kind: str,
) -> None:
    async def fail(*_: object) -> None:
        raise failure()

    asked = Asked(app.state["services"].capture, monkeypatch)
    monkeypatch.setattr(capture_writing, "_store", fail)

    answer = await submitted(app, opened)

    assert (answer.status_code, answer.json()["type"]) == (status, f"/problems/{kind}")
    assert asked.times == 1


async def test_a_refused_submission_is_judged_once(
    app: Application, opened: OpenCampaign, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = Asked(app.state["services"].capture, monkeypatch)

    answer = await submitted(app, opened, b"{}")

    assert answer.status_code == 422
    assert asked.times == 1
