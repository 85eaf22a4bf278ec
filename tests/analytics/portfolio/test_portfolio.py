"""What is expected of several units together, against closed forms."""

from itertools import combinations
from math import exp, log, prod

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.portfolio import portfolio
from analytics.results.portfolio import Portfolio
from tests.analytics.studies import unit_tree
from tests.factories.recommendations import MODELS, of_posterior, of_posteriors

POSTERIORS = {
    "a": (0.7, 0.2, 0.1, 0.0),
    "b": (0.4, 0.5, 0.1, 0.0),
    "c": (0.0, 0.1, 0.1, 0.8),
    "d": (0.25, 0.25, 0.25, 0.25),
}
DIVISIONS = {"D1": None, "D2": None, "a": "D1", "b": "D1", "c": "D1", "d": "D2"}


def company(people: dict[str, int] | None = None) -> Portfolio:
    posteriors = of_posteriors(**POSTERIORS)
    found = portfolio(posteriors, unit_tree(DIVISIONS), headcounts=people, seed=0)
    assert found is not None
    return found


def option(found: Portfolio, key: str) -> object:
    return next(one for one in found.options if one.key == key)


def for_all(found: Portfolio, model: str) -> object:
    return next(one for one in found.for_all if one.model == model)


def different(first: tuple[float, ...], second: tuple[float, ...]) -> float:
    return 1 - sum(p * q for p, q in zip(first, second, strict=True))


def test_nobody_with_a_recommendation_has_no_portfolio() -> None:
    assert portfolio({}, unit_tree(DIVISIONS), seed=0) is None


def test_every_interval_holds_its_estimate_if_nearly_all_draws_are_the_same() -> None:
    nearly_sure = of_posteriors(a=(0.99, 0.01, 0.0, 0.0), b=(0.99, 0.0, 0.01, 0.0))

    found = portfolio(nearly_sure, unit_tree({"a": None, "b": None}), seed=0)

    estimates = [found.distinct, found.effective_models, found.split_share]
    estimates += [model.right for model in found.for_all]
    assert all(one.low <= one.estimate <= one.high for one in estimates)


def test_units_with_units_below_them_are_not_counted() -> None:
    above = of_posteriors(**POSTERIORS) | {"D1": of_posterior(0.0, 0.0, 0.0, 1.0)}

    assert portfolio(above, unit_tree(DIVISIONS), seed=0) == company()


def test_a_unit_without_a_recommendation_that_may_be_shown_is_not_there() -> None:
    shown = {code: one for code, one in of_posteriors(**POSTERIORS).items() if code != "d"}

    found = portfolio(shown, unit_tree(DIVISIONS), seed=0)

    assert (found.units, [one.unit for one in found.divisions]) == (3, ["D1"])


def test_the_expected_number_of_models_is_that_of_independent_units() -> None:
    expected = sum(
        1 - prod(1 - posterior[place] for posterior in POSTERIORS.values())
        for place in range(4)
    )

    assert company().distinct.estimate == pytest.approx(expected, abs=0.02)


def test_the_expected_share_of_split_pairs_is_that_of_independent_units() -> None:
    pairs = combinations([POSTERIORS[code] for code in "abc"], 2)
    expected = sum(different(*pair) for pair in pairs) / 3

    assert company().split_share.estimate == pytest.approx(expected, abs=0.01)


def test_pairs_under_different_parents_are_not_counted() -> None:
    assert option(company(), "unit_by_unit").pairs == 3


def test_a_single_unit_under_a_parent_has_no_pairs() -> None:
    alone = next(one for one in company().divisions if one.unit == "D2")

    assert alone.split_share is None


def test_expected_units_of_a_model_are_the_sum_of_its_probabilities() -> None:
    uses = {one.model: one.expected_units for one in company().uses}

    assert uses == pytest.approx(
        {"coe": 1.35, "federated": 1.05, "hybrid_squad": 0.55, "managed_service": 1.05}
    )


def test_units_without_a_clear_model_are_listed_apart() -> None:
    coe = next(one for one in company().uses if one.model == "coe")

    assert (coe.units, coe.unclear_units) == (("a",), ("d",))


def test_a_models_expected_share_right_is_its_mean_probability() -> None:
    assert for_all(company(), "coe").right.estimate == pytest.approx(1.35 / 4, abs=0.001)


def test_people_weigh_by_the_head_count_of_their_unit() -> None:
    found = company({"a": 10, "b": 30, "c": 60, "d": 0})

    assert for_all(found, "coe").right_people.estimate == pytest.approx(0.19, abs=0.002)


def test_without_head_counts_nothing_is_said_of_people() -> None:
    assert for_all(company(), "coe").right_people is None


def test_a_model_is_plausible_if_the_90_percent_set_holds_it() -> None:
    managed = for_all(company(), "managed_service")

    assert (managed.plausible, managed.excluded_units) == (0.5, ("a", "b"))


def test_unit_by_unit_gets_right_what_each_units_best_model_does() -> None:
    assert option(company(), "unit_by_unit").right == pytest.approx(
        (0.7 + 0.5 + 0.8 + 0.25) / 4
    )


