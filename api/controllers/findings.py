"""What the analyses of a release find: one line here for each address."""

from collections.abc import Awaitable, Callable
from typing import Any, TypeVar
from uuid import UUID

from litestar import Request, Response, Router, get
from litestar.di import NamedDependency
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath

from analytics.results import Constraint
from analytics.results.drivers import Drivers
from analytics.results.participation import CompanyParticipation
from analytics.results.portfolio import Portfolio
from analytics.results.quality import CompanyQuality
from analytics.results.sponsorship import CompanySponsorship
from analytics.results.waves import CompanyChange, Drift
from api.description.problems import problems
from api.http.auth import requires
from api.http.conditional import Revalidated
from api.http.paging import PageRequest
from api.http.result_pages import page_of_records
from api.schemas.company_findings import CompanyResult, FullResults
from api.schemas.releases import ConstraintRead, ReleaseRead, Results, UnitResultRead
from api.schemas.unit_findings import (
    ChangeRead,
    GovernanceRead,
    ParticipationOfUnitRead,
    PracticesRead,
    QualityRead,
    ReadinessRead,
)
from models.enums import FindingKind
from survey.access.keys import Principal
from survey.errors import SurveyError
from survey.releases.errors import FindingNotFound, ReleaseNotFound
from survey.releases.pages import ResultKind, read_company_finding
from survey.releases.store import read_release

__all__ = ["finding_router"]

Company = TypeVar("Company")
_SCOPE = "analytics:read"


def finding_router() -> Router:
    """Return the addresses of findings, below that of a release."""
    kind = FindingKind
    return Router(
        "/releases/{release_id:uuid}",
        tags=["Findings"],
        response_class=Revalidated,
        route_handlers=[
            _of_both(
                "constraints",
                kind.CONSTRAINT,
                ConstraintRead,
                Constraint,
                units="constraints",
            ),
            _of_units("phases", kind.READINESS, ReadinessRead),
            _of_units("governance", kind.GOVERNANCE, GovernanceRead),
            _of_units("practices", kind.PRACTICES, PracticesRead),
            _of_both("quality", kind.QUALITY, QualityRead, CompanyQuality),
            _of_both(
                "participation",
                kind.PARTICIPATION,
                ParticipationOfUnitRead,
                CompanyParticipation,
            ),
            _of_both("trends", kind.CHANGE, ChangeRead, CompanyChange),
            _of_company("drivers", kind.DRIVERS, Drivers),
            _of_company("portfolio", kind.PORTFOLIO, Portfolio, scope="recommendations:read"),
            _of_company("sponsorship", kind.SPONSORSHIP, CompanySponsorship),
            _of_company("drift", kind.DRIFT, Drift),
        ],
    )


def _of_units(path: str, kind: FindingKind, shape: type[UnitResultRead]) -> HTTPRouteHandler:
    """Make the address of what was found of units alone."""

    async def read(
        request: Request[Any, Any, Any],
        release_id: FromPath[UUID],
        principal: NamedDependency[Principal],
        page: NamedDependency[PageRequest],
    ) -> Response[Any]:
        return await page_of_records(request, release_id, principal, page, kind, shape)

    return _handler(read, Results[shape], path, told=shape)  # type: ignore[valid-type]  # a type at run time


def _of_both(
    path: str,
    kind: FindingKind,
    shape: type[UnitResultRead],
    company: type[Company],
    *,
    units: ResultKind | None = None,
) -> HTTPRouteHandler:
    """Make the address of what was found of units and of the company.

    ``units`` names the table of those whose units have one of their own.
    """

    async def read(
        request: Request[Any, Any, Any],
        release_id: FromPath[UUID],
        principal: NamedDependency[Principal],
        page: NamedDependency[PageRequest],
    ) -> Response[Any]:
        listed = await page_of_records(
            request, release_id, principal, page, units or kind, shape
        )
        whole = await _seen_of_company(principal, release_id, kind, company)
        return Revalidated(
            FullResults(
                release=listed.content.release,
                company=whole,
                items=listed.content.items,
                next_cursor=listed.content.next_cursor,
            ),
            headers=listed.headers,
        )

    return _handler(read, FullResults[shape, company], path, told=shape)  # type: ignore[valid-type]  # as above


def _of_company(
    path: str, kind: FindingKind, shape: type[Company], *, scope: str = _SCOPE
) -> HTTPRouteHandler:
    """Make the address of what was found of the company alone: not for keys of a part."""

    async def read(
        release_id: FromPath[UUID], principal: NamedDependency[Principal]
    ) -> Response[Any]:
        found = await read_company_finding(principal.organisation, release_id, kind, shape)
        view = await read_release(principal.organisation, release_id)
        return Revalidated(CompanyResult(release=ReleaseRead.of(view), company=found))

    return _handler(
        read,
        CompanyResult[shape],  # type: ignore[valid-type]  # as above
        path,
        told=shape,
        scope=scope,
        whole=True,
        raises=(FindingNotFound,),
    )


def _handler(
    read: Callable[..., Awaitable[Response[Any]]],
    body: Any,
    path: str,
    *,
    told: type,
    scope: str = _SCOPE,
    whole: bool = False,
    raises: tuple[type[SurveyError], ...] = (),
) -> HTTPRouteHandler:
    """Give an address to a function, and tell the framework what body it returns."""
    read.__annotations__["return"] = Response[body]
    read.__doc__ = told.__doc__
    name = f"{'Read' if whole else 'List'}{path.capitalize()}"
    read.__name__ = name
    return get(
        f"/{path}",
        operation_id=name,
        summary=f"Read {path} of {'the company' if whole else 'units'}",
        guards=[requires(scope, whole=whole)],
        responses=problems(ReleaseNotFound, *raises),
    )(read)


async def _seen_of_company(
    principal: Principal, release: UUID, kind: FindingKind, shape: type[Company]
) -> Company | None:
    """Return what was found of the company, to those who may see all of it."""
    if principal.unit is not None:
        return None
    try:
        return await read_company_finding(principal.organisation, release, kind, shape)
    except FindingNotFound:
        return None
