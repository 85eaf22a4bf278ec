import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from analytics.study.tree import UnitTree


@st.composite
def trees(draw: st.DrawFn) -> UnitTree:
    parents: dict[str, str | None] = {}
    for index in range(draw(st.integers(0, 12))):
        parents[f"U{index}"] = draw(st.sampled_from([*parents, None]))
    return UnitTree(parents, {})


@given(trees())
def test_levels_hold_every_unit_once_and_children_before_their_parent(tree: UnitTree) -> None:
    seen: set[int] = set()
    for level in tree.subtrees.levels:
        below = [
            tree.codes.index(code) for row in level for code in tree.children[tree.codes[row]]
        ]
        assert seen.issuperset(below)
        assert seen.isdisjoint(level)
        seen.update(level.tolist())
    assert len(seen) == len(tree.codes)


@given(trees())
def test_sums_add_up_what_lies_below(tree: UnitTree) -> None:
    values = 2 ** np.arange(len(tree.codes), dtype=np.int64)[:, None]

    found = tree.subtrees.sums(values)

    for row, code in enumerate(tree.codes):
        rows = [tree.codes.index(member) for member in tree.members(code)]
        assert found[row, 0] == values[rows].sum()
