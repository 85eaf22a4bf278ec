"""Which state of a campaign may follow which, and what may still change in each."""

from collections.abc import Collection

from models.enums import CampaignState
from survey.campaigns.errors import CampaignLocked, IllegalMove

__all__ = ["require_changeable", "require_move"]

_NEXT = {
    CampaignState.DRAFT: {CampaignState.SCHEDULED, CampaignState.OPEN},
    CampaignState.SCHEDULED: {CampaignState.DRAFT, CampaignState.OPEN},
    CampaignState.OPEN: {CampaignState.CLOSED},
    CampaignState.CLOSED: {CampaignState.ARCHIVED},
    CampaignState.ARCHIVED: frozenset[CampaignState](),
}

_PREPARING = {CampaignState.DRAFT, CampaignState.SCHEDULED}
_WHILE_OPEN = {"closes_at"}


def require_move(current: str, wanted: str) -> None:
    """Check that a campaign may go from one state to another.

    Raises
    ------
    IllegalMove
        The table above does not have it.
    """
    if wanted not in _NEXT[CampaignState(current)]:
        raise IllegalMove(current=current, wanted=wanted)


def require_changeable(state: str, fields: Collection[str]) -> None:
    """Check that these fields may be changed: all before it opens, then the end, then nothing.

    Raises
    ------
    CampaignLocked
        Names the fields that have locked.
    """
    if state in _PREPARING:
        return
    free = _WHILE_OPEN if state == CampaignState.OPEN else set[str]()
    locked = sorted(set(fields) - free)
    if locked:
        raise CampaignLocked(state=state, fields=locked)
