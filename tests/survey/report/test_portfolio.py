"""The portfolio as sentences: each figure in them is one of the record's."""

from typing import Any

from analytics.portfolio import portfolio
from analytics.results import Recommendation
from survey.report.document import Count, UnitName
from survey.report.portfolio import portfolio_section
from tests.analytics.studies import unit_tree
from tests.factories.recommendations import of_posterior
from tests.survey.report.findings import unit
from tests.survey.report.reading import keys, said, spoken

COE = of_posterior(0.97, 0.01, 0.01, 0.01)
FEDERATED = of_posterior(0.01, 0.97, 0.01, 0.01)
OPEN = of_posterior(0.25, 0.25, 0.25, 0.25)


def section(
    units: dict[str, Recommendation],
    parents: dict[str, str | None] | None = None,
) -> Any:
    found = portfolio(units, unit_tree(parents or dict.fromkeys(units)), seed=0)
    assert found is not None
    shown = [unit(code, recommendation=one) for code, one in units.items()]
    return portfolio_section(found, shown)


def test_the_verdict_comes_first() -> None:
    first, *_ = section({"a": COE, "b": COE, "c": COE}).parts

    assert spoken(first) == (
        "One model for all can be defended: centre of excellence. It is not plausible for 0 of "
        "3 units."
    )


def test_a_mixed_company_is_told_that_one_model_cannot_be_defended() -> None:
    verdict = said(section({"a": COE, "b": FEDERATED}), "portfolio.none_for_all")

    assert (verdict["excluded"], verdict["of"]) == (Count(1), Count(2))


def test_units_without_clear_models_are_told_that_nothing_can_be_told() -> None:
    verdict = said(section({"a": COE, "b": OPEN, "c": OPEN}), "portfolio.mostly_unclear")

    assert (verdict["clear"], verdict["of"]) == (Count(1), Count(3))


def test_units_that_share_a_model_are_named() -> None:
    found = section({"a": COE, "b": COE, "c": OPEN})

    assert said(found, "portfolio.shared")["units"].items == (UnitName("a"), UnitName("b"))
    assert said(found, "portfolio.leaning")["units"].items == (UnitName("c"),)


def test_pairs_that_would_have_to_coordinate_are_counted() -> None:
    figures = said(section({"a": COE, "b": COE, "c": FEDERATED}), "portfolio.pairs")

    assert (figures["count"], figures["pairs"]) == (Count(2), Count(3))
    assert figures["within"].key == "portfolio.company"


def test_units_without_a_neighbour_have_nothing_to_coordinate() -> None:
    parents = {"D1": None, "D2": None, "a": "D1", "b": "D2"}

    assert "portfolio.no_pairs" in keys(section({"a": COE, "b": FEDERATED}, parents))


def test_the_most_mixed_and_the_most_alike_division_are_named() -> None:
    parents = {"D1": None, "D2": None, "a": "D1", "b": "D1", "c": "D2", "d": "D2"}
    found = section({"a": COE, "b": COE, "c": COE, "d": FEDERATED}, parents)

    assert said(found, "portfolio.most_mixed")["division"] == UnitName("D2")
    assert said(found, "portfolio.most_alike")["division"] == UnitName("D1")


def test_what_right_means_is_said_last() -> None:
    *_, last = section({"a": COE, "b": COE}).parts

    assert keys(last) == {"portfolio.meaning"}


def test_the_best_single_model_is_told_once() -> None:
    verdict_names_it = section({"a": COE, "b": FEDERATED})
    verdict_does_not = section({"a": COE, "b": OPEN, "c": OPEN})

    assert "portfolio.for_all" not in keys(verdict_names_it)
    assert "portfolio.for_all" in keys(verdict_does_not)
