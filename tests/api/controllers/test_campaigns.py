"""Campaigns from draft to close."""

import hashlib
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from api.http.application import Application
from models.engine import connection, transaction
from survey.access.scopes import GENERAL_SCOPES
from tests.api.callers import Caller, as_key, make_key, work_through
from tests.factories.campaigns import close_campaign, make_draft, make_open
from tests.factories.directory import load_company
from tests.factories.server import NOW

BASELINE = {"name": "Baseline", "instrumentKey": "small", "instrumentVersion": 1}
CSV = {"Content-Type": "text/csv"}
CONSOLE = {"channel": "console"}


@pytest.fixture
async def draft(organisation: UUID) -> str:
    """Give the address of a draft."""
    return f"/v1/campaigns/{(await make_draft(organisation)).id}"


@pytest.fixture
async def opened(organisation: UUID) -> str:
    """Give the address of an open campaign of two units."""
    campaign = await make_open(organisation, {"U1": 6, "U2": 7})
    return f"/v1/campaigns/{campaign.id}"


async def test_a_campaign_is_drafted_with_the_organisations_thresholds(
    client: httpx.AsyncClient, organisation: UUID
) -> None:
    await make_draft(organisation, name="To have the instrument")

    answer = await client.post("/v1/campaigns", json=BASELINE)

    body = answer.json()
    assert answer.status_code == 201
    assert answer.headers["Location"] == f"/v1/campaigns/{body.pop('id')}"
    assert answer.headers["ETag"] == '"1"'
    assert body == {
        "name": "Baseline",
        "wave": 1,
        "instrumentKey": "small",
        "instrumentVersion": 1,
        "mode": "anonymous",
        "state": "draft",
        "minGroup": 5,
        "minComments": 10,
        "minDrivers": 100,
        "opensAt": None,
        "closesAt": None,
        "sendingWindow": None,
        "reminders": [],
        "reminderHour": None,
        "inviteJoiners": False,
        "channel": None,
        "nextReminderAt": None,
        "problem": None,
        "openedAt": None,
        "closedAt": None,
        "audience": None,
        "revision": 1,
        "createdAt": "2026-11-23T09:00:00Z",
    }


@pytest.mark.parametrize(
    ("fields", "status", "problem"),
    [
        ({"instrumentKey": "none"}, 404, "instrument-not-found"),
        ({"name": "Taken"}, 409, "duplicate-campaign"),
        ({"minGroup": 3}, 422, "field-invalid"),
        ({"minComments": 4}, 422, "field-invalid"),
        ({"mode": "secret"}, 400, "malformed-body"),
        ({"wave": 0}, 400, "malformed-body"),
        ({"closesAt": "2026-12-01T10:00:00"}, 400, "malformed-body"),
        (
            {"opensAt": "2026-12-02T10:00:00Z", "closesAt": "2026-12-01T10:00:00Z"},
            422,
            "field-invalid",
        ),
    ],
)
async def test_a_draft_that_makes_no_sense_is_refused(
    client: httpx.AsyncClient,
    organisation: UUID,
    fields: dict[str, Any],
    status: int,
    problem: str,
) -> None:
    await make_draft(organisation, name="Taken")

    answer = await client.post("/v1/campaigns", json=BASELINE | fields)

    assert answer.status_code == status
    assert answer.json()["type"] == f"/problems/{problem}"


async def test_campaigns_are_listed_in_the_order_they_were_drafted(
    client: httpx.AsyncClient, draft: str
) -> None:
    await client.post("/v1/campaigns", json=BASELINE | {"wave": 2})

    listed = (await client.get("/v1/campaigns")).json()["items"]

    assert [one["wave"] for one in listed] == [1, 2]


async def test_who_has_read_a_draft_may_change_it(
    client: httpx.AsyncClient, draft: str
) -> None:
    tag = (await client.get(draft)).headers["ETag"]

    answer = await client.patch(
        draft, json={"name": "Later", "closesAt": None}, headers={"If-Match": tag}
    )

    assert answer.status_code == 200
    assert (answer.json()["name"], answer.json()["revision"]) == ("Later", 2)
    assert answer.headers["ETag"] == '"2"'


