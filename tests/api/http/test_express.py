"""The short way of submissions says nothing that the ordinary way would not say."""

from datetime import datetime
from typing import Any
from uuid import UUID

import httpx
import pytest

from api.http.application import Application
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
