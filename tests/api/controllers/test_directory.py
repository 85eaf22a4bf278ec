"""The organisation, its units and its people."""

import json
from typing import Any
from uuid import UUID

import httpx
import polars as pl
import pytest

from api.http.application import Application
from tests.api.callers import Caller, as_key, make_key
from tests.factories.directory import load_company

CSV = {"Content-Type": "text/csv"}
UNITS = b"code,name,parent_code,headcount\nC,Company,,0\nU1,Unit 1,C,10\n"
PEOPLE = (
    b"external_id,email,display_name,unit_code,role\n"
    b"P1,p1@x.example,Person 1,U1,contributor\nP2,p2@x.example,Person 2,U1,sponsor\n"
)
UNIT = {"code": "C", "name": "Company", "headcount": 0}
PERSON = {
    "externalId": "P1",
    "email": "p1@x.example",
    "displayName": "Person 1",
    "unitCode": "U1",
    "role": "contributor",
}


async def test_the_organisation_shows_its_settings(
    client: httpx.AsyncClient, organisation: UUID
) -> None:
    answer = await client.get("/v1/organisation")

    assert answer.status_code == 200
    assert answer.json() == {
        "id": str(organisation),
        "key": f"org-{organisation}",
        "name": "Example",
        "defaultLocale": "en",
        "minGroup": 5,
        "embedOrigins": [],
        "timeZone": "UTC",
        "createdAt": "2026-11-23T09:00:00Z",
    }


async def test_settings_change_one_by_one(client: httpx.AsyncClient) -> None:
    before = (await client.get("/v1/organisation")).json()

    answer = await client.patch("/v1/organisation", json={"minGroup": 8})

    assert answer.json() == before | {"minGroup": 8}
    assert (await client.get("/v1/organisation")).json() == answer.json()


async def test_a_setting_cannot_be_taken_away(client: httpx.AsyncClient) -> None:
    answer = await client.patch("/v1/organisation", json={"name": None})

    assert answer.status_code == 400


async def test_a_file_becomes_the_tree(client: httpx.AsyncClient) -> None:
    answer = await client.put("/v1/units", content=UNITS, headers=CSV)

    assert answer.status_code == 200
    assert answer.json() == {
        "created": ["C", "U1"],
        "changed": [],
        "missing": [],
        "deactivated": [],
        "unchanged": 0,
        "dryRun": False,
        "notices": [],
    }
    assert (await client.get("/v1/units/U1")).json() == {
        "code": "U1",
        "name": "Unit 1",
        "parentCode": "C",
        "headcount": 10,
        "active": True,
    }


async def test_a_dry_run_reports_and_writes_nothing(client: httpx.AsyncClient) -> None:
    answer = await client.put("/v1/units?dryRun=true", content=UNITS, headers=CSV)

    assert (answer.json()["created"], answer.json()["dryRun"]) == (["C", "U1"], True)
    assert (await client.get("/v1/units")).json()["items"] == []


async def test_what_a_file_leaves_out_stays_unless_asked(client: httpx.AsyncClient) -> None:
    await client.put("/v1/units", content=UNITS, headers=CSV)
    short = UNITS.splitlines(keepends=True)[:2]

    kept = await client.put("/v1/units", content=b"".join(short), headers=CSV)
    gone = await client.put(
        "/v1/units?deactivateMissing=true", content=b"".join(short), headers=CSV
    )

    assert (kept.json()["missing"], kept.json()["deactivated"]) == (["U1"], [])
    assert gone.json()["deactivated"] == ["U1"]


@pytest.mark.parametrize("given", ["json", "parquet"])
async def test_json_and_parquet_say_the_same_as_csv(
    client: httpx.AsyncClient, given: str, tmp_path: Any
) -> None:
    if given == "json":
        rows = [UNIT, {"code": "U1", "name": "Unit 1", "parentCode": "C", "headcount": 10}]
        answer = await client.put("/v1/units", json=rows)
    else:
        pl.read_csv(UNITS).write_parquet(tmp_path / "units.parquet")
        answer = await client.put(
            "/v1/units",
            content=(tmp_path / "units.parquet").read_bytes(),
            headers={"Content-Type": "application/vnd.apache.parquet"},
        )

    same = await client.put("/v1/units", content=UNITS, headers=CSV)
    assert answer.status_code == 200, answer.text
    assert (same.json()["unchanged"], same.json()["changed"]) == (2, [])


