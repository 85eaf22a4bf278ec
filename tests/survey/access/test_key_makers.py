"""Whether an organisation can do without some of its keys that can make keys: pure."""

from datetime import timedelta

import pytest

from survey.access.key_makers import LASTING, KeyMaker, can_spare
from tests.factories.server import NOW


def maker(days: float | None = None, *scopes: str) -> KeyMaker:
    return KeyMaker(
        scopes=frozenset({"keys:write", *scopes}),
        expires_at=None if days is None else NOW + timedelta(days=days),
    )


OFFICE = maker(None, "org:read")


def test_keys_that_make_none_can_always_end() -> None:
    assert can_spare([], [], now=NOW)


def test_the_last_one_cannot() -> None:
    assert not can_spare([OFFICE], [], now=NOW)


def test_the_last_two_cannot_end_together() -> None:
    assert not can_spare([OFFICE, OFFICE], [], now=NOW)


@pytest.mark.parametrize(
    ("ends_after", "stays_for", "spared"),
    [
        (None, None, True),
        (None, LASTING.days, True),
        (None, LASTING.days - 0.01, False),
        (100, LASTING.days, True),
        (2, 2, True),
        (2, 1.99, False),
        (0.5, None, True),
    ],
)
def test_another_one_must_last_as_long_or_for_a_week(
    ends_after: float | None, stays_for: float | None, spared: bool
) -> None:
    ending, staying = maker(ends_after, "org:read"), maker(stays_for, "org:read")

    assert can_spare([ending], [staying], now=NOW) is spared


def test_one_that_can_only_make_its_like_stands_in_for_none_that_can_do_more() -> None:
    bare = maker()

    assert not can_spare([OFFICE], [bare], now=NOW)
    assert can_spare([bare], [bare], now=NOW)
    assert can_spare([bare], [OFFICE], now=NOW)
