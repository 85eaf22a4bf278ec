"""The form of one invitation: opened, saved, submitted; its token is the credential."""

from datetime import datetime
from typing import Any
from uuid import UUID

import httpx
import pytest

from seed.content import standard_instrument
from survey.access.actors import COMMAND_LINE
from survey.campaigns.close import start_closing
from tests.api.callers import as_key
from tests.factories.campaigns import close_campaign
from tests.factories.open_campaign import OpenCampaign, open_standard_campaign

ITEMS = [item.key for item in standard_instrument().items_for("contributor")]
SHEET = {"answers": dict.fromkeys(ITEMS, 3), "durationS": 420}


@pytest.fixture
async def opened(organisation: UUID, now: datetime) -> OpenCampaign:
    """Give an open campaign with the tokens of its people."""
    return await open_standard_campaign(organisation, now=now)


@pytest.fixture
def somebody(opened: OpenCampaign) -> dict[str, str]:
    """Give the credential of a contributor."""
    return as_key(opened.tokens["P0000"])


async def test_the_form_opens_in_the_persons_language_with_nothing_saved(
    anybody: httpx.AsyncClient, opened: OpenCampaign, somebody: dict[str, str]
) -> None:
    answer = await anybody.get("/v1/form", headers=somebody)

    body = answer.json()
    text = body.pop("text")
    assert answer.status_code == 200
    assert body == {
        "campaign": str(opened.campaign),
        "campaignName": "Conditions",
        "state": "open",
        "mode": "anonymous",
        "role": "contributor",
        "closesAt": None,
        "padTo": 10240,
        "saved": {"answers": {}, "comments": {}, "consent": None},
    }
    assert text["locale"] == "en"
    assert [item["key"] for part in text["sections"] for item in part["items"]] == ITEMS


async def test_the_language_can_be_asked_for(
    anybody: httpx.AsyncClient, somebody: dict[str, str]
) -> None:
    answer = await anybody.get("/v1/form?locale=de-AT", headers=somebody)

    assert answer.json()["text"]["locale"] == "de"


async def test_saved_answers_come_back_with_the_form(
    anybody: httpx.AsyncClient, somebody: dict[str, str]
) -> None:
    saved = {"answers": {"data_readiness_1": 4}, "comments": {"comment_help": "Time."}}

    kept = await anybody.put("/v1/form", json=saved, headers=somebody)

    opened = await anybody.get("/v1/form", headers=somebody)
    assert (kept.status_code, kept.content) == (204, b"")
    assert opened.json()["saved"] == saved | {"consent": None}


@pytest.mark.parametrize("method", ["PUT", "POST"])
async def test_a_body_of_the_size_that_the_form_names_is_taken(
    anybody: httpx.AsyncClient, somebody: dict[str, str], method: str
) -> None:
    size = (await anybody.get("/v1/form", headers=somebody)).json()["padTo"]
    body = b'{"answers": {"data_readiness_1": 4}}'.ljust(size)
    headers = somebody | {"Content-Type": "application/json"}

    answer = await anybody.request(method, "/v1/form", content=body, headers=headers)

    assert answer.is_success, answer.text


async def test_answers_that_break_a_rule_are_not_saved(
    anybody: httpx.AsyncClient, somebody: dict[str, str]
) -> None:
    answer = await anybody.put(
        "/v1/form", json={"answers": {"data_readiness_1": 6}}, headers=somebody
    )

    assert answer.status_code == 422


async def test_a_submission_gets_a_receipt_that_proves_nothing(
    anybody: httpx.AsyncClient, opened: OpenCampaign, somebody: dict[str, str]
) -> None:
    answer = await anybody.post("/v1/form", json=SHEET, headers=somebody)

    assert answer.status_code == 200
    assert answer.json() == {"campaign": str(opened.campaign), "status": "stored"}
    assert await opened.sheets() == 1


