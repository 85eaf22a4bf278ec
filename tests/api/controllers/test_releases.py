"""Releases and their results: a whole campaign through HTTP, then what readers see of it."""

from base64 import urlsafe_b64encode
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

import httpx
import msgspec
import polars as pl
import pytest

from api.http.application import Application
from seed.loader import load_standard_content
from survey.releases.store import read_analysis
from tests.api.callers import Caller, as_key, make_key, work_through
from tests.factories.directory import make_organisation
from tests.factories.north import NORTH, ONE_PERSON, with_consent
from tests.factories.server import NOW

CSV = {"Content-Type": "text/csv"}
PLAN = {"name": "North", "instrumentKey": "ai-scaling-conditions", "instrumentVersion": 1}


@dataclass(frozen=True)
class North:
    """Company north, surveyed and released."""

    organisation: UUID
    campaign: str
    """Address of the campaign."""
    asked: httpx.Response
    """The answer to the request for a release."""
    ended: httpx.Response
    """Its job, once it has ended."""

    @property
    def release(self) -> str:
        """Address of the release."""
        return str(self.ended.json()["result"])


@pytest.fixture(scope="module")
async def north(app: Application) -> North:
    """Survey company north from nothing to a release, all of it through HTTP."""
    organisation = await make_organisation()
    await load_standard_content(organisation, now=NOW)
    async with Caller(app, headers=as_key(await make_key(organisation))) as caller:
        await caller.put("/v1/units", content=(NORTH / "units.csv").read_bytes(), headers=CSV)
        await caller.put("/v1/people", content=ONE_PERSON, headers=CSV)
        drafted = await caller.post("/v1/campaigns", json=PLAN)
        campaign = drafted.headers["Location"]
        await caller.post(f"{campaign}/open", json={"channel": "console"})
        file = with_consent()
        importer = as_key(await make_key(organisation, scopes=["responses:import"]))
        await caller.post(f"{campaign}/responses/import", content=file, headers=CSV | importer)
        await work_through(caller, await caller.post(f"{campaign}/close"))
        asked = await caller.post(
            f"{campaign}/releases", json={"seed": 7}, headers={"Idempotency-Key": "one"}
        )
        ended = await work_through(caller, asked)
    return North(organisation, campaign, asked, ended)


@pytest.fixture
async def reader(app: Application, north: North) -> AsyncIterator[httpx.AsyncClient]:
    """Call with a key that may read results."""
    key = await make_key(
        north.organisation, scopes=["analytics:read", "recommendations:read", "campaigns:write"]
    )
    async with Caller(app, headers=as_key(key)) as caller:
        yield caller


async def everything(caller: httpx.AsyncClient, address: str) -> list[dict[str, Any]]:
    """Follow the links from page to page."""
    items: list[dict[str, Any]] = []
    at: str | None = f"{address}?limit=500"
    while at is not None:
        answer = await caller.get(at)
        items += answer.json()["items"]
        at = answer.links["next"]["url"] if "next" in answer.links else None
    return items


async def test_releasing_is_a_job(north: North) -> None:
    asked, ended = north.asked.json(), north.ended.json()

    assert north.asked.status_code == 202
    assert north.asked.headers["Location"] == f"/v1/jobs/{asked['id']}"
    assert (asked["kind"], asked["subject"]) == ("release", north.campaign)
    assert (asked["state"], asked["progress"], asked["result"]) == ("queued", 0, None)
    assert (ended["state"], ended["progress"], ended["problem"]) == ("succeeded", 1, None)


async def test_a_release_says_what_it_was_computed_from(
    reader: httpx.AsyncClient, north: North
) -> None:
    body = (await reader.get(north.release)).json()

    assert body["campaign"] == north.campaign.rsplit("/", 1)[1]
    assert body["computedAt"] == "2026-11-23T09:00:00Z"
    assert body["lineage"]["seed"] == 7
    assert body["lineage"]["instrument"] == "ai-scaling-conditions@1"
    assert body["lineage"]["thresholds"] == {"scores": 5, "comments": 10, "drivers": 100}
    assert sum(body["organisation"]["mix"].values()) == pytest.approx(1)


async def test_a_campaign_is_released_once(reader: httpx.AsyncClient, north: North) -> None:
    again = await reader.post(f"{north.campaign}/releases")

    assert again.status_code == 409
    assert again.json()["type"] == "/problems/already-released"


async def test_the_release_is_found_by_list_by_latest_and_by_id(
    reader: httpx.AsyncClient, north: North
) -> None:
    listed = await reader.get(f"{north.campaign}/releases")
    latest = await reader.get(f"{north.campaign}/releases/latest")
    by_id = await reader.get(north.release)

    assert listed.json() == [by_id.json()]
    assert latest.json() == by_id.json()


async def test_results_are_those_of_the_analysis(
    reader: httpx.AsyncClient, north: North
) -> None:
    release = UUID(north.release.rsplit("/", 1)[1])
    analysis, names = await read_analysis(north.organisation, release)
    wanted = msgspec.json.decode(msgspec.json.encode(analysis))["units"]

    for address, member in (
        ("constraints", "constraint"),
        ("recommendations", "recommendation"),
        ("sponsorship-gap", "sponsorship"),
    ):
        shown = await everything(reader, f"{north.release}/{address}")

        assert [one["unit"] for one in shown] == [unit["unit"] for unit in wanted]
        assert [one["name"] for one in shown] == [names[unit["unit"]] for unit in wanted]
        for one, unit in zip(shown, wanted, strict=True):
            if one["status"] == "suppressed":
                assert member not in one
            else:
                assert one[member] == unit[member]


