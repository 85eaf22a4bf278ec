"""What a file means for what is stored."""

import pytest

from survey.directory.errors import ValueTooLong
from survey.directory.sync import Stored, difference, require_lengths

STORED = {
    "same": Stored(("a", 1), active=True),
    "other": Stored(("b", 2), active=True),
    "gone": Stored(("c", 3), active=True),
    "asleep": Stored(("d", 4), active=False),
    "asleep-and-gone": Stored(("e", 5), active=False),
}
GIVEN = {"same": ("a", 1), "other": ("b", 3), "asleep": ("d", 4), "new": ("f", 6)}


def test_what_is_not_stored_is_created() -> None:
    assert difference(STORED, GIVEN).created == ("new",)


def test_other_content_and_coming_back_are_changes() -> None:
    assert difference(STORED, GIVEN).changed == ("asleep", "other")


def test_equal_content_is_no_change() -> None:
    assert difference(STORED, GIVEN).unchanged == ("same",)


def test_only_active_rows_can_be_missing() -> None:
    assert difference(STORED, GIVEN).missing == ("gone",)


def test_an_empty_database_makes_everything_new() -> None:
    found = difference({}, GIVEN)

    assert found.created == ("asleep", "new", "other", "same")
    assert (found.changed, found.unchanged, found.left, found.missing) == ((), (), (), ())


def test_a_text_as_long_as_its_field_is_accepted() -> None:
    require_lengths([("U1", "abcd", 7)], ("code", "name", "headcount"), {"name": 4})


def test_a_longer_text_is_named_with_its_row() -> None:
    with pytest.raises(ValueTooLong) as caught:
        require_lengths([("U1", "abcde", 7)], ("code", "name", "headcount"), {"name": 4})

    assert caught.value.facts == {"row": "U1", "field": "name", "length": 5, "limit": 4}
