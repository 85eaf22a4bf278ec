"""Participation figures, and which of them may be seen."""

from survey.campaigns.head_counts import (
    Counts,
    FrozenUnit,
    UnitHeadCounts,
    visible_participation,
)

K = 5
TREE = [
    FrozenUnit("ALL", "Company", None),
    FrozenUnit("U1", "One", "ALL"),
    FrozenUnit("U2", "Two", "ALL"),
    FrozenUnit("U3", "Three", "ALL"),
]


def shown(own: dict[str, Counts]) -> set[str]:
    found = visible_participation(TREE, own, k=K)
    return {unit.unit for unit in found if unit.status == "reported"}


def test_parents_add_up_everything_below_them() -> None:
    own = {"ALL": Counts(5, 4, 3), "U1": Counts(10, 6, 5), "U2": Counts(20, 9, 2)}

    company = visible_participation(TREE, own, k=K)[0]

    assert company == UnitHeadCounts(
        unit="ALL",
        name="Company",
        parent=None,
        status="reported",
        invited=35,
        started=19,
        completed=10,
        rate=10 / 35,
    )


def test_a_small_group_keeps_its_row_and_no_number() -> None:
    own = {"U1": Counts(4, 4, 4), "U2": Counts(9), "U3": Counts(3)}

    one = visible_participation(TREE, own, k=K)[1]

    assert one == UnitHeadCounts(unit="U1", name="One", parent="ALL", status="suppressed")


def test_a_group_of_k_is_shown() -> None:
    own = {"U1": Counts(5), "U2": Counts(5), "U3": Counts(5)}

    assert shown(own) == {"ALL", "U1", "U2", "U3"}


def test_a_hidden_group_does_not_follow_from_the_others() -> None:
    own = {"U1": Counts(4), "U2": Counts(9), "U3": Counts(30)}

    assert shown(own) == {"ALL", "U3"}


def test_a_campaign_without_a_tree_has_no_participation() -> None:
    assert visible_participation([], {}, k=K) == ()


def test_only_the_invited_are_told_where_few_have_completed() -> None:
    own = {"U1": Counts(20, 9, 4), "U2": Counts(20, 12, 8), "U3": Counts(20, 15, 12)}

    found = {unit.unit: unit for unit in visible_participation(TREE, own, k=K)}

    assert (found["U1"].invited, found["U1"].completed, found["U1"].rate) == (20, None, None)


def test_how_many_of_a_hidden_few_completed_does_not_follow() -> None:
    own = {"U1": Counts(20, 9, 4), "U2": Counts(20, 12, 8), "U3": Counts(20, 15, 12)}

    found = {unit.unit: unit for unit in visible_participation(TREE, own, k=K)}

    assert (found["ALL"].completed, found["U2"].completed) == (24, None)
    assert found["U3"].completed == 12
