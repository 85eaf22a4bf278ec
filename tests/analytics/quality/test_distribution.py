import polars as pl
import pytest

from analytics.quality.distribution import level_counts, level_shares
from analytics.study.study import Study
from tests.analytics.studies import construct, everything_but, instrument, unscreened

ONE_ITEM = instrument(construct("governance", 1))
K = 5


def study(units: dict[str, list[int]], parents: dict[str, str] | None = None) -> Study:
    rows = [
        (unit, "contributor", answer) for unit, answers in units.items() for answer in answers
    ]
    responses = pl.DataFrame(
        rows, schema=["unit", "role", "governance_1"], orient="row", infer_schema_length=None
    )
    if parents is None:
        return unscreened(responses, ONE_ITEM)
    codes = [*parents, "TOP"]
    tree = pl.DataFrame(
        {
            "code": codes,
            "parent_code": [parents.get(code) for code in codes],
            "headcount": [len(units.get(code, [])) for code in codes],
        }
    )
    return unscreened(responses, ONE_ITEM, tree)


def shares(of: Study, *hidden: str) -> dict[str, tuple[float, ...]]:
    return level_shares(of, everything_but(of, *hidden), "governance", k=K)


MIXED = [1, 2, 2, 3, 4, 5]
ALIKE = [4] * 6


def test_people_are_counted_by_the_level_of_their_score() -> None:
    found = level_counts(study({"A": [1, 2, 2, 5]}).people, "governance")

    assert found["A"].tolist() == [1, 2, 0, 0, 1]


def test_people_without_a_score_are_not_counted() -> None:
    people = pl.DataFrame({"unit": ["A", "A"], "governance": [3.0, None]})

    assert level_counts(people, "governance")["A"].sum() == 1


def test_shares_add_up_to_one() -> None:
    assert sum(shares(study({"A": MIXED}))["A"]) == pytest.approx(1.0)


def test_a_hidden_unit_shows_no_distribution() -> None:
    assert set(shares(study({"A": MIXED, "B": MIXED}), "B")) == {"A"}


def test_a_small_unit_all_at_one_level_shows_no_distribution() -> None:
    assert "B" not in shares(study({"A": MIXED, "B": ALIKE}))


def test_a_large_unit_all_at_one_level_shows_it() -> None:
    assert shares(study({"A": MIXED, "B": [4] * 10}))["B"] == (0.0, 0.0, 0.0, 1.0, 0.0)


def test_a_parent_weighs_units_by_their_heads() -> None:
    company = study({"A": [1] * 10, "B": [5] * 30}, {"A": "TOP", "B": "TOP"})

    assert shares(company)["TOP"] == pytest.approx((0.25, 0, 0, 0, 0.75))


def test_a_parent_whose_rest_is_all_at_one_level_shows_no_distribution() -> None:
    company = study({"A": MIXED, "B": ALIKE}, {"A": "TOP", "B": "TOP"})

    # TOP less A would be B, of which everybody's level would follow.
    assert set(shares(company)) == {"A"}


def test_a_parent_whose_rest_is_mixed_shows_it() -> None:
    company = study({"A": MIXED, "B": ALIKE, "C": [1, 2]}, {"A": "TOP", "B": "TOP", "C": "TOP"})

    assert set(shares(company, "C")) == {"A", "TOP"}


def test_units_below_a_unit_without_distribution_count_as_its_rest() -> None:
    company = study({"A": MIXED, "B": ALIKE}, {"A": "TOP", "B": "MIDDLE", "MIDDLE": "TOP"})

    assert set(shares(company)) == {"A"}
