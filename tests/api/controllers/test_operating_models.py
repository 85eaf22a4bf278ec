"""Operating models of an organisation's own, through HTTP."""

from typing import Any
from uuid import UUID

import httpx
import msgspec
import pytest

from seed.content import operating_models
from seed.loader import load_standard_content
from tests.factories.server import NOW

ADDRESS = "/v1/operating-models"


@pytest.fixture(autouse=True)
async def standard(organisation: UUID) -> None:
    """Give the organisation the standard instrument and the standard models."""
    await load_standard_content(organisation, now=NOW)


def own(version: str = "acme-1", **first: Any) -> dict[str, Any]:
    """Return the standard models as a version of one's own."""
    models = msgspec.json.decode(msgspec.json.encode(operating_models()))
    models["version"] = version
    models["models"][0] |= first
    return models


async def test_what_was_loaded_is_read(client: httpx.AsyncClient) -> None:
    loaded = await client.put(ADDRESS, json=own())

    assert (loaded.status_code, loaded.json()) == (200, own())
    assert (await client.get(ADDRESS)).json() == own()


async def test_a_repeat_changes_nothing(client: httpx.AsyncClient) -> None:
    await client.put(ADDRESS, json=own())
    trail = (await client.get("/v1/audit")).json()

    assert (await client.put(ADDRESS, json=own())).status_code == 200
    assert (await client.get("/v1/audit")).json() == trail


async def test_everything_that_is_wrong_is_named(client: httpx.AsyncClient) -> None:
    answer = await client.put(ADDRESS, json=own("3", name={}))

    assert (answer.status_code, answer.json()["type"]) == (
        422,
        "/problems/operating-models-invalid",
    )
    assert len(answer.json()["problems"]) == 2


async def test_a_cell_without_a_reason_is_not_understood(client: httpx.AsyncClient) -> None:
    anchors = {key: {"value": 3.0, "defining": False} for key in own()["models"][0]["anchors"]}

    answer = await client.put(ADDRESS, json=own(anchors=anchors))

    assert (answer.status_code, answer.json()["type"]) == (400, "/problems/malformed-body")


async def test_a_version_is_never_changed_and_never_returns(client: httpx.AsyncClient) -> None:
    await client.put(ADDRESS, json=own())

    changed = await client.put(ADDRESS, json=own(name={"en": "Other"}))
    await client.put(ADDRESS, json=own("acme-2"))
    returning = await client.put(ADDRESS, json=own())

    assert [(one.status_code, one.json()["type"]) for one in (changed, returning)] == [
        (409, "/problems/catalogue-version-taken"),
        (409, "/problems/operating-models-replaced"),
    ]


async def test_a_version_fits_its_field(client: httpx.AsyncClient) -> None:
    answer = await client.put(ADDRESS, json=own("a" * 33))

    assert (answer.status_code, answer.json()["type"]) == (422, "/problems/field-invalid")
