"""``Idempotency-Key``: a repeat of a creating request gets the answer of the first one."""

import asyncio
import hashlib
import hmac
import re
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import datetime
from typing import Any, TypeVar

import msgspec
from litestar import Request, Response
from litestar.di import NamedDependency

from api.http.auth import principal_of
from api.http.conditional import Revised, tag_of
from api.http.multipart import MULTIPART, file_part
from api.http.refusals import FieldError, MalformedBody, MalformedParameter
from survey.access.keys import Principal
from survey.idempotency import Answer, answer_afterwards, answer_once
from survey.idempotency import Request as RequestOnce

__all__ = ["KEY_HEADER", "KEY_PATTERN", "REPLAYED_HEADER", "Once", "once", "response_of"]

KEY_HEADER = "Idempotency-Key"
REPLAYED_HEADER = "Idempotency-Replayed"

KEY_PATTERN = r"^[\x21-\x7e]{1,200}$"
_KEY = re.compile(KEY_PATTERN)
_LARGE = 1_000_000  # bytes; to hash them takes two milliseconds

Made = TypeVar("Made")


class Once(msgspec.Struct, frozen=True, kw_only=True):
    """Does the work of one request, or repeats the answer it had."""

    principal: Principal
    key: str | None
    operation: str
    request_hash: bytes
    now: datetime
    status: int

    async def __call__(
        self,
        work: Callable[[], Awaitable[Made]],
        *,
        location: Callable[[Made], str] | None = None,
        kept: Callable[[Made], Made] | None = None,
        afterwards: bool = False,
    ) -> Response[Made]:
        """Call a use case and respond with what it returned, and with its ETag if it has one.

        Parameters
        ----------
        work, location, kept, afterwards
            As for `answer`.
        """
        made = self.answer(work, location=location, kept=kept, afterwards=afterwards)
        return response_of(await made)

    async def answer(
        self,
        work: Callable[[], Awaitable[Made]],
        *,
        location: Callable[[Made], str] | None = None,
        kept: Callable[[Made], Made] | None = None,
        afterwards: bool = False,
    ) -> Answer:
        """Call a use case and return its answer, or the one that the request had before.

        Parameters
        ----------
        work
            The use case.
        location
            Returns the address of what was made.
        kept
            Returns the body that a repeat gets, if the first holds a secret.
        afterwards
            Keep the answer after the work instead of with it: for work in several
            transactions, whose own rules keep it from happening twice.
        """

        async def answer() -> Answer:
            made = await work()
            headers = {} if location is None else {"Location": location(made)}
            return Answer(
                status=self.status,
                body=msgspec.json.encode(made),
                headers=headers | ({"ETag": tag_of(made)} if isinstance(made, Revised) else {}),
                kept=None if kept is None else msgspec.json.encode(kept(made)),
            )

        if self.key is None:
            return await answer()
        keeping = answer_afterwards if afterwards else answer_once
        request = RequestOnce(
            # Keys of different callers are different keys.
            key=f"{self.principal.key}:{self.key}",
            operation=self.operation,
            hash=self.request_hash,
        )
        return await keeping(self.principal.organisation, answer, request, now=self.now)

    def under(self, secret: bytes | None) -> "Once":
        """Return the same with a hash that tells nothing about the request without the secret.

        Parameters
        ----------
        secret
            The key of the hash. With None nothing is kept, and a repeat does the work again.
        """
        if secret is None:
            return msgspec.structs.replace(self, key=None)
        keyed = hmac.digest(secret, self.request_hash, "sha256")
        return msgspec.structs.replace(self, request_hash=keyed)


async def once(request: Request[Any, Any, Any], now: NamedDependency[datetime]) -> Once:
    """Read the key of a request.

    Raises
    ------
    MalformedParameter
        It is empty, too long, or holds more than visible ASCII characters.
    """
    key = request.headers.get(KEY_HEADER)
    if key is not None and not _KEY.fullmatch(key):
        raise MalformedParameter(
            f"{KEY_HEADER} must have 1 to 200 visible ASCII characters.",
            [
                FieldError(
                    parameter=KEY_HEADER,
                    code="not-a-key",
                    detail="Expected 1 to 200 visible ASCII characters.",
                )
            ],
        )
    return Once(
        principal=principal_of(request),
        key=key,
        operation=str(request.route_handler.operation_id),
        request_hash=b"" if key is None else await _hash(request),
        now=now,
        status=request.route_handler.status_code,
    )


async def _hash(request: Request[Any, Any, Any]) -> bytes:
    """Return the hash of a request; a large body is hashed beside the event loop."""
    place = request.scope["path"].encode() + b"\0" + request.scope["query_string"]
    body, kind = await request.body(), request.headers.get("content-type", "")
    if len(body) < _LARGE:
        return _hash_of(place, body, kind)
    return await asyncio.to_thread(_hash_of, place, body, kind)


def _hash_of(place: bytes, body: bytes, content_type: str) -> bytes:
    digest = hashlib.sha256(place)
    for part in _content(body, content_type):
        digest.update(b"\0")
        digest.update(part)
    return digest.digest()


def _content(body: bytes, content_type: str) -> tuple[bytes, bytes]:
    """Return what makes the body what it is: a form has another boundary in each repeat."""
    if content_type.partition(";")[0].strip().lower() == MULTIPART:
        with suppress(MalformedBody):  # whoever reads the body will say so
            file = file_part(body, content_type)
            return file.name.encode(), file.data
    return content_type.encode(), body


def response_of(answer: Answer) -> Response[Any]:
    """Return an answer as it goes over the wire."""
    replayed = {REPLAYED_HEADER: "true"} if answer.replayed else {}
    return Response(
        answer.body,
        status_code=answer.status,
        headers={**answer.headers, **replayed},
        media_type="application/json",
    )
