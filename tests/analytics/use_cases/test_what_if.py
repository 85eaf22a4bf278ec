"""Other weights: closed forms for two criteria, scans for three."""

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from analytics.use_cases.ranking import rank_use_cases
from tests.analytics.use_cases.rated import CRITERIA, candidate, criteria, named

# With t the weight of cost, a has 4 t and b has 2 t + 4 (1 - t): a is first from t = 2/3 on.
A, B = candidate("a", cost=4, data=0), candidate("b", cost=2, data=4)
EVEN = criteria(cost=1.0, data=1.0, owner=1.0)

grades = st.lists(st.tuples(*[st.integers(0, 4)] * 3), min_size=2, max_size=5, unique=True)
calm = settings(deadline=None, max_examples=40)


def test_the_first_stays_first_down_to_where_the_lines_cross() -> None:
    cost = rank_use_cases([A, B], CRITERIA).weight_ranges[0]

    assert (cost.criterion, cost.weight) == ("cost", 0.75)
    assert (cost.low, cost.high) == pytest.approx((2 / 3, 1.0))


def test_who_takes_over_beyond_the_range_is_named() -> None:
    cost = rank_use_cases([A, B], CRITERIA).weight_ranges[0]

    assert (cost.first_below, cost.first_above) == ("b", None)


def test_a_candidate_that_dominates_all_stays_first_for_every_weight() -> None:
    best = candidate("best", cost=4, data=4)

    ranges = rank_use_cases([best, A, B], CRITERIA).weight_ranges

    assert [(one.low, one.high) for one in ranges] == [(0.0, 1.0)] * 2


def test_a_single_candidate_has_no_ranges() -> None:
    assert rank_use_cases([A], CRITERIA).weight_ranges == ()


def test_if_all_other_weights_are_zero_they_grow_in_equal_parts() -> None:
    rivals = [candidate("a", cost=4, data=0, owner=0), candidate("b", cost=2, data=4, owner=2)]

    cost = rank_use_cases(
        rivals, EVEN, weights={"cost": 1, "data": 0, "owner": 0}
    ).weight_ranges[0]

    # 4 t = 2 t + 3 (1 - t)
    assert cost.low == pytest.approx(3 / 5)


@calm
@given(rated=grades)
def test_ranges_are_those_of_a_scan_over_the_weight(rated: list[tuple[int, ...]]) -> None:
    rivals = [
        candidate(f"c{place}", cost=one[0], data=one[1], owner=one[2])
        for place, one in enumerate(rated)
    ]
    ranking = rank_use_cases(rivals, EVEN)
    first = int(ranking.candidates[0].key[1:])
    values = np.array(rated, float)

    for column, found in enumerate(ranking.weight_ranges):
        rest = np.delete(values, column, axis=1).mean(axis=1)
        scan = np.linspace(0, 1, 601)
        totals = scan[:, None] * values[:, column] + (1 - scan[:, None]) * rest
        stays = totals[:, first] >= totals.max(axis=1) - 1e-9
        expected = (scan >= found.low - 1e-9) & (scan <= found.high + 1e-9)
        assert stays.tolist() == expected.tolist()


def test_the_share_of_weights_with_two_criteria_is_the_length_of_the_range() -> None:
    ranking = rank_use_cases([A, B], CRITERIA)

    assert named(ranking, "a").first_share == pytest.approx(1 / 3, abs=0.001)


def test_central_weights_are_the_middle_of_those_that_make_a_candidate_first() -> None:
    ranking = rank_use_cases([A, B], CRITERIA)

    # Weights of cost from 2/3 to 1.
    assert named(ranking, "a").central_weights == pytest.approx(
        {"cost": 5 / 6, "data": 1 / 6}, abs=0.001
    )


def test_three_candidates_each_best_on_one_criterion_share_the_weights() -> None:
    rivals = [
        candidate("a", cost=4, data=0, owner=0),
        candidate("b", cost=0, data=4, owner=0),
        candidate("c", cost=0, data=0, owner=4),
    ]

    found = rank_use_cases(rivals, EVEN).candidates

    assert [one.first_share for one in found] == pytest.approx([1 / 3] * 3, abs=0.005)


def test_a_corner_of_the_weights_has_the_area_of_its_triangle() -> None:
    # a is first if cost weighs more than half: a triangle of side 1/2, a quarter of all.
    rivals = [candidate("a", cost=4, data=0, owner=0), candidate("b", cost=2, data=2, owner=2)]

    ranking = rank_use_cases(rivals, EVEN)

    assert named(ranking, "a").first_share == pytest.approx(1 / 4, abs=0.005)


def test_an_unknown_score_takes_each_value_equally_often() -> None:
    # Level only at 4, one time in five, and then half of it.
    one = criteria(cost=1.0)
    ranking = rank_use_cases([candidate("a", cost=4), candidate("b")], one)

    assert named(ranking, "b").first_share == pytest.approx(0.1, abs=0.001)


@calm
@given(rated=grades)
def test_shares_of_all_candidates_add_up_to_one(rated: list[tuple[int, ...]]) -> None:
    rivals = [
        candidate(f"c{place}", cost=one[0], data=one[1], owner=one[2])
        for place, one in enumerate(rated)
    ]

    found = rank_use_cases(rivals, EVEN).candidates

    assert sum(one.first_share for one in found) == pytest.approx(1.0)


@calm
@given(rated=grades, seed=st.integers(0, 1000))
def test_the_seed_moves_a_share_by_less_than_a_hundredth(
    rated: list[tuple[int, ...]], seed: int
) -> None:
    assume(len(rated) > 1)
    rivals = [
        candidate(f"c{place}", cost=one[0], data=one[1], owner=one[2])
        for place, one in enumerate(rated)
    ]

    shares = [
        [one.first_share for one in rank_use_cases(rivals, EVEN, seed=s).candidates]
        for s in (seed, seed + 1)
    ]

    assert shares[0] == pytest.approx(shares[1], abs=0.01)


def test_central_weights_are_absent_for_a_candidate_that_is_never_first() -> None:
    ranking = rank_use_cases([A, B, candidate("c", cost=0, data=0)], CRITERIA)

    assert named(ranking, "c").central_weights is None
