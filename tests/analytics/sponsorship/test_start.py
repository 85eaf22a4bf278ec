"""Which behaviour to start with."""

import numpy as np
import polars as pl
import pytest
from scipy.stats import norm

from analytics.results.sponsorship import Start
from analytics.sponsorship.comparison import Pairing, Side
from analytics.sponsorship.scope import Contrast
from analytics.sponsorship.start import Chooser, within_correlation
from tests.analytics.sponsorship.survey import BEHAVIOURS, COMPOSITE, gaps, scored
from tests.analytics.studies import unit_tree

COLUMNS = [f"{COMPOSITE}.{behaviour}" for behaviour in BEHAVIOURS]
FEW = [(4.0, 1.0), (4.5, 1.5), (4.0, 1.0), (4.5, 1.5), (4.0, 1.5), (4.5, 1.0)]


def contrast(claimed: float, seen: float, error: float = 0.01) -> Contrast:
    sides = Side(claimed, ((error, 20.0),)), Side(seen, ((error, 20.0),))
    return Contrast("all", Pairing({}, {}), *sides)


def chosen(
    correlation: float,
    supported: list[str],
    item_errors: list[float] | None = None,
    **behaviours: Contrast,
) -> Start:
    size = len(behaviours)
    matrix = np.full((size, size), correlation) + (1 - correlation) * np.eye(size)
    found = Chooser.of(matrix, item_errors or [0.0] * size, seed=1).choose(
        behaviours, supported
    )
    assert found is not None
    return found


def test_the_largest_supported_gap_comes_first() -> None:
    found = chosen(0.3, ["speaks", "uses"], speaks=contrast(4.0, 3.0), uses=contrast(5.0, 2.0))

    assert (found.status, found.basis, found.behaviours) == ("identified", "gap", ("uses",))


def test_without_a_supported_gap_the_lowest_perceived_comes_first() -> None:
    found = chosen(0.3, [], speaks=contrast(2.0, 2.0), uses=contrast(4.0, 3.0))

    assert (found.basis, found.behaviours) == ("perceived", ("speaks",))


def test_two_that_lie_together_are_tied() -> None:
    found = chosen(
        0.0,
        ["speaks", "uses", "protects"],
        speaks=contrast(5.0, 2.0),
        uses=contrast(5.0, 2.0),
        protects=contrast(4.0, 3.5),
    )

    assert (found.status, set(found.behaviours)) == ("tied", {"speaks", "uses"})


def test_three_that_lie_together_cannot_be_told_apart() -> None:
    same = {key: contrast(5.0, 2.0) for key in ("speaks", "uses", "protects")}

    found = chosen(0.0, list(same), **same)

    assert (found.status, found.behaviours) == ("cannot_tell", ())


def test_a_gap_that_is_not_supported_is_never_named() -> None:
    found = chosen(0.0, ["speaks"], speaks=contrast(5.0, 2.0), uses=contrast(5.0, 1.0))

    assert found.behaviours == ()


@pytest.mark.parametrize("correlation", [0.0, 0.6])
def test_the_chance_is_that_of_two_correlated_normal_values(correlation: float) -> None:
    found = chosen(
        correlation,
        ["speaks"],
        speaks=contrast(4.0, 3.0, error=0.02),
        uses=contrast(4.0, 3.2, error=0.02),
    )

    # The difference of gaps, .2, has the variance 2 (1 - r) (V_claimed + V_seen).
    expected = norm.cdf(0.2 / np.sqrt(2 * (1 - correlation) * 0.04))
    assert found.probabilities["speaks"] == pytest.approx(expected, abs=0.03)


def test_other_items_could_have_made_another_behaviour_the_lowest() -> None:
    two = {"speaks": contrast(2.0, 2.0), "uses": contrast(4.0, 2.2)}

    found = chosen(0.0, [], item_errors=[0.03, 0.03], **two)

    expected = norm.cdf(0.2 / np.sqrt(2 * (0.01 + 0.03)))
    assert found.probabilities["speaks"] == pytest.approx(expected, abs=0.03)


def test_which_items_were_asked_is_no_error_of_a_gap() -> None:
    two = {"speaks": contrast(4.0, 3.0), "uses": contrast(4.0, 3.2)}

    found = [
        chosen(0.0, ["speaks"], item_errors=errors, **two) for errors in (None, [1.0, 1.0])
    ]

    assert found[0] == found[1]


def test_a_behaviour_that_is_not_shown_leaves_the_question_open() -> None:
    chooser = Chooser.of(np.eye(2), [0.0, 0.0], seed=1)

    assert chooser.choose({"speaks": contrast(5.0, 1.0)}, ["speaks"]) is None


def test_the_same_seed_gives_the_same_answer() -> None:
    one = {"speaks": contrast(4.0, 3.0), "uses": contrast(4.0, 3.05)}

    found = [
        Chooser.of(np.eye(2), [0.0, 0.0], seed=7).choose(one, ["speaks"]) for _ in range(2)
    ]

    assert found[0] == found[1]


def test_a_unit_that_stands_out_starts_with_what_is_claimed_furthest_beyond_sight() -> None:
    sponsors = scored(("A", "sponsor", [(4.5, 4.5), (4.5, 5.0), (4.0, 4.5)]))

    found = gaps(scored(("A", "contributor", FEW)), sponsors, unit_tree({"A": None}))["A"]

    assert found.start is not None
    assert (found.start.basis, found.start.behaviours) == ("gap", ("uses",))


def test_correlations_are_those_of_deviations_from_units_means() -> None:
    people = scored(
        ("A", "contributor", [(1.0, 2.0), (2.0, 2.5), (3.0, 2.0), (2.5, None)]),
        ("B", "contributor", [(4.0, 5.0), (5.0, 4.0), (4.5, 4.0)]),
    )
    answered = people.drop_nulls(COLUMNS)
    deviations = answered.select(pl.col(COLUMNS) - pl.col(COLUMNS).mean().over("unit"))

    found = within_correlation(people, COLUMNS, {"A": "all", "B": "contributors"})

    # Deviations of both units have mean zero, so their plain correlation is the pooled one.
    assert found[0, 1] == pytest.approx(np.corrcoef(deviations.to_numpy().T)[0, 1])


def test_correlations_take_nobody_who_is_not_shown() -> None:
    people = scored(
        ("A", "contributor", FEW), ("A", "manager", [(1.0, 5.0)]), ("H", "contributor", FEW[:3])
    )
    alone = scored(("A", "contributor", FEW))

    found = within_correlation(people, COLUMNS, {"A": "contributors"})

    assert (found == within_correlation(alone, COLUMNS, {"A": "contributors"})).all()


@pytest.mark.parametrize("shown", [{}, {"A": "all"}])
def test_views_that_do_not_vary_count_as_unrelated(shown: dict[str, str]) -> None:
    people = scored(("A", "contributor", [(3.0, 2.0)] * 5))

    assert (within_correlation(people, COLUMNS, shown) == np.eye(2)).all()
