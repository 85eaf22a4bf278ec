"""The whole result."""

from analytics.results.constraint import Constraint
from analytics.results.diagnosis import GovernanceAudit, PhaseProgress, Practices
from analytics.results.drivers import Drivers
from analytics.results.lineage import Lineage
from analytics.results.participation import CompanyParticipation, UnitParticipation
from analytics.results.portfolio import Portfolio
from analytics.results.quality import CompanyQuality, UnitQuality
from analytics.results.recommendation import CompanyPattern, Recommendation
from analytics.results.record import Record, Score
from analytics.results.sponsorship import CompanySponsorship, Sponsorship
from analytics.results.waves import CompanyChange, Drift, UnitChange
from analytics.vocabulary import ReportStatus

__all__ = ["Analysis", "UnitResult"]


class UnitResult(Record, frozen=True, kw_only=True):
    """Everything that may be said of one business unit and those below it."""

    unit: str
    parent: str | None = None
    status: ReportStatus
    respondents: int | None = None
    response_rate: float | None = None
    """That of ``participation``; None if no head-count is usable."""
    scores: dict[str, Score] | None = None
    constraint: Constraint | None = None
    recommendation: Recommendation | None = None
    sponsorship: Sponsorship | None = None
    readiness: PhaseProgress | None = None
    governance: GovernanceAudit | None = None
    practices: Practices | None = None
    quality: UnitQuality | None = None
    participation: UnitParticipation | None = None
    change: UnitChange | None = None


class Analysis(Record, frozen=True, kw_only=True):
    """The whole result: lineage, company, units in the order of their code."""

    lineage: Lineage
    organisation: CompanyPattern
    constraint: Constraint | None = None
    """Of all people of the company together."""
    portfolio: Portfolio | None = None
    drivers: Drivers | None = None
    sponsorship: CompanySponsorship | None = None
    quality: CompanyQuality | None = None
    participation: CompanyParticipation | None = None
    change: CompanyChange | None = None
    drift: Drift | None = None
    units: tuple[UnitResult, ...]
