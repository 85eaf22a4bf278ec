"""Candidates that no weights could put above another."""

from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.use_cases.ranking import rank_use_cases
from tests.analytics.use_cases.rated import CRITERIA, candidate, named

grades = st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)), min_size=2, max_size=6)


def test_a_candidate_nowhere_better_and_once_worse_is_dominated() -> None:
    rivals = [candidate("a", cost=3, data=3), candidate("b", cost=3, data=2)]

    assert named(rank_use_cases(rivals, CRITERIA), "b").dominated_by == ("a",)


def test_a_candidate_better_on_one_criterion_is_not_dominated() -> None:
    rivals = [candidate("a", cost=4, data=1), candidate("b", cost=3, data=2)]

    assert named(rank_use_cases(rivals, CRITERIA), "b").dominated_by == ()


def test_candidates_rated_alike_do_not_dominate_each_other() -> None:
    rivals = [candidate("a", cost=3, data=3), candidate("b", cost=3, data=3)]

    assert named(rank_use_cases(rivals, CRITERIA), "b").dominated_by == ()


def test_an_unknown_score_that_may_be_better_keeps_from_being_dominated() -> None:
    rivals = [candidate("a", cost=3, data=3), candidate("b", cost=2)]

    assert named(rank_use_cases(rivals, CRITERIA), "b").dominated_by == ()


def test_an_unknown_score_that_cannot_help_does_not() -> None:
    rivals = [candidate("a", cost=3, data=4), candidate("b", cost=2)]

    assert named(rank_use_cases(rivals, CRITERIA), "b").dominated_by == ("a",)


@settings(deadline=None, max_examples=40)
@given(rated=grades)
def test_dominated_candidates_are_never_first_for_any_weights(
    rated: list[tuple[int, int]],
) -> None:
    rivals = [
        candidate(f"c{place}", cost=cost, data=data) for place, (cost, data) in enumerate(rated)
    ]

    found = rank_use_cases(rivals, CRITERIA).candidates

    assert all(one.first_share == 0.0 for one in found if one.dominated_by)
