"""The trail over HTTP: newest first, filtered, in pages, and whole as NDJSON."""

import hashlib
import json
from collections.abc import Collection
from typing import Any
from uuid import UUID

import httpx
import pytest

from api.http.exports import NDJSON
from models.engine import connection, transaction
from survey.access.audit_reading import verify_trail
from survey.access.keys import KeyPlan, create_key
from tests.factories.directory import load_company
from tests.factories.server import NOW

TRAIL = "/v1/audit"
AS_LINES = {"Accept": NDJSON}


async def actions(client: httpx.AsyncClient, query: str = "") -> list[str]:
    answer = await client.get(TRAIL + query)
    assert answer.status_code == 200, answer.text
    return [event["action"] for event in answer.json()["items"]]


@pytest.fixture
async def changed(client: httpx.AsyncClient) -> dict[str, Any]:
    """Change the organisation with the client's key; return the entry."""
    await client.patch("/v1/organisation", json={"minGroup": 9})
    event: dict[str, Any] = (await client.get(TRAIL)).json()["items"][0]
    return event


async def test_the_newest_comes_first_and_proves_the_others(
    client: httpx.AsyncClient, organisation: UUID, changed: dict[str, Any]
) -> None:
    assert await actions(client) == ["organisation.changed", "key.created"]
    found = await verify_trail(organisation, head=changed["mac"])
    assert (found.problem, found.head) == (None, changed["mac"])


async def test_it_says_who_and_what_and_before_and_after(changed: dict[str, Any]) -> None:
    assert changed["actor"]["kind"] == "key"
    assert changed["actor"]["name"] == "test"
    assert changed["subjects"] == ["/v1/organisation"]
    assert changed["facts"] == {"changes": {"minGroup": {"before": 5, "after": 9}}}


async def test_filters_are_joined(client: httpx.AsyncClient, changed: dict[str, Any]) -> None:
    key, at = changed["actor"]["key"], changed["at"]

    assert await actions(client, "?action=key.created") == ["key.created"]
    assert await actions(client, f"?actor={key}") == ["organisation.changed"]
    assert await actions(client, f"?actor={key}&action=key.created") == []
    assert await actions(client, f"?subject=/v1/keys/{key}") == ["key.created"]
    assert await actions(client, f"?since={at}") == ["organisation.changed"]
    assert await actions(client, f"?until={at}") == ["key.created"]


@pytest.mark.parametrize(
    ("query", "status", "named"),
    [
        ("?action=looked", 422, "campaign.opened"),
        ("?actor=somebody", 422, "command_line"),
        ("?since=yesterday", 400, "since"),
        ("?until=2026-11-23T09:00:00", 400, "until"),
        ("?since=0001-01-01T00:00:00Z", 400, "since"),
        (f"?subject={'x' * 301}", 400, "subject"),
        ("?topic=/", 400, "topic"),
    ],
)
async def test_a_filter_that_cannot_be_says_what_was_expected(
    client: httpx.AsyncClient, query: str, status: int, named: str
) -> None:
    answer = await client.get(TRAIL + query)

    assert answer.status_code == status
    assert named in answer.text


async def test_pages_keep_their_filter(client: httpx.AsyncClient) -> None:
    for size in (6, 7, 8):
        await client.patch("/v1/organisation", json={"minGroup": size})

    first = await client.get(f"{TRAIL}?action=organisation.changed&limit=2")
    rest = await client.get(first.links["next"]["url"])

    assert [len(page.json()["items"]) for page in (first, rest)] == [2, 1]
    assert not rest.links


async def test_new_entries_do_not_move_a_page(client: httpx.AsyncClient) -> None:
    for size in (6, 7):
        await client.patch("/v1/organisation", json={"minGroup": size})
    first = await client.get(f"{TRAIL}?limit=2")
    await client.patch("/v1/organisation", json={"minGroup": 8})

    rest = await client.get(first.links["next"]["url"])

    assert [event["number"] for event in rest.json()["items"]] == [1]


async def test_an_export_has_every_entry_and_ends_with_its_checksum(
    client: httpx.AsyncClient, organisation: UUID, changed: dict[str, Any]
) -> None:
    answer = await client.get(f"{TRAIL}?limit=1", headers=AS_LINES)

    *lines, last = answer.text.splitlines(keepends=True)
    assert answer.headers["Content-Type"] == NDJSON
    assert [json.loads(line)["number"] for line in lines] == [3, 2, 1]
    assert json.loads(lines[1]) == changed
    assert json.loads(last) == {
        "rows": 3,
        "sha256": hashlib.sha256("".join(lines).encode()).hexdigest(),
    }


