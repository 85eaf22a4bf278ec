"""Whether one model for all is defensible, and silence if the evidence is thin."""

from analytics.portfolio import portfolio
from analytics.results import Recommendation
from analytics.results.portfolio import Portfolio
from tests.analytics.studies import unit_tree
from tests.factories.recommendations import of_posterior

COE = of_posterior(0.97, 0.01, 0.01, 0.01)
FEDERATED = of_posterior(0.01, 0.97, 0.01, 0.01)
OPEN = of_posterior(0.25, 0.25, 0.25, 0.25)
LEANING = of_posterior(0.55, 0.15, 0.15, 0.15)


def company(units: list[Recommendation], people: list[int] | None = None) -> Portfolio:
    given = {f"u{place:02}": one for place, one in enumerate(units)}
    counts = None if people is None else dict(zip(given, people, strict=True))
    found = portfolio(given, unit_tree(dict.fromkeys(given)), headcounts=counts, seed=0)
    assert found is not None
    return found


def verdict(units: list[Recommendation], people: list[int] | None = None) -> tuple[str, str]:
    found = company(units, people)
    return found.verdict, found.because


def test_one_model_that_is_surely_right_everywhere_is_defensible() -> None:
    assert verdict([COE] * 10) == ("one_model_defensible", "right_nearly_everywhere")


def test_one_exception_in_ten_units_leaves_it_defensible() -> None:
    assert verdict([COE] * 9 + [FEDERATED])[0] == "one_model_defensible"


def test_units_split_between_two_models_are_mixed() -> None:
    assert verdict([COE] * 5 + [FEDERATED] * 5) == ("mixed", "no_model_fits_nearly_all")


def test_an_exception_that_holds_most_people_is_no_exception() -> None:
    assert verdict([COE] * 9 + [FEDERATED], [1] * 9 + [91])[0] != "one_model_defensible"


def test_two_units_that_surely_differ_are_mixed() -> None:
    assert verdict([COE, FEDERATED])[0] == "mixed"


def test_units_about_which_nothing_is_known_are_not_called_mixed() -> None:
    assert verdict([OPEN] * 20) == ("cannot_tell", "mostly_unclear")


def test_units_that_lean_without_excluding_anything_are_not_called_mixed() -> None:
    assert verdict([LEANING] * 20) == ("cannot_tell", "in_between")


def test_a_single_unit_gets_no_verdict() -> None:
    assert verdict([COE]) == ("cannot_tell", "too_few_units")


def test_being_right_nearly_everywhere_has_the_probability_of_the_draws() -> None:
    # Five units: at least four right. P = q^5 + 5 q^4 (1 - q) with q = .55.
    found = company([LEANING] * 5)

    expected = 0.55**5 + 5 * 0.55**4 * 0.45
    assert abs(found.for_all[0].nearly_all - expected) < 0.02


def test_every_sentence_has_figures() -> None:
    found = company([COE] * 5 + [FEDERATED] * 5)

    assert all(one.figures for one in found.statements)


def test_a_model_of_a_single_unit_is_not_said_to_be_shared() -> None:
    found = company([COE] * 9 + [FEDERATED])

    shared = [one.model for one in found.statements if one.key == "model_shared"]
    assert shared == ["coe"]
