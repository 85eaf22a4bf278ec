"""What a campaign may be."""

from datetime import UTC, datetime
from typing import Any

import pytest

from survey.campaigns.plan import CampaignChange, CampaignPlan, settled
from survey.errors import FieldInvalid

EARLY, LATE = datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 2, 1, tzinfo=UTC)


def plan(**fields: Any) -> CampaignPlan:
    small = {"name": "Baseline", "instrument_key": "small", "instrument_version": 1}
    return CampaignPlan(**(small | fields))


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({}, (7, 10, 100)),
        ({"min_group": 4}, (4, 10, 100)),
        ({"min_group": 50}, (50, 50, 100)),
        ({"min_group": 6, "min_comments": 6, "min_drivers": 6}, (6, 6, 6)),
    ],
)
def test_thresholds_left_open_follow_the_organisation(
    given: dict[str, int], expected: tuple[int, int, int]
) -> None:
    whole = settled(plan(**given), min_group=7)

    assert (whole.min_group, whole.min_comments, whole.min_drivers) == expected


@pytest.mark.parametrize(
    ("field", "fields"),
    [
        ("name", {"name": ""}),
        ("wave", {"wave": 0}),
        ("wave", {"wave": 40_000}),
        ("mode", {"mode": "public"}),
        ("min_group", {"min_group": 3}),
        ("min_group", {"min_group": 51}),
        ("min_comments", {"min_group": 8, "min_comments": 7}),
        ("min_drivers", {"min_group": 8, "min_drivers": 7}),
        ("closes_at", {"opens_at": LATE, "closes_at": EARLY}),
        ("closes_at", {"opens_at": LATE, "closes_at": LATE}),
    ],
)
def test_a_wrong_value_is_refused_by_name(field: str, fields: dict[str, Any]) -> None:
    with pytest.raises(FieldInvalid) as caught:
        settled(plan(**fields), min_group=5)

    assert caught.value.facts["field"] == field


@pytest.mark.parametrize(
    "moment",
    [
        datetime(2026, 1, 1),  # noqa: DTZ001 - without a zone on purpose
        datetime(1899, 12, 31, tzinfo=UTC),
        datetime(2201, 1, 1, tzinfo=UTC),
        datetime.max.replace(tzinfo=UTC),
    ],
)
@pytest.mark.parametrize("field", ["opens_at", "closes_at"])
def test_no_plan_and_no_change_has_a_moment_that_cannot_be_shown(
    field: str, moment: datetime
) -> None:
    with pytest.raises(ValueError, match="from 1900 to 2200"):
        plan(**{field: moment})
    with pytest.raises(ValueError, match="from 1900 to 2200"):
        CampaignChange(**{field: moment})


def test_a_change_gives_only_what_is_set_and_null_is_something() -> None:
    change = CampaignChange(name="Second", closes_at=None)

    assert change.fields() == {"name": "Second", "closes_at": None}
