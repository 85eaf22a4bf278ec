"""Use cases through HTTP: proposed once, changed by who has read them, ranked."""

from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from api.http.application import Application
from tests.api.callers import Caller, as_key, make_key
from tests.factories.use_cases import load_criteria

DATA, OWNER = "data_accessible", "single_owner"
GIVEN: dict[str, Any] = {"title": "Sort invoices", "unit": "A", "scores": {DATA: 3}}


@pytest.fixture(autouse=True)
async def criteria(organisation: UUID) -> None:
    """Give the organisation the units A and B and the standard criteria."""
    await load_criteria(organisation)


async def test_what_was_proposed_is_read_at_its_address(client: httpx.AsyncClient) -> None:
    made = await client.post("/v1/use-cases", json=GIVEN)
    read = await client.get(made.headers["Location"])

    assert (made.status_code, made.headers["ETag"]) == (201, '"1"')
    assert read.json() == made.json()
    assert read.json() | GIVEN == read.json()


async def test_a_repeat_proposes_nothing_anew(client: httpx.AsyncClient) -> None:
    key = {"Idempotency-Key": "one"}
    first = await client.post("/v1/use-cases", json=GIVEN, headers=key)

    again = await client.post("/v1/use-cases", json=GIVEN, headers=key)

    assert again.json() == first.json()
    assert len((await client.get("/v1/use-cases")).json()["items"]) == 1


async def test_use_cases_come_in_pages(client: httpx.AsyncClient) -> None:
    for title in "ab":
        await client.post("/v1/use-cases", json={"title": title})

    first = await client.get("/v1/use-cases?limit=1")
    rest = await client.get(first.links["next"]["url"])

    assert [page.json()["items"][0]["title"] for page in (first, rest)] == ["a", "b"]


async def test_who_has_read_it_changes_it(client: httpx.AsyncClient) -> None:
    made = await client.post("/v1/use-cases", json=GIVEN)

    after = await client.patch(
        made.headers["Location"],
        json={"scores": {DATA: None, OWNER: 2}, "state": "chosen", "unit": None},
        headers={"If-Match": made.headers["ETag"]},
    )

    assert (after.status_code, after.headers["ETag"]) == (200, '"2"')
    changed = {"scores": {OWNER: 2}, "state": "chosen", "unit": None}
    assert after.json() | changed == after.json()


@pytest.mark.parametrize(
    ("headers", "status", "kind"),
    [
        ({}, 428, "if-match-required"),
        ({"If-Match": '"2"'}, 412, "changed-meanwhile"),
        ({"If-Match": "1"}, 412, "changed-meanwhile"),
    ],
)
async def test_nobody_changes_what_they_have_not_seen(
    client: httpx.AsyncClient, headers: dict[str, str], status: int, kind: str
) -> None:
    made = await client.post("/v1/use-cases", json=GIVEN)

    answer = await client.patch(
        made.headers["Location"], json={"title": "Other"}, headers=headers
    )

    assert (answer.status_code, answer.json()["type"]) == (status, f"/problems/{kind}")


async def test_a_unit_is_found_in_any_spelling(client: httpx.AsyncClient) -> None:
    answer = await client.post("/v1/use-cases", json=GIVEN | {"unit": "A\u200b"})

    assert answer.json()["unit"] == "A"


@pytest.mark.parametrize(
    ("field", "value"), [("unit", "Z"), ("scores", {"speed": 1}), ("title", " ")]
)
async def test_what_breaks_a_rule_names_its_field(
    client: httpx.AsyncClient, field: str, value: object
) -> None:
    answer = await client.post("/v1/use-cases", json=GIVEN | {field: value})

    assert answer.status_code == 422
    assert [error["pointer"] for error in answer.json()["errors"]] == [f"/{field}"]


async def test_a_score_outside_its_scale_is_not_understood(client: httpx.AsyncClient) -> None:
    answer = await client.post("/v1/use-cases", json=GIVEN | {"scores": {DATA: 5}})

    assert (answer.status_code, answer.json()["type"]) == (400, "/problems/malformed-body")


async def test_what_is_not_there_is_not_found(
    client: httpx.AsyncClient, stranger: httpx.AsyncClient
) -> None:
    made = await client.post("/v1/use-cases", json=GIVEN)

    answers = [
        await client.get(f"/v1/use-cases/{uuid4()}"),
        await stranger.get(made.headers["Location"]),
    ]

    kinds = {(answer.status_code, answer.json()["type"]) for answer in answers}
    assert kinds == {(404, "/problems/use-case-not-found")}


async def test_candidates_are_ranked_and_weights_tried(client: httpx.AsyncClient) -> None:
    for title, scores in (("Data", {DATA: 4, OWNER: 0}), ("Owner", {DATA: 0, OWNER: 4})):
        await client.post("/v1/use-cases", json={"title": title, "scores": scores})

    ranked = (await client.get("/v1/use-cases/ranking")).json()
    tried = (await client.get(f"/v1/use-cases/ranking?weight={DATA}:0")).json()

    firsts = [one["titles"][one["ranking"]["candidates"][0]["key"]] for one in (ranked, tried)]
    assert firsts == ["Data", "Owner"]
    assert tried["ranking"]["weights"][DATA] == 0


@pytest.mark.parametrize("weight", ["data_accessible", "data_accessible:much", ":"])
async def test_a_weight_that_is_none_is_not_understood(
    client: httpx.AsyncClient, weight: str
) -> None:
    answer = await client.get("/v1/use-cases/ranking", params={"weight": weight})

    assert (answer.status_code, answer.json()["type"]) == (400, "/problems/malformed-parameter")


async def test_a_criterion_is_weighed_once(client: httpx.AsyncClient) -> None:
    answer = await client.get(f"/v1/use-cases/ranking?weight={DATA}:1&weight={DATA}:2")

    assert answer.status_code == 400


@pytest.mark.parametrize("weight", ["speed:1", f"{DATA}:-1", f"{DATA}:nan", f"{DATA}:inf"])
async def test_weights_that_cannot_be_are_refused(
    client: httpx.AsyncClient, weight: str
) -> None:
    answer = await client.get("/v1/use-cases/ranking", params={"weight": weight})

    assert (answer.status_code, answer.json()["type"]) == (422, "/problems/weights-invalid")


async def test_without_criteria_there_is_no_ranking(stranger: httpx.AsyncClient) -> None:
    answer = await stranger.get("/v1/use-cases/ranking")

    assert (answer.status_code, answer.json()["type"]) == (404, "/problems/catalogue-not-found")


async def test_a_key_of_a_part_ranks_what_is_its_own(
    app: Application, client: httpx.AsyncClient, organisation: UUID
) -> None:
    for unit in ("A", "B", None):
        await client.post("/v1/use-cases", json=GIVEN | {"unit": unit})
    key = as_key(await make_key(organisation, unit="A"))

    async with Caller(app, headers=key) as division:
        ranking = (await division.get("/v1/use-cases/ranking")).json()["ranking"]

    assert [one["unit"] for one in ranking["candidates"]] == ["A"]


async def test_the_trail_tells_of_it(client: httpx.AsyncClient) -> None:
    made = await client.post("/v1/use-cases", json=GIVEN)

    event = (await client.get("/v1/audit")).json()["items"][0]
    assert (event["action"], event["subjects"]) == (
        "use_case.created",
        [made.headers["Location"]],
    )
