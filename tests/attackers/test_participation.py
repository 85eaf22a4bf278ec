"""Whoever watches an open campaign learns of no step of fewer than k people."""

from collections.abc import Iterator

import numpy as np
import pytest

from survey.campaigns import steps
from survey.campaigns.head_counts import (
    Counts,
    FrozenUnit,
    UnitHeadCounts,
    visible_participation,
)
from survey.campaigns.steps import Step, next_steps, visible_steps
from tests.attackers.participation import Progress, small_groups

K = 5
HOURS = 12
TREE = [
    FrozenUnit("C", "Company", None),
    FrozenUnit("D1", "First", "C"),
    FrozenUnit("D2", "Second", "C"),
    *(FrozenUnit(f"A{number}", "Of the first", "D1") for number in range(4)),
    *(FrozenUnit(f"B{number}", "Of the second", "D2") for number in range(3)),
]
Table = tuple[UnitHeadCounts, ...]


def hours(seed: int) -> Iterator[dict[str, Counts]]:
    """Yield who has started and completed at every hour, in a company of random size."""
    random = np.random.default_rng(seed)
    invited = {unit.code: int(random.integers(0, 45)) for unit in TREE}
    started, completed = dict.fromkeys(invited, 0), dict.fromkeys(invited, 0)
    for _ in range(HOURS):
        for code, people in invited.items():
            started[code] += int(random.binomial(people - started[code], 0.15))
            completed[code] += int(random.binomial(started[code] - completed[code], 0.6))
        yield {code: Counts(invited[code], started[code], completed[code]) for code in invited}


def watched(seed: int) -> list[Table]:
    """Return what is shown hour by hour."""
    shown: dict[str, Step] = {}
    tables = []
    for now in hours(seed):
        shown = next_steps(TREE, now, shown, k=K)
        tables.append(visible_steps(TREE, now, shown, k=K))
    return tables


@pytest.mark.parametrize("seed", range(40))
def test_steps_reveal_no_small_group(seed: int) -> None:
    assert small_groups(watched(seed), k=K) == set()


def test_steps_show_how_a_campaign_goes() -> None:
    last = {one.unit: one.completed for one in watched(1)[-1]}

    assert sum(number is not None for number in last.values()) > len(TREE) / 2


def test_the_attacker_succeeds_if_numbers_are_shown_as_they_are() -> None:
    tables = [visible_participation(TREE, now, k=K) for now in hours(1)]

    assert len(small_groups(tables, k=K)) > 50


def test_the_attacker_succeeds_if_a_block_moves_by_fewer_than_k(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def at_once(now: Counts, _: Step, **__: int) -> Step:
        return Step(started=now.started, completed=now.completed)

    monkeypatch.setattr(steps, "_moved", at_once)

    assert len(small_groups(watched(1), k=K)) > 50


def test_the_attacker_subtracts_units_and_moments() -> None:
    def table(whole: int, part: int) -> Table:
        numbers = {"C": whole, "D1": part}
        return tuple(
            UnitHeadCounts(
                unit=unit, name=unit, parent=parent, status="reported", invited=90, completed=n
            )
            for (unit, n), parent in zip(numbers.items(), (None, "C"), strict=True)
        )

    found = small_groups([table(20, 10), table(32, 20)], k=K)

    assert found == {Progress("completed", "C", ("D1",), 2)}
