"""Decisions through HTTP: conditional, beside the recommendation, and in the audit trail."""

from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from api.http.application import Application
from tests.api.callers import Caller, as_key, make_key
from tests.factories.directory import load_company
from tests.factories.recommendations import recommendation
from tests.factories.releases import make_release, unit

FIRST = {"If-None-Match": "*"}
ACCEPT = {"verdict": "accepted"}
OVERRIDE = {"verdict": "overridden", "model": "federated", "reason": "It has its own market."}


@pytest.fixture
async def recommendations(organisation: UUID) -> str:
    """Give the address of the recommendations of a release; unit C is suppressed."""
    release = await make_release(
        organisation,
        unit("A", recommendation=recommendation("coe")),
        unit("A1", "A", recommendation=recommendation("coe")),
        unit("B", recommendation=recommendation("coe")),
        unit("C", status="suppressed"),
    )
    return f"/v1/releases/{release}/recommendations"


async def decide(
    caller: httpx.AsyncClient,
    recommendations: str,
    body: dict[str, Any] = ACCEPT,
    *,
    code: str = "A",
    headers: dict[str, str] = FIRST,
) -> httpx.Response:
    return await caller.put(f"{recommendations}/{code}/decision", json=body, headers=headers)


async def test_the_first_decision_is_made_and_the_next_one_replaces_it(
    client: httpx.AsyncClient, recommendations: str
) -> None:
    first = await decide(client, recommendations)
    second = await decide(
        client, recommendations, OVERRIDE, headers={"If-Match": first.headers["ETag"]}
    )

    assert [(one.status_code, one.headers["ETag"]) for one in (first, second)] == [
        (201, '"1"'),
        (200, '"2"'),
    ]
    assert second.json() | OVERRIDE == second.json()
    assert second.json()["recommended"] == "coe"


async def test_a_unit_in_an_address_is_found_in_any_spelling(
    client: httpx.AsyncClient, recommendations: str
) -> None:
    await decide(client, recommendations, code="A%E2%80%8B")

    addresses = ("A%C2%A0", "A%C2%A0/decision", "A%C2%A0/decisions")
    answers = [await client.get(f"{recommendations}/{address}") for address in addresses]

    assert [answer.status_code for answer in answers] == [200, 200, 200]


async def test_the_decision_that_holds_is_read_with_its_etag(
    client: httpx.AsyncClient, recommendations: str
) -> None:
    decided = await decide(client, recommendations)

    read = await client.get(f"{recommendations}/A/decision")
    again = await client.get(
        f"{recommendations}/A/decision", headers={"If-None-Match": read.headers["ETag"]}
    )

    assert read.json() == decided.json()
    assert read.headers["ETag"] == decided.headers["ETag"]
    assert again.status_code == 304


async def test_any_decision_may_be_replaced_if_there_is_one(
    client: httpx.AsyncClient, recommendations: str
) -> None:
    none = await decide(client, recommendations, OVERRIDE, headers={"If-Match": "*"})
    await decide(client, recommendations)
    some = await decide(client, recommendations, OVERRIDE, headers={"If-Match": "*"})

    assert (none.status_code, none.json()["type"]) == (412, "/problems/changed-meanwhile")
    assert (some.status_code, some.headers["ETag"]) == (200, '"2"')


async def test_every_decision_is_kept(client: httpx.AsyncClient, recommendations: str) -> None:
    first = await decide(client, recommendations)
    second = await decide(client, recommendations, OVERRIDE, headers={"If-Match": '"1"'})

    listed = await client.get(f"{recommendations}/A/decisions")

    assert listed.json() == [first.json(), second.json()]


async def test_the_decision_stands_beside_the_recommendation(
    client: httpx.AsyncClient, recommendations: str
) -> None:
    decided = await decide(client, recommendations)

    listed = (await client.get(recommendations)).json()["items"]
    one = (await client.get(f"{recommendations}/A")).json()

    assert {item["unit"]: item.get("decision") for item in listed} == {
        "A": decided.json(),
        "A1": None,
        "B": None,
        "C": None,
    }
    assert one == listed[0]


async def test_who_reads_again_after_a_decision_gets_it(
    client: httpx.AsyncClient, recommendations: str
) -> None:
    before = await client.get(recommendations)
    await decide(client, recommendations)

    after = await client.get(recommendations, headers={"If-None-Match": before.headers["ETag"]})

    assert after.status_code == 200


