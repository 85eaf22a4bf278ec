"""What a use case may be."""

import pytest

from survey.errors import FieldInvalid
from survey.use_cases.rules import UseCaseChange, UseCasePlan, changed, settled


def checked(**fields: object) -> UseCasePlan:
    plan = UseCasePlan(**({"title": "Sort invoices"} | fields))  # type: ignore[arg-type]  # as given
    return settled(plan, criteria=("data", "owner"), deferrals=("new_data",))


def test_what_nobody_has_rated_is_left_out() -> None:
    plan = checked(scores={"data": 0, "owner": None}, deferrals={"new_data": None})

    assert (plan.scores, plan.deferrals) == ({"data": 0}, {})


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("title", ""),
        ("title", " "),
        ("title", "x" * 201),
        ("title", "a\0b"),
        ("description", "x" * 5_001),
        ("scores", {"speed": 1}),
        ("scores", {"data": 5}),
        ("scores", {"data": -1}),
        ("deferrals", {"data": True}),
    ],
)
def test_what_breaks_a_rule_names_its_field(field: str, value: object) -> None:
    with pytest.raises(FieldInvalid, match=field):
        checked(**{field: value})


def test_a_change_leaves_what_it_does_not_name() -> None:
    plan = UseCasePlan(title="A", description="B", scores={"data": 1})

    assert changed(plan, UseCaseChange()) == plan


def test_a_change_rates_the_criteria_that_it_names_and_no_others() -> None:
    plan = UseCasePlan(title="A", scores={"data": 1, "owner": 2})

    after = changed(plan, UseCaseChange(scores={"data": None}))

    assert after.scores == {"data": None, "owner": 2}
