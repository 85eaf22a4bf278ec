"""API keys: what programs may do here."""

from datetime import datetime
from typing import Any

from litestar import Controller, Request, Response, delete, get, post
from litestar.di import NamedDependency
from litestar.params import JSONBody

from api.description.problems import problems
from api.http.addresses import KeyId
from api.http.auth import requires
from api.http.idempotency import Once
from api.http.paging import PageRequest, paged
from api.schemas.wire import Page
from survey.access import keys
from survey.access.errors import (
    BeyondOwnRights,
    ExpiryPassed,
    ImportReadsResults,
    KeyNotFound,
    UnknownKeyUnit,
    UnknownScopes,
)
from survey.access.keys import IssuedKey, KeyPlan, KeyView, Principal

__all__ = ["KeyController"]


class KeyController(Controller):
    """Make, list and end API keys."""

    path = "/keys"
    tags = ("API keys",)
    guards = (requires("org:write", whole=True),)

    @get(operation_id="ListKeys", summary="List API keys")
    async def list(
        self,
        request: Request[Any, Any, Any],
        principal: NamedDependency[Principal],
        page: NamedDependency[PageRequest],
    ) -> Response[Page[KeyView]]:
        """List the keys of the organisation, ended ones included, oldest first."""
        found = await keys.list_keys(principal.organisation, after=page.after, limit=page.limit)
        return paged(request, page, found)

    @post(
        operation_id="CreateKey",
        summary="Make an API key",
        responses=problems(
            UnknownScopes, ImportReadsResults, UnknownKeyUnit, ExpiryPassed, BeyondOwnRights
        ),
    )
    async def create(
        self,
        data: JSONBody[KeyPlan],
        principal: NamedDependency[Principal],
        once: NamedDependency[Once],
        now: NamedDependency[datetime],
    ) -> Response[IssuedKey]:
        """Make a key and show it, this once; it can do no more than the key that makes it."""
        return await once(
            lambda: keys.create_key(
                principal.organisation, data, granted_by=principal, now=now
            ),
            location=lambda made: f"/v1/keys/{made.id}",
            kept=IssuedKey.without_key,
        )

    @get(
        "/{keyId:uuid}",
        operation_id="ReadKey",
        summary="Read an API key",
        responses=problems(KeyNotFound),
    )
    async def read(self, key_id: KeyId, principal: NamedDependency[Principal]) -> KeyView:
        """Return what a key may do and until when; never the key itself."""
        return await keys.read_key(principal.organisation, key_id)

    @delete(
        "/{keyId:uuid}",
        operation_id="RevokeKey",
        summary="End an API key",
        responses=problems(KeyNotFound),
    )
    async def revoke(
        self,
        key_id: KeyId,
        principal: NamedDependency[Principal],
        now: NamedDependency[datetime],
    ) -> None:
        """End a key at once; it stays in the list."""
        await keys.revoke_key(principal.organisation, key_id, now=now, by=principal.actor)
