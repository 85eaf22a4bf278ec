"""Steps of participation: when a block moves, and what its units show."""

import pytest

from survey.campaigns.head_counts import Counts, FrozenUnit
from survey.campaigns.steps import Step, next_steps, visible_steps

K = 5
ONE = [FrozenUnit("ALL", "Company", None)]
TREE = [
    FrozenUnit("ALL", "Company", None),
    FrozenUnit("U1", "One", "ALL"),
    FrozenUnit("U2", "Two", "ALL"),
    FrozenUnit("U3", "Three", "ALL"),
]


def moved(now: Counts, shown: Step) -> Step:
    return next_steps(ONE, {"ALL": now}, {"ALL": shown}, k=K)["ALL"]


@pytest.mark.parametrize(
    ("completed", "shown", "then"),
    [
        (4, 0, 0),
        (5, 0, 5),
        (9, 5, 5),
        (10, 5, 10),
        (25, 20, 25),
        (26, 20, 20),
        (30, 20, 20),
    ],
)
def test_completed_moves_by_k_as_long_as_k_are_left(
    completed: int, shown: int, then: int
) -> None:
    found = moved(Counts(30, completed, completed), Step(started=0, completed=shown))

    assert found.completed == then


@pytest.mark.parametrize(
    ("now", "then"),
    [
        (Counts(30, 20, 15), 20),
        (Counts(30, 19, 15), 12),
        (Counts(30, 26, 15), 12),
        (Counts(30, 16, 10), 12),
    ],
)
def test_started_moves_by_k_as_long_as_k_are_left_and_k_have_not_completed(
    now: Counts, then: int
) -> None:
    assert moved(now, Step(started=12, completed=5)).started == then


def test_a_unit_below_2k_counts_with_the_unit_above_it() -> None:
    own = {"U1": Counts(9, 5, 5), "U2": Counts(10, 4, 4), "U3": Counts(30, 8, 8)}

    steps = next_steps(TREE, own, {}, k=K)
    found = {one.unit: one.completed for one in visible_steps(TREE, own, steps, k=K)}

    assert found == {"ALL": 17, "U1": None, "U2": None, "U3": 8}


def test_a_parent_waits_for_each_of_its_blocks() -> None:
    own = {"U1": Counts(20, 7, 7), "U2": Counts(20, 4, 4), "U3": Counts(20, 6, 6)}

    steps = next_steps(TREE, own, {}, k=K)
    found = {one.unit: one.completed for one in visible_steps(TREE, own, steps, k=K)}

    assert found == {"ALL": 13, "U1": 7, "U2": None, "U3": 6}


def test_started_is_absent_if_it_is_not_ahead_by_k() -> None:
    own = {"ALL": Counts(30, 20, 12)}

    ahead, level = (
        visible_steps(ONE, own, {"ALL": Step(started=started, completed=12)}, k=K)[0].started
        for started in (17, 16)
    )

    assert (ahead, level) == (17, None)


def test_a_hidden_unit_has_no_number() -> None:
    own = {"U1": Counts(4, 4, 4), "U2": Counts(9), "U3": Counts(30, 9, 9)}

    found = visible_steps(TREE, own, next_steps(TREE, own, {}, k=K), k=K)[1]

    assert (found.status, found.invited, found.completed) == ("suppressed", None, None)
