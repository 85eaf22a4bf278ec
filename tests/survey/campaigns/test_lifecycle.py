"""Which state may follow which, and what may change in each."""

from itertools import product

import pytest

from models.enums import CampaignState
from survey.campaigns.errors import CampaignLocked, IllegalMove
from survey.campaigns.plan import require_changeable, require_move

ALLOWED = {
    ("draft", "scheduled"),
    ("scheduled", "draft"),
    ("scheduled", "open"),
    ("draft", "open"),
    ("open", "closing"),
    ("closing", "closed"),
}
ALL = set(product(map(str, CampaignState), repeat=2))


@pytest.mark.parametrize(("current", "wanted"), sorted(ALLOWED))
def test_a_campaign_moves_forward_or_is_no_longer_scheduled(current: str, wanted: str) -> None:
    require_move(current, wanted)


@pytest.mark.parametrize(("current", "wanted"), sorted(ALL - ALLOWED))
def test_every_other_move_is_refused(current: str, wanted: str) -> None:
    with pytest.raises(IllegalMove) as caught:
        require_move(current, wanted)

    assert caught.value.facts == {"current": current, "wanted": wanted}


def test_everything_may_change_before_it_opens() -> None:
    require_changeable("draft", ["mode", "min_group", "name"])


def test_what_says_when_may_change_while_it_is_scheduled() -> None:
    require_changeable("scheduled", ["opens_at", "closes_at", "reminders", "sending_window"])

    with pytest.raises(CampaignLocked) as caught:
        require_changeable("scheduled", ["opens_at", "min_group"])

    assert caught.value.facts == {"state": "scheduled", "fields": ["min_group"]}


def test_only_its_end_and_its_messages_may_change_while_it_is_open() -> None:
    require_changeable(
        "open",
        ["closes_at", "reminders", "reminder_hour", "sending_window", "invite_joiners"],
    )
    with pytest.raises(CampaignLocked):
        require_changeable("open", ["opens_at"])

    with pytest.raises(CampaignLocked) as caught:
        require_changeable("open", ["closes_at", "name", "mode"])

    assert caught.value.facts == {"state": "open", "fields": ["mode", "name"]}


@pytest.mark.parametrize("state", ["closing", "closed"])
def test_nothing_may_change_afterwards(state: str) -> None:
    with pytest.raises(CampaignLocked):
        require_changeable(state, ["closes_at"])
