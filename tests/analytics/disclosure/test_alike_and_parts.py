"""Groups that agree wholly, and groups of invited and imported people, against brute force."""

from collections.abc import Iterator
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.disclosure import suppression
from analytics.disclosure.suppression import Disclosure, RoleCounts, disclose
from analytics.study.tree import UnitTree

K = 3
Sheets = list[list[list[int]]]
"""Scores of the people of each unit and role."""


def tree_of(parents: dict[str, str | None]) -> UnitTree:
    return UnitTree(parents, dict.fromkeys(parents, 10))


def counted(sheets: Sheets) -> RoleCounts:
    moments = [[(len(s), sum(s), sum(x * x for x in s)) for s in by_role] for by_role in sheets]
    found = np.array([moments], dtype=np.int64)
    return RoleCounts(found[..., 0], found[..., 1:])


def isolated(tree: UnitTree, sheets: Sheets, shown: Disclosure) -> Iterator[list[int]]:
    """Yield the scores of each group of fewer than 2K people whose sum follows."""
    cells = [(unit, role) for unit in range(len(sheets)) for role in (0, 1)]
    atoms = [cell for cell in cells if sheets[cell[0]][cell[1]]]
    place = {code: row for row, code in enumerate(tree.codes)}
    figures = [[1.0] * len(atoms)]
    for code in shown.everyone:
        rows = {place[member] for member in tree.members(code)}
        figures.append([float(unit in rows) for unit, _ in atoms])
        figures += [
            [float(unit in rows and of == role) for unit, of in atoms]
            for role in ((0, 1) if code in shown.roles else ())
        ]
    known = np.array(figures)
    rank = np.linalg.matrix_rank(known)
    for size in range(1, 2 * K):
        for chosen in combinations(range(len(atoms)), size):
            people = [
                score for atom in chosen for score in sheets[atoms[atom][0]][atoms[atom][1]]
            ]
            row = np.isin(np.arange(len(atoms)), chosen).astype(float)
            if len(people) < 2 * K and np.linalg.matrix_rank(np.vstack([known, row])) == rank:
                yield people


def is_hidden_enough(people: list[int]) -> bool:
    return len(people) >= K and len(set(people)) > 1


SCORES = st.lists(st.sampled_from([4, 4, 4, 4, 2]), max_size=6)


@st.composite
def companies(draw: st.DrawFn, parts: int) -> tuple[UnitTree, list[Sheets]]:
    parents: dict[str, str | None] = {}
    for index in range(draw(st.integers(1, 5))):
        parents[f"U{index}"] = draw(st.sampled_from([*parents, None]))
    both = st.lists(SCORES, min_size=2, max_size=2)
    unit = st.lists(both, min_size=len(parents), max_size=len(parents))
    return tree_of(parents), [draw(unit) for _ in range(parts)]


@given(companies(1))
@settings(max_examples=80, deadline=None)
def test_no_group_below_2k_that_agrees_wholly_follows(
    company: tuple[UnitTree, list[Sheets]],
) -> None:
    tree, (sheets,) = company

    shown = disclose(counted(sheets), tree, k=K)

    if shown.company:
        assert all(is_hidden_enough(people) for people in isolated(tree, sheets, shown))


@given(companies(2))
@settings(max_examples=80, deadline=None)
def test_neither_the_invited_nor_the_imported_of_a_group_follow(
    company: tuple[UnitTree, list[Sheets]],
) -> None:
    """Whoever knows one part has the same figures of the other."""
    tree, parts = company
    whole = [[a + b for a, b in zip(*roles, strict=True)] for roles in zip(*parts, strict=True)]

    shown = disclose(RoleCounts.of_parts([counted(part) for part in parts]), tree, k=K)

    for sheets in (whole, *parts):
        if shown.company:
            assert all(is_hidden_enough(people) for people in isolated(tree, sheets, shown))


COMPANY = tree_of({"C": None, "A": "C", "B": "C", "D": "C"})
ALIKE, MIXED = [4] * 5, [4, 2, 4, 5, 3, 2]


def of_contributors(*units: list[int]) -> Sheets:
    """Return the sheets of A, B, D, ...; nobody works in the company itself."""
    sheets = dict(zip("ABD", units, strict=False))
    return [[[], sheets.get(code, [])] for code in COMPANY.codes]


def test_a_unit_that_agrees_wholly_is_hidden_with_another() -> None:
    shown = disclose(counted(of_contributors(ALIKE, MIXED, MIXED * 3)), COMPANY, k=K)

    assert shown.everyone == {"C", "D"}


def test_2k_people_may_agree_wholly() -> None:
    shown = disclose(counted(of_contributors([4] * 6, MIXED, MIXED * 3)), COMPANY, k=K)

    assert shown.everyone == set("ABCD")


def test_managers_who_agree_wholly_are_shown_with_the_contributors_alone() -> None:
    sheets = [[[4, 5, 2, 3], MIXED] for _ in COMPANY.codes]
    sheets[COMPANY.codes.index("A")] = [[4] * 4, MIXED]

    shown = disclose(counted(sheets), COMPANY, k=K)

    assert shown.everyone == set("ABCD")
    assert "A" not in shown.roles


def test_a_company_that_agrees_wholly_shows_nothing_of_all_people_together() -> None:
    shown = disclose(counted([[[], ALIKE]]), tree_of({"A": None}), k=K)

    assert shown == Disclosure(frozenset(), frozenset(), company=False)


def test_four_imported_people_do_not_show_one_who_was_invited() -> None:
    invited = counted(of_contributors([4], MIXED, MIXED))
    imported = counted(of_contributors([5, 2, 3, 4], [], []))

    shown = disclose(RoleCounts.of_parts([invited, imported]), COMPANY, k=K)

    assert "A" not in shown.everyone


def test_counts_without_scores_hide_nobody_for_agreeing() -> None:
    people = np.array([[[0, 5], [0, 6], [0, 7], [0, 8]]], dtype=np.int64)

    assert disclose(RoleCounts(people), COMPANY, k=K).everyone == set("ABCD")


@pytest.mark.parametrize("seed", range(3))
def test_without_the_rule_a_group_that_agrees_wholly_follows(
    monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    rng = np.random.default_rng(seed)
    sheets = of_contributors(ALIKE, MIXED, rng.integers(1, 6, 12).tolist())
    monkeypatch.setattr(suppression, "agree_wholly", lambda people, **_: people[..., 0] < 0)

    shown = disclose(counted(sheets), COMPANY, k=K)

    assert ALIKE in list(isolated(COMPANY, sheets, shown))