async def test_a_broken_file_is_complained_about_place_by_place(
    client: httpx.AsyncClient,
) -> None:
    broken = UNITS.replace(b"U1,Unit 1,C,10", b"U1,Unit 1,nowhere,many")

    answer = await client.put("/v1/units", content=broken, headers=CSV)

    body = answer.json()
    assert answer.status_code == 422
    assert body["type"] == "/problems/file-rejected"
    assert {(one["line"], one["column"], one["value"]) for one in body["complaints"]} == {
        (3, "parent_code", "nowhere"),
        (3, "headcount", "many"),
    }
    assert (await client.get("/v1/units")).json()["items"] == []


async def test_a_broken_list_is_complained_about_by_pointer(client: httpx.AsyncClient) -> None:
    rows = [
        UNIT | {"name": "A name\nof two lines"},
        {"code": "U1", "name": "x", "parentCode": "nowhere", "headcount": -1},
    ]

    answer = await client.put("/v1/units", json=rows)

    assert answer.status_code == 422
    assert answer.json()["type"] == "/problems/rows-rejected"
    assert {(one["pointer"], one["value"]) for one in answer.json()["errors"]} == {
        ("/0/name", r"A name\nof two lines"),
        ("/1/parentCode", "nowhere"),
        ("/1/headcount", "-1"),
    }


async def test_a_list_of_other_things_is_not_understood(client: httpx.AsyncClient) -> None:
    answer = await client.put("/v1/units", json=[UNIT, {"code": "U1"}])

    assert answer.status_code == 400
    assert [one["pointer"] for one in answer.json()["errors"]] == ["/1/name", "/1/headcount"]


@pytest.mark.parametrize("address", ["/v1/units", "/v1/people"])
async def test_a_file_of_another_kind_is_not_read(
    client: httpx.AsyncClient, address: str
) -> None:
    answer = await client.put(
        address, content=b"x", headers={"Content-Type": "application/pdf"}
    )

    assert answer.status_code == 415
    assert "text/csv" in answer.json()["accepted"]


async def test_a_unit_that_does_not_exist_is_not_found(client: httpx.AsyncClient) -> None:
    answer = await client.get("/v1/units/U9")

    assert answer.status_code == 404
    assert answer.json()["type"] == "/problems/unit-not-found"


async def test_people_come_from_a_file_or_a_list(client: httpx.AsyncClient) -> None:
    await client.put("/v1/units", content=UNITS, headers=CSV)

    from_file = await client.put("/v1/people", content=PEOPLE, headers=CSV)
    from_list = await client.put("/v1/people", json=[PERSON])

    assert from_file.json()["created"] == ["P1", "P2"]
    assert (from_list.json()["unchanged"], from_list.json()["missing"]) == (1, ["P2"])
    assert (await client.get("/v1/people/P1")).json() == PERSON | {
        "function": None,
        "locale": None,
        "managerExternalId": None,
        "timeZone": None,
        "active": True,
    }


async def test_people_of_unknown_units_are_complained_about(client: httpx.AsyncClient) -> None:
    answer = await client.put("/v1/people", json=[PERSON])

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == "/0/unitCode"


async def test_people_may_come_back_as_they_were_read(client: httpx.AsyncClient) -> None:
    await client.put("/v1/units", content=UNITS, headers=CSV)
    await client.put("/v1/people", content=PEOPLE, headers=CSV)
    items = (await client.get("/v1/people")).json()["items"]

    answer = await client.put("/v1/people", json=items)

    assert answer.json()["unchanged"] == 2