async def test_an_export_goes_on_after_a_page(
    client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch, changed: dict[str, Any]
) -> None:
    monkeypatch.setattr("survey.access.audit_reading.MAX_LIMIT", 2)

    answer = await client.get(TRAIL, headers=AS_LINES)

    assert json.loads(answer.text.splitlines()[-1])["rows"] == 3


async def test_an_export_is_filtered_and_the_trail_tells_how(
    client: httpx.AsyncClient, changed: dict[str, Any]
) -> None:
    await client.get(f"{TRAIL}?action=key.created", headers=AS_LINES)

    newest = (await client.get(TRAIL)).json()["items"][0]
    assert (newest["action"], newest["facts"]) == (
        "audit.exported",
        {"filters": {"action": "key.created"}},
    )


async def test_what_is_neither_json_nor_lines_is_not_acceptable(
    client: httpx.AsyncClient,
) -> None:
    answer = await client.get(TRAIL, headers={"Accept": "text/csv"})

    assert (answer.status_code, answer.json()["type"]) == (406, "/problems/not-acceptable")


async def test_a_filter_that_is_refused_exports_nothing(client: httpx.AsyncClient) -> None:
    answer = await client.get(f"{TRAIL}?action=looked", headers=AS_LINES)

    assert answer.status_code == 422
    assert await actions(client) == ["key.created"]


async def test_the_trail_holds_no_key_and_no_name_of_a_person(
    client: httpx.AsyncClient, organisation: UUID
) -> None:
    made = await create_key(organisation, KeyPlan(name="x", scopes=("org:read",)), now=NOW)
    people = "external_id,email,display_name,unit_code,role\nann,a@x.example,Ann,C,manager\n"
    units = "code,name,parent_code,headcount\nC,Company,,3\n"
    for path, text in (("units", units), ("people", people)):
        answer = await client.put(
            f"/v1/{path}", content=text, headers={"Content-Type": "text/csv"}
        )
        assert answer.status_code == 200, answer.text

    trail = (await client.get(TRAIL)).text
    assert str(made.key) not in trail
    assert made.prefix not in trail
    assert [word for word in ("ann", "Ann", "a@x.example") if f'"{word}"' in trail] == []


def people(*active: str, gone: Collection[str] = ()) -> str:
    rows = [(one, "yes") for one in active] + [(one, "no") for one in gone]
    return "external_id,email,display_name,unit_code,role,active\n" + "".join(
        f"{one},,Somebody,C,contributor,{state}\n" for one, state in rows
    )


async def test_deactivating_many_people_is_one_entry_that_says_who(
    client: httpx.AsyncClient, organisation: UUID
) -> None:
    staff = [f"p{number}" for number in range(30)]
    await load_company(organisation, {"C": 0})
    as_csv = {"Content-Type": "text/csv"}
    await client.put("/v1/people", content=people(*staff), headers=as_csv)

    answer = await client.put(
        "/v1/people?expectDeactivated=25",
        content=people(*staff[25:], gone=staff[:25]),
        headers=as_csv,
    )

    assert answer.status_code == 200, answer.text
    newest, *_ = (await client.get(TRAIL)).json()["items"]
    ((kind, told),) = newest["facts"].items()
    assert (newest["action"], kind) == ("people.synced", "deactivated")
    assert (told["count"], len(set(told["ids"]))) == (25, 25)
    of_one = (await client.get(f"{TRAIL}?subject=/v1/people/p0")).json()["items"]
    of_another = (await client.get(f"{TRAIL}?subject=/v1/people/p29")).json()["items"]
    assert [list(event["facts"]) for event in of_one] == [["deactivated"], ["created"]]
    assert [list(event["facts"]) for event in of_another] == [["created"]]


async def test_erasing_a_person_leaves_the_trail_as_it_is(
    client: httpx.AsyncClient, organisation: UUID
) -> None:
    await load_company(organisation, {"C": 0})
    await client.put("/v1/people", content=people("ann"), headers={"Content-Type": "text/csv"})
    before = (await client.get(TRAIL)).json()

    async with transaction(organisation):
        await connection().execute("DELETE FROM person")

    assert (await client.get(TRAIL)).json() == before
    assert await actions(client, "?subject=/v1/people/ann") == []
    assert (await verify_trail(organisation)).problem is None
