"""The portfolio as sentences: each figure in them is one of the record's."""

from analytics.portfolio import portfolio
from analytics.results import Recommendation
from api.terminal.portfolio import portfolio_lines
from tests.analytics.studies import unit_tree
from tests.factories.recommendations import of_posterior

COE = of_posterior(0.97, 0.01, 0.01, 0.01)
FEDERATED = of_posterior(0.01, 0.97, 0.01, 0.01)
OPEN = of_posterior(0.25, 0.25, 0.25, 0.25)


def lines(
    units: dict[str, Recommendation],
    parents: dict[str, str | None] | None = None,
    names: dict[str, str] | None = None,
) -> list[str]:
    found = portfolio(units, unit_tree(parents or dict.fromkeys(units)), seed=0)
    assert found is not None
    return portfolio_lines(found, names or {})


def test_the_verdict_comes_first() -> None:
    said = lines({"a": COE, "b": COE, "c": COE})

    assert said[0] == (
        "One model for all is defensible: Centre of excellence is right for at least four "
        "fifths of the units with a probability of 91%."
    )


def test_with_head_counts_people_are_spoken_of_too() -> None:
    units = {"a": COE, "b": COE, "c": COE}
    found = portfolio(units, unit_tree(dict.fromkeys(units), {"a": 5, "b": 7, "c": 9}), seed=0)

    said = portfolio_lines(found, {})

    assert "at least four fifths of the units and of the people with" in said[0]
    assert any("97% of the units and 97% of the people" in line for line in said)


def test_a_mixed_company_is_told_that_one_model_is_not_defensible() -> None:
    assert lines({"a": COE, "b": FEDERATED})[0].startswith(
        "One model for all is not defensible"
    )


def test_units_without_clear_models_are_told_that_nothing_can_be_told() -> None:
    assert lines({"a": COE, "b": OPEN, "c": OPEN})[0] == (
        "Whether one model could serve all cannot be told: only 1 of 3 units have a "
        "recommendation of their own to compare it with."
    )


def test_units_that_share_a_model_are_named() -> None:
    said = lines({"a": COE, "b": COE, "c": OPEN}, names={"a": "Claims", "c": "Sales"})

    assert said[1] == (
        "Centre of excellence: 2 of 3 units (Claims, b); leaning there without a clear model: "
        "Sales."
    )


def test_pairs_that_would_have_to_coordinate_are_counted() -> None:
    said = lines({"a": COE, "b": COE, "c": FEDERATED})

    assert any("2 of 3 pairs of units of the company (67%) would work" in line for line in said)


def test_units_without_a_neighbour_have_nothing_to_coordinate() -> None:
    parents = {"D1": None, "D2": None, "a": "D1", "b": "D2"}

    said = lines({"a": COE, "b": FEDERATED}, parents)

    assert any(line.endswith("no two units share a parent.") for line in said)


def test_the_most_mixed_and_the_most_alike_division_are_named() -> None:
    parents = {"D1": None, "D2": None, "a": "D1", "b": "D1", "c": "D2", "d": "D2"}
    units = {"a": COE, "b": COE, "c": COE, "d": FEDERATED}

    said = lines(units, parents, names={"D2": "North"})

    assert [line.split(",")[0] for line in said if line.startswith("Most ")] == [
        "Most mixed: North",
        "Most alike: D1",
    ]


def test_what_right_means_is_said_last() -> None:
    assert lines({"a": COE, "b": COE})[-1].startswith("“Right” is meant where one of the four")
