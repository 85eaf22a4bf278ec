"""A displayed recommendation changes only on strong evidence."""

import pytest

from analytics.results.waves import KeptRecommendation
from analytics.waves import keep_recommendation
from tests.factories.recommendations import with_probability

BEFORE = {"coe": 0.9, "federated": 0.1, "hybrid_squad": 0.0, "managed_service": 0.0}


def test_the_first_recommendation_is_displayed() -> None:
    found = keep_recommendation(None, {}, with_probability("coe"))

    assert found == KeptRecommendation(outcome="first", displayed="coe")


def test_the_same_winner_confirms_it() -> None:
    assert keep_recommendation("coe", BEFORE, with_probability("coe")).outcome == "confirmed"


@pytest.mark.parametrize(
    ("new", "old", "outcome"),
    [
        (0.60, 0.29, "changed"),
        (0.59, 0.29, "kept"),
        (0.60, 0.30, "kept"),
        (0.90, 0.05, "changed"),
    ],
)
def test_it_changes_if_the_new_model_is_strong_and_the_old_one_weak(
    new: float, old: float, outcome: str
) -> None:
    found = with_probability("federated", new, others={"coe": old})

    assert keep_recommendation("coe", BEFORE, found).outcome == outcome


def test_what_is_kept_names_where_the_evidence_moves() -> None:
    found = keep_recommendation("coe", BEFORE, with_probability("federated", 0.5))

    assert (found.displayed, found.moved_towards) == ("coe", "federated")


def test_it_says_by_how_much_the_evidence_moved() -> None:
    new = with_probability("federated", 0.5)

    found = keep_recommendation("coe", BEFORE, new)

    assert found.shift == pytest.approx(new.conditional["federated"] - 0.1)


def test_without_a_last_wave_of_probabilities_it_does_not() -> None:
    assert keep_recommendation("coe", {}, with_probability("federated", 0.5)).shift is None
