"""Figures of change isolate nobody who joined or left, whatever is subtracted."""

import random
from importlib import import_module

import polars as pl
import pytest

from analytics.disclosure.plan import plan_disclosure
from analytics.results.waves import CompanyChange, UnitChange
from analytics.study.study import Study
from analytics.waves import changes
from analytics.waves.membership import InvitedLists
from tests.analytics.studies import K
from tests.analytics.waves.two_waves import people, wave
from tests.attackers.changes import isolated

TREE = {
    "C": (None, 6),
    "D1": ("C", 0),
    "D2": ("C", 9),
    "A1": ("D1", 12),
    "A2": ("D1", 12),
    "A3": ("D1", 8),
    "B1": ("D2", 20),
    "B2": ("D2", 14),
}
Place = dict[str, str]
"""Person to unit."""


def company(seed: int) -> tuple[Place, Place]:
    """Return who was where before and now: some left, some joined, some changed places."""
    rolled = random.Random(seed)
    before = {
        f"{code}-{number}": code for code, (_, size) in TREE.items() for number in range(size)
    }
    now = dict(before)
    codes = [code for code, (_, size) in TREE.items() if size]
    for _ in range(rolled.randint(0, 14)):
        person = rolled.choice(sorted(now))
        match rolled.randint(0, 2):
            case 0:
                del now[person]
            case 1:
                now[person] = rolled.choice(codes)
            case _:
                now[f"new-{len(now)}-{person}"] = rolled.choice(codes)
    return before, now


def study(place: Place, seed: int) -> Study:
    rolled = random.Random(seed)
    units = {code: sorted(one for one, at in place.items() if at == code) for code in TREE}
    groups = [
        people(code, [rolled.randint(1, 5) for _ in found])
        for code, found in units.items()
        if found
    ]
    return wave(*groups, tree=TREE, keyed=False)


def invited(place: Place) -> pl.DataFrame:
    rows = [(person, unit, "contributor") for person, unit in place.items()]
    return pl.DataFrame(rows, schema=["person", "unit", "role"], orient="row")


def attacked(seed: int) -> list[tuple[str, ...]]:
    before, now = company(seed)
    membership = InvitedLists.of(invited(now), invited(before))
    found, units = compared(seed)
    tree = study(now, seed).tree
    return isolated(found, units, "trust", tree=tree, membership=membership, k=K)


def compared(seed: int) -> tuple[CompanyChange, dict[str, UnitChange]]:
    before, now = company(seed)
    studies = study(now, seed), study(before, seed + 1)
    plans = [plan_disclosure(one, k=K) for one in studies]
    return changes(
        studies[0],
        plans[0],
        studies[1],
        plans[1],
        k=K,
        membership=InvitedLists.of(invited(now), invited(before)),
    )


SEEDS = range(60)


def test_nobody_who_joined_or_left_is_isolated() -> None:
    assert {seed: found for seed in SEEDS if (found := attacked(seed))} == {}


def test_some_figures_are_shown() -> None:
    shown = [
        change.constructs["trust"].estimate is not None
        for seed in SEEDS
        for change in compared(seed)[1].values()
        if "trust" in change.constructs
    ]

    assert 0.1 < sum(shown) / len(shown) < 0.9


def test_the_attacker_succeeds_if_membership_is_not_compared(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    module = import_module("analytics.waves.changes")
    monkeypatch.setattr(module, "figures_allowed", lambda *_, among, **__: among)

    assert sum(bool(attacked(seed)) for seed in SEEDS) > 30


def test_the_attacker_succeeds_if_only_groups_themselves_are_looked_at(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    groups = "analytics.waves.membership._Groups"
    monkeypatch.setattr(f"{groups}._hide_below", lambda *_: None)
    monkeypatch.setattr(f"{groups}._in_small_unions", lambda *_: set())

    assert any(attacked(seed) for seed in SEEDS)
