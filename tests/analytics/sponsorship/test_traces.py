"""What must leave no trace: answers of hidden units, and roles that are shown merged."""

import numpy as np
import polars as pl
import pytest
from msgspec import json

from analytics.sponsorship import (
    SponsorshipFindings,
    SponsorshipQuestions,
    sponsorship_findings,
)
from analytics.vocabulary import RolesShown
from tests.analytics.sponsorship.survey import BEHAVIOURS, COMPOSITE, scored
from tests.analytics.studies import unit_tree

SHOWN = tuple(f"U{place}" for place in range(7))
RULES: dict[str, RolesShown] = dict.fromkeys(SHOWN, "roles") | {"U6": "all", "H": "hidden"}
FLAT = unit_tree(dict.fromkeys(RULES))


def pairs(rng: np.random.Generator, size: int, level: float) -> list[tuple[float, float]]:
    drawn = np.clip(np.rint(2 * rng.normal(level, 0.8, (size, 2))) / 2, 1, 5)
    return [(float(speaks), float(uses)) for speaks, uses in drawn]


def company(
    *, hidden: float = 3.0, lone: tuple[float, float] = (2.0, 4.0)
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Draw six units with both roles, one with a lone manager, and a small hidden one."""
    rng = np.random.default_rng(3)
    groups = []
    for unit in SHOWN[:6]:
        groups.append((unit, "contributor", pairs(rng, 14, 2.5)))
        groups.append((unit, "manager", pairs(rng, 6, 3.2)))
    groups.append(("U6", "contributor", [(2.0, 4.0), *pairs(rng, 9, 2.5)]))
    groups.append(("U6", "manager", [(4.5, 1.0)]))
    if lone != (2.0, 4.0):
        groups[-2][2][0], groups[-1][2][0] = (4.5, 1.0), (2.0, 4.0)
    groups.append(("H", "contributor", pairs(np.random.default_rng(8), 4, hidden)))
    sponsors = [(unit, "sponsor", pairs(rng, 2, 4.2)) for unit in RULES]
    return scored(*groups), scored(*sponsors)


def read(people: pl.DataFrame, sponsors: pl.DataFrame) -> SponsorshipFindings:
    questions = SponsorshipQuestions(COMPOSITE, BEHAVIOURS)
    outcome = dict.fromkeys(SHOWN, 3.0)
    found = sponsorship_findings(
        people, sponsors, FLAT, RULES, questions=questions, k=5, outcome=outcome
    )
    assert found is not None
    return found


def test_a_hidden_unit_leaves_no_trace_in_what_is_shown() -> None:
    low, high = read(*company(hidden=1.5)), read(*company(hidden=4.5))

    assert json.encode(low.units) == json.encode(high.units)
    assert low.company == high.company


def test_who_is_the_manager_leaves_no_trace_if_roles_are_merged() -> None:
    """The lone manager and a contributor of a merged unit change places."""
    before, after = read(*company()), read(*company(lone=(4.5, 1.0)))

    assert json.encode(before.units) == json.encode(after.units)
    assert before.company == after.company


SMALL, LARGE = np.array([2.0, 2.5, 3.0]), np.array([1.5, 2.0, 3.5, 3.0, 2.5, 2.0])


def parent_of_hidden(small: np.ndarray, large: np.ndarray) -> dict[str, float]:
    """Return the chances of a parent whose two units are hidden; C, beside it, is shown."""
    units = unit_tree(
        {"A": "P", "B": "P", "P": None, "C": None}, {"A": 10, "B": 30, "P": 0, "C": 9}
    )
    rules: dict[str, RolesShown] = {"A": "hidden", "B": "hidden", "P": "all", "C": "all"}
    people = scored(
        ("A", "contributor", small.tolist()),
        ("B", "contributor", large.tolist()),
        ("C", "contributor", (1.0, 3.0, 3.0, 4.0, 2.0, 3.5)),
    )
    sponsors = scored(("P", "sponsor", (4.0,)))
    questions = SponsorshipQuestions(COMPOSITE, ())
    found = sponsorship_findings(people, sponsors, units, rules, questions=questions, k=5)
    assert found is not None
    return found.units["P"].quadrant_probabilities or {}


def test_two_hidden_units_show_in_their_parent_as_one_mean() -> None:
    """One hidden unit rises by as much as the other falls, weighed by their people."""
    moved = parent_of_hidden(SMALL + 0.9, LARGE - 0.3)

    assert moved == pytest.approx(parent_of_hidden(SMALL, LARGE))


def test_two_hidden_units_show_in_their_parent_as_one_error() -> None:
    """One hidden unit spreads out as far as the other draws together."""
    errors = [
        weight**2 * np.var(scores, ddof=1) / len(scores)
        for weight, scores in ((0.25, SMALL), (0.75, LARGE))
    ]
    wider = np.sqrt((errors[0] + errors[1] / 4) / errors[0])
    small = SMALL.mean() + wider * (SMALL - SMALL.mean())
    large = LARGE.mean() + np.sqrt(3 / 4) * (LARGE - LARGE.mean())

    assert parent_of_hidden(small, large) == pytest.approx(parent_of_hidden(SMALL, LARGE))


@pytest.mark.parametrize("seed", [1, 2])
def test_the_order_of_people_leaves_no_trace(seed: int) -> None:
    people, sponsors = company()
    shuffled = [
        frame.sample(fraction=1, shuffle=True, seed=seed) for frame in (people, sponsors)
    ]

    assert json.encode(read(*shuffled).units) == json.encode(read(people, sponsors).units)
