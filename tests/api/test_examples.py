"""Requests as the description shows them: accepted, and answered as it says."""

import json
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any
from uuid import UUID

import httpx
import pytest

from api.app import create_app
from api.http.application import Application
from api.http.multipart import MULTIPART
from api.schemas.message_examples import BOUNCE_SECRET
from api.settings import ApiSettings
from survey.access.scopes import GENERAL_SCOPES
from survey.messages.channels import configured_channels
from survey.messages.signatures import signature
from tests.api.callers import Caller, as_key, description, make_key
from tests.api.conftest import running
from tests.api.prepared import STAGES, Prepared
from tests.api.shapes import misshapen
from tests.factories.server import KEYS, NOW

STAGE_OF = {name: stage for stage, names in STAGES.items() for name in names.split()}


@dataclass(frozen=True)
class Shown:
    """A request, as the description shows it."""

    method: str
    path: str
    operation: dict[str, Any]
    media: str | None = None
    left_out: str = ""
    """Of `If-Match` and `If-None-Match`, which say the opposite, one is sent."""

    @property
    def name(self) -> str:
        return str(self.operation["operationId"])

    @property
    def case(self) -> str:
        """Name what must be prepared: to make something, it must not be there yet."""
        return f"{self.name}(new)" if self.left_out == "If-Match" else self.name

    def __str__(self) -> str:
        return f"{self.case}-{self.media}" if self.media else self.case

    def parameters(self, place: str) -> dict[str, Any]:
        """Return the examples of the parameters in a place; a cursor has none."""
        return {
            one["name"]: one["example"]
            for one in self.operation.get("parameters", ())
            if one["in"] == place and one["name"] not in {"cursor", self.left_out}
        }

    @property
    def is_paged(self) -> bool:
        return "cursor" in {one["name"] for one in self.operation.get("parameters", ())}

    def promised(self, status: int) -> dict[str, Any]:
        """Return the response that the description promises."""
        return dict(self.operation["responses"][str(status)])


@cache
def document() -> dict[str, Any]:
    return description(
        create_app(ApiSettings(), dsn="", server_key=b"", keys=KEYS, own_engine=False)
    )


def shown() -> Iterator[Shown]:
    """Yield every request of the description: one for each kind of body and opposite header."""
    for path, methods in document()["paths"].items():
        for method, operation in methods.items():
            content = operation.get("requestBody", {}).get("content", {})
            kinds = [media for media, body in content.items() if "example" in body] or [None]
            names = {one["name"] for one in operation.get("parameters", ())}
            opposites = {"If-Match", "If-None-Match"}
            for media in kinds:
                for left_out in sorted(opposites) if opposites <= names else [""]:
                    yield Shown(method.upper(), path, operation, media, left_out)


REQUESTS = list(shown())
MAKING = [one for one in REQUESTS if {"201", "202"} & set(one.operation["responses"])]
"""Those that make something, there or elsewhere."""


@pytest.fixture(scope="module")
async def examined(
    database: str, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Application]:
    """Run an application as it is configured outside development."""
    channels = configured_channels({}, home=tmp_path_factory.mktemp("home"))
    async with running(database, ApiSettings(), channels) as app:
        yield app


def with_real_ids(example: Any, prepared: Prepared) -> Any:
    """Put what exists in the place of what the examples name."""
    text = json.dumps(example)
    for named, real in prepared.ids.items():
        text = text.replace(json.dumps(named)[1:-1], json.dumps(real)[1:-1])
    return json.loads(text)


async def send(
    caller: httpx.AsyncClient, one: Shown, prepared: Prepared, **instead: object
) -> httpx.Response:
    """Send a request with the examples of all its parameters and of its body.

    Parameters
    ----------
    **instead
        Values of query parameters, instead of their examples.
    """
    path = one.path.format(**with_real_ids(one.parameters("path"), prepared))
    headers = with_real_ids(one.parameters("header"), prepared)
    body: dict[str, Any] = {}
    if one.media is not None:
        example = one.operation["requestBody"]["content"][one.media]["example"]
        given = with_real_ids(example, prepared)
        if one.media == MULTIPART:
            body["files"] = {part: ("given.csv", content) for part, content in given.items()}
        else:
            headers["Content-Type"] = one.media
            body["content"] = given if isinstance(given, str) else json.dumps(given)
    query = with_real_ids(one.parameters("query"), prepared) | instead
    return await caller.request(one.method, path, params=query, headers=headers, **body)