async def test_units_may_come_back_as_they_were_read(client: httpx.AsyncClient) -> None:
    await client.put("/v1/units", content=UNITS, headers=CSV)
    items = (await client.get("/v1/units")).json()["items"]

    answer = await client.put("/v1/units", json=items)

    assert answer.json()["unchanged"] == 2


async def test_a_list_may_leave_the_address_out_and_say_who_has_left(
    client: httpx.AsyncClient,
) -> None:
    await client.put("/v1/units", content=UNITS, headers=CSV)
    await client.put("/v1/people", content=PEOPLE, headers=CSV)
    without = {name: value for name, value in PERSON.items() if name != "email"}

    answer = await client.put("/v1/people", json=[without | {"active": False}])

    assert answer.json()["deactivated"] == ["P1"]


@pytest.mark.parametrize("email", ["P1@X.example", "Person <p1@x.example>"])
async def test_an_address_of_somebody_else_is_complained_about(
    client: httpx.AsyncClient, email: str
) -> None:
    await client.put("/v1/units", content=UNITS, headers=CSV)
    await client.put("/v1/people", content=PEOPLE, headers=CSV)
    other = PERSON | {"externalId": "P7", "email": email}

    from_list = await client.put("/v1/people", json=[other])

    (error,) = from_list.json()["errors"]
    assert from_list.status_code == 422
    assert error["pointer"] == "/0/email"
    assert "the address belongs to P1" in error["detail"]


async def test_an_address_that_is_none_is_complained_about(client: httpx.AsyncClient) -> None:
    await client.put("/v1/units", content=UNITS, headers=CSV)

    answer = await client.put("/v1/people", json=[PERSON | {"email": "p1@x..example"}])

    (error,) = answer.json()["errors"]
    assert answer.status_code == 422
    assert error["pointer"] == "/0/email"
    assert "two periods in a row" in error["detail"]


async def test_an_entry_of_a_list_that_collides_names_the_other_entry(
    client: httpx.AsyncClient,
) -> None:
    await client.put("/v1/units", content=UNITS, headers=CSV)
    other = PERSON | {"externalId": "P2", "email": None}

    answer = await client.put("/v1/people", json=[other, PERSON, PERSON | {"email": None}])

    assert answer.json()["detail"] == "1 value is not as it should be."
    assert answer.json()["errors"] == [
        {
            "pointer": "/2/externalId",
            "code": "not-as-described",
            "detail": "Expected a value that occurs once; it stands in entry 1 already.",
            "value": "P1",
        }
    ]


async def test_an_empty_list_is_refused_in_words_of_lists(client: httpx.AsyncClient) -> None:
    answer = await client.put("/v1/units", json=[])

    assert answer.json()["errors"] == [
        {
            "pointer": "",
            "code": "not-as-described",
            "detail": "Expected at least one row; there is none.",
        }
    ]


@pytest.mark.parametrize("name", ["a\0b", "a\ud800b"])
async def test_text_of_a_list_that_no_table_holds_is_named_by_its_entry(
    client: httpx.AsyncClient, name: str
) -> None:
    body = json.dumps([PERSON, PERSON | {"displayName": name}])

    answer = await client.put(
        "/v1/people", content=body, headers={"Content-Type": "application/json"}
    )

    (error,) = answer.json()["errors"]
    assert answer.status_code == 400
    assert (error["pointer"], error["code"]) == ("/1/displayName", "not-text")


async def test_how_a_file_was_read_is_told(client: httpx.AsyncClient) -> None:
    await client.put("/v1/units", content=UNITS, headers=CSV)

    answer = await client.put("/v1/people", json=[PERSON | {"email": "mailto:p1@x.example"}])

    (notice,) = answer.json()["notices"]
    assert notice["code"] == "address"
    assert "one address was cleaned: 'mailto:p1@x.example' as" in notice["message"]


