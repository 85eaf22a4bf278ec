"""Why a campaign stays as it is; part of the tree in survey.errors.

SurveyError
├── NotFound
│   ├── CampaignNotFound        no campaign has this id
│   └── LinksOfNobody           nobody of this id is invited
├── Invalid
│   ├── AudienceUnitsUnknown    an audience names units that do not exist or are inactive
│   ├── AudiencePeopleUnknown   a list names people who do not exist
│   ├── PeopleNotInvited        somebody who is to get a message is not invited
│   └── UnitNotInCampaign       the tree of the campaign has no such unit
└── Conflict
    ├── IllegalMove             a campaign cannot go from its state to the one asked for
    ├── CampaignLocked          what is to be changed locked when the campaign opened
    ├── CampaignNotDraft        only drafts are deleted
    ├── DuplicateCampaign       there is a campaign of this name and wave
    ├── InstrumentNotPublished  a campaign only opens with a published instrument
    ├── NobodyToInvite          no active person has a role that the instrument asks
    ├── AudienceRolesNotAsked   the instrument asks a role of the audience nothing
    ├── AudienceTooSmall        nothing could be shown of so few people
    ├── ClosesTooSoon           the campaign would be over before it opens
    ├── CampaignNotRunning      only an open campaign has messages to send
    └── LinksWhileOpenOnly      links are handed out only while they work
"""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from survey.errors import MOST_ERRORS, Conflict, Invalid, NotFound

__all__ = [
    "AudiencePeopleUnknown",
    "AudienceRolesNotAsked",
    "AudienceTooSmall",
    "AudienceUnitsUnknown",
    "CampaignLocked",
    "CampaignNotDraft",
    "CampaignNotFound",
    "CampaignNotRunning",
    "ClosesTooSoon",
    "DuplicateCampaign",
    "IllegalMove",
    "InstrumentNotPublished",
    "LinksOfNobody",
    "LinksWhileOpenOnly",
    "NobodyToInvite",
    "PeopleNotInvited",
    "UnitNotInCampaign",
]


_NAMED = 20
"""Units or people that a message names; all of them are counted."""


def _named(names: Sequence[str]) -> str:
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    return ", ".join(names[:_NAMED]) + more


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

    def __init__(self, roles: Sequence[str], *, narrowed: bool = False) -> None:
        whom = "nobody active in the audience" if narrowed else "no active person"
        super().__init__(
            f"There is {whom} to invite; the instrument asks {', '.join(roles)}.",
            roles=list(roles),
        )


class AudienceUnitsUnknown(Invalid):
    """The audience names units that do not exist or are inactive."""

    code = "audience-units-unknown"

    def __init__(self, units: Sequence[str]) -> None:
        super().__init__(
            f"The audience names units that do not exist or are inactive: {_named(units)}.",
            units=list(units[:_NAMED]),
            unknown=len(units),
        )


class AudiencePeopleUnknown(Invalid):
    """The list of an audience names people who do not exist."""

    code = "audience-people-unknown"

    def __init__(self, people: Sequence[str]) -> None:
        super().__init__(
            f"The audience names people whom the directory does not have: {_named(people)}.",
            people=list(people[:_NAMED]),
            unknown=len(people),
        )


class AudienceRolesNotAsked(Conflict):
    """The instrument asks a role of the audience nothing."""

    code = "audience-roles-not-asked"

    def __init__(self, roles: Sequence[str], asked: Sequence[str]) -> None:
        super().__init__(
            f"The audience names {', '.join(roles)}; the instrument asks only "
            f"{', '.join(asked)}.",
            roles=list(roles),
            asked=list(asked),
        )


class AudienceTooSmall(Conflict):
    """So few managers and contributors would be invited that nothing could be shown of them."""

    code = "audience-too-small"

    def __init__(self, invited: int, k: int) -> None:
        super().__init__(
            f"The audience has {invited} managers and contributors. Nothing is shown of fewer "
            f"than {k}, so they would answer for nothing.",
            invited=invited,
            min_group=k,
        )


class ClosesTooSoon(Conflict):
    """The campaign would be over before it opens."""

    code = "closes-too-soon"

    def __init__(self, closes_at: datetime) -> None:
        super().__init__(
            f"The campaign closes at {closes_at.isoformat()}, which has passed.",
            closes_at=closes_at.isoformat(),
        )


class CampaignNotRunning(Conflict):
    """Only an open campaign has messages to send."""

    code = "campaign-not-running"

    def __init__(self, state: str) -> None:
        super().__init__(
            f"A campaign that is {state} sends no messages; only an open one does.", state=state
        )


class PeopleNotInvited(Invalid):
    """Somebody who is to get a message is not invited to the campaign."""

    code = "people-not-invited"

    def __init__(self, people: Sequence[str]) -> None:
        listed = ", ".join(repr(one) for one in people[:MOST_ERRORS])
        super().__init__(
            f"These people are not invited to the campaign: {listed}.",
            people=list(people[:MOST_ERRORS]),
            total=len(people),
        )


class UnitNotInCampaign(Invalid):
    """The tree that was frozen when the campaign opened has no such unit."""

    code = "unit-not-in-campaign"

    def __init__(self, unit: str) -> None:
        super().__init__(f"The campaign has no unit {unit!r}.", unit=unit)


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
