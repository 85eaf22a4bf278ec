"""Lists in pages: a cursor says after which key to go on, so that inserts move nothing."""

import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import Annotated, Any, TypeVar
from urllib.parse import urlencode

import msgspec
from litestar import Request, Response
from litestar.params import QueryParameter

from api.http.refusals import MalformedCursor
from api.http.services import services_of
from api.schemas.wire import Page
from survey.paging import Page as FoundPage

__all__ = ["PageRequest", "link_headers", "page_request", "paged"]

T = TypeVar("T")
DEFAULT_LIMIT = 100
MAX_LIMIT = 1_000
MAX_CURSOR = 1_024
_SEAL_BYTES = 16


class PageRequest(msgspec.Struct, frozen=True, kw_only=True):
    """Which part of a list is asked for."""

    limit: int
    after: str | None
    """The key of the last entry that the caller has; None begins."""


def page_request(
    request: Request[Any, Any, Any],
    limit: Annotated[
        int, QueryParameter(ge=1, le=MAX_LIMIT, description="Entries per page.")
    ] = DEFAULT_LIMIT,
    cursor: Annotated[
        str | None,
        QueryParameter(
            description="The `nextCursor` of the page before.",
            max_length=MAX_CURSOR,
            # The framework leaves the limit of an optional value out of the description.
            schema_extra={"max_length": MAX_CURSOR},
        ),
    ] = None,
) -> PageRequest:
    """Read ``limit`` and ``cursor``.

    Raises
    ------
    MalformedCursor
        The cursor is from another list, or invented.
    """
    after = None if cursor is None else _read(cursor, request)
    return PageRequest(limit=limit, after=after)


def paged(
    request: Request[Any, Any, Any],
    page: PageRequest,
    found: FoundPage[T],
) -> Response[Page[T]]:
    """Return one page of a list, with the address of the next."""
    cursor, headers = link_headers(request, page, found.next)
    return Response(Page(items=found.items, next_cursor=cursor), headers=headers)


def link_headers(
    request: Request[Any, Any, Any], page: PageRequest, following: str | None
) -> tuple[str | None, dict[str, str]]:
    """Return the cursor of the next page, and the header field that links to it."""
    if following is None:
        return None, {}
    cursor = _write(following, request)
    return cursor, {"Link": _link(request, page, cursor)}


def _link(request: Request[Any, Any, Any], page: PageRequest, cursor: str) -> str:
    """Return the next page as a link (RFC 8288), filters kept."""
    kept = [
        (name, value)
        for name, value in request.query_params.multi_items()
        if name not in {"limit", "cursor"}
    ]
    query = urlencode([*kept, ("limit", page.limit), ("cursor", cursor)])
    return f'<{request.scope["path"]}?{query}>; rel="next"'


def _write(key: str, request: Request[Any, Any, Any]) -> str:
    """Return a cursor: the key behind a seal, so that only keys given here come back."""
    return urlsafe_b64encode(_seal(key, request) + key.encode()).rstrip(b"=").decode()


def _read(cursor: str, request: Request[Any, Any, Any]) -> str:
    try:
        opened = urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
        key = opened[_SEAL_BYTES:].decode()
    except ValueError as error:
        raise MalformedCursor from error
    if not hmac.compare_digest(opened[:_SEAL_BYTES], _seal(key, request)):
        raise MalformedCursor
    return key


def _seal(key: str, request: Request[Any, Any, Any]) -> bytes:
    """Return what only this server can write, for a key of the list at this address."""
    message = f"cursor\0{request.scope['path'].rstrip('/')}\0{key}".encode()
    return hmac.digest(services_of(request).server_key, message, "sha256")[:_SEAL_BYTES]
