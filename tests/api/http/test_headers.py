"""Header fields of one value come once: of two, each reader might believe another."""

from collections.abc import AsyncIterator
from uuid import UUID

import httpx
import pytest

from api.http.application import Application
from api.http.headers import bearer, header_faults
from api.settings import ApiSettings
from models.engine import connection, transaction
from seed.loader import load_standard_content
from tests.api.callers import Caller, as_key, make_key
from tests.api.conftest import running
from tests.factories.open_campaign import OpenCampaign, answer_sheet, open_standard_campaign
from tests.factories.server import NOW

REAL, RANDOM = "Bearer real", "Bearer random"
BODY = answer_sheet(9).canonical()
EVERYWHERE = [
    ("GET", "/v1/organisation"),
    ("POST", "/v1/form"),
    ("GET", "/v1/form"),
    ("GET", "/health/live"),
    ("GET", "/problems/malformed-parameter"),
    ("GET", "/schema/openapi.json"),
    ("HEAD", "/v1/nothing"),
    ("OPTIONS", "/v1/units"),
    ("GET", "/v1/nothing"),
    ("FOO", "/v1/units"),
]


@pytest.mark.parametrize(("method", "address"), EVERYWHERE)
async def test_two_credentials_are_refused_everywhere(
    anybody: httpx.AsyncClient, method: str, address: str
) -> None:
    headers = [("Authorization", REAL), ("Authorization", RANDOM)]

    answer = await anybody.request(method, address, headers=headers)

    assert answer.status_code == 400
    assert answer.headers["X-Request-Id"]
    if method != "HEAD":
        assert answer.json() == {
            "type": "/problems/malformed-parameter",
            "title": "Malformed parameter",
            "status": 400,
            "detail": "A header is not as described.",
            "errors": [
                {
                    "parameter": "Authorization",
                    "code": "repeated",
                    "detail": "Expected this header once; the request has it 2 times.",
                }
            ],
            "total": 1,
        }


@pytest.mark.parametrize(
    "values",
    [
        [f"{REAL}, {RANDOM}"],
        ["Bearer real,random"],
        ["Basic b21rOnNlY3JldA==, Bearer random"],
        [REAL, REAL],
        [REAL, ""],
        ["Basic b21rOnNlY3JldA==", RANDOM],
    ],
)
async def test_several_credentials_are_refused_however_they_are_joined(
    anybody: httpx.AsyncClient, values: list[str]
) -> None:
    headers = [("Authorization", value) for value in values]

    answer = await anybody.get("/v1/organisation", headers=headers)

    assert answer.status_code == 400
    assert answer.json()["errors"][0]["parameter"] == "Authorization"
    assert "random" not in answer.text


async def test_a_scheme_whose_credential_has_commas_is_no_key_and_no_fault(
    anybody: httpx.AsyncClient,
) -> None:
    digest = {"Authorization": 'Digest username="a", realm="b"'}

    assert (await anybody.get("/v1/organisation", headers=digest)).status_code == 401


@pytest.fixture
async def small(database: str) -> AsyncIterator[Application]:
    """Run an application in which each credential may ask once a minute."""
    async with running(database, ApiSettings(key_limit=1, form_limit=1)) as made:
        yield made


@pytest.mark.parametrize("own_is_first", [True, False])
async def test_a_second_credential_does_not_get_a_key_past_its_limit(
    small: Application, organisation: UUID, own_is_first: bool
) -> None:
    own = as_key(await make_key(organisation))["Authorization"]
    async with Caller(small) as caller:
        await caller.get("/v1/organisation", headers={"Authorization": own})
        tried = []
        for number in range(5):
            both = [own, f"{RANDOM}{number}"][:: 1 if own_is_first else -1]
            headers = [("Authorization", value) for value in both]
            tried.append(await caller.get("/v1/organisation", headers=headers))

    assert [answer.status_code for answer in tried] == [400] * 5


@pytest.mark.parametrize("own_is_first", [True, False])
async def test_a_submission_with_a_second_credential_stores_nothing(
    anybody: httpx.AsyncClient, organisation: UUID, own_is_first: bool
) -> None:
    opened: OpenCampaign = await open_standard_campaign(organisation, now=NOW)
    both = [f"Bearer {opened.tokens['P0000']}", RANDOM][:: 1 if own_is_first else -1]
    headers = [("Authorization", value) for value in both]

    answer = await anybody.post("/v1/form", content=BODY, headers=headers)

    async with transaction(organisation):
        stored = await connection().fetchval("SELECT count(*) FROM envelope")
    assert (answer.status_code, stored) == (400, 0)


@pytest.mark.parametrize(
    "name", ["Content-Type", "Host", "Idempotency-Key", "Transfer-Encoding"]
)
async def test_a_field_of_one_value_that_comes_twice_is_named(
    client: httpx.AsyncClient, name: str
) -> None:
    answer = await client.post("/v1/keys", headers=[(name, "1"), (name, "1")])

    assert answer.status_code == 400
    assert answer.json()["errors"][0]["parameter"] == name


async def test_lists_may_be_spread_over_several_fields(
    client: httpx.AsyncClient, organisation: UUID
) -> None:
    await load_standard_content(organisation, now=NOW)
    tag = (await client.get("/v1/operating-models")).headers["ETag"]
    headers = [("If-None-Match", '"other"'), ("If-None-Match", tag)]

    answer = await client.get("/v1/operating-models", headers=headers)

    assert answer.status_code == 304


def test_names_are_compared_in_any_case() -> None:
    fields = [(b"Authorization", b"Bearer a"), (b"authorization", b"Bearer b")]

    assert [fault.parameter for fault in header_faults(fields)] == ["Authorization"]


@pytest.mark.parametrize(
    ("value", "credential"),
    [
        (b"Bearer abc", "abc"),
        (b"bEARER  abc ", "abc"),
        (b"Bearer", None),
        (b"Bearer ", None),
        (b"Basic abc", None),
        # Blanks that only some readers strip would give a credential several limits.
        (b"Bearer abc\xa0", "abc\xa0"),
    ],
)
def test_a_credential_is_read_in_one_way(value: bytes, credential: str | None) -> None:
    assert bearer([(b"host", b"x"), (b"authorization", value)]) == credential
