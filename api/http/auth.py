"""Who calls: a bearer credential becomes a principal or an invitation, or is refused."""

import time
from dataclasses import dataclass
from typing import Any

import msgspec
from litestar.connection import ASGIConnection
from litestar.handlers import BaseRouteHandler

from api.http.headers import bearer
from api.http.limits import Buckets
from api.http.refusals import MissingScope, RateLimited, WholeOrganisationOnly
from api.http.services import services_of
from survey.access.errors import KeyRefused
from survey.access.keys import Principal, verify_key
from survey.capture.errors import InvitationUnknown

__all__ = ["Requires", "invitation_token", "principal_of", "require_invitation", "requires"]

Connection = ASGIConnection[Any, Any, Any, Any]


@dataclass(frozen=True)
class Requires:
    """A guard: lets in keys that hold a scope, and tells the description which scope.

    Attributes
    ----------
    scopes
        What the key must hold one of.
    whole
        Refuse keys that are restricted to a part of the organisation.
    """

    scopes: tuple[str, ...]
    whole: bool = False

    async def __call__(self, connection: Connection, _: BaseRouteHandler) -> None:
        """Find out who calls and whether they may.

        Raises
        ------
        KeyRefused
            There is no key, or it is not valid.
        RateLimited
            It has asked too often.
        MissingScope, WholeOrganisationOnly
            It is good, but may not do this.
        """
        key = bearer(connection.scope["headers"])
        if key is None:
            raise KeyRefused
        services = services_of(connection)
        spend(connection, services.key_limits, key)
        principal = msgspec.structs.replace(
            await verify_key(key, now=services.clock()),
            address=services.origins.of(connection),
        )
        connection.scope["principal"] = principal  # type: ignore[typeddict-unknown-key]  # ASGI lets an application keep what is its own in the scope
        if principal.scopes.isdisjoint(self.scopes):
            raise MissingScope(self.scopes)
        if self.whole and principal.unit is not None:
            raise WholeOrganisationOnly(principal.unit)


def requires(*scopes: str, whole: bool = False) -> Requires:
    """Let in keys with one of these scopes; with ``whole``, only unrestricted ones."""
    return Requires(scopes, whole)


async def require_invitation(connection: Connection, _: BaseRouteHandler) -> None:
    """Let in callers with an invitation token; the use case finds out whether it is good.

    Raises
    ------
    InvitationUnknown
        There is no token.
    RateLimited
        It has asked too often.
    """
    token = bearer(connection.scope["headers"])
    if token is None:
        raise InvitationUnknown
    spend(connection, services_of(connection).form_limits, token)
    connection.scope["invitation_token"] = token  # type: ignore[typeddict-unknown-key]  # as above


def principal_of(connection: Connection) -> Principal:
    """Return who calls; only behind `requires`."""
    principal: Principal = connection.scope["principal"]  # type: ignore[typeddict-item]  # as above
    return principal


def invitation_token(connection: Connection) -> str:
    """Return the invitation token; only behind `require_invitation`."""
    token: str = connection.scope["invitation_token"]  # type: ignore[typeddict-item]  # as above
    return token


def spend(connection: Connection, buckets: Buckets, credential: str) -> None:
    """Count a request against its credential, once; the answer says what is left.

    Raises
    ------
    RateLimited
        Nothing is left.
    """
    own: dict[str, Any] = connection.scope  # type: ignore[assignment]  # as above
    allowance = own.get("allowance") or buckets.take(credential, at_s=time.monotonic())
    own["allowance"] = allowance
    if allowance.retry_after_s is not None:
        raise RateLimited(allowance.retry_after_s)
