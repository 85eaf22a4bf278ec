"""Nobody's level follows from the distributions on show, by any sum or difference of them."""

from itertools import product

import numpy as np
import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.quality.distribution import level_shares
from analytics.study.study import Study
from analytics.study.tree import UnitTree
from tests.analytics.studies import construct, everything_but, instrument, unscreened

K = 3
UNITS = ("A", "B", "C", "D")
TREES = (
    {"A": None, "B": None, "C": None, "D": None},
    {"A": "B", "B": None, "C": "B", "D": "C"},
    {"A": "C", "B": "C", "C": None, "D": "C"},
    {"A": "B", "B": "D", "C": "D", "D": None},
)
answers = st.lists(st.sampled_from([4, 4, 4, 2]), max_size=7)


def company(sheets: dict[str, list[int]], parents: dict[str, str | None]) -> Study:
    rows = [(unit, "contributor", one) for unit, sheet in sheets.items() for one in sheet]
    schema = {"unit": pl.String, "role": pl.String, "governance_1": pl.Int64}
    tree = pl.DataFrame(
        {"code": UNITS, "parent_code": [parents[unit] for unit in UNITS], "headcount": [9] * 4},
        schema={"code": pl.String, "parent_code": pl.String, "headcount": pl.Int64},
    )
    responses = pl.DataFrame(rows, schema=schema, orient="row")
    return unscreened(responses, instrument(construct("governance", 1)), tree)


def isolated(shown: set[str], tree: UnitTree) -> set[frozenset[str]]:
    """Return every set of units that is a sum or difference of shown groups."""
    nodes = sorted(shown)
    members = np.array([[unit in tree.members(code) for unit in UNITS] for code in nodes])
    found = set()
    for signs in product((-1, 0, 1), repeat=len(nodes)):
        people = np.array(signs) @ members.astype(int)
        if set(people) <= {0, 1} and people.any():
            found.add(frozenset(u for u, one in zip(UNITS, people, strict=True) if one))
    return found


@settings(max_examples=150, deadline=None)
@given(st.fixed_dictionaries(dict.fromkeys(UNITS, answers)), st.sampled_from(TREES))
def test_no_small_group_of_one_level_is_isolated(
    sheets: dict[str, list[int]], parents: dict[str, str | None]
) -> None:
    study = company(sheets, parents)

    shown = set(level_shares(study, everything_but(study), "governance", k=K))

    for units in isolated(shown, study.tree) if shown else ():
        people = [one for unit in units for one in sheets[unit]]
        assert len(people) >= 2 * K or len(set(people)) != 1


def test_the_attacker_finds_what_is_left_of_a_parent() -> None:
    sheets = {"A": [2, 4, 2, 4], "B": [], "C": [4, 4], "D": [4]}
    study = company(sheets, TREES[1])

    groups = isolated({"A", "B"}, study.tree)

    assert frozenset({"B", "C", "D"}) in groups