@pytest.mark.parametrize(
    ("header", "status", "problem"),
    [
        ({}, 428, "if-match-required"),
        ({"If-Match": '"7"'}, 412, "changed-meanwhile"),
        ({"If-Match": '"one"'}, 412, "changed-meanwhile"),
        ({"If-Match": "1"}, 412, "changed-meanwhile"),
        ({"If-Match": 'W/"1"'}, 412, "changed-meanwhile"),
    ],
)
async def test_a_draft_is_not_changed_unseen(
    client: httpx.AsyncClient, draft: str, header: dict[str, str], status: int, problem: str
) -> None:
    answer = await client.patch(draft, json={"name": "Mine"}, headers=header)

    assert answer.status_code == status
    assert answer.json()["type"] == f"/problems/{problem}"
    assert (await client.get(draft)).json()["name"] == "Baseline"


async def test_who_has_read_a_draft_may_delete_it(
    client: httpx.AsyncClient, draft: str
) -> None:
    tag = (await client.get(draft)).headers["ETag"]

    answer = await client.delete(draft, headers={"If-Match": tag})
    again = await client.delete(draft, headers={"If-Match": tag})

    assert (answer.status_code, answer.content) == (204, b"")
    assert again.json()["type"] == "/problems/campaign-not-found"
    assert (await client.get("/v1/campaigns")).json()["items"] == []
    event = (await client.get("/v1/audit")).json()["items"][0]
    assert (event["action"], event["subjects"]) == ("campaign.deleted", [draft])


@pytest.mark.parametrize(
    ("header", "status", "problem"),
    [
        ({}, 428, "if-match-required"),
        ({"If-Match": '"7"'}, 412, "changed-meanwhile"),
    ],
)
async def test_a_draft_is_not_deleted_unseen(
    client: httpx.AsyncClient, draft: str, header: dict[str, str], status: int, problem: str
) -> None:
    answer = await client.delete(draft, headers=header)

    assert (answer.status_code, answer.json()["type"]) == (status, f"/problems/{problem}")
    assert (await client.get(draft)).status_code == 200


async def test_a_campaign_that_has_opened_is_not_deleted(
    client: httpx.AsyncClient, opened: str
) -> None:
    tag = (await client.get(opened)).headers["ETag"]
    while_open = await client.delete(opened, headers={"If-Match": tag})
    await work_through(client, await client.post(f"{opened}/close"))
    tag = (await client.get(opened)).headers["ETag"]
    closed = await client.delete(opened, headers={"If-Match": tag})

    for answer, state in ((while_open, "open"), (closed, "closed")):
        assert (answer.status_code, answer.json()["state"]) == (409, state)
        assert answer.json()["type"] == "/problems/campaign-not-draft"


@pytest.mark.parametrize(
    ("fields", "problem"),
    [
        ({"unit": "U1"}, "whole-organisation-only"),
        ({"scopes": ["campaigns:read"]}, "missing-scope"),
    ],
)
async def test_a_key_of_a_part_or_of_a_reader_deletes_no_draft(
    app: Application, organisation: UUID, draft: str, fields: dict[str, Any], problem: str
) -> None:
    await load_company(organisation, {"U1": 1})
    key = as_key(await make_key(organisation, **fields))

    async with Caller(app, headers=key) as caller:
        answer = await caller.delete(draft, headers={"If-Match": '"1"'})

    assert (answer.status_code, answer.json()["type"]) == (403, f"/problems/{problem}")


@pytest.mark.parametrize("field", ["*", '"7", "1"', 'W/"7" , "1"', '"a,b","1"'])
async def test_any_revision_or_one_of_several_may_be_named(
    client: httpx.AsyncClient, draft: str, field: str
) -> None:
    answer = await client.patch(draft, json={"name": "Mine"}, headers={"If-Match": field})

    assert (answer.status_code, answer.headers["ETag"]) == (200, '"2"')


async def test_a_reader_of_the_present_revision_is_told_so(
    client: httpx.AsyncClient, draft: str
) -> None:
    answer = await client.get(draft, headers={"If-None-Match": '"1"'})

    assert answer.status_code == 304


