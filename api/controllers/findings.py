"""What the analyses of a release find: one line here for each address."""

from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

from litestar import Request, Response, Router, get
from litestar.di import NamedDependency
from litestar.handlers import HTTPRouteHandler

from analytics.results import Constraint
from analytics.results.drivers import Drivers
from analytics.results.participation import CompanyParticipation
from analytics.results.portfolio import Portfolio
from analytics.results.quality import CompanyQuality
from analytics.results.sponsorship import CompanySponsorship
from analytics.results.waves import CompanyChange, Drift
from api.description.problems import problems
from api.http.addresses import ReleaseId
from api.http.auth import requires
from api.http.conditional import Revalidated
from api.http.paging import PageRequest
from api.http.result_pages import findings_of, unit_results
from api.schemas.company_findings import CompanyResult, FullResults
from api.schemas.releases import ConstraintRead, Results, UnitResultRead
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
from survey.releases.pages import read_company_finding
from survey.releases.store import restored_finding

__all__ = ["finding_router"]

Company = TypeVar("Company")
_SCOPE = "analytics:read"


def finding_router() -> Router:
    """Return the addresses of findings, below that of a release."""
    kind = FindingKind
    return Router(
        "/releases/{releaseId:uuid}",
        tags=["Findings"],
        response_class=Revalidated,
        route_handlers=[
            _of_both("constraints", kind.CONSTRAINT, ConstraintRead, Constraint),
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
        release_id: ReleaseId,
        principal: NamedDependency[Principal],
        page: NamedDependency[PageRequest],
    ) -> Response[Any]:
        found = await findings_of(release_id, principal, page, kind)
        body, headers = unit_results(request, page, found, shape)
        return Revalidated(body, headers=headers)

    return _handler(read, Results[shape], path, told=shape)  # type: ignore[valid-type]  # a type at run time


def _of_both(
    path: str, kind: FindingKind, shape: type[UnitResultRead], company: type[Company]
) -> HTTPRouteHandler:
    """Make the address of what was found of units and of the company."""

    async def read(
        request: Request[Any, Any, Any],
        release_id: ReleaseId,
        principal: NamedDependency[Principal],
        page: NamedDependency[PageRequest],
    ) -> Response[Any]:
        found = await findings_of(release_id, principal, page, kind)
        body, headers = unit_results(request, page, found, shape)
        whole = None if found.company is None else restored_finding(found.company, company)
        return Revalidated(
            FullResults(
                release=body.release,
                company=whole,
                items=body.items,
                next_cursor=body.next_cursor,
            ),
            headers=headers,
        )

    return _handler(read, FullResults[shape, company], path, told=shape)  # type: ignore[valid-type]  # as above


def _of_company(
    path: str, kind: FindingKind, shape: type[Company], *, scope: str = _SCOPE
) -> HTTPRouteHandler:
    """Make the address of what was found of the company alone: not for keys of a part."""

    async def read(
        release_id: ReleaseId, principal: NamedDependency[Principal]
    ) -> Response[Any]:
        release, found = await read_company_finding(
            principal.organisation, release_id, kind, shape
        )
        return Revalidated(CompanyResult(release=release, company=found))

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
