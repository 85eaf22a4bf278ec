"""How far root causes lie apart in a unit is judged by how far they do in the company."""

import numpy as np

from analytics.diagnosis.constraint import hidden_constraints
from tests.analytics.diagnosis.constraint.groups import NO_ITEM_VARIANCE, ROOT_CAUSES, groups

NEARLY_ALIKE = {
    f"U{at}": tuple(3.4 + 0.05 * np.cos(at + np.arange(5)).round(2)) for at in range(12)
}
STANDS_OUT = {"X": (3.4, 3.0, 3.4, 3.5, 3.5)}
COMPANY = groups(NEARLY_ALIKE | STANDS_OUT, errors=0.2)
ALL = np.full(len(COMPANY.units), True)


def test_a_unit_that_stands_out_where_none_does_is_less_certain() -> None:
    alone = hidden_constraints(COMPANY, NO_ITEM_VARIANCE, seed=1)["X"]

    among = hidden_constraints(COMPANY, NO_ITEM_VARIANCE, seed=1, units=ALL)["X"]

    assert (alone.status, among.status) == ("identified", "insufficient_evidence")


def test_the_likeliest_root_cause_has_the_lowest_score() -> None:
    found = hidden_constraints(COMPANY, NO_ITEM_VARIANCE, seed=1, units=ALL)["X"]
    chances = found.probabilities or {}

    assert max(chances, key=lambda key: chances[key]) == ROOT_CAUSES[1]


def test_the_distance_stays_that_of_the_scores() -> None:
    alone = hidden_constraints(COMPANY, NO_ITEM_VARIANCE, seed=1)["X"]

    among = hidden_constraints(COMPANY, NO_ITEM_VARIANCE, seed=1, units=ALL)["X"]

    assert among.distance == alone.distance


def test_fewer_than_five_units_teach_nothing() -> None:
    few = np.arange(len(ALL)) < 4

    among = hidden_constraints(COMPANY, NO_ITEM_VARIANCE, seed=1, units=few)

    assert among == hidden_constraints(COMPANY, NO_ITEM_VARIANCE, seed=1)


def test_units_that_differ_widely_leave_a_clear_verdict_clear() -> None:
    rng = np.random.default_rng(3)
    wide = groups(
        {f"U{at}": 3 + 0.6 * rng.normal(size=5) for at in range(12)} | STANDS_OUT, errors=0.1
    )

    found = hidden_constraints(wide, NO_ITEM_VARIANCE, seed=1, units=ALL)["X"]

    assert found.status == "identified"