async def test_many_people_are_deactivated_only_if_their_number_is_stated(
    client: httpx.AsyncClient,
) -> None:
    await client.put("/v1/units", content=UNITS, headers=CSV)
    everybody = [PERSON | {"externalId": f"P{n}", "email": None} for n in range(1, 41)]
    await client.put("/v1/people", json=everybody)
    address = "/v1/people?deactivateMissing=true"

    refused = await client.put(address, json=everybody[:10])
    wrong = await client.put(f"{address}&expectDeactivated=29", json=everybody[:10])
    done = await client.put(f"{address}&expectDeactivated=30", json=everybody[:10])

    assert [refused.status_code, wrong.status_code, done.status_code] == [409, 409, 200]
    assert refused.json()["type"] == "/problems/unexpected-deactivations"
    assert (refused.json()["deactivated"], refused.json()["active"]) == (30, 40)
    assert len(done.json()["deactivated"]) == 30


async def test_a_unit_in_another_spelling_or_case_is_the_same_unit(
    client: httpx.AsyncClient,
) -> None:
    await client.put("/v1/units", content=UNITS, headers=CSV)

    read = await client.get("/v1/units/U1%E2%80%8B")
    put = await client.put("/v1/people", json=[PERSON | {"unitCode": "u1\u00a0"}])

    assert read.json()["code"] == "U1"
    assert put.status_code == 200
    assert (await client.get("/v1/people/P1")).json()["unitCode"] == "U1"


async def test_a_code_in_another_case_than_the_known_one_is_refused(
    client: httpx.AsyncClient,
) -> None:
    await client.put("/v1/units", content=UNITS, headers=CSV)

    answer = await client.put("/v1/units", content=UNITS.replace(b"U1", b"u1"), headers=CSV)

    assert answer.status_code == 409
    assert answer.json()["type"] == "/problems/keys-alike"
    assert answer.json()["keys"] == [{"key": "u1", "known": "U1"}]


async def test_a_key_that_may_only_change_people_reads_none(
    app: Application, organisation: UUID
) -> None:
    key = as_key(await make_key(organisation, scopes=["people:write"]))

    async with Caller(app, headers=key) as caller:
        answers = [await caller.get("/v1/people"), await caller.get("/v1/people/P1")]

    assert [answer.status_code for answer in answers] == [403, 403]
    assert answers[0].json()["scopes"] == ["people:read"]


async def test_units_with_people_cannot_be_left_out(client: httpx.AsyncClient) -> None:
    await client.put("/v1/units", content=UNITS, headers=CSV)
    await client.put("/v1/people", content=PEOPLE, headers=CSV)

    answer = await client.put("/v1/units?deactivateMissing=true", json=[UNIT])

    assert answer.status_code == 409
    assert answer.json()["units"] == ["U1"]


async def test_nobody_by_that_id_is_not_found(client: httpx.AsyncClient) -> None:
    assert (await client.get("/v1/people/P9")).json()["type"] == "/problems/person-not-found"


async def test_a_key_of_a_part_sees_that_unit_and_below(
    app: Application, organisation: UUID
) -> None:
    await load_company(organisation, {"U1": 2, "U2": 1})
    key = as_key(await make_key(organisation, unit="U1"))

    async with Caller(app, headers=key) as caller:
        units = await caller.get("/v1/units")
        people = await caller.get("/v1/people")
        outside = [await caller.get(address) for address in ("/v1/units/U2", "/v1/people/U2-0")]
        inside = await caller.get("/v1/people/U1-0")

    assert [unit["code"] for unit in units.json()["items"]] == ["U1"]
    assert [one["externalId"] for one in people.json()["items"]] == ["U1-0", "U1-1"]
    assert [answer.status_code for answer in outside] == [404, 404]
    assert inside.status_code == 200


async def test_a_file_may_be_larger_than_other_bodies(client: httpx.AsyncClient) -> None:
    many = b"".join(b"U%d,Unit %d,C,1\n" % (one, one) for one in range(80_000))

    answer = await client.put("/v1/units?dryRun=true", content=UNITS + many, headers=CSV)

    assert len(UNITS + many) > 1_000_000
    assert answer.status_code != 413
