"""Which state may follow which, and what may change in each."""

from itertools import product

import pytest

from models.enums import CampaignState
from survey.campaigns.errors import CampaignLocked, IllegalMove
from survey.campaigns.plan import require_changeable, require_move

ALLOWED = {
    ("draft", "open"),
    ("open", "closing"),
    ("closing", "closed"),
}
ALL = set(product(map(str, CampaignState), repeat=2))


@pytest.mark.parametrize(("current", "wanted"), sorted(ALLOWED))
def test_a_campaign_moves_forward(current: str, wanted: str) -> None:
    require_move(current, wanted)


@pytest.mark.parametrize(("current", "wanted"), sorted(ALL - ALLOWED))
def test_every_other_move_is_refused(current: str, wanted: str) -> None:
    with pytest.raises(IllegalMove) as caught:
        require_move(current, wanted)

    assert caught.value.facts == {"current": current, "wanted": wanted}


def test_everything_may_change_before_it_opens() -> None:
    require_changeable("draft", ["mode", "min_group", "name"])


def test_only_its_end_may_change_while_it_is_open() -> None:
    require_changeable("open", ["closes_at"])

    with pytest.raises(CampaignLocked) as caught:
        require_changeable("open", ["closes_at", "name", "mode"])

    assert caught.value.facts == {"state": "open", "fields": ["mode", "name"]}


@pytest.mark.parametrize("state", ["closing", "closed"])
def test_nothing_may_change_afterwards(state: str) -> None:
    with pytest.raises(CampaignLocked):
        require_changeable(state, ["closes_at"])
