"""What an analysis found, as the examples of the description say it."""

from typing import Any

import msgspec

from analytics.results import Analysis, Constraint, UnitResult
from analytics.results.diagnosis import GovernanceAudit, PhaseProgress, Practices
from analytics.results.drivers import Drivers
from analytics.results.participation import CompanyParticipation, UnitParticipation
from analytics.results.portfolio import Portfolio
from analytics.results.quality import CompanyQuality, UnitQuality
from analytics.results.sponsorship import CompanySponsorship
from analytics.results.waves import CompanyChange, Drift, UnitChange
from api.schemas.company_findings import COMPANY_EXAMPLES
from api.schemas.releases import UnitResultRead
from api.schemas.unit_findings import (
    ChangeRead,
    GovernanceRead,
    ParticipationOfUnitRead,
    PracticesRead,
    QualityRead,
    ReadinessRead,
)

__all__ = [
    "OF_BOTH",
    "OF_COMPANY",
    "OF_UNITS",
    "Company",
    "Unit",
    "findings_of_company",
    "findings_of_unit",
]

OF_UNITS: dict[str, type[UnitResultRead]] = {
    "phases": ReadinessRead,
    "governance": GovernanceRead,
    "practices": PracticesRead,
    "quality": QualityRead,
    "participation": ParticipationOfUnitRead,
    "trends": ChangeRead,
}
OF_COMPANY: dict[str, type[msgspec.Struct]] = {
    "drivers": Drivers,
    "portfolio": Portfolio,
    "sponsorship": CompanySponsorship,
    "drift": Drift,
}
OF_BOTH: dict[str, type[msgspec.Struct]] = {
    "constraints": Constraint,
    "quality": CompanyQuality,
    "participation": CompanyParticipation,
    "trends": CompanyChange,
}


class Unit(UnitResult, frozen=True, kw_only=True):
    """A unit of which everything was found."""

    readiness: PhaseProgress | None = None
    governance: GovernanceAudit | None = None
    practices: Practices | None = None
    quality: UnitQuality | None = None
    participation: UnitParticipation | None = None
    change: UnitChange | None = None


class Company(Analysis, frozen=True, kw_only=True):
    """A company of which everything was found."""

    constraint: Constraint | None = None
    portfolio: Portfolio | None = None
    drivers: Drivers | None = None
    quality: CompanyQuality | None = None
    participation: CompanyParticipation | None = None
    sponsorship: CompanySponsorship | None = None
    change: CompanyChange | None = None
    drift: Drift | None = None


def findings_of_unit(code: str, parent: str | None = None, **further: Any) -> Unit:
    """Return a unit of which the examples of the description were found."""
    found = further | {kind.member: kind.example[kind.member] for kind in OF_UNITS.values()}
    return msgspec.convert(
        {"unit": code, "parent": parent, "status": "reported", **found}, Unit
    )


def findings_of_company() -> dict[str, Any]:
    """Return the examples of the description as findings of the company."""
    found = OF_COMPANY | OF_BOTH
    return {
        {"trends": "change", "constraints": "constraint"}.get(path, path): msgspec.convert(
            COMPANY_EXAMPLES[kind], kind
        )
        for path, kind in found.items()
    }
