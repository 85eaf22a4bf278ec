"""Files arrive in forms too, and under whatever media type programs give them."""

import io
from collections.abc import AsyncIterator, Mapping
from typing import Any
from uuid import UUID

import httpx
import polars as pl
import pytest

from api.http.application import Application
from api.settings import ApiSettings
from tests.api.callers import Caller, as_key, make_key
from tests.api.conftest import running
from tests.factories.campaigns import make_open

UNITS = b"code,name,parent_code,headcount\nC,Company,,0\nU9,Ninth,C,3\n"
PEOPLE = (
    b"external_id,email,display_name,unit_code,role\n"
    b"e1,e1@example.com,Kim Example,U1,contributor\n"
)
RESPONSES = b"respondent_id,unit,role,pain_1,pain_2\nR1,U1,contributor,2,3\n"


TAKES_FILES = ("org:write", "people:write", "responses:import")


@pytest.fixture
async def client(app: Application, organisation: UUID) -> AsyncIterator[httpx.AsyncClient]:
    """Call with a key that may send files of every kind."""
    key = await make_key(organisation, scopes=TAKES_FILES)
    async with Caller(app, headers=as_key(key)) as caller:
        yield caller


@pytest.fixture
async def targets(organisation: UUID) -> dict[str, tuple[str, str, bytes]]:
    """Give method, address and a file for each operation that takes one."""
    campaign = await make_open(organisation, {"U1": 6, "U2": 7})
    return {
        "units": ("PUT", "/v1/units", UNITS),
        "people": ("PUT", "/v1/people", PEOPLE),
        "responses": ("POST", f"/v1/campaigns/{campaign.id}/responses/import", RESPONSES),
    }


Targets = Mapping[str, tuple[str, str, bytes]]
each = pytest.mark.parametrize("target", ["units", "people", "responses"])


async def send(
    client: httpx.AsyncClient, targets: Targets, target: str, **request: Any
) -> httpx.Response:
    method, address, _ = targets[target]
    return await client.request(method, address, **request)


@each
@pytest.mark.parametrize(
    ("field", "called"),
    [
        ("file", "text/csv"),
        ("file", "application/octet-stream"),
        ("upload[]", "application/vnd.ms-excel"),
        ("people", ""),
    ],
)
async def test_a_form_with_one_file_is_read(
    client: httpx.AsyncClient, targets: Targets, target: str, field: str, called: str
) -> None:
    part = ("a.csv", targets[target][2], called)

    answer = await send(client, targets, target, files={field: part})

    assert answer.status_code == 200, answer.text


@each
@pytest.mark.parametrize(
    "called",
    [
        None,
        "application/octet-stream",
        "application/vnd.ms-excel",
        "text/plain; charset=utf-8",
        "application/x-www-form-urlencoded",
        "text/tab-separated-values",
    ],
)
async def test_a_body_without_a_telling_name_is_read_by_its_content(
    client: httpx.AsyncClient, targets: Targets, target: str, called: str | None
) -> None:
    headers = {"Content-Type": called} if called else {}

    answer = await send(client, targets, target, content=targets[target][2], headers=headers)

    assert answer.status_code == 200, answer.text


async def test_a_parquet_file_in_a_form_is_read(
    client: httpx.AsyncClient, targets: Targets
) -> None:
    frame = pl.DataFrame({"code": ["C"], "name": ["Company"], "headcount": [0]})
    file = frame.with_columns(parent_code=pl.lit(None, dtype=pl.String))

    answer = await send(client, targets, "units", files={"file": ("u.parquet", parquet(file))})

    assert answer.status_code == 200, answer.text


def parquet(frame: pl.DataFrame) -> bytes:
    written = io.BytesIO()
    frame.write_parquet(written)
    return written.getvalue()


@pytest.mark.parametrize("called", ["application/json", "application/octet-stream"])
async def test_a_json_list_in_a_form_is_read(
    client: httpx.AsyncClient, targets: Targets, called: str
) -> None:
    rows = b'[{"code": "C", "name": "Company", "headcount": 0}]'

    answer = await send(client, targets, "units", files={"file": ("u.json", rows, called)})

    assert answer.status_code == 200, answer.text


@each
async def test_complaints_name_the_file_of_the_form(
    client: httpx.AsyncClient, targets: Targets, target: str
) -> None:
    files = {"file": (r"C:\Users\kim\team.csv", b"colour\nred\n", "text/csv")}

    answer = await send(client, targets, target, files=files)

    assert answer.status_code == 422
    assert answer.json()["detail"].startswith("team.csv was rejected")


