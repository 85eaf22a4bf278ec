"""Pages of the results of a release, each of which carries what it was computed from."""

from collections.abc import Callable, Sequence
from typing import Any, TypeVar
from uuid import UUID

from litestar import Request

from api.http.paging import PageRequest, link_headers
from api.schemas.releases import Results, UnitResultRead
from models.enums import FindingKind
from survey.access.keys import Principal
from survey.releases.pages import ResultPage, UnitFinding, read_findings

__all__ = ["findings_of", "result_page", "unit_results"]

Entry = TypeVar("Entry")
Item = TypeVar("Item")
Read = TypeVar("Read", bound=UnitResultRead)


async def findings_of(
    release: UUID, principal: Principal, page: PageRequest, kind: FindingKind
) -> ResultPage[UnitFinding]:
    """Read one kind of finding, as far as the caller may see."""
    return await read_findings(
        principal.organisation,
        release,
        kind,
        within=principal.unit,
        after=page.after or "",
        limit=page.limit,
    )


def unit_results(
    request: Request[Any, Any, Any],
    page: PageRequest,
    found: ResultPage[UnitFinding],
    shape: type[Read],
) -> tuple[Results[Read], dict[str, str]]:
    """Return the body of a page of findings of units, and its headers."""
    shown = [shape.of_finding(item) for item in found.items]
    return result_page(request, page, found, shown, key=lambda item: item.unit)


def result_page(
    request: Request[Any, Any, Any],
    page: PageRequest,
    found: ResultPage[Entry],
    shown: Sequence[Item],
    *,
    key: Callable[[Entry], str],
) -> tuple[Results[Item], dict[str, str]]:
    """Return the body of a page of results, and its headers.

    Parameters
    ----------
    key : callable
        From an item to the key after which the next page begins.
    """
    following = key(found.items[-1]) if found.more else None
    cursor, headers = link_headers(request, page, following)
    body = Results(release=found.release, items=tuple(shown), next_cursor=cursor)
    return body, headers