async def test_a_repeat_gets_the_same_receipt_and_stores_nothing(
    anybody: httpx.AsyncClient, opened: OpenCampaign, somebody: dict[str, str]
) -> None:
    answers = [await anybody.post("/v1/form", json=SHEET, headers=somebody) for _ in range(3)]

    assert {answer.content for answer in answers} == {answers[0].content}
    assert {answer.status_code for answer in answers} == {200}
    assert await opened.sheets() == 1


async def test_everybody_gets_the_same_receipt(
    anybody: httpx.AsyncClient, opened: OpenCampaign
) -> None:
    answers = [
        await anybody.post(
            "/v1/form",
            json={"answers": dict.fromkeys(ITEMS, number + 1)},
            headers=as_key(opened.tokens[f"P000{number}"]),
        )
        for number in range(3)
    ]

    assert len({answer.content for answer in answers}) == 1


async def test_other_answers_under_a_spent_token_are_a_conflict(
    anybody: httpx.AsyncClient, somebody: dict[str, str]
) -> None:
    await anybody.post("/v1/form", json=SHEET, headers=somebody)

    answer = await anybody.post("/v1/form", json=SHEET | {"durationS": 421}, headers=somebody)

    assert answer.status_code == 409
    assert answer.json() == {
        "type": "/problems/already-submitted",
        "title": "Already submitted",
        "status": 409,
        "detail": "These answers were already submitted and cannot be changed.",
    }


async def test_an_idempotency_key_means_nothing_here(
    anybody: httpx.AsyncClient, opened: OpenCampaign
) -> None:
    key = {"Idempotency-Key": "the same for two people"}

    answers = [
        await anybody.post("/v1/form", json=SHEET, headers=key | as_key(opened.tokens[person]))
        for person in ("P0000", "P0001")
    ]

    assert [answer.status_code for answer in answers] == [200, 200]
    assert await opened.sheets() == 2


@pytest.mark.parametrize(
    ("fields", "pointer", "code"),
    [
        ({"answers": {"of_mine": 3}}, "/answers/of_mine", "unknown-item"),
        ({"answers": {"data_readiness_1": 6}}, "/answers/data_readiness_1", "out-of-scale"),
        ({"answers": {"data_readiness_1": "4"}}, "/answers/data_readiness_1", "out-of-scale"),
        ({"answers": {}}, "/answers", "empty-sheet"),
        ({"answers": {"governance_1": None}}, "/answers", "empty-sheet"),
        ({"durationS": -1}, "/durationS", "out-of-range"),
        ({"consent": True}, "/consent", "consent-not-asked"),
        ({"comments": {"diary": "x"}}, "/comments/diary", "unknown-comment"),
    ],
)
async def test_each_field_that_breaks_a_rule_has_an_entry(
    anybody: httpx.AsyncClient,
    opened: OpenCampaign,
    somebody: dict[str, str],
    fields: dict[str, Any],
    pointer: str,
    code: str,
) -> None:
    answer = await anybody.post("/v1/form", json=SHEET | fields, headers=somebody)

    assert answer.status_code == 422
    assert answer.json()["type"] == "/problems/submission-rejected"
    assert [(one["pointer"], one["code"]) for one in answer.json()["errors"]] == [
        (pointer, code)
    ]
    assert await opened.sheets() == 0


async def test_a_rejected_submission_does_not_spend_the_token(
    anybody: httpx.AsyncClient, somebody: dict[str, str]
) -> None:
    await anybody.post("/v1/form", json={"answers": {}}, headers=somebody)

    answer = await anybody.post("/v1/form", json=SHEET, headers=somebody)

    assert answer.status_code == 200


async def test_a_megabyte_of_unknown_items_is_answered_shortly(
    anybody: httpx.AsyncClient, somebody: dict[str, str]
) -> None:
    many = await anybody.post(
        "/v1/form",
        json={"answers": {f"of_mine_{n}": "x" * 900 for n in range(1_000)}},
        headers=somebody,
    )
    more = await anybody.post(
        "/v1/form",
        json={"answers": {f"of_mine_{n}": 1 for n in range(1_001)}},
        headers=somebody,
    )

    assert (many.status_code, len(many.json()["errors"])) == (422, 50)
    assert many.json()["total"] == 1_000
    assert len(many.content) < 10_000
    assert (more.status_code, more.json()["errors"][0]["pointer"]) == (400, "/answers")


