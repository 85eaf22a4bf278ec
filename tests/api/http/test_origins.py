"""Where a request comes from: told by trusted proxies alone, and kept in the audit trail."""

from ipaddress import ip_network
from typing import Any
from uuid import UUID

import pytest
from litestar.connection import ASGIConnection

from api.http.origins import Origins
from api.settings import ApiSettings, SettingsError
from survey.access.audit_reading import list_events
from tests.api.callers import Caller, as_key, make_key
from tests.api.conftest import running

PROXIES = [ip_network("10.0.0.0/8"), ip_network("fd00::/8")]


def calling(peer: str, *forwarded: str) -> ASGIConnection[Any, Any, Any, Any]:
    headers = [(b"x-forwarded-for", one.encode()) for one in forwarded]
    return ASGIConnection({"type": "http", "client": (peer, 1), "headers": headers})  # type: ignore[typeddict-item, arg-type]  # what is read of it


@pytest.mark.parametrize(
    ("peer", "forwarded", "origin"),
    [
        ("10.0.0.1", ["192.0.2.7"], "192.0.2.7"),
        ("10.0.0.1", ["203.0.113.9, 192.0.2.7"], "192.0.2.7"),
        ("10.0.0.1", ["203.0.113.9", "192.0.2.7, 10.0.0.2"], "192.0.2.7"),
        ("fd00::1", ["2001:db8::7"], "2001:db8::7"),
        ("::ffff:10.0.0.1", ["192.0.2.7"], "192.0.2.7"),
        ("10.0.0.1", [], "10.0.0.1"),
        ("10.0.0.1", ["<script>"], "10.0.0.1"),
        ("10.0.0.1", ["10.0.0.3"], "10.0.0.3"),
    ],
)
def test_the_last_address_that_no_trusted_proxy_has_is_the_callers(
    peer: str, forwarded: list[str], origin: str
) -> None:
    assert Origins(PROXIES).of(calling(peer, *forwarded)) == origin


def test_who_is_no_trusted_proxy_is_not_believed() -> None:
    assert Origins(PROXIES).of(calling("192.0.2.8", "203.0.113.9")) == "192.0.2.8"


def test_without_trusted_proxies_nothing_is_known() -> None:
    assert Origins([]).of(calling("10.0.0.1", "192.0.2.7")) is None


@pytest.mark.parametrize("given", ["proxy", "10.0.0.1/8", "10.0.0.0/8;fd00::/8"])
def test_what_is_no_network_is_refused_at_the_start(given: str) -> None:
    with pytest.raises(SettingsError, match="OPMODEL_API_TRUSTED_PROXIES"):
        ApiSettings.from_env({"OPMODEL_API_TRUSTED_PROXIES": given})


def test_several_networks_are_separated_by_commas() -> None:
    settings = ApiSettings.from_env({"OPMODEL_API_TRUSTED_PROXIES": "10.0.0.0/8, fd00::/8,"})

    assert list(settings.proxy_networks()) == PROXIES


@pytest.mark.parametrize(
    ("proxies", "origin"), [("127.0.0.0/8", "192.0.2.7"), ("", None)], ids=["trusted", "none"]
)
async def test_the_trail_keeps_the_address(
    database: str, organisation: UUID, proxies: str, origin: str | None
) -> None:
    headers = as_key(await make_key(organisation)) | {"X-Forwarded-For": "192.0.2.7"}
    async with (
        running(database, ApiSettings(trusted_proxies=proxies)) as app,
        Caller(app, headers=headers) as caller,
    ):
        await caller.patch("/v1/organisation", json={"minGroup": 9})

    assert (await list_events(organisation)).items[0].actor.address == origin
