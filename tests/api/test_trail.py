"""Every request that changes or exports something is in the audit trail, or says why not.

The requests are those of the description, so that a new one cannot be forgotten; the same is
done for commands in ``tests/api/cli/test_trail_of_commands.py``.
"""

import json
from collections.abc import AsyncIterator
from uuid import UUID

import httpx
import pytest

from api.http.application import Application
from api.http.exports import NDJSON
from api.settings import ApiSettings
from models.engine import connection, transaction
from models.piccolo_app import APP_CONFIG
from survey.access import audit
from survey.access.audit_reading import AuditEventView, list_events, verify_trail
from survey.messages.channels import configured_channels
from tests.api.conftest import running
from tests.api.test_examples import REQUESTS, STAGE_OF, Shown, caller_of, send

NOT_RECORDED = {
    "SaveAnswers": "a draft of answers: the trail says nothing about who answers",
    "SubmitAnswers": "answers: the same, and capture never waits for the trail",
    "PreviewCampaign": "a look at a form: it changes nothing and shows no person",
    "PreviewInstrument": "the same",
}
RECORDED = [one for one in REQUESTS if one.method != "GET" and one.name not in NOT_RECORDED]
NOT_OF_A_USE_CASE = {"api_key", "idempotency", "audit_event", "api_key_index", "token_index"}
"""Who calls notes the day of the last use of its key; nobody can read the two indexes."""


@pytest.fixture(scope="module")
async def examined(
    database: str, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Application]:
    """Run an application as it is configured outside development."""
    channels = configured_channels({}, home=tmp_path_factory.mktemp("home"))
    async with running(database, ApiSettings(), channels) as app:
        yield app


async def events_of(organisation: UUID) -> tuple[AuditEventView, ...]:
    return (await list_events(organisation, limit=1000)).items


async def rows_of(organisation: UUID) -> dict[str, str]:
    """Return what every table holds of an organisation, as a checksum."""
    found = {}
    async with transaction(organisation):
        for table in APP_CONFIG.table_classes:
            name = table._meta.tablename
            if name not in NOT_OF_A_USE_CASE:
                found[name] = await connection().fetchval(
                    f"SELECT md5(string_agg(t::text, '|' ORDER BY t::text)) FROM {name} t"  # noqa: S608 - our own tables
                )
    return found


@pytest.mark.parametrize("one", RECORDED, ids=str)
async def test_a_request_that_changes_something_is_in_the_trail(
    examined: Application, organisation: UUID, one: Shown
) -> None:
    prepared = await STAGE_OF[one.case](organisation)
    async with await caller_of(examined, one, prepared) as caller:
        before = await events_of(organisation)
        answer = await send(caller, one, prepared, **_for_real(one))

    (made, *_) = before
    told = (await events_of(organisation))[: -len(before)]
    assert answer.is_success, answer.text
    assert [event.actor.name for event in told] == ["test"]
    assert made.action == "key.created"
    assert {event.actor.key for event in told} == {UUID(made.subjects[0].rpartition("/")[2])}
    assert (await verify_trail(organisation)).problem is None


@pytest.mark.parametrize("one", RECORDED, ids=str)
async def test_a_change_that_cannot_be_recorded_does_not_happen(
    examined: Application,
    organisation: UUID,
    one: Shown,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    prepared = await STAGE_OF[one.case](organisation)
    async with await caller_of(examined, one, prepared) as caller:
        before = await rows_of(organisation), await events_of(organisation)
        monkeypatch.setattr(audit, "_server_key", lambda: b"another key" * 4)
        monkeypatch.setattr(examined.state["services"].apart, "_server_key", b"another key" * 4)
        answer = await send(caller, one, prepared, **_for_real(one))

    assert answer.status_code == 503, answer.text
    assert answer.json()["type"] == "/problems/trail-key-differs"
    assert (await rows_of(organisation), await events_of(organisation)) == before


def _for_real(one: Shown) -> dict[str, object]:
    """Leave a dry run aside: it changes nothing, and its entry is undone with it."""
    return {"dryRun": False} if "dryRun" in one.parameters("query") else {}


@pytest.mark.parametrize("name", ["SyncUnits", "SyncPeople"])
async def test_a_dry_run_is_not_in_the_trail(
    examined: Application, organisation: UUID, name: str
) -> None:
    one = next(one for one in REQUESTS if one.name == name)
    prepared = await STAGE_OF[one.case](organisation)
    async with await caller_of(examined, one, prepared) as caller:
        before = await events_of(organisation)
        answer = await send(caller, one, prepared)

    assert answer.json()["dryRun"] is True
    assert await events_of(organisation) == before


@pytest.mark.parametrize("one", [one for one in REQUESTS if one.name in NOT_RECORDED], ids=str)
async def test_an_answer_or_a_preview_leaves_nothing_in_the_trail(
    examined: Application, organisation: UUID, one: Shown
) -> None:
    prepared = await STAGE_OF[one.case](organisation)
    async with await caller_of(examined, one, prepared) as caller:
        before = await events_of(organisation)
        answer = await send(caller, one, prepared)

    assert answer.is_success, answer.text
    assert await events_of(organisation) == before


def test_every_request_that_answers_with_a_file_is_an_export() -> None:
    files = {
        one.name
        for one in REQUESTS
        for response in one.operation["responses"].values()
        for media in response.get("content", {})
        if media not in {"application/json", "application/problem+json"}
    }

    settings_alone = {"ReadPrivacyStatement"}
    assert files - settings_alone == {"ListAuditEvents"}


async def test_an_export_is_in_the_trail_and_in_itself(client: httpx.AsyncClient) -> None:
    answer = await client.get("/v1/audit", headers={"Accept": NDJSON})

    newest, *_, last = map(json.loads, answer.text.splitlines())
    assert (newest["action"], newest["facts"]) == ("audit.exported", {"filters": {}})
    assert last["rows"] == newest["number"]
