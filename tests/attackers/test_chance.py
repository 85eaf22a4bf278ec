import itertools
from collections import Counter

import numpy as np
import pytest

from tests.attackers.chance import expected_matches, largest_by_chance, match_distribution


def by_counting(smaller: int, larger: int) -> list[float]:
    """Return the distribution of right pairs over all pairings."""
    ways = list(itertools.permutations(range(larger), smaller))
    right = Counter(sum(a == b for a, b in enumerate(way)) for way in ways)
    return [right[j] / len(ways) for j in range(smaller + 1)]


@pytest.mark.parametrize("sides", [(1, 1), (2, 2), (5, 5), (2, 5), (5, 3)])
def test_the_distribution_agrees_with_counting_all_pairings(sides: tuple[int, int]) -> None:
    found = match_distribution([sides])

    assert list(found) == pytest.approx(by_counting(min(sides), max(sides)), abs=1e-12)


def test_cells_add_up() -> None:
    one = match_distribution([(4, 4)])

    assert match_distribution([(4, 4), (4, 4)]) == pytest.approx(np.convolve(one, one))


def test_a_full_cell_yields_one_right_pair_by_chance() -> None:
    assert expected_matches([(30, 30), (1, 1)]) == 2.0
    assert expected_matches([(5, 20)]) == 0.25


def test_the_bound_leaves_no_more_than_the_tail_above_it() -> None:
    bound = largest_by_chance([(8, 8)], tail=0.001)
    distribution = match_distribution([(8, 8)])

    assert distribution[bound + 1 :].sum() <= 0.001 < distribution[bound:].sum()


def test_a_single_pair_in_a_cell_is_always_right() -> None:
    assert largest_by_chance([(1, 1)] * 7, tail=0.001) == 7