@pytest.mark.parametrize(
    ("headers", "status", "kind"),
    [
        ({}, 428, "if-match-required"),
        ({"If-None-Match": '"1"'}, 428, "if-match-required"),
        (FIRST, 412, "changed-meanwhile"),
        ({"If-Match": '"2"'}, 412, "changed-meanwhile"),
        ({"If-Match": '"2"'} | FIRST, 412, "changed-meanwhile"),
        ({"If-Match": "1"}, 412, "changed-meanwhile"),
        ({"If-Match": '"abc"'}, 412, "changed-meanwhile"),
    ],
)
async def test_nobody_decides_over_what_they_have_not_seen(
    client: httpx.AsyncClient,
    recommendations: str,
    headers: dict[str, str],
    status: int,
    kind: str,
) -> None:
    first = await decide(client, recommendations)

    answer = await decide(client, recommendations, OVERRIDE, headers=headers)

    assert (answer.status_code, answer.json()["type"]) == (status, f"/problems/{kind}")
    assert (await client.get(f"{recommendations}/A/decision")).json() == first.json()


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"verdict": "overridden", "reason": "Because."}, "model"),
        ({"verdict": "overridden", "model": "coe", "reason": "Because."}, "model"),
        ({"verdict": "overridden", "model": "guild", "reason": "Because."}, "model"),
        ({"verdict": "overridden", "model": "federated"}, "reason"),
        ({"verdict": "overridden", "model": "federated", "reason": "x" * 2001}, "reason"),
        ({"verdict": "accepted", "model": "federated"}, "model"),
    ],
)
async def test_a_choice_that_breaks_a_rule_names_its_field(
    client: httpx.AsyncClient, recommendations: str, body: dict[str, str], field: str
) -> None:
    answer = await decide(client, recommendations, body)

    assert answer.status_code == 422
    assert [error["pointer"] for error in answer.json()["errors"]] == [f"/{field}"]


async def test_a_verdict_of_another_name_is_not_understood(
    client: httpx.AsyncClient, recommendations: str
) -> None:
    answer = await decide(client, recommendations, {"verdict": "postponed"})

    assert (answer.status_code, answer.json()["type"]) == (400, "/problems/malformed-body")


async def test_what_is_suppressed_cannot_be_decided(
    client: httpx.AsyncClient, recommendations: str
) -> None:
    answer = await decide(client, recommendations, OVERRIDE, code="C")

    assert answer.status_code == 409
    assert answer.json()["type"] == "/problems/nothing-recommended"


async def test_what_is_not_there_is_named(
    client: httpx.AsyncClient, stranger: httpx.AsyncClient, recommendations: str
) -> None:
    kinds = {
        "decision-not-found": await client.get(f"{recommendations}/A/decision"),
        "unit-not-found": await client.get(f"{recommendations}/Z/decisions"),
        "release-not-found": await decide(
            client, f"/v1/releases/{uuid4()}/recommendations", OVERRIDE
        ),
    }
    theirs = await decide(stranger, recommendations)

    for kind, answer in kinds.items():
        assert (answer.status_code, answer.json()["type"]) == (404, f"/problems/{kind}")
    assert theirs.json()["type"] == "/problems/release-not-found"


async def test_a_key_of_a_part_decides_there_and_nowhere_else(
    app: Application, organisation: UUID, recommendations: str
) -> None:
    await load_company(organisation, {"A": 0})
    key = as_key(await make_key(organisation, unit="A"))

    async with Caller(app, headers=key) as division:
        answers = [
            await decide(division, recommendations, code="A1"),
            await decide(division, recommendations, code="B"),
        ]

    assert [answer.status_code for answer in answers] == [201, 404]


async def test_who_only_reads_decides_nothing(
    app: Application, organisation: UUID, recommendations: str
) -> None:
    key = as_key(await make_key(organisation, scopes=["recommendations:read"]))

    async with Caller(app, headers=key) as reader:
        answer = await decide(reader, recommendations)

    assert answer.json()["type"] == "/problems/missing-scope"


async def test_the_trail_tells_of_every_decision_and_of_no_reason(
    client: httpx.AsyncClient, recommendations: str
) -> None:
    await decide(client, recommendations)
    await decide(client, recommendations, OVERRIDE, headers={"If-Match": '"1"'})

    first = await client.get("/v1/audit?limit=1")
    rest = await client.get(first.links["next"]["url"])

    assert [one.json()["items"][0]["action"] for one in (first, rest)] == [
        "recommendation.overridden",
        "recommendation.accepted",
    ]
    assert rest.json()["items"][0]["subjects"][0] == f"{recommendations}/A/decision"
    assert OVERRIDE["reason"] not in rest.text


async def test_the_trail_is_one_organisations_alone(
    client: httpx.AsyncClient, stranger: httpx.AsyncClient, recommendations: str
) -> None:
    await decide(client, recommendations)

    theirs = (await stranger.get("/v1/audit")).json()["items"]
    assert [event["action"] for event in theirs] == ["key.created"]
