"""The interval of one unit against scipy's Welch test, of which it is a special case.

Welch's statistic with the sponsors' variance borrowed and their degrees of freedom raised by 20
is Welch's test of a sample of 20 + n_s people whose standard error is s_sb* / sqrt(n_s).
"""

import numpy as np
import pytest
from scipy.stats import ttest_ind_from_stats

from analytics.results import Gap
from tests.analytics.sponsorship.survey import gaps, scored
from tests.analytics.studies import unit_tree

PEOPLE = (2.0, 2.5, 3.0, 3.25, 2.75, 4.0)
OTHERS = (3.0, 3.5, 4.0, 2.0, 2.0)


def sum_of_squares(scores: tuple[float, ...]) -> float:
    return float(np.var(scores) * len(scores))


def p_value(null: float, own: tuple[float, ...], pool: float) -> float:
    """Return Welch's p of the hypothesis that the gap is ``null`` points."""
    n = len(own)
    borrowed = (20 * pool + sum_of_squares(own)) / (20 + n - 1)
    return ttest_ind_from_stats(
        mean1=np.mean(own) - null,
        std1=np.sqrt(borrowed * (20 + n) / n),
        nobs1=20 + n,
        mean2=np.mean(PEOPLE),
        std2=np.std(PEOPLE, ddof=1),
        nobs2=len(PEOPLE),
        equal_var=False,
    ).pvalue


def gap_of(own: tuple[float, ...], elsewhere: tuple[float, ...] = ()) -> Gap:
    people = scored(("A", "contributor", PEOPLE), ("B", "contributor", OTHERS))
    sponsors = scored(("A", "sponsor", own), ("B", "sponsor", elsewhere))
    found = gaps(people, sponsors, unit_tree({"A": None, "B": None}))["A"].gap
    assert found is not None
    return found


@pytest.mark.parametrize(
    "own", [(4.0,), (4.0, 5.0), (3.0, 4.5, 5.0), (2.0, 3.0, 4.0, 5.0, 4.5)]
)
@pytest.mark.parametrize("elsewhere", [(), (4.0, 2.5, 3.0)])
def test_limits_are_the_gaps_that_welch_rejects_at_five_percent(
    own: tuple[float, ...], elsewhere: tuple[float, ...]
) -> None:
    employees = (sum_of_squares(PEOPLE) + sum_of_squares(OTHERS)) / (5 + 4)
    squares = sum_of_squares(own) + (sum_of_squares(elsewhere) if elsewhere else 0.0)
    freedom = len(own) - 1 + max(len(elsewhere) - 1, 0)
    pool = (20 * employees + squares) / (20 + freedom)

    gap = gap_of(own, elsewhere)

    assert gap.estimate == pytest.approx(25 * (np.mean(own) - np.mean(PEOPLE)), abs=1e-12)
    assert p_value(gap.low / 25, own, pool) == pytest.approx(0.05, abs=1e-9)
    assert p_value(gap.high / 25, own, pool) == pytest.approx(0.05, abs=1e-9)


def test_a_pool_of_contributors_ignores_managers() -> None:
    people = scored(("A", "contributor", PEOPLE), ("A", "manager", (1.0, 5.0, 1.0, 5.0, 1.0)))
    alone = scored(("A", "contributor", PEOPLE))
    sponsors = scored(("A", "sponsor", (4.0,)))

    with_managers = gaps(people, sponsors, unit_tree({"A": None}), {"A": "roles"})["A"]
    without = gaps(alone, sponsors, unit_tree({"A": None}), {"A": "roles"})["A"]

    assert with_managers.gap == without.gap


def test_managers_lend_their_variance_if_nobody_else_can() -> None:
    people = scored(("A", "manager", PEOPLE))
    sponsors = scored(("A", "sponsor", (4.0,)))

    gap = gaps(people, sponsors, unit_tree({"A": None}))["A"].gap

    assert gap is not None
    assert p_value(gap.low / 25, (4.0,), np.var(PEOPLE, ddof=1)) == pytest.approx(0.05)


def test_agreement_of_everybody_leaves_an_interval_without_width() -> None:
    people = scored(("A", "contributor", (3.0,) * 5))
    sponsors = scored(("A", "sponsor", (4.0, 4.0)))

    gap = gaps(people, sponsors, unit_tree({"A": None}))["A"].gap

    assert gap is not None
    assert (gap.estimate, gap.low, gap.high) == (25.0, 25.0, 25.0)


def test_people_of_one_mind_leave_the_sponsors_error() -> None:
    people = scored(("A", "contributor", (3.0,) * 5), ("B", "contributor", OTHERS))
    sponsors = scored(("A", "sponsor", (4.0,)))

    gap = gaps(people, sponsors, unit_tree({"A": None, "B": None}))["A"].gap

    assert gap is not None
    assert gap.low < gap.estimate < gap.high


def test_an_interval_may_reach_beyond_the_scale() -> None:
    people = scored(("A", "contributor", (1.0, 1.0, 1.0, 5.0, 1.0)))
    sponsors = scored(("A", "sponsor", (5.0,)))

    gap = gaps(people, sponsors, unit_tree({"A": None}))["A"].gap

    assert gap is not None
    assert gap.high > 100
