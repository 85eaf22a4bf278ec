"""Why a campaign stays as it is; part of the tree in survey.errors.

SurveyError
├── NotFound
│   ├── CampaignNotFound        no campaign has this id
│   └── LinksOfNobody           nobody of this id is invited
└── Conflict
    ├── IllegalMove             a campaign cannot go from its state to the one asked for
    ├── CampaignLocked          what is to be changed locked when the campaign opened
    ├── CampaignNotDraft        only drafts are deleted
    ├── DuplicateCampaign       there is a campaign of this name and wave
    ├── InstrumentNotPublished  a campaign only opens with a published instrument
    ├── NobodyToInvite          no active person has a role that the instrument asks
    ├── ClosesTooSoon           the campaign would be over before it opens
    └── LinksWhileOpenOnly      links are handed out only while they work
"""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from survey.errors import Conflict, NotFound

__all__ = [
    "CampaignLocked",
    "CampaignNotDraft",
    "CampaignNotFound",
    "ClosesTooSoon",
    "DuplicateCampaign",
    "IllegalMove",
    "InstrumentNotPublished",
    "LinksOfNobody",
    "LinksWhileOpenOnly",
    "NobodyToInvite",
]


class CampaignNotFound(NotFound):
    """No campaign of the organisation has this id."""

    code = "campaign-not-found"

    def __init__(self, campaign: UUID) -> None:
        super().__init__("There is no such campaign.", campaign=str(campaign))


class IllegalMove(Conflict):
    """A campaign cannot go from its state to the one asked for."""

    code = "illegal-campaign-move"

    def __init__(self, *, current: str, wanted: str) -> None:
        super().__init__(
            f"A campaign that is {current} cannot become {wanted}.",
            current=current,
            wanted=wanted,
        )


class CampaignLocked(Conflict):
    """What is to be changed locked when the campaign opened or closed."""

    code = "campaign-locked"

    def __init__(self, *, state: str, fields: Sequence[str]) -> None:
        super().__init__(
            f"A campaign that is {state} keeps its {', '.join(fields)}.",
            state=state,
            fields=list(fields),
        )


class CampaignNotDraft(Conflict):
    """The campaign has opened, and only drafts can be deleted."""

    code = "campaign-not-draft"

    def __init__(self, state: str) -> None:
        super().__init__(
            f"A campaign that is {state} cannot be deleted; only a draft can.", state=state
        )


class DuplicateCampaign(Conflict):
    """There is a campaign of this name and wave already."""

    code = "duplicate-campaign"

    def __init__(self, name: str, wave: int) -> None:
        super().__init__(f"{name!r} has a wave {wave} already.", name=name, wave=wave)


class InstrumentNotPublished(Conflict):
    """A campaign only opens with a published instrument."""

    code = "instrument-not-published"

    def __init__(self, key: str, version: int) -> None:
        super().__init__(
            f"{key} version {version} is a draft. Publish it before the campaign opens.",
            key=key,
            version=version,
        )


class NobodyToInvite(Conflict):
    """No active person has a role that the instrument asks anything."""

    code = "nobody-to-invite"

    def __init__(self, roles: Sequence[str]) -> None:
        super().__init__(
            f"There is no active person to invite; the instrument asks {', '.join(roles)}.",
            roles=list(roles),
        )


class ClosesTooSoon(Conflict):
    """The campaign would be over before it opens."""

    code = "closes-too-soon"

    def __init__(self, closes_at: datetime) -> None:
        super().__init__(
            f"The campaign closes at {closes_at.isoformat()}, which has passed.",
            closes_at=closes_at.isoformat(),
        )


class LinksOfNobody(NotFound):
    """Nobody of this external id is invited to the campaign."""

    code = "link-not-found"

    def __init__(self, external_id: str) -> None:
        super().__init__("Nobody of this id is invited.", external_id=external_id)


class LinksWhileOpenOnly(Conflict):
    """Links are handed out only while the campaign is open; nothing was exported."""

    code = "links-while-open-only"

    def __init__(self, state: str) -> None:
        super().__init__(
            f"A campaign that is {state} has no links that open the form.", state=state
        )