async def test_participation_is_told_unit_by_unit(
    client: httpx.AsyncClient, opened: str
) -> None:
    answer = await client.get(f"{opened}/participation")

    assert answer.status_code == 200
    units = {unit["unit"]: unit for unit in answer.json()["units"]}
    assert units["U1"] == {
        "unit": "U1",
        "name": "Unit U1",
        "parent": "ALL",
        "status": "reported",
        "invited": 6,
    }


async def test_a_small_unit_has_no_number(
    client: httpx.AsyncClient, organisation: UUID
) -> None:
    campaign = await make_open(organisation, {"U1": 9, "U2": 2, "U3": 9})

    answer = await client.get(f"/v1/campaigns/{campaign.id}/participation")

    units = {unit["unit"]: unit for unit in answer.json()["units"]}
    assert units["U2"] == {
        "unit": "U2",
        "name": "Unit U2",
        "parent": "ALL",
        "status": "suppressed",
    }


async def test_a_key_of_a_part_sees_participation_of_that_part(
    app: Application, organisation: UUID, opened: str
) -> None:
    key = as_key(await make_key(organisation, unit="U1"))

    async with Caller(app, headers=key) as caller:
        answer = await caller.get(f"{opened}/participation")

    assert [unit["unit"] for unit in answer.json()["units"]] == ["U1"]


async def test_closing_is_a_job(client: httpx.AsyncClient, opened: str) -> None:
    answer = await client.post(f"{opened}/close")
    meanwhile = await client.get(opened)
    ended = await work_through(client, answer)

    assert (answer.status_code, answer.json()["state"]) == (202, "queued")
    assert meanwhile.json()["state"] == "closing"
    assert (ended.json()["state"], ended.json()["result"]) == ("succeeded", opened)
    campaign = (await client.get(opened)).json()
    assert (campaign["state"], campaign["closedAt"]) == ("closed", "2026-11-23T09:00:00Z")


async def test_a_campaign_that_is_closing_names_its_job(
    client: httpx.AsyncClient, opened: str
) -> None:
    first = await client.post(f"{opened}/close")
    again = await client.post(f"{opened}/close")

    assert again.status_code == 409
    assert again.json()["type"] == "/problems/job-under-way"
    assert again.json()["job"] == first.headers["Location"]