FORMS: dict[str, tuple[Any, dict[str, str], str]] = {
    "two files": (
        [("file", ("a.csv", b"a")), ("file", ("b.csv", b"b"))],
        {},
        "The form holds 2 files.",
    ),
    "no file": ([("dryRun", (None, b"true"))], {}, "The form holds no file."),
    "options beside the file": (
        [("file", ("a.csv", b"a")), ("dryRun", (None, b"true"))],
        {},
        "The form holds more than a file: dryRun.",
    ),
}
BROKEN = {
    "no boundary": (b"--x\r\n", "multipart/form-data"),
    "an empty body": (b"", "multipart/form-data; boundary=x"),
    "another boundary": (b"--y\r\n\r\n--y--\r\n", "multipart/form-data; boundary=x"),
    "an end missing": (
        b'--x\r\nContent-Disposition: form-data; name="f"; filename="a"\r\n\r\na,b',
        "multipart/form-data; boundary=x",
    ),
    "no disposition": (b"--x\r\n\r\na\r\n--x--\r\n", "multipart/form-data; boundary=x"),
    "bytes that are no text in its head": (
        b'--x\r\nContent-Disposition: form-data; name="\xff"; filename="\xfe"\r\n\r\n'
        b"a\r\n--x--\r\n",
        "multipart/form-data; boundary=x",
    ),
    "an unknown charset": (
        b'--x\r\nContent-Disposition: form-data; name="f"\r\n'
        b"Content-Type: text/plain; charset=klingon\r\n\r\n\xff\r\n--x--\r\n",
        "multipart/form-data; boundary=x",
    ),
    "a thousand parts": (
        b'--x\r\nContent-Disposition: form-data; name="f"\r\n\r\na\r\n' * 1000 + b"--x--\r\n",
        "multipart/form-data; boundary=x",
    ),
}


@each
@pytest.mark.parametrize("form", FORMS)
async def test_a_form_without_exactly_one_file_is_refused(
    client: httpx.AsyncClient, targets: Targets, target: str, form: str
) -> None:
    files, data, said = FORMS[form]

    answer = await send(client, targets, target, files=files, data=data)

    assert (answer.status_code, answer.json()["type"]) == (400, "/problems/malformed-body")
    assert answer.json()["detail"].startswith(said)


@each
@pytest.mark.parametrize("broken", BROKEN)
async def test_what_is_no_form_is_never_a_failure_of_ours(
    client: httpx.AsyncClient, targets: Targets, target: str, broken: str
) -> None:
    body, called = BROKEN[broken]
    headers = {"Content-Type": called, "Idempotency-Key": "form-1"}

    answer = await send(client, targets, target, content=body, headers=headers)

    assert answer.status_code in {400, 422}, answer.text
    assert answer.headers["content-type"] == "application/problem+json"


@each
@pytest.mark.parametrize("called", ["text/html", "application/xml", "image/png"])
async def test_what_is_called_something_else_is_refused(
    client: httpx.AsyncClient, targets: Targets, target: str, called: str
) -> None:
    headers = {"Content-Type": called}

    answer = await send(client, targets, target, content=b"a,b\n", headers=headers)

    assert answer.status_code == 415
    assert "multipart/form-data" in answer.json()["accepted"]


@each
async def test_a_form_in_which_nobody_chose_a_file_holds_none(
    client: httpx.AsyncClient, targets: Targets, target: str
) -> None:
    body = (
        b'--x\r\nContent-Disposition: form-data; name="file"; filename=""\r\n'
        b"Content-Type: application/octet-stream\r\n\r\n\r\n--x--\r\n"
    )
    headers = {"Content-Type": "multipart/form-data; boundary=x"}

    answer = await send(client, targets, target, content=body, headers=headers)

    assert answer.status_code == 400
    assert answer.json()["detail"].startswith("The form holds no file.")


async def test_a_repeated_form_gets_the_first_report_though_its_boundary_is_new(
    client: httpx.AsyncClient, targets: Targets
) -> None:
    headers = {"Idempotency-Key": "import-1"}
    files = {"file": ("r.csv", RESPONSES, "text/csv")}

    answers = [
        await send(client, targets, "responses", files=files, headers=headers) for _ in range(2)
    ]

    assert [answer.status_code for answer in answers] == [200, 200]
    assert (
        answers[0].request.headers["content-type"] != answers[1].request.headers["content-type"]
    )
    assert answers[1].content == answers[0].content


async def test_another_file_under_the_same_key_is_another_request(
    client: httpx.AsyncClient, targets: Targets
) -> None:
    headers = {"Idempotency-Key": "import-1"}
    await send(client, targets, "responses", files={"f": ("r.csv", RESPONSES)}, headers=headers)

    other = {"f": ("r.csv", RESPONSES.replace(b"R1", b"R2"))}
    answer = await send(client, targets, "responses", files=other, headers=headers)

    assert answer.json()["type"] == "/problems/idempotency-key-reused"


async def test_a_form_needs_the_scope_first(
    app: Application, organisation: UUID, targets: Targets
) -> None:
    key = await make_key(organisation, scopes=["org:read"])
    async with Caller(app, headers=as_key(key)) as reader:
        answer = await send(reader, targets, "people", files={"file": ("p.csv", PEOPLE)})

    assert answer.status_code == 403


@each
async def test_a_form_is_as_large_as_a_file_at_most(
    database: str, organisation: UUID, targets: Targets, target: str
) -> None:
    key = as_key(await make_key(organisation, scopes=TAKES_FILES))
    files = {"file": ("a.csv", bytes(1_000_000), "text/csv")}

    async with (
        running(database, ApiSettings(max_file_mb=1)) as small,
        Caller(small, headers=key) as caller,
    ):
        answer = await send(caller, targets, target, files=files)

    assert (answer.status_code, answer.json()["limit"]) == (413, 1_000_000)