def signed(request: httpx.Request) -> httpx.Request:
    """Sign a report with the secret of the examples, as its sender does."""
    named, at = "msg_1", str(int(NOW.timestamp()))
    proof = signature(BOUNCE_SECRET, message=named, timestamp=at, body=request.content)
    request.headers["webhook-id"], request.headers["webhook-timestamp"] = named, at
    request.headers["webhook-signature"] = proof
    return request


async def caller_of(app: Application, one: Shown, prepared: Prepared) -> Caller:
    """Call with what the operation asks for: the token of a form, or a key with its scopes."""
    ways = one.operation["security"]
    if one.name == "ReportBounce":
        return Caller(app, auth=signed)
    if ways and "invitation" in ways[0]:
        return Caller(app, headers=as_key(prepared.token))
    # Whoever makes a key grants no scope that is not their own.
    makes_keys = one.name in {"CreateKey", "RotateKey"}
    scopes = GENERAL_SCOPES if makes_keys else ways[0]["apiKey"] if ways else ()
    key = await make_key(prepared.organisation, scopes=scopes or ("org:read",))
    return Caller(app, headers=as_key(key))


def test_every_operation_is_prepared_once() -> None:
    names = [name for listed in STAGES.values() for name in listed.split()]

    assert sorted(names) == sorted({one.case for one in REQUESTS})


def test_every_parameter_has_an_example_but_the_cursor() -> None:
    without = {
        (one.name, parameter["name"])
        for one in REQUESTS
        for parameter in one.operation.get("parameters", ())
        if "example" not in parameter and parameter["name"] != "cursor"
    }

    assert without == set()


@pytest.mark.parametrize("one", REQUESTS, ids=str)
async def test_a_shown_request_is_accepted_and_answered_as_described(
    examined: Application, organisation: UUID, one: Shown
) -> None:
    prepared = await STAGE_OF[one.case](organisation)

    async with await caller_of(examined, one, prepared) as caller:
        answer = await send(caller, one, prepared)

    assert answer.is_success, answer.text
    content = one.promised(answer.status_code).get("content")
    if content is None:
        assert answer.content == b""
    else:
        media = answer.headers["Content-Type"].partition(";")[0]
        said = answer.json() if media == "application/json" else answer.text
        assert misshapen(said, content[media]["schema"], document()) == []


@pytest.mark.parametrize("one", MAKING, ids=str)
async def test_what_was_made_is_read_with_the_same_key(
    examined: Application, organisation: UUID, one: Shown
) -> None:
    prepared = await STAGE_OF[one.case](organisation)

    async with await caller_of(examined, one, prepared) as caller:
        made = await send(caller, one, prepared)
        # What is put at an address is read there.
        address = made.url.path if one.method == "PUT" else made.headers["Location"]
        read = await caller.get(address)

    assert made.is_success, made.text
    assert read.status_code == 200, read.text


@pytest.mark.parametrize("one", [one for one in REQUESTS if one.is_paged], ids=str)
async def test_a_cursor_is_accepted_by_the_list_that_gave_it(
    examined: Application, organisation: UUID, one: Shown
) -> None:
    prepared = await STAGE_OF[one.case](organisation)

    async with await caller_of(examined, one, prepared) as caller:
        first = await send(caller, one, prepared, limit=1)
        rest = await caller.get(first.links["next"]["url"]) if first.links else first

    if first.headers["Content-Type"] == "application/json":
        assert len(first.json()["items"]) <= 1
    assert rest.status_code == 200, rest.text