async def test_a_repeated_close_with_a_key_gets_the_first_job(
    client: httpx.AsyncClient, opened: str
) -> None:
    key = {"Idempotency-Key": "close-1"}

    answers = [await client.post(f"{opened}/close", headers=key) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [202, 202]
    assert answers[1].headers["Location"] == answers[0].headers["Location"]


async def test_a_closed_campaign_is_not_closed_again(
    client: httpx.AsyncClient, opened: str
) -> None:
    await work_through(client, await client.post(f"{opened}/close"))

    again = await client.post(f"{opened}/close")

    assert again.json()["type"] == "/problems/illegal-campaign-move"


async def test_a_campaign_that_is_closing_takes_no_file(
    client: httpx.AsyncClient, importer: httpx.AsyncClient, opened: str
) -> None:
    await client.post(f"{opened}/close")

    answer = await importer.post(f"{opened}/responses/import", content=b"unit\n", headers=CSV)

    assert answer.status_code == 409
    assert answer.json()["type"] == "/problems/campaign-closing"


async def test_a_file_of_responses_is_imported_once(
    importer: httpx.AsyncClient, opened: str
) -> None:
    file = b"unit,role,pain_1,pain_2\nU1,contributor,2,3\nU2,contributor,1,\n"

    first = await importer.post(f"{opened}/responses/import", content=file, headers=CSV)
    second = await importer.post(f"{opened}/responses/import", content=file, headers=CSV)

    assert first.status_code == 200, first.text
    assert (first.json()["responses"], first.json()["comments"]) == (2, 0)
    assert second.json()["type"] == "/problems/file-already-imported"


async def test_a_repeated_import_with_a_key_gets_the_first_report(
    importer: httpx.AsyncClient, opened: str
) -> None:
    file = b"unit,role,pain_1,pain_2\nU1,contributor,2,3\n"
    headers = CSV | {"Idempotency-Key": "import-1"}

    answers = [
        await importer.post(f"{opened}/responses/import", content=file, headers=headers)
        for _ in range(2)
    ]

    assert [answer.status_code for answer in answers] == [200, 200]
    assert answers[1].content == answers[0].content


async def test_what_is_kept_of_an_import_cannot_be_guessed(
    importer: httpx.AsyncClient, organisation: UUID, opened: str
) -> None:
    file = b"unit,role,pain_1,pain_2\nU1,contributor,2,3\n"
    address = f"{opened}/responses/import"
    await importer.post(address, content=file, headers=CSV | {"Idempotency-Key": "import-1"})

    async with transaction(organisation):
        kept = await connection().fetchval("SELECT request_hash FROM idempotency")

    parts = (address.encode(), b"", CSV["Content-Type"].encode(), file)
    assert kept != hashlib.sha256(b"\0".join(parts)).digest()


async def test_a_repeated_import_after_close_is_refused_as_any_other(
    client: httpx.AsyncClient, importer: httpx.AsyncClient, opened: str
) -> None:
    file = b"unit,role,pain_1,pain_2\nU1,contributor,2,3\n"
    headers = CSV | {"Idempotency-Key": "import-1"}
    address = f"{opened}/responses/import"
    assert (await importer.post(address, content=file, headers=headers)).status_code == 200
    await work_through(client, await client.post(f"{opened}/close"))

    again = await importer.post(address, content=file, headers=headers)

    assert again.json()["type"] == "/problems/campaign-not-open"


async def test_a_broken_file_of_responses_stores_nothing(
    importer: httpx.AsyncClient, opened: str
) -> None:
    file = b"unit,role,pain_1\nU1,contributor,9\nU7,contributor,1\n"

    answer = await importer.post(f"{opened}/responses/import", content=file, headers=CSV)

    assert answer.status_code == 422
    assert [one["line"] for one in answer.json()["complaints"]] == [2, 3]


async def test_a_file_for_a_campaign_that_is_not_open_is_refused(
    importer: httpx.AsyncClient, draft: str
) -> None:
    answer = await importer.post(f"{draft}/responses/import", content=b"unit\n", headers=CSV)

    assert answer.json()["type"] == "/problems/campaign-not-open"


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", ""),
        ("PATCH", ""),
        ("DELETE", ""),
        ("POST", "/open"),
        ("POST", "/close"),
        ("GET", "/participation"),
        ("GET", "/invitations"),
        ("POST", "/responses/import"),
        ("POST", "/releases"),
        ("GET", "/releases"),
        ("GET", "/releases/latest"),
    ],
)
async def test_another_organisations_campaign_is_not_there(
    app: Application, other_organisation: UUID, opened: str, method: str, path: str
) -> None:
    missing = opened.rsplit("/", 1)[0] + f"/{uuid4()}"
    json = CONSOLE if path.endswith("open") else {}
    body = {"content": b"unit\n"} if path.endswith("import") else {"json": json}
    headers = {"If-Match": '"1"'} | (CSV if path.endswith("import") else {})

    scopes = ["responses:import"] if path.endswith("import") else GENERAL_SCOPES
    key = as_key(await make_key(other_organisation, scopes=scopes))
    async with Caller(app, headers=key) as stranger:
        answers = [
            await stranger.request(method, address + path, headers=headers, **body)  # type: ignore[arg-type]  # httpx's many names
            for address in (opened, missing)
        ]

    assert [answer.status_code for answer in answers] == [404, 404]
    assert answers[0].json()["type"] == answers[1].json()["type"]


async def test_a_release_before_close_is_refused(
    client: httpx.AsyncClient, opened: str
) -> None:
    answer = await client.post(f"{opened}/releases", json={})

    assert answer.status_code == 409
    assert answer.json()["type"] == "/problems/campaign-not-closed"


async def test_a_campaign_that_nobody_answered_has_nothing_to_release(
    client: httpx.AsyncClient, organisation: UUID, opened: str
) -> None:
    await close_campaign(organisation, UUID(opened.rsplit("/", 1)[1]), now=NOW)

    answer = await client.post(f"{opened}/releases", json={})

    assert answer.json()["type"] == "/problems/nothing-to-release"
    assert (await client.get(f"{opened}/releases")).json() == []
