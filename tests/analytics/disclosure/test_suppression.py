"""Suppression against brute force: every subset of cells is tried by linear algebra."""

from collections.abc import Iterator
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.disclosure.suppression import Disclosure, RoleCounts, _ShownNodes, disclose
from analytics.study.tree import UnitTree

K = 5


def tree_of(parents: dict[str, str | None]) -> UnitTree:
    return UnitTree(parents, dict.fromkeys(parents, 10))


def cells_of(tree: UnitTree, counts: dict[str, tuple[int, int]]) -> RoleCounts:
    return RoleCounts(
        np.array([[counts.get(code, (0, 0)) for code in tree.codes]], dtype=np.int64)
    )


def isolated_sets(
    tree: UnitTree, cells: RoleCounts, shown: Disclosure, *, measure: int = 0
) -> Iterator[tuple[int, ...]]:
    """Yield each set of fewer than K people whose sum follows from the shown figures."""
    counts = cells.counts[measure].reshape(-1)
    place = {code: row for row, code in enumerate(tree.codes)}
    figures = [np.ones(len(counts))]
    for code in shown.everyone:
        rows = [place[member] for member in tree.members(code)]
        figures.append(
            _indicator(len(counts), [2 * r for r in rows] + [2 * r + 1 for r in rows])
        )
        if code in shown.roles:
            figures.append(_indicator(len(counts), [2 * r for r in rows]))
            figures.append(_indicator(len(counts), [2 * r + 1 for r in rows]))
    atoms = np.flatnonzero(counts)
    known = np.array(figures)[:, atoms]
    rank = np.linalg.matrix_rank(known)
    for size in range(1, K):
        for chosen in combinations(range(len(atoms)), size):
            if counts[atoms[list(chosen)]].sum() < K:
                row = _indicator(len(atoms), list(chosen))
                if np.linalg.matrix_rank(np.vstack([known, row])) == rank:
                    yield chosen


def _indicator(size: int, rows: list[int]) -> np.ndarray:
    row = np.zeros(size)
    row[rows] = 1.0
    return row


@st.composite
def companies(draw: st.DrawFn) -> tuple[UnitTree, RoleCounts]:
    parents: dict[str, str | None] = {}
    for index in range(draw(st.integers(1, 7))):
        above = [*parents, None] if index % 2 else list(parents) or [None]
        parents[f"U{index}"] = draw(st.sampled_from(above))
    tree = tree_of(parents)
    people = st.one_of(st.integers(0, 4), st.integers(0, 12))
    measures = draw(st.integers(1, 2))
    shape = (measures, len(parents), 2)
    flat = [draw(people) for _ in range(int(np.prod(shape)))]
    return tree, RoleCounts(np.array(flat, dtype=np.int64).reshape(shape))


@given(companies())
@settings(max_examples=150, deadline=None)
def test_no_group_below_k_follows_from_what_is_shown(
    company: tuple[UnitTree, RoleCounts],
) -> None:
    tree, cells = company
    total = cells.counts.sum(axis=(1, 2))

    shown = disclose(cells, tree, k=K)

    for measure in range(len(cells.counts)):
        if total[measure] >= K:
            assert not list(isolated_sets(tree, cells, shown, measure=measure))


@given(companies())
@settings(max_examples=100, deadline=None)
def test_a_shown_group_has_at_least_k_people(company: tuple[UnitTree, RoleCounts]) -> None:
    tree, cells = company
    place = {code: row for row, code in enumerate(tree.codes)}

    shown = disclose(cells, tree, k=K)

    for code in shown.everyone:
        rows = [place[member] for member in tree.members(code)]
        assert (cells.counts[:, rows].sum(axis=(1, 2)) >= K).all()


def test_without_secondary_suppression_the_same_attack_succeeds(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    tree = tree_of({"C": None, "A": "C", "B": "C", "D": "C"})
    cells = cells_of(tree, {"A": (0, 3), "B": (0, 9), "D": (0, 20)})
    safe = disclose(cells, tree, k=K)

    monkeypatch.setattr(_ShownNodes, "solve", lambda self: self.shown)
    naive = disclose(cells, tree, k=K)

    assert not list(isolated_sets(tree, cells, safe))
    assert list(isolated_sets(tree, cells, naive))


def test_hides_the_smallest_sibling_beside_a_group_that_is_too_small() -> None:
    tree = tree_of({"C": None, "A": "C", "B": "C", "D": "C"})
    cells = cells_of(tree, {"A": (0, 3), "B": (0, 9), "D": (0, 20)})

    shown = disclose(cells, tree, k=K)

    assert shown.everyone == {"C", "D"}


def test_hides_nothing_if_every_group_is_large() -> None:
    tree = tree_of({"C": None, "A": "C", "B": "C"})
    cells = cells_of(tree, {"A": (6, 30), "B": (7, 25)})

    shown = disclose(cells, tree, k=K)

    assert shown == Disclosure(frozenset("ABC"), frozenset("ABC"))


def test_two_hidden_groups_that_hold_k_people_need_no_third() -> None:
    tree = tree_of({"C": None, "A": "C", "B": "C", "D": "C"})
    cells = cells_of(tree, {"A": (0, 3), "B": (0, 4), "D": (0, 20)})

    shown = disclose(cells, tree, k=K)

    assert shown.everyone == {"C", "D"}


def test_a_lone_manager_does_not_follow_from_the_parent() -> None:
    tree = tree_of({"C": None, "A": "C", "B": "C", "D": "C"})
    cells = cells_of(tree, {"A": (1, 20), "B": (6, 20), "D": (8, 30)})

    shown = disclose(cells, tree, k=K)

    assert shown.everyone == set("ABCD")
    assert shown.roles == {"C", "D"}


def test_groups_side_by_side_protect_each_other_since_their_total_is_shown() -> None:
    tree = UnitTree.flat(["A", "B", "D"])
    cells = cells_of(tree, {"A": (0, 3), "B": (0, 9), "D": (0, 20)})

    shown = disclose(cells, tree, k=K)

    assert shown.everyone == {"D"}


def test_a_unit_that_shows_nothing_shows_no_construct() -> None:
    tree = tree_of({"C": None, "A": "C", "B": "C"})
    cells = cells_of(tree, {"A": (6, 30), "B": (7, 25)})

    shown = disclose(cells, tree, k=K, allowed=frozenset({"C"}))

    assert shown.everyone == {"C"}
