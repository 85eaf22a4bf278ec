from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.quality.distribution import ordinal_consensus


def layer_by_layer(counts: list[int]) -> float:
    """Take the distribution apart as van der Eijk (2001) describes it, one layer at a time."""
    levels, people, found = len(counts), sum(counts), 0.0
    left = list(counts)
    while any(left):
        filled = [int(count > 0) for count in left]
        height = min(count for count in left if count)
        found += height * sum(filled) / people * pattern(filled, levels)
        left = [count - height * one for count, one in zip(left, filled, strict=True)]
    return found


def pattern(filled: list[int], levels: int) -> float:
    if sum(filled) == 1:
        return 1.0
    triples = list(combinations(filled, 3))
    middle = sum(triple in {(1, 1, 0), (0, 1, 1)} for triple in triples)
    ends = sum(triple == (1, 0, 1) for triple in triples)
    if middle + ends == 0:
        return 0.0
    unimodality = ((levels - 2) * middle - (levels - 1) * ends) / (levels - 2) / (middle + ends)
    return unimodality * (1 - (sum(filled) - 1) / (levels - 1))


@pytest.mark.parametrize(
    ("counts", "consensus"),
    [
        ([0, 0, 9, 0, 0], 1.0),
        ([2, 2, 2, 2, 2], 0.0),
        ([5, 0, 0, 0, 5], -1.0),
        # Half and half on neighbours: 1 - 1 / 4.
        ([0, 4, 4, 0, 0], 0.75),
        # 60 % in a layer over all levels (A = 0) and 40 % at the middle one (A = 1).
        ([3, 3, 13, 3, 3], 0.4),
    ],
)
def test_known_distributions(counts: list[int], consensus: float) -> None:
    assert ordinal_consensus(np.array([counts], dtype=float)) == pytest.approx(consensus)


@settings(deadline=None)
@given(st.lists(st.integers(0, 30), min_size=3, max_size=7).filter(any))
def test_it_is_what_layer_by_layer_gives(counts: list[int]) -> None:
    found = ordinal_consensus(np.array([counts], dtype=float))

    assert found[0] == pytest.approx(layer_by_layer(counts))


@settings(deadline=None)
@given(st.lists(st.integers(0, 30), min_size=5, max_size=5).filter(any))
def test_the_direction_of_the_levels_does_not_matter(counts: list[int]) -> None:
    there, back = ordinal_consensus(np.array([counts, counts[::-1]], dtype=float))

    assert there == pytest.approx(back)


def test_shares_give_what_counts_give() -> None:
    counts = np.array([[3.0, 4, 9, 2, 1]])

    assert ordinal_consensus(counts / counts.sum()) == pytest.approx(ordinal_consensus(counts))


def test_nobody_has_no_consensus() -> None:
    assert np.isnan(ordinal_consensus(np.zeros((1, 5))))[0]
