"""Who is invited."""

import pytest

from survey.campaigns.errors import NobodyToInvite
from survey.campaigns.plan import asked_roles, require_somebody
from tests.factories.definition import item, make_definition


def test_roles_that_are_asked_nothing_are_not_invited() -> None:
    assert asked_roles(make_definition()) == ("manager", "contributor")


def test_a_role_with_one_item_is_invited() -> None:
    items = (item("pain_1", audiences=("sponsor",)), item("pain_2", audiences=("contributor",)))

    assert asked_roles(make_definition(items=items)) == ("sponsor", "contributor")


def test_an_empty_room_is_refused() -> None:
    require_somebody(1, ("manager",))

    with pytest.raises(NobodyToInvite):
        require_somebody(0, ("manager",))
