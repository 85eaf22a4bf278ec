"""Closed vocabularies, stored as text; a CHECK constraint enforces each of them."""

from enum import StrEnum

__all__ = [
    "ActorKind",
    "AuditAction",
    "CampaignState",
    "CatalogueKind",
    "Cut",
    "DeliveryKind",
    "DeliveryState",
    "FindingKind",
    "InstrumentState",
    "JobState",
    "Mode",
    "ReportStatus",
    "Role",
    "UseCaseState",
    "Verdict",
]


class Role(StrEnum):
    """A person's role in their unit; it decides the wording of the form."""

    SPONSOR = "sponsor"
    MANAGER = "manager"
    CONTRIBUTOR = "contributor"


class InstrumentState(StrEnum):
    """Whether a version may still change."""

    DRAFT = "draft"
    PUBLISHED = "published"


class CatalogueKind(StrEnum):
    """Kinds of content that explain results."""

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
    """States of a campaign, in order; an open or closing one may be abandoned instead.

    A scheduled one may become a draft again.
    """

    DRAFT = "draft"
    SCHEDULED = "scheduled"
    OPEN = "open"
    CLOSING = "closing"
    CLOSED = "closed"
    ABANDONED = "abandoned"


class DeliveryKind(StrEnum):
    """The purpose of a message."""

    INVITATION = "invitation"
    REMINDER = "reminder"


class DeliveryState(StrEnum):
    """Whether a message has been sent."""

    QUEUED = "queued"
    SENDING = "sending"
    """A worker has claimed it."""
    SENT = "sent"
    UNCERTAIN = "uncertain"
    """The far side had all of it and did not say whether it keeps it; not sent again."""
    FAILED = "failed"
    WAITING = "waiting"
    """The person has no address that the channel could use."""
    DROPPED = "dropped"
    """Nobody needs it any more: the person has answered, has opted out or has left."""


class JobState(StrEnum):
    """How far a job has come."""

    QUEUED = "queued"
    RUNNING = "running"
    SUCCEEDED = "succeeded"
    FAILED = "failed"


class Cut(StrEnum):
    """The group of respondents that a figure is computed from."""

    ALL = "all"
    MANAGERS = "managers"
    CONTRIBUTORS = "contributors"


class ReportStatus(StrEnum):
    """Whether a figure may be shown."""

    REPORTED = "reported"
    SUPPRESSED = "suppressed"


class FindingKind(StrEnum):
    """The subject of a finding in a release; some kinds describe units, some the company."""

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
    """A person's decision on a recommendation."""

    ACCEPTED = "accepted"
    OVERRIDDEN = "overridden"


class UseCaseState(StrEnum):
    """Whether a use case is a candidate, or has been chosen or dropped."""

    CANDIDATE = "candidate"
    CHOSEN = "chosen"
    DROPPED = "dropped"


class ActorKind(StrEnum):
    """Who may be named in the audit trail; sign-in of people will add them."""

    KEY = "key"
    """A program, with an API key."""
    COMMAND_LINE = "command_line"
    """Whoever runs commands on the machine of the installation."""
    PLATFORM = "platform"
    """The platform itself: a job ends, or a moment has come that somebody had set."""


class AuditAction(StrEnum):
    """Actions that the audit trail records: what it was done to, a dot, what was done."""

    ORGANISATION_CREATED = "organisation.created"
    ORGANISATION_CHANGED = "organisation.changed"
    UNITS_SYNCED = "units.synced"
    PEOPLE_SYNCED = "people.synced"
    KEY_CREATED = "key.created"
    KEY_REVOKED = "key.revoked"
    KEY_ROTATED = "key.rotated"
    INSTRUMENT_DRAFTED = "instrument.drafted"
    INSTRUMENT_REPLACED = "instrument.replaced"
    INSTRUMENT_PUBLISHED = "instrument.published"
    INSTRUMENT_LANGUAGES_ADDED = "instrument.languages_added"
    CATALOGUE_LOADED = "catalogue.loaded"
    CAMPAIGN_DRAFTED = "campaign.drafted"
    CAMPAIGN_CHANGED = "campaign.changed"
    CAMPAIGN_DELETED = "campaign.deleted"
    CAMPAIGN_OPENED = "campaign.opened"
    CAMPAIGN_CLOSING = "campaign.closing"
    CAMPAIGN_CLOSED = "campaign.closed"
    CAMPAIGN_ABANDONED = "campaign.abandoned"
    INVITATION_LINKS_EXPORTED = "invitations.links_exported"
    RESPONSES_IMPORTED = "responses.imported"
    RELEASE_STARTED = "release.started"
    RELEASE_STORED = "release.stored"
    RECOMMENDATION_ACCEPTED = "recommendation.accepted"
    RECOMMENDATION_OVERRIDDEN = "recommendation.overridden"
    USE_CASE_CREATED = "use_case.created"
    USE_CASE_CHANGED = "use_case.changed"
    AUDIT_EXPORTED = "audit.exported"
    AUDIT_KEY_CHANGED = "audit.key_changed"
    BACKUP_MADE = "backup.made"
    BACKUP_RESTORED = "backup.restored"
    CHANNEL_SET = "channel.set"
    CHANNEL_REMOVED = "channel.removed"
    CHANNEL_TESTED = "channel.tested"
    DELIVERIES_REQUEUED = "deliveries.requeued"
    WORDING_CHANGED = "wording.changed"
    CAMPAIGN_SCHEDULED = "campaign.scheduled"
    INVITATIONS_SENT = "invitations.sent"
    INVITATIONS_REMINDED = "invitations.reminded"
    INVITATIONS_JOINED = "invitations.joined"
