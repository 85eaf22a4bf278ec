"""The description is complete, true, and readable without the internet."""

import json
import re
from collections.abc import Iterator
from typing import Any, get_args, get_origin

import httpx
import msgspec
import pytest
from litestar.routes import HTTPRoute

from api.description.bodies import example_of, request_type, response_type
from api.description.kinds import every_error
from api.http.application import Application
from api.schemas.examples import EXAMPLES
from api.schemas.wire import Wire
from tests.api.callers import description

METHODS = {"get", "put", "post", "patch", "delete"}


@pytest.fixture
def document(app: Application) -> dict[str, Any]:
    """Give the description."""
    return description(app)


def operations(document: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for methods in document["paths"].values():
        yield from methods.values()


def references(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        if isinstance(node.get("$ref"), str):
            yield node["$ref"]
        for value in node.values():
            yield from references(value)
    elif isinstance(node, list):
        for value in node:
            yield from references(value)


def resolve(document: dict[str, Any], reference: str) -> Any:
    found: Any = document
    for step in reference.removeprefix("#/").split("/"):
        found = found[step]
    return found


async def test_it_is_served_as_open_api_3_1(anybody: httpx.AsyncClient) -> None:
    answer = await anybody.get("/schema/openapi.json")

    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "application/json"
    assert answer.json()["openapi"].startswith("3.1")


PAGES = ("/schema", "/f/", "/form-assets", "/preview/", "/o/")
"""What people look at, and programs do not."""


def test_every_route_is_described(app: Application, document: dict[str, Any]) -> None:
    served = {
        (route.path_format, str(method).lower())
        for route in app.routes
        if isinstance(route, HTTPRoute) and not route.path.startswith(PAGES)
        for method in route.methods
        if str(method).lower() in METHODS
    }

    assert {
        (path, method) for path, methods in document["paths"].items() for method in methods
    } == served


def test_every_operation_has_an_id_of_its_own_a_summary_and_a_description(
    document: dict[str, Any],
) -> None:
    ids = [operation["operationId"] for operation in operations(document)]

    assert sorted(set(ids)) == sorted(ids)
    assert all(re.fullmatch(r"[A-Z][A-Za-z]+", name) for name in ids)
    assert all(one["summary"] and one["description"] for one in operations(document))
    assert all(one["tags"] for one in operations(document))


def test_every_body_has_an_example(document: dict[str, Any]) -> None:
    for operation in operations(document):
        name = operation["operationId"]
        for status, response in operation["responses"].items():
            for media, content in response.get("content", {}).items():
                assert "example" in content or "examples" in content, (name, status, media)
        for media, content in operation.get("requestBody", {}).get("content", {}).items():
            assert "example" in content or media.endswith("parquet"), (name, media)


def test_every_operation_without_a_body_says_so_by_its_status(
    document: dict[str, Any],
) -> None:
    empty = {
        operation["operationId"]
        for operation in operations(document)
        for status, response in operation["responses"].items()
        if status.startswith("2") and "content" not in response
    }

    assert empty == {"DeleteCampaign", "RemoveChannel", "ReportBounce", "SaveAnswers"}


def test_every_operation_says_who_may_call_it(document: dict[str, Any]) -> None:
    schemes = document["components"]["securitySchemes"]
    scopes = schemes["apiKey"]["x-scopes"]

    for operation in operations(document):
        for way in operation["security"]:
            for scheme, wanted in way.items():
                assert scheme in schemes
                assert set(wanted) <= set(scopes)


def test_every_problem_is_promised_as_one_and_named(document: dict[str, Any]) -> None:
    codes = {f"/problems/{kind.code}" for kind in every_error()} | {"/problems/internal-error"}

    for operation in operations(document):
        for status, given in operation["responses"].items():
            response = resolve(document, given["$ref"]) if "$ref" in given else given
            not_ready = operation["operationId"] == "IsReady" and status == "503"
            if int(status) < 400 or not_ready:
                continue
            assert list(response["content"]) == ["application/problem+json"]
            kinds = response["content"]["application/problem+json"]["schema"]["allOf"][1]
            assert set(kinds["properties"]["type"]["enum"]) <= codes
            assert kinds["properties"]["type"]["enum"]


def test_what_needs_a_key_promises_its_refusals(document: dict[str, Any]) -> None:
    for operation in operations(document):
        if operation["security"]:
            assert {"401", "429", "500", "503"} <= set(operation["responses"])
        if operation["security"] and "apiKey" in operation["security"][0]:
            assert "403" in operation["responses"]


def test_a_process_that_is_not_ready_says_why(document: dict[str, Any]) -> None:
    not_ready = document["paths"]["/health/ready"]["get"]["responses"]["503"]

    assert not_ready["content"]["application/json"]["schema"] == {
        "$ref": "#/components/schemas/Ready"
    }


def test_every_reference_leads_somewhere(document: dict[str, Any]) -> None:
    for reference in set(references(document)):
        assert resolve(document, reference) is not None


def test_the_framework_left_no_schema_of_its_own(document: dict[str, Any]) -> None:
    assert "status_code" not in json.dumps(document)


def test_every_path_parameter_is_described(document: dict[str, Any]) -> None:
    for path, methods in document["paths"].items():
        wanted = set(re.findall(r"{(\w+)}", path))
        for operation in methods.values():
            given = {
                one["name"]
                for one in operation.get("parameters", ())
                if one["in"] == "path" and one["required"]
            }
            assert given == wanted, path


def test_names_on_the_wire_are_camel_case(document: dict[str, Any]) -> None:
    for name, schema in document["components"]["schemas"].items():
        for member in schema.get("properties", ()):
            assert re.fullmatch(r"[a-z][A-Za-z0-9]*", member), (name, member)


def wires(kind: type[Wire] = Wire) -> Iterator[type[Wire]]:
    for child in kind.__subclasses__():
        if "example" in vars(child):
            yield child
        yield from wires(child)


@pytest.mark.parametrize(
    "kind", sorted({*wires(), *EXAMPLES}, key=lambda kind: str(kind.__name__))
)
def test_an_example_is_what_its_schema_reads(kind: Any) -> None:
    example = example_of(kind)

    read = msgspec.json.decode(msgspec.json.encode(example), type=kind)

    written = msgspec.json.decode(msgspec.json.encode(read))
    assert holds(written, example)


def holds(body: Any, example: Any) -> bool:
    """Tell whether a body says what an example says; it may also say what is so by default."""
    if isinstance(example, dict):
        return all(key in body and holds(body[key], value) for key, value in example.items())
    if isinstance(example, list):
        return len(body) == len(example) and all(map(holds, body, example))
    return bool(body == example)


def test_the_examples_of_every_handler_are_what_it_reads_and_writes(app: Application) -> None:
    for route in app.routes:
        if not isinstance(route, HTTPRoute):
            continue
        for handler in route.route_handlers:
            if not handler.resolve_include_in_schema():
                continue
            for kind in filter(None, (request_type(handler), response_type(handler))):
                example = msgspec.json.encode(example_of(kind))
                assert msgspec.json.decode(example, type=kind) is not None
                assert get_origin(kind) is None or get_args(kind)


def without_basis(body: Any, *, named: bool = False) -> Iterator[str]:
    """Yield the probabilities in a body that stand in no record with a basis."""
    if isinstance(body, dict):
        named = named or body.get("basis") == "model"
        for key, value in body.items():
            if not named and "probabilit" in key.lower():
                yield key
            yield from without_basis(value, named=named)
    elif isinstance(body, list):
        for each in body:
            yield from without_basis(each, named=named)


def examples(node: Any) -> Iterator[Any]:
    if isinstance(node, dict):
        for key, value in node.items():
            yield from [value] if key in {"example", "examples"} else examples(value)
    elif isinstance(node, list):
        for each in node:
            yield from examples(each)


def test_no_example_shows_a_probability_without_its_basis(document: dict[str, Any]) -> None:
    assert [key for example in examples(document) for key in without_basis(example)] == []


def test_a_body_that_is_sent_refuses_unknown_members(document: dict[str, Any]) -> None:
    for operation in operations(document):
        content = operation.get("requestBody", {}).get("content", {})
        schema = content.get("application/json", {}).get("schema", {})
        schema = schema.get("items", schema)
        if "$ref" in schema:
            name = schema["$ref"]
            assert resolve(document, name)["additionalProperties"] is False, name


@pytest.mark.parametrize("name", ["Campaign", "Evidence", "Figure", "Form"])
def test_a_body_that_is_only_answered_may_grow(document: dict[str, Any], name: str) -> None:
    grown = document["components"]["schemas"][name]

    assert "additionalProperties" not in grown


def test_components_have_plain_names(document: dict[str, Any]) -> None:
    names = set(document["components"]["schemas"])

    assert {"Campaign", "Instrument", "Key", "Person", "Unit", "UseCase"} <= names
    assert [name for name in names if "." in name] == []


def test_limits_of_values_are_in_the_description(document: dict[str, Any]) -> None:
    name = document["components"]["schemas"]["KeyPlan"]["properties"]["name"]

    assert (name["minLength"], name["maxLength"]) == (1, 200)


def test_the_keys_of_mappings_are_in_the_description(document: dict[str, Any]) -> None:
    overrides = document["components"]["schemas"]["Wording"]["properties"]["overrides"]

    assert overrides["propertyNames"] == {"enum": ["contributor", "manager", "sponsor"]}


def test_what_an_idempotency_key_may_be_is_in_the_description(
    document: dict[str, Any],
) -> None:
    (header,) = document["paths"]["/v1/keys"]["post"]["parameters"]

    assert header["schema"] == {"type": "string", "pattern": r"^[\x21-\x7e]{1,200}$"}


async def test_the_page_needs_no_other_server(anybody: httpx.AsyncClient) -> None:
    page = await anybody.get("/schema")

    assert page.status_code == 200
    assert page.headers["Content-Type"] == "text/html; charset=utf-8"
    named = re.findall(r"(?:https?:)?//[a-z0-9.-]+\.[a-z]+", page.text)
    addresses_of_nothing = (".example", "example.com", "www.w3.org")
    assert [one for one in named if not one.endswith(addresses_of_nothing)] == []
    files = re.findall(r"(?:src|href)=\"(/[^\"]+)\"", page.text)
    assert len(files) == 3
    for file in files:
        assert (await anybody.get(file)).status_code == 200


async def test_the_page_may_run_its_own_scripts_and_no_others(
    anybody: httpx.AsyncClient,
) -> None:
    page = await anybody.get("/schema")

    policy = page.headers["Content-Security-Policy"]
    assert "script-src 'self' 'unsafe-inline'" in policy
    assert "default-src 'none'" in policy