async def test_scores_are_shown_or_suppressed_and_never_both(
    reader: httpx.AsyncClient, north: North
) -> None:
    scores = await everything(reader, f"{north.release}/scores")

    figures = {"n", "mean", "low", "high", "level"}
    assert {one["status"] for one in scores} == {"reported", "suppressed"}
    assert all(
        figures <= set(one) if one["status"] == "reported" else not figures & set(one)
        for one in scores
    )
    assert {one["cut"] for one in scores} == {"all", "managers", "contributors"}
    keys = [(one["unit"], one["construct"], one["cut"]) for one in scores]
    assert keys == sorted(set(keys))


@pytest.mark.parametrize(
    "address", ["scores", "constraints", "recommendations", "sponsorship-gap"]
)
async def test_every_page_carries_its_release(
    reader: httpx.AsyncClient, north: North, address: str
) -> None:
    page = await reader.get(f"{north.release}/{address}?limit=1")

    assert page.json()["release"] == (await reader.get(north.release)).json()
    assert len(page.json()["items"]) == 1
    assert f'cursor={page.json()["nextCursor"]}>; rel="next"' in page.headers["Link"]


async def test_one_unit_can_be_asked_for(reader: httpx.AsyncClient, north: North) -> None:
    listed = await everything(reader, f"{north.release}/recommendations")

    answers = [
        (await reader.get(f"{north.release}/recommendations/{one['unit']}")).json()
        for one in listed[::7]
    ]

    assert answers == listed[::7]


async def test_a_unit_that_the_release_does_not_have_is_not_found(
    reader: httpx.AsyncClient, north: North
) -> None:
    answer = await reader.get(f"{north.release}/recommendations/none")

    assert answer.status_code == 404
    assert answer.json()["type"] == "/problems/unit-not-found"


async def test_a_key_of_a_division_sees_it_and_below(app: Application, north: North) -> None:
    key = as_key(await make_key(north.organisation, unit="D01"))
    units = pl.read_csv(NORTH / "units.csv")
    below = units.filter(pl.col("parent_code") == "D01")["code"].to_list()

    async with Caller(app, headers=key) as caller:
        seen = await everything(caller, f"{north.release}/recommendations")
        scores = await everything(caller, f"{north.release}/scores")
        outside = await caller.get(f"{north.release}/recommendations/D02")

    assert [one["unit"] for one in seen] == sorted(["D01", *below])
    assert {one["unit"] for one in scores} == {"D01", *below}
    assert outside.status_code == 404


@pytest.mark.parametrize(
    "address",
    [
        "",
        "/scores",
        "/constraints",
        "/recommendations",
        "/recommendations/D01",
        "/sponsorship-gap",
    ],
)
async def test_who_has_a_release_does_not_get_it_again(
    reader: httpx.AsyncClient, north: North, address: str
) -> None:
    first = await reader.get(north.release + address)

    again = await reader.get(
        north.release + address, headers={"If-None-Match": first.headers["ETag"]}
    )

    assert (first.status_code, again.status_code, again.content) == (200, 304, b"")


async def test_two_readers_see_the_same_bytes(app: Application, north: North) -> None:
    tags = set()
    for scopes in (["analytics:read"], ["analytics:read", "org:read"]):
        key = as_key(await make_key(north.organisation, scopes=scopes))
        async with Caller(app, headers=key) as caller:
            tags.add((await caller.get(f"{north.release}/scores")).headers["ETag"])

    assert len(tags) == 1


@pytest.mark.parametrize(
    "address",
    [
        "",
        "/scores",
        "/constraints",
        "/recommendations",
        "/recommendations/D01",
        "/sponsorship-gap",
    ],
)
async def test_another_organisation_sees_nothing_of_it(
    stranger: httpx.AsyncClient, north: North, address: str
) -> None:
    answers = [
        await stranger.get(north.release + address),
        await stranger.get(f"/v1/releases/{uuid4()}{address}"),
    ]

    assert [answer.status_code for answer in answers] == [404, 404]
    assert {answer.json()["type"] for answer in answers} == {"/problems/release-not-found"}


@pytest.mark.parametrize(
    "key", ["D01", "D01\tdata_readiness", "D01\tdata_readiness\tall\tmore"]
)
async def test_a_cursor_of_another_shape_is_refused(
    reader: httpx.AsyncClient, north: North, key: str
) -> None:
    cursor = urlsafe_b64encode(msgspec.json.encode(["ListScores", key])).decode()

    answer = await reader.get(f"{north.release}/scores", params={"cursor": cursor})

    assert answer.status_code == 400
    assert answer.json()["type"] == "/problems/malformed-cursor"


async def test_a_release_can_be_found_by_who_reads_recommendations_alone(
    app: Application, north: North
) -> None:
    key = as_key(await make_key(north.organisation, scopes=["recommendations:read"]))

    async with Caller(app, headers=key) as caller:
        found = await caller.get(f"{north.campaign}/releases/latest")
        scores = await caller.get(f"{north.release}/scores")

    assert (found.status_code, scores.status_code) == (200, 403)