def test_one_model_per_division_is_the_best_for_its_units_together() -> None:
    # D1: coe 1.1 of three units, federated 0.8, managed service 0.8.
    assert option(company(), "one_per_division").right == pytest.approx((1.1 + 0.25) / 4)


def test_one_model_for_all_is_the_one_most_often_right() -> None:
    found = option(company(), "one_for_all")

    assert (found.model, found.right) == ("coe", pytest.approx(1.35 / 4))


def test_one_model_for_all_leaves_nothing_to_coordinate() -> None:
    found = option(company(), "one_for_all")

    assert (found.models, found.effective_models, found.split_pairs) == (1, 1.0, 0)


def test_effective_models_are_the_exponential_of_the_entropy_of_shares() -> None:
    # Unit by unit: coe 2 of 4 (d is level and takes the first), federated 1, managed 1.
    expected = exp(-(0.5 * log(0.5) + 2 * 0.25 * log(0.25)))

    assert option(company(), "unit_by_unit").effective_models == pytest.approx(expected)


def test_log_odds_given_up_are_those_against_each_units_best_model() -> None:
    # a 0, b log(.5/.4), c log(.8/.001) since 0 counts as .001, d 0.
    expected = (log(0.5 / 0.4) + log(800)) / 4

    assert option(company(), "one_for_all").log_odds_given_up == pytest.approx(expected)


def test_a_company_without_divisions_has_no_middle_way() -> None:
    flat = unit_tree(dict.fromkeys(POSTERIORS))

    found = portfolio(of_posteriors(**POSTERIORS), flat, seed=0)

    assert [one.key for one in found.options] == ["unit_by_unit", "one_for_all"]


def test_described_is_the_mean_probability_of_any_of_the_four() -> None:
    units = {
        "a": of_posterior(1.0, 0.0, 0.0, 0.0, described=0.9),
        "b": of_posterior(1.0, 0.0, 0.0, 0.0, described=0.6),
    }

    found = portfolio(units, unit_tree(dict.fromkeys(units)), seed=0)

    assert found.described == pytest.approx(0.75)


def test_the_order_of_recommendations_changes_nothing() -> None:
    given = of_posteriors(**POSTERIORS)
    turned = dict(reversed(list(given.items())))

    assert portfolio(turned, unit_tree(DIVISIONS), seed=0) == company()


shares = st.lists(st.integers(0, 20), min_size=4, max_size=4).filter(any)


@settings(deadline=None, max_examples=25)
@given(drawn=st.lists(shares, min_size=1, max_size=8), seed=st.integers(0, 100))
def test_what_is_right_is_expected_alike_by_draws_and_by_sums(
    drawn: list[list[int]], seed: int
) -> None:
    units = {
        f"u{place}": tuple(part / sum(row) for part in row) for place, row in enumerate(drawn)
    }

    found = portfolio(of_posteriors(**units), unit_tree(dict.fromkeys(units)), seed=seed)

    for place, model in enumerate(MODELS):
        exact = sum(posterior[place] for posterior in units.values()) / len(units)
        assert for_all(found, model).right.estimate == pytest.approx(exact, abs=0.001)


def test_the_sentence_on_one_model_for_all_has_the_figures_of_the_model_it_names() -> None:
    # All but level: sums favour the second model, whose share of draws is the same.
    units = {f"u{place}": (0.4999, 0.5001, 0.0, 0.0) for place in range(3)}
    units |= {"v": (0.0, 0.0, 1.0, 0.0)}

    found = portfolio(of_posteriors(**units), unit_tree(dict.fromkeys(units)), seed=0)

    said = next(one for one in found.statements if one.key == "one_for_all")
    assert said.model == "federated"
    assert said.figures == {"excluded": 1.0, "of": 4.0}


def test_no_statement_says_how_often_the_recommendations_are_right() -> None:
    parents = {"D1": None, "D2": None, "a": "D1", "b": "D1", "c": "D2", "d": "D2"}
    units = of_posteriors(
        a=(0.9, 0.1, 0.0, 0.0), b=(0.9, 0.1, 0.0, 0.0), c=(0.9, 0.1, 0.0, 0.0),
        d=(0.0, 1.0, 0.0, 0.0),
    )  # fmt: skip

    found = portfolio(units, unit_tree(parents), seed=0)

    figures = {name for one in found.statements for name in one.figures}
    assert not figures & {"right", "right_people", "instead_of", "nearly_all"}
    per_division = next(one for one in found.options if one.key == "one_per_division")
    assert per_division.implausible == 1
    assert [one.best_model_implausible for one in found.divisions] == [0, 1]


def test_divisions_that_draws_alone_tell_apart_are_not_ranked() -> None:
    alike = of_posteriors(**dict.fromkeys("abcd", (0.4, 0.3, 0.2, 0.1)))
    parents = {"D1": None, "D2": None, "a": "D1", "b": "D1", "c": "D2", "d": "D2"}

    found = portfolio(alike, unit_tree(parents), seed=0)

    assert not {one.key for one in found.statements} & {
        "most_mixed_division",
        "most_alike_division",
    }
