"""Pages of the results of a release, each of which carries what it was computed from."""

from collections.abc import Sequence
from typing import Any, TypeVar
from uuid import UUID

from litestar import Request, Response

from api.http.conditional import Revalidated
from api.http.paging import PageRequest, link_headers
from api.schemas.releases import ReleaseRead, Results, UnitResultRead
from models.enums import FindingKind
from survey.access.keys import Principal
from survey.releases.pages import ResultKind, UnitRecord, read_findings, read_records
from survey.releases.store import read_release

__all__ = ["page_of_records", "page_of_results", "records"]

T = TypeVar("T")
Read = TypeVar("Read", bound=UnitResultRead)


async def page_of_records(
    request: Request[Any, Any, Any],
    release: UUID,
    principal: Principal,
    page: PageRequest,
    kind: ResultKind | FindingKind,
    shape: type[Read],
) -> Response[Results[Read]]:
    """Return a page of one kind of result, unit by unit."""
    found, following = await records(release, principal, page, kind)
    return await page_of_results(
        request, release, principal, page, shape.of_records(found), following
    )


async def records(
    release: UUID, principal: Principal, page: PageRequest, kind: ResultKind | FindingKind
) -> tuple[list[UnitRecord], str | None]:
    """Return the records of a page, and the key after which the next one begins."""
    organisation, within, after = principal.organisation, principal.unit, page.after or ""
    more = page.limit + 1
    if isinstance(kind, FindingKind):
        found = await read_findings(
            organisation, release, kind, within=within, after=after, limit=more
        )
    else:
        found = await read_records(
            organisation, release, kind, within=within, after=after, limit=more
        )
    following = found[page.limit - 1].unit if len(found) > page.limit else None
    return found[: page.limit], following


async def page_of_results(
    request: Request[Any, Any, Any],
    release: UUID,
    principal: Principal,
    page: PageRequest,
    shown: Sequence[T],
    following: str | None,
) -> Response[Results[T]]:
    """Return a page of results."""
    of = ReleaseRead.of(await read_release(principal.organisation, release))
    cursor, headers = link_headers(request, page, following)
    body = Results(release=of, items=tuple(shown), next_cursor=cursor)
    return Revalidated(body, headers=headers)
