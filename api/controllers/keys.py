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
    KeyEnded,
    KeyNotFound,
    KeyReplaced,
    LastKeyMaker,
    OutlivesMaker,
    UnknownKeyUnit,
    UnknownScopes,
)
from survey.access.keys import IssuedKey, KeyPlan, KeyView, Principal
from survey.access.revocation import Revocation, revoke_key
from survey.access.rotation import KeyRotation, rotate_key
from survey.access.scopes import KEYS

__all__ = ["KeyController"]

_READERS = requires(KEYS, "audit:read", whole=True)
_MAKERS = requires(KEYS, whole=True)


class KeyController(Controller):
    """Make, list, rotate and end API keys."""

    path = "/keys"
    tags = ("API keys",)

    @get(operation_id="ListKeys", summary="List API keys", guards=[_READERS])
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
        guards=[_MAKERS],
        responses=problems(
            UnknownScopes,
            ImportReadsResults,
            UnknownKeyUnit,
            ExpiryPassed,
            BeyondOwnRights,
            OutlivesMaker,
        ),
    )
    async def create(
        self,
        data: JSONBody[KeyPlan],
        principal: NamedDependency[Principal],
        once: NamedDependency[Once],
        now: NamedDependency[datetime],
    ) -> Response[IssuedKey]:
        """Make a key and show it, this once.

        It can do no more than the key that makes it, ends no later, and is revoked with it.
        """
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
        guards=[_READERS],
        responses=problems(KeyNotFound),
    )
    async def read(self, key_id: KeyId, principal: NamedDependency[Principal]) -> KeyView:
        """Return what a key may do and until when; never the key itself."""
        return await keys.read_key(principal.organisation, key_id)

    @post(
        "/{keyId:uuid}/rotate",
        operation_id="RotateKey",
        summary="Replace an API key by a new one",
        guards=[_MAKERS],
        responses=problems(
            KeyNotFound,
            KeyEnded,
            KeyReplaced,
            LastKeyMaker,
            ExpiryPassed,
            BeyondOwnRights,
            OutlivesMaker,
        ),
    )
    async def rotate(
        self,
        key_id: KeyId,
        data: JSONBody[KeyRotation],
        principal: NamedDependency[Principal],
        once: NamedDependency[Once],
        now: NamedDependency[datetime],
    ) -> Response[IssuedKey]:
        """Make a key that may do the same, and show it, this once.

        The old key works for a while, and the keys that it made stay. Both keys, and those that
        either made, are revoked together.
        """
        return await once(
            lambda: rotate_key(principal.organisation, key_id, data, by=principal, now=now),
            location=lambda made: f"/v1/keys/{made.id}",
            kept=IssuedKey.without_key,
        )

    @delete(
        "/{keyId:uuid}",
        operation_id="RevokeKey",
        summary="End an API key, and the keys that it made",
        status_code=200,
        guards=[_MAKERS],
        responses=problems(KeyNotFound, LastKeyMaker),
    )
    async def revoke(
        self,
        key_id: KeyId,
        principal: NamedDependency[Principal],
        now: NamedDependency[datetime],
    ) -> Revocation:
        """End a key at once, with every key that was made with it; they stay in the list.

        The last key that can make keys is ended only on the command line: another one must be
        left that lasts as long as this one, or for a week.
        """
        return await revoke_key(principal.organisation, key_id, by=principal, now=now)
