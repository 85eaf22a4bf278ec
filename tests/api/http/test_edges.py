"""What comes in is bounded everywhere, and what earlier versions let in can be read."""

from collections.abc import Iterator
from uuid import UUID, uuid4

import httpx
from litestar.routes import HTTPRoute
from msgspec import inspect

from api.description.bodies import request_type
from api.http.application import Application
from survey.instruments.store import import_instrument
from tests.api.callers import description
from tests.databases import query
from tests.factories.campaigns import make_draft
from tests.factories.definition import make_definition
from tests.factories.directory import load_company

ADDRESSES = {
    "campaignId", "releaseId", "keyId", "useCaseId", "jobId",
}  # fmt: skip
OF_LINKS = {"ExportLinks", "PrintLetters", "ReadLinkCode"}
CURSORS = [
    "", "x", "not base64!", "aGVsbG8", "WyJMaXN0VW5pdHMiLCJVMSJd", "AAAA", "%00",
    "bnVsbA", "WzEsMl0", "OTk5OTk5OTk5OTk5OTk5OTk5OTk5OTk5", "x" * 1_000, "\u00fc",
]  # fmt: skip


def unbounded(kind: inspect.Type, at: str) -> Iterator[str]:
    """Yield the places of a type that take numbers, texts, lists or objects of any size."""
    kind = kind.type if isinstance(kind, inspect.Metadata) else kind
    most = getattr(kind, "le", None) if isinstance(kind, inspect.IntType) else None
    if isinstance(kind, inspect.IntType) and (most is None or kind.ge is None):
        yield at
    if isinstance(kind, inspect.AnyType):
        yield at
    sized = isinstance(kind, inspect.StrType | inspect.VarTupleType | inspect.DictType)
    if sized and getattr(kind, "max_length", None) is None:
        yield at
    for inner in ("item_type", "key_type", "value_type"):
        if hasattr(kind, inner):
            yield from unbounded(getattr(kind, inner), f"{at}/{inner}")
    for inner in getattr(kind, "types", ()):
        yield from unbounded(inner, at)
    if isinstance(kind, inspect.StructType):
        for field in kind.fields:
            yield from unbounded(field.type, f"{at}/{field.encode_name}")


def test_every_body_is_bounded_in_every_part(app: Application) -> None:
    kinds = {
        request_type(handler)
        for route in app.routes
        if isinstance(route, HTTPRoute)
        for handler in route.route_handlers
    } - {None}

    assert len(kinds) > 10
    assert [
        place for kind in kinds for place in unbounded(inspect.type_info(kind), kind.__name__)
    ] == []


def test_every_parameter_of_an_address_is_bounded(app: Application) -> None:
    found = {
        parameter["name"]: parameter["schema"]
        for methods in description(app)["paths"].values()
        for operation in methods.values()
        for parameter in operation.get("parameters", ())
        if parameter["in"] != "header"
    }

    for name, schema in found.items():
        for one in schema.get("oneOf", [schema]):
            kind = one.get("type")
            assert kind != "integer" or {"minimum", "maximum"} <= {*one, *schema}, name
            assert kind != "string" or {"maxLength", "format", "enum"} & {*one, *schema}, name


def addresses(app: Application, *, paged: bool) -> Iterator[tuple[str, str, str]]:
    """Yield id, method and address of the operations, or of those that list in pages."""
    for path, methods in description(app)["paths"].items():
        address = path
        for name in ADDRESSES:
            address = address.replace(f"{{{name}}}", str(uuid4()))
        for name in ("unit", "externalId", "key", "code"):
            address = address.replace(f"{{{name}}}", "x")
        address = address.replace("{version}", "1")
        for method, operation in methods.items():
            names = {one["name"] for one in operation.get("parameters", ())}
            if not paged or "cursor" in names:
                yield operation["operationId"], method.upper(), address


async def test_no_list_takes_a_cursor_that_it_did_not_give(
    app: Application,
    client: httpx.AsyncClient,
    exporter: httpx.AsyncClient,
    organisation: UUID,
) -> None:
    await load_company(organisation, {"U1": 0, "U2": 0})
    of_units = (await client.get("/v1/units?limit=1")).json()["nextCursor"]
    lists = [(name, at) for name, _, at in addresses(app, paged=True) if name != "ListUnits"]

    assert len(lists) > 10
    for name, address in lists:
        for cursor in (*CURSORS, of_units):
            caller = exporter if name in OF_LINKS else client
            answer = await caller.get(address, params={"cursor": cursor})
            assert answer.status_code == 400, (name, cursor)
            assert answer.json()["type"] == "/problems/malformed-cursor", (name, cursor)


async def test_no_operation_takes_a_parameter_that_it_does_not_know(
    app: Application, client: httpx.AsyncClient, exporter: httpx.AsyncClient
) -> None:
    for name, method, address in addresses(app, paged=False):
        caller = exporter if name in OF_LINKS else client
        answer = await caller.request(method, address, params={"sideways": "1"})
        if address == "/v1/form":
            continue  # a key is no invitation; below
        if name == "ImportResponses":
            continue  # a key that reads results may not import
        assert answer.status_code == 400, name
        assert [one["parameter"] for one in answer.json()["errors"]] == ["sideways"], name


async def test_campaigns_with_moments_that_cannot_be_shown_are_listed_and_can_be_changed(
    client: httpx.AsyncClient, organisation: UUID, database: str
) -> None:
    draft = await make_draft(organisation)
    for stored in ("-infinity", "0001-01-01 00:00Z", "9999-12-31 23:59:59.999999Z", "infinity"):
        await query(
            database,
            f"UPDATE campaign SET closes_at = '{stored}' WHERE id = '{draft.id}'",  # noqa: S608 - values of this test
        )

        listed = await client.get("/v1/campaigns")
        changed = await client.patch(
            f"/v1/campaigns/{draft.id}",
            json={"closesAt": "2030-01-01T00:00:00Z"},
            headers={"If-Match": "*"},
        )

        (only,) = listed.json()["items"]
        assert only["closesAt"] in {"1900-01-01T00:00:00Z", "2200-12-31T23:59:59.999999Z"}
        assert changed.json()["closesAt"] == "2030-01-01T00:00:00Z"


async def test_a_key_that_ends_at_infinity_is_listed(
    client: httpx.AsyncClient, organisation: UUID, database: str
) -> None:
    await query(
        database,
        f"UPDATE api_key SET expires_at = 'infinity' WHERE organisation = '{organisation}'",  # noqa: S608 - a value of this test
    )

    answer = await client.get("/v1/keys")

    (only,) = answer.json()["items"]
    assert only["expiresAt"] == "2200-12-31T23:59:59.999999Z"


async def test_a_row_that_cannot_be_read_is_a_mistake_of_ours(
    client: httpx.AsyncClient, organisation: UUID, database: str
) -> None:
    await import_instrument(organisation, make_definition())
    await query(
        database,
        f"UPDATE instrument SET definition = '{{}}' WHERE organisation = '{organisation}'",  # noqa: S608 - a value of this test
    )

    answer = await client.get("/v1/instruments/small/1")

    assert answer.status_code == 500
    assert answer.json()["type"] == "/problems/internal-error"