@pytest.mark.parametrize(
    "body", [b"", b"{", b"[]", b'{"answer": {}}', b'{"answers": [1, 2]}', b'{"durationS": 1.5}']
)
async def test_a_body_of_another_shape_is_not_understood(
    anybody: httpx.AsyncClient, somebody: dict[str, str], body: bytes
) -> None:
    answer = await anybody.post("/v1/form", content=body, headers=somebody)

    assert answer.status_code == 400
    assert answer.json()["type"] == "/problems/malformed-body"


async def test_a_token_that_nobody_has_opens_nothing(anybody: httpx.AsyncClient) -> None:
    stranger = as_key("t" * 43)

    answers = [
        await anybody.get("/v1/form", headers=stranger),
        await anybody.put("/v1/form", json={}, headers=stranger),
        await anybody.post("/v1/form", json=SHEET, headers=stranger),
    ]

    assert [answer.status_code for answer in answers] == [401, 401, 401]
    assert {answer.json()["type"] for answer in answers} == {"/problems/invitation-unknown"}


async def test_after_close_nothing_is_taken_and_nothing_told(
    anybody: httpx.AsyncClient, opened: OpenCampaign, now: datetime
) -> None:
    done, waiting = as_key(opened.tokens["P0000"]), as_key(opened.tokens["P0001"])
    await anybody.post("/v1/form", json=SHEET, headers=done)
    await close_campaign(opened.organisation, opened.campaign, now=now)

    answers = [
        await anybody.post("/v1/form", json=SHEET, headers=one) for one in (done, waiting)
    ]
    opened = [await anybody.get("/v1/form", headers=one) for one in (done, waiting)]

    assert [answer.json()["type"] for answer in answers] == ["/problems/campaign-not-open"] * 2
    assert [answer.json()["state"] for answer in opened] == ["closed", "closed"]


async def test_while_it_closes_nothing_is_taken_and_nothing_told(
    anybody: httpx.AsyncClient, opened: OpenCampaign, now: datetime
) -> None:
    done, waiting = as_key(opened.tokens["P0000"]), as_key(opened.tokens["P0001"])
    await anybody.post("/v1/form", json=SHEET, headers=done)
    await start_closing(opened.organisation, opened.campaign, by=COMMAND_LINE, now=now)

    answers = [
        answer
        for one in (done, waiting)
        for answer in (
            await anybody.post("/v1/form", json=SHEET, headers=one),
            await anybody.put("/v1/form", json={"answers": {}}, headers=one),
        )
    ]
    forms = [await anybody.get("/v1/form", headers=one) for one in (done, waiting)]

    assert [answer.status_code for answer in answers] == [409] * 4
    assert {answer.json()["type"] for answer in answers} == {"/problems/campaign-closing"}
    assert "closing" in answers[0].json()["detail"]
    assert [answer.json()["state"] for answer in forms] == ["closing", "closing"]


async def test_saving_after_submitting_is_a_conflict(
    anybody: httpx.AsyncClient, somebody: dict[str, str]
) -> None:
    await anybody.post("/v1/form", json=SHEET, headers=somebody)

    answer = await anybody.put("/v1/form", json={"answers": {}}, headers=somebody)

    assert answer.status_code == 409


async def test_a_sponsor_says_whether_it_may_be_shown(
    anybody: httpx.AsyncClient, opened: OpenCampaign
) -> None:
    items = [item.key for item in standard_instrument().items_for("sponsor")]
    sponsor = as_key(opened.tokens["S0000"])
    sheet = {"answers": dict.fromkeys(items, 5)}

    silent = await anybody.post("/v1/form", json=sheet, headers=sponsor)
    consenting = await anybody.post("/v1/form", json=sheet | {"consent": True}, headers=sponsor)

    assert silent.json()["errors"][0]["code"] == "missing-consent"
    assert consenting.status_code == 200
