"""What is left of a shown group without the shown groups below it, gate by gate."""

from collections.abc import Mapping

import numpy as np
import polars as pl
import pytest

from analytics.diagnosis.levels import measure_scores
from analytics.diagnosis.phase_progress import GateLevels, gate_levels
from analytics.diagnosis.phases import Gate, Phase, Phases
from analytics.study.study import Study
from tests.analytics.diagnosis.company import construct, study_of
from tests.analytics.studies import K, planned

PARTS = (construct("a", 3), construct("b", 2))
GATES = (Gate(key="one", items=("a_1",)), Gate(key="two", items=("a_2", "b_1")))
LADDER = Phases(
    version="1", threshold=3.4, phases=(Phase(key="p", number=1, first_week=1, gates=GATES),)
)
TREE = pl.DataFrame(
    {
        "code": ["C", "D1", "D2", *(f"U{n}" for n in range(8))],
        "parent_code": [None, "C", "C", *(f"D{1 + n % 2}" for n in range(8))],
        "headcount": [0, 0, 0, *([20] * 8)],
    }
)


def company(seed: int) -> Study:
    """Build units of 2 to 11 people, of whom each leaves out about one item in four."""
    rng = np.random.default_rng(seed)
    units = {}
    for number in range(8):
        size = int(rng.integers(2, 12))
        units[f"U{number}"] = {
            item.key: [
                None if rng.random() < 0.25 else int(rng.integers(1, 6)) for _ in range(size)
            ]
            for part in PARTS
            for item in part.items
        }
    return study_of(units, *PARTS, tree=TREE)


def shown_gates(study: Study) -> GateLevels:
    found = gate_levels(study, planned(study), LADDER, k=K)
    assert found is not None
    return found


def rests(study: Study, shown: frozenset[str]) -> Mapping[str, set[str]]:
    """Return the units of each shown group, and of the company, in no shown group below."""
    members = {code: set(study.tree.members(code)) for code in study.tree.codes}
    groups = {code: members[code] for code in shown} | {"": set(study.tree.codes)}
    return {
        code: group.difference(
            *(members[below] for below in shown if members[below] < group or code == "")
        )
        for code, group in groups.items()
    }


@pytest.mark.parametrize("seed", range(40))
def test_no_rest_of_a_gate_holds_fewer_people_than_the_threshold(seed: int) -> None:
    study = company(seed)
    found = shown_gates(study)
    people = measure_scores(study.item_points, found.measures)

    left = {
        (code, gate.key): people.filter(
            pl.col("unit").is_in(units) & pl.col(gate.key).is_not_null()
        ).height
        for code, units in rests(study, found.shown).items()
        for gate in found.measures
    }

    assert {place: n for place, n in left.items() if 0 < n < K} == {}


@pytest.mark.parametrize("seed", range(10))
def test_gates_are_shown_only_beside_every_construct_they_draw_on(seed: int) -> None:
    study = company(seed)
    plan = planned(study)

    shown = shown_gates(study).shown

    assert all(plan.shows(code, "a") and plan.shows(code, "b") for code in shown)


def test_some_units_show_their_gates_and_some_do_not() -> None:
    shown = [len(shown_gates(company(seed)).shown) for seed in range(40)]

    assert 0 < np.mean(shown) < 11
