"""Closed vocabularies stored as text; a CHECK in the database repeats each of them."""

from enum import StrEnum

__all__ = [
    "AuditAction",
    "CampaignState",
    "CatalogueKind",
    "Cut",
    "DeliveryKind",
    "DeliveryState",
    "FindingKind",
    "InstrumentState",
    "Mode",
    "ReportStatus",
    "Role",
    "UseCaseState",
    "Verdict",
]


class Role(StrEnum):
    """What a person is in their unit; decides which wording the form shows."""

    SPONSOR = "sponsor"
    MANAGER = "manager"
    CONTRIBUTOR = "contributor"


class InstrumentState(StrEnum):
    """Whether a version may still change."""

    DRAFT = "draft"
    PUBLISHED = "published"


class CatalogueKind(StrEnum):
    """Families of content that results are explained with."""

    OPERATING_MODELS = "operating_models"
    EVIDENCE = "evidence"
    PHASES = "phases"
    MATURITY_LEVELS = "maturity_levels"
    USE_CASE_CRITERIA = "use_case_criteria"
    DIAGNOSIS = "diagnosis"


class Mode(StrEnum):
    """Whether a response can be traced to a person once the campaign has closed."""

    ANONYMOUS = "anonymous"
    CONFIDENTIAL = "confidential"


class CampaignState(StrEnum):
    """Life of a campaign, in order."""

    DRAFT = "draft"
    SCHEDULED = "scheduled"
    OPEN = "open"
    CLOSED = "closed"
    ARCHIVED = "archived"


class DeliveryKind(StrEnum):
    """Why a message is sent."""

    INVITATION = "invitation"
    REMINDER = "reminder"


class DeliveryState(StrEnum):
    """How far a message has come."""

    QUEUED = "queued"
    SENT = "sent"
    FAILED = "failed"


class Cut(StrEnum):
    """Whose answers a figure rests on."""

    ALL = "all"
    MANAGERS = "managers"
    CONTRIBUTORS = "contributors"


class ReportStatus(StrEnum):
    """Whether a figure may be shown."""

    REPORTED = "reported"
    SUPPRESSED = "suppressed"


class FindingKind(StrEnum):
    """What a finding of a release is about; some kinds are of units, some of the company."""

    READINESS = "readiness"
    GOVERNANCE = "governance"
    PRACTICES = "practices"
    QUALITY = "quality"
    PARTICIPATION = "participation"
    CHANGE = "change"
    PORTFOLIO = "portfolio"
    DRIVERS = "drivers"
    SPONSORSHIP = "sponsorship"
    DRIFT = "drift"
    CONSTRAINT = "constraint"
    RECOMMENDATION = "recommendation"


class Verdict(StrEnum):
    """What a person decides on a recommendation."""

    ACCEPTED = "accepted"
    OVERRIDDEN = "overridden"


class UseCaseState(StrEnum):
    """Whether a use case is still to be chosen."""

    CANDIDATE = "candidate"
    CHOSEN = "chosen"
    DROPPED = "dropped"


class AuditAction(StrEnum):
    """What the audit trail tells of."""

    RECOMMENDATION_ACCEPTED = "recommendation_accepted"
    RECOMMENDATION_OVERRIDDEN = "recommendation_overridden"
    USE_CASE_CREATED = "use_case_created"
    USE_CASE_CHANGED = "use_case_changed"
    OPERATING_MODELS_LOADED = "operating_models_loaded"
