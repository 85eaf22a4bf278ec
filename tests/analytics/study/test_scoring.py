import pytest

from analytics.instrument import Construct, Item
from analytics.study.scoring import item_means, present_constructs, score_people, to_share
from tests.analytics.studies import construct, instrument, responses

DATA = construct("data", 4, reversed_items=1)
ITEMS = [item.key for item in DATA.items]


def score(*answers: int | None, low: int = 1, high: int = 5) -> float | None:
    frame = responses(("U", "contributor", list(answers)), items=ITEMS)
    return score_people(frame, instrument(DATA, low=low, high=high))["data"].item()


def test_reversed_items_count_the_other_way() -> None:
    assert score(5, 5, 5, 1) == 5.0


def test_the_score_is_the_mean_of_what_was_answered() -> None:
    assert score(4, None, 2, 3) == pytest.approx(3.0)


def test_half_of_the_items_are_enough() -> None:
    assert score(4, 2, None, None) == pytest.approx(3.0)


def test_less_than_half_of_the_items_give_no_score() -> None:
    assert score(4, None, None, None) is None


def test_answers_on_another_scale_become_points_from_one_to_five() -> None:
    assert score(10, 10, 10, 0, low=0, high=10) == 5.0


def test_components_are_scored_beside_their_construct() -> None:
    sponsorship = Construct(
        key="sponsorship",
        block="root_cause",
        items=(Item(key="s_1", component="speaks"), Item(key="s_2", component="uses")),
    )
    frame = responses(("U", "sponsor", [4, 2]), items=["s_1", "s_2"])

    row = score_people(frame, instrument(sponsorship)).row(0, named=True)

    assert row == {
        "unit": "U",
        "role": "sponsor",
        "sponsorship": 3.0,
        "sponsorship.speaks": 4.0,
        "sponsorship.uses": 2.0,
    }


def test_a_construct_without_a_column_is_absent() -> None:
    frame = responses(("U", "manager", [4]), items=["data_1"])

    present = present_constructs(frame, instrument(DATA, construct("other")))

    assert [found.key for found in present] == ["data"]
    assert [item.key for item in present[0].items] == ["data_1"]


def test_item_means_are_reversed_and_skip_unanswered_ones() -> None:
    frame = responses(
        ("U", "manager", [4, 1, None, 1]), ("U", "manager", [2, 1, None, 3]), items=ITEMS
    )

    assert item_means(frame, instrument(DATA)) == {"data_1": 3.0, "data_2": 1.0, "data_4": 4.0}


def test_points_become_a_share_of_one_hundred() -> None:
    assert [to_share(points) for points in (1.0, 3.0, 5.0)] == [0.0, 50.0, 100.0]
