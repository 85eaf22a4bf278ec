"""The order of candidates, its reasons, and what is unknown."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.results.use_cases import Candidate
from analytics.use_cases.ranking import rank_use_cases
from tests.analytics.use_cases.rated import CRITERIA, candidate, criteria, named, order

KEYS = ("cost", "data", "owner")
THREE = criteria(cost=3.0, data=2.0, owner=1.0)

scores = st.dictionaries(st.sampled_from(KEYS), st.integers(0, 4))
several = st.lists(scores, min_size=2, max_size=6).map(
    lambda drawn: [
        Candidate(key=f"c{place}", scores=rated, deferrals={"needs_infrastructure": False})
        for place, rated in enumerate(drawn)
    ]
)
calm = settings(deadline=None, max_examples=30)


def test_the_total_is_the_weighted_mean_of_the_scores() -> None:
    ranking = rank_use_cases([candidate("a", cost=4, data=2)], CRITERIA)

    # 100 (3/4 · 4 + 1/4 · 2) / 4
    assert named(ranking, "a").total == pytest.approx(87.5)


def test_the_greatest_total_ranks_first() -> None:
    rivals = [candidate("a", cost=1, data=4), candidate("b", cost=2, data=3)]

    assert order(rank_use_cases(rivals, CRITERIA)) == ["b", "a"]


def test_weights_given_replace_those_by_default() -> None:
    rivals = [candidate("a", cost=1, data=4), candidate("b", cost=2, data=3)]

    ranking = rank_use_cases(rivals, CRITERIA, weights={"cost": 1, "data": 3})

    assert order(ranking) == ["a", "b"]


@calm
@given(candidates=several)
def test_contributions_add_up_to_the_total(candidates: list[Candidate]) -> None:
    for one in rank_use_cases(candidates, THREE).candidates:
        assert sum(part.points for part in one.contributions) == pytest.approx(one.total)


@calm
@given(candidates=several)
def test_lifts_add_up_to_the_distance_from_the_average_total(
    candidates: list[Candidate],
) -> None:
    ranked = rank_use_cases(candidates, THREE).candidates
    average = np.mean([one.total for one in ranked])

    for one in ranked:
        lift = sum(part.lift for part in one.contributions)
        assert lift == pytest.approx(one.total - average, abs=1e-9)


def test_the_criterion_that_lifts_most_comes_first_among_the_reasons() -> None:
    rivals = [candidate("a", cost=0, data=4), candidate("b", cost=4, data=0)]

    reasons = named(rank_use_cases(rivals, CRITERIA), "a").contributions

    assert [part.criterion for part in reasons] == ["data", "cost"]


def test_an_unknown_score_is_every_score_at_once() -> None:
    found = named(rank_use_cases([candidate("a", data=2)], CRITERIA), "a")

    assert (found.low, found.total, found.high) == pytest.approx((12.5, 50.0, 87.5))


def test_an_unknown_score_is_not_taken_for_a_zero() -> None:
    rivals = [candidate("known", cost=0, data=4), candidate("unknown", data=4)]

    assert order(rank_use_cases(rivals, CRITERIA)) == ["unknown", "known"]


def test_what_nobody_has_rated_is_named() -> None:
    found = named(rank_use_cases([candidate("a", data=2, deferred=None)], CRITERIA), "a")

    assert (found.status, found.unknown) == ("provisional", ("cost", "needs_infrastructure"))


@settings(deadline=None, max_examples=15)
@given(candidates=st.lists(scores, min_size=2, max_size=3))
def test_possible_ranks_are_those_of_every_completion_of_the_scores(
    candidates: list[dict[str, int]],
) -> None:
    rivals = [candidate(f"c{place}", **rated) for place, rated in enumerate(candidates)]
    gaps = [
        (place, key)
        for place, rated in enumerate(candidates)
        for key in KEYS
        if key not in rated
    ]
    best, worst = np.full(len(rivals), 9), np.zeros(len(rivals))
    # The extremes of a sum that rises with every score lie at its ends.
    for ends in product((0, 4), repeat=len(gaps)):
        full = [dict(rated) for rated in candidates]
        for (place, key), end in zip(gaps, ends, strict=True):
            full[place][key] = end
        total = np.array([3 * one["cost"] + 2 * one["data"] + one["owner"] for one in full])
        rank = 1 + (total[None, :] > total[:, None]).sum(axis=1)
        best, worst = np.minimum(best, rank), np.maximum(worst, rank)

    ranking = rank_use_cases(rivals, THREE)

    found = [named(ranking, rival.key) for rival in rivals]
    assert [(one.best_rank, one.worst_rank) for one in found] == list(
        zip(best, worst, strict=True)
    )


def test_a_ground_for_deferral_outweighs_any_total() -> None:
    rivals = [
        candidate("best", cost=4, data=4, deferred=True),
        candidate("rest", cost=0, data=0),
    ]

    assert order(rank_use_cases(rivals, CRITERIA)) == ["rest", "best"]


def test_a_deferred_candidate_has_no_rank_and_says_why() -> None:
    ranking = rank_use_cases([candidate("a", cost=4, data=4, deferred=True)], CRITERIA)

    found = named(ranking, "a")
    assert (found.status, found.rank, found.deferred_by) == (
        "deferred",
        None,
        ("needs_infrastructure",),
    )


def test_an_unknown_ground_for_deferral_leaves_the_candidate_in() -> None:
    ranking = rank_use_cases([candidate("a", cost=4, data=4, deferred=None)], CRITERIA)

    assert (named(ranking, "a").status, named(ranking, "a").rank) == ("provisional", 1)


def test_a_deferred_candidate_dominates_nobody() -> None:
    rivals = [
        candidate("best", cost=4, data=4, deferred=True),
        candidate("rest", cost=0, data=0),
    ]

    assert named(rank_use_cases(rivals, CRITERIA), "rest").dominated_by == ()


@calm
@given(candidates=several, seed=st.randoms(use_true_random=False))
def test_the_order_in_which_candidates_are_given_changes_nothing(
    candidates: list[Candidate], seed: object
) -> None:
    shuffled = list(candidates)
    seed.shuffle(shuffled)

    assert rank_use_cases(shuffled, THREE) == rank_use_cases(candidates, THREE)


@calm
@given(candidates=several)
def test_only_the_proportions_of_weights_count(candidates: list[Candidate]) -> None:
    doubled = {criterion.key: 2 * criterion.weight for criterion in THREE.scored}

    assert rank_use_cases(candidates, THREE, weights=doubled) == rank_use_cases(
        candidates, THREE
    )


def test_no_candidates_give_an_empty_ranking() -> None:
    ranking = rank_use_cases([], CRITERIA)

    assert (ranking.candidates, ranking.weight_ranges) == ((), ())
