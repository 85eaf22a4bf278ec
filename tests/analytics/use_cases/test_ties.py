"""Level totals: who stands above, and what decided it."""

from analytics.results.use_cases import Tie
from analytics.use_cases.ranking import rank_use_cases
from tests.analytics.use_cases.rated import CRITERIA, candidate, criteria, named, order


def test_equal_totals_go_to_the_one_with_fewer_unknown_scores() -> None:
    rivals = [candidate("a", data=2), candidate("b", cost=2, data=2)]

    assert order(rank_use_cases(rivals, CRITERIA)) == ["b", "a"]


def test_that_fewer_unknown_scores_decided_is_said() -> None:
    rivals = [candidate("a", data=2), candidate("b", cost=2, data=2)]

    assert named(rank_use_cases(rivals, CRITERIA), "a").tie == Tie(
        above="b", decided_by="fewer_unknown"
    )


def test_equal_totals_go_to_the_one_better_on_the_heavier_criterion() -> None:
    rivals = [candidate("a", cost=0, data=3), candidate("b", cost=1, data=0)]

    ranking = rank_use_cases(rivals, CRITERIA)

    assert order(ranking) == ["b", "a"]
    assert named(ranking, "a").tie == Tie(
        above="b", decided_by="heavier_criterion", criterion="cost"
    )


def test_criteria_of_equal_weight_decide_in_their_own_order() -> None:
    rivals = [candidate("a", cost=0, data=4), candidate("b", cost=4, data=0)]

    ranking = rank_use_cases(rivals, criteria(cost=1.0, data=1.0))

    assert named(ranking, "a").tie == Tie(
        above="b", decided_by="heavier_criterion", criterion="cost"
    )


def test_the_key_decides_between_candidates_rated_alike() -> None:
    rivals = [candidate("b", cost=1, data=1), candidate("a", cost=1, data=1)]

    assert named(rank_use_cases(rivals, CRITERIA), "b").tie == Tie(above="a", decided_by="key")


def test_totals_that_differ_are_no_tie() -> None:
    rivals = [candidate("a", cost=1, data=1), candidate("b", cost=1, data=2)]

    assert named(rank_use_cases(rivals, CRITERIA), "a").tie is None


def test_totals_that_differ_by_rounding_alone_are_a_tie() -> None:
    # 0.1 + 0.2 and 0.3 differ in the last digit.
    weights = criteria(x=0.1, y=0.2, z=0.3)
    rivals = [candidate("a", x=4, y=4, z=0), candidate("b", x=0, y=0, z=4)]

    assert named(rank_use_cases(rivals, weights), "a").tie == Tie(
        above="b", decided_by="heavier_criterion", criterion="z"
    )
