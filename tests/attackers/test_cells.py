import polars as pl

from tests.attackers.cells import count_cells


def counted(**columns: list[object]) -> dict[str, int]:
    """Return construct -> n of contributors of unit A."""
    people = len(next(iter(columns.values())))
    frame = pl.DataFrame(
        {"unit": ["A"] * people, "role": ["contributor"] * people} | columns, strict=False
    )
    cells = count_cells(frame).filter(pl.col("role") == "contributor")
    return dict(cells.select("construct", "n").iter_rows())


def test_half_the_items_of_a_construct_are_enough() -> None:
    found = counted(
        pace_1=[3, 3, None], pace_2=[2, None, None], pace_3=[1, None, 2], pace_4=[5, 4, None]
    )

    assert found == {"pace": 2, "respondents": 3}


def test_a_person_without_answers_is_no_respondent() -> None:
    assert counted(pace_1=[3, None], grip_1=[None, None]) == {"pace": 1, "respondents": 1}


def test_a_behaviour_counts_those_who_answered_one_of_its_two_items() -> None:
    found = counted(
        executive_sponsorship_3=[1, None, None], executive_sponsorship_4=[2, 3, None]
    )

    assert found["uses"] == 2


def test_comments_and_extra_columns_are_no_items() -> None:
    assert counted(pace_1=[3], x_1=[1], comment_1=[1], duration_s=[9]) == {
        "pace": 1,
        "respondents": 1,
    }


def test_sponsors_belong_to_no_cell() -> None:
    frame = pl.DataFrame({"unit": ["A", "A"], "role": ["sponsor", "manager"], "pace_1": [4, 5]})

    assert count_cells(frame)["role"].unique().to_list() == ["manager"]
