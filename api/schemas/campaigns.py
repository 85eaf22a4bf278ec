"""Campaigns on the wire."""

from typing import Annotated, Any, ClassVar, Literal
from uuid import UUID

import msgspec

from api.schemas.wire import Given, Moment, Shown, quoted
from survey.campaigns.plan import CampaignChange, CampaignPlan

__all__ = [
    "CampaignCreate",
    "CampaignOpen",
    "CampaignPatch",
    "CampaignRead",
    "ImportRead",
    "InvitationCountsRead",
    "ParticipationRead",
]

_ID = "0193e4a0-7c1e-7d3a-9a44-3f0c5b2f8a02"
Mode = Literal["anonymous", "confidential"]
Name = Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
Wave = Annotated[int, msgspec.Meta(ge=1, le=32_767)]


class CampaignCreate(Given, frozen=True, kw_only=True):
    """A campaign to draft; thresholds that are left out are the organisation's."""

    example: ClassVar[dict[str, Any]] = {
        "name": "AI at work",
        "wave": 1,
        "instrumentKey": "ai-scaling-conditions",
        "instrumentVersion": 1,
        "mode": "anonymous",
        "closesAt": "2026-12-14T18:00:00Z",
    }

    name: Name
    wave: Wave = 1
    instrument_key: str
    instrument_version: int
    mode: Mode = "anonymous"
    min_group: int | None = None
    min_comments: int | None = None
    min_drivers: int | None = None
    opens_at: Moment | None = None
    closes_at: Moment | None = None

    def plan(self) -> CampaignPlan:
        """Hand over to the use case."""
        return CampaignPlan(**msgspec.structs.asdict(self))


class CampaignPatch(Given, frozen=True, kw_only=True):
    """What to change; what is absent stays."""

    example: ClassVar[dict[str, Any]] = {"closesAt": "2026-12-21T18:00:00Z"}

    name: Name | msgspec.UnsetType = msgspec.UNSET
    wave: Wave | msgspec.UnsetType = msgspec.UNSET
    instrument_key: str | msgspec.UnsetType = msgspec.UNSET
    instrument_version: int | msgspec.UnsetType = msgspec.UNSET
    mode: Mode | msgspec.UnsetType = msgspec.UNSET
    min_group: int | msgspec.UnsetType = msgspec.UNSET
    min_comments: int | msgspec.UnsetType = msgspec.UNSET
    min_drivers: int | msgspec.UnsetType = msgspec.UNSET
    opens_at: Moment | msgspec.UnsetType | None = msgspec.UNSET
    closes_at: Moment | msgspec.UnsetType | None = msgspec.UNSET

    def change(self) -> CampaignChange:
        """Hand over to the use case."""
        return CampaignChange(**msgspec.structs.asdict(self))


class CampaignOpen(Given, frozen=True, kw_only=True):
    """How a campaign is opened."""

    may_be_left_out: ClassVar[bool] = True
    example: ClassVar[dict[str, Any]] = {"channel": "console"}

    channel: Annotated[str, msgspec.Meta(min_length=1, max_length=32)] = "console"
    """Which of the worker's channels brings the invitations."""


class CampaignRead(Shown, frozen=True, kw_only=True):
    """A campaign: one wave of one instrument."""

    example: ClassVar[dict[str, Any]] = {
        "id": _ID,
        "name": "AI at work",
        "wave": 1,
        "instrumentKey": "ai-scaling-conditions",
        "instrumentVersion": 1,
        "mode": "anonymous",
        "state": "draft",
        "minGroup": 5,
        "minComments": 10,
        "minDrivers": 100,
        "opensAt": None,
        "closesAt": "2026-12-14T18:00:00Z",
        "openedAt": None,
        "closedAt": None,
        "revision": 1,
        "createdAt": "2026-11-23T09:00:00Z",
    }

    id: UUID
    name: str
    wave: int
    instrument_key: str
    instrument_version: int
    mode: Mode
    state: Literal["draft", "scheduled", "open", "closed", "archived"]
    min_group: int
    min_comments: int
    min_drivers: int
    opens_at: Moment | None
    closes_at: Moment | None
    opened_at: Moment | None
    closed_at: Moment | None
    revision: int
    """Grows with every change; the ETag."""
    created_at: Moment

    def location(self) -> str:
        """Return the address of the campaign."""
        return f"/v1/campaigns/{self.id}"

    def entity_tag(self) -> str:
        """Return the ETag."""
        return quoted(self.revision)


class UnitParticipationRead(Shown, frozen=True, kw_only=True, omit_defaults=True):
    """Participation of a unit and everything below it; no number where it is suppressed."""

    example: ClassVar[dict[str, Any]] = {
        "unit": "D01",
        "name": "Operations",
        "parent": "C",
        "status": "reported",
        "invited": 80,
        "started": 61,
        "completed": 57,
        "rate": 0.7125,
    }

    unit: str
    name: str
    parent: str | None
    status: Literal["reported", "suppressed"]
    invited: int | None = None
    started: int | None = None
    completed: int | None = None
    rate: float | None = None


class ParticipationRead(Shown, frozen=True, kw_only=True):
    """Participation unit by unit, under the campaign's threshold."""

    example: ClassVar[dict[str, Any]] = {
        "campaign": _ID,
        "state": "open",
        "minGroup": 5,
        "units": [
            UnitParticipationRead.example,
            {"unit": "D02", "name": "Legal", "parent": "C", "status": "suppressed"},
        ],
    }

    campaign: UUID
    state: str
    min_group: int
    units: tuple[UnitParticipationRead, ...]


class MessagesRead(Shown, frozen=True, kw_only=True):
    """How many messages of a kind are in a state."""

    example: ClassVar[dict[str, Any]] = {
        "kind": "invitation",
        "state": "sent",
        "messages": 1780,
    }

    kind: Literal["invitation", "reminder"]
    state: Literal["queued", "sent", "failed"]
    messages: int


class InvitationCountsRead(Shown, frozen=True, kw_only=True):
    """How far the messages of a campaign have come; never to whom."""

    example: ClassVar[dict[str, Any]] = {
        "campaign": _ID,
        "messages": [MessagesRead.example],
    }

    campaign: UUID
    messages: tuple[MessagesRead, ...]


class ImportRead(Shown, frozen=True, kw_only=True):
    """What a file of responses brought."""

    example: ClassVar[dict[str, Any]] = {
        "responses": 805,
        "comments": 311,
        "sha256": "9f2c1d7a0b3e4c5d6e7f8091a2b3c4d5e6f708192a3b4c5d6e7f8091a2b3c4d5",
    }

    responses: int
    comments: int
    sha256: str
