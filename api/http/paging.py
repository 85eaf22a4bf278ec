"""Lists in pages: a cursor says after which key to go on, so that inserts move nothing."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as NotBase64
from typing import Annotated, Any, TypeVar
from urllib.parse import urlencode

import msgspec
from litestar import Request, Response
from litestar.params import QueryParameter

from api.http.refusals import MalformedCursor
from api.schemas.wire import Page
from survey.paging import Page as FoundPage

__all__ = ["PageRequest", "link_headers", "page_request", "paged"]

T = TypeVar("T")
DEFAULT_LIMIT = 100
MAX_LIMIT = 1_000


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
        QueryParameter(description="The `nextCursor` of the page before.", max_length=512),
    ] = None,
) -> PageRequest:
    """Read ``limit`` and ``cursor``.

    Raises
    ------
    MalformedCursor
        The cursor is from another list, or invented.
    """
    after = None if cursor is None else _read(cursor, _list_name(request))
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
    cursor = _write(following, _list_name(request))
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


def _list_name(request: Request[Any, Any, Any]) -> str:
    return str(request.route_handler.operation_id)


def _write(key: str, name: str) -> str:
    return urlsafe_b64encode(msgspec.json.encode([name, key])).rstrip(b"=").decode()


def _read(cursor: str, name: str) -> str:
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        of, key = msgspec.json.decode(urlsafe_b64decode(padded), type=tuple[str, str])
    except (NotBase64, ValueError) as error:
        raise MalformedCursor from error
    if of != name:
        raise MalformedCursor
    return key
