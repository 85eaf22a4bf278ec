import itertools
from typing import Any

import numpy as np
import polars as pl
import pytest

from tests.attackers.differencing import Exposure, exposures
from tests.attackers.face_value import disagreements, slips
from tests.attackers.row_space import determined_sets

Row = dict[str, Any]

TOPIC = "data_readiness"
SPONSORSHIP = "executive_sponsorship"


def shown(unit: str, parent: str | None = None, *, n: int = 50, **more: Any) -> Row:
    score = {"mean": 50.0, "low": 40.0, "high": 60.0, "level": 3, "n": n}
    row = {"unit": unit, "status": "reported", "respondents": n, "scores": {TOPIC: score}}
    return row | ({"parent": parent} if parent else {}) | more


def hidden(unit: str, parent: str | None = None) -> Row:
    return {"unit": unit, "status": "suppressed"} | ({"parent": parent} if parent else {})


def without_score(row: Row) -> Row:
    return row | {"scores": {}}


def sponsored(*keys: str, by: str = "contributors") -> Row:
    speaks = {"claimed": 80.0, "gap": 20.0, "low": 5.0, "high": 35.0} | dict.fromkeys(
        keys, 60.0
    )
    gap = {"estimate": 20.0, "low": 5.0, "high": 35.0}
    return {
        "status": "reported",
        "perceivedBy": by,
        "gap": gap,
        "behaviours": {"speaks": speaks},
    }


def result(*rows: Row, **lineage: int) -> Row:
    return {"lineage": lineage, "units": list(rows)}


def cells(people: dict[str, tuple[int, int]], construct: str = TOPIC) -> pl.DataFrame:
    """Return cells of ``unit: (contributors, managers)``."""
    return pl.DataFrame(
        [
            {"unit": unit, "role": role, "construct": construct, "n": n}
            for unit, pair in people.items()
            for role, n in zip(("contributor", "manager"), pair, strict=True)
        ]
    )


def exposed(*found: tuple[str, str], people: int, construct: str = TOPIC) -> Exposure:
    return Exposure(construct=construct, cells=found, people=people)


def test_a_lone_manager_follows_from_all_minus_contributors() -> None:
    scores = {SPONSORSHIP: {"mean": 50.0, "n": 11}}
    unit = shown("A", n=11, scores=scores, sponsorship=sponsored("contributors"))

    found = exposures(result(unit), cells({"A": (10, 1)}, SPONSORSHIP), k=5)

    assert found == [exposed(("A", "manager"), people=1, construct=SPONSORSHIP)]


def test_a_gap_and_its_claim_reveal_the_contributors() -> None:
    block = {"status": "reported", "perceivedBy": "contributors", "gap": {"estimate": 20.0}}
    scores = {SPONSORSHIP: {"mean": 50.0, "n": 11}}
    unit = shown("A", n=11, scores=scores, sponsorship=block)

    found = exposures(result(unit), cells({"A": (10, 1)}, SPONSORSHIP), k=5)

    assert found == [exposed(("A", "manager"), people=1, construct=SPONSORSHIP)]


def test_managers_follow_from_a_division_minus_the_other_units() -> None:
    rows = [
        without_score(shown("D", sponsorship=sponsored("managers", "contributors"))),
        without_score(shown("A", "D", sponsorship=sponsored("managers", "contributors"))),
        without_score(shown("B", "D", sponsorship=sponsored("contributors"))),
    ]
    people = cells({"A": (10, 6), "B": (10, 2)}, SPONSORSHIP)

    found = exposures(result(*rows), people, k=5)

    assert found == [exposed(("B", "manager"), people=2, construct=SPONSORSHIP)]


def test_a_hidden_unit_follows_from_the_parent_minus_its_siblings() -> None:
    rows = [shown("D"), shown("A", "D"), shown("B", "D"), hidden("C", "D")]
    people = cells({"A": (10, 0), "B": (9, 0), "C": (3, 0)})

    found = exposures(result(*rows), people, k=5)

    assert found == [exposed(("C", "contributor"), people=3)]


def test_a_hidden_unit_of_both_roles_follows_as_a_pair_of_cells() -> None:
    rows = [shown("D"), shown("A", "D"), hidden("C", "D")]
    people = cells({"A": (10, 2), "C": (2, 1)})

    found = exposures(result(*rows), people, k=5)

    assert found == [exposed(("C", "contributor"), ("C", "manager"), people=3)]


def test_two_hidden_siblings_below_k_together_are_found() -> None:
    rows = [shown("D"), shown("A", "D"), hidden("B", "D"), hidden("C", "D")]
    people = cells({"A": (10, 0), "B": (2, 0), "C": (2, 0)})

    found = exposures(result(*rows), people, k=5)

    assert found == [exposed(("B", "contributor"), ("C", "contributor"), people=4)]


def test_three_hidden_siblings_below_k_together_are_found() -> None:
    rows = [shown("D"), shown("A", "D"), hidden("B", "D"), hidden("C", "D"), hidden("E", "D")]
    people = cells({"A": (10, 0), "B": (1, 0), "C": (2, 0), "E": (0, 1)})

    found = exposures(result(*rows), people, k=5)

    assert [(exposure.people, len(exposure.cells)) for exposure in found] == [(4, 3)]


def test_a_unit_hidden_with_its_division_follows_from_the_company() -> None:
    rows = [
        shown("C"),
        shown("D", "C"),
        shown("A", "D"),
        hidden("E", "C"),
        shown("F", "E"),
        hidden("G", "E"),
    ]
    people = cells({"A": (10, 0), "F": (8, 0), "G": (4, 0)})

    found = exposures(result(*rows), people, k=5)

    assert found == [exposed(("G", "contributor"), people=4)]


def test_the_count_of_a_hidden_unit_follows_from_the_whole_file() -> None:
    flat = result(shown("A", n=10), hidden("B"), responsesUsed=15, sponsors=2)

    found = exposures(flat, cells({"A": (8, 2), "B": (3, 0)}, "respondents"), k=5)

    assert found == [exposed(("B", "contributor"), people=3, construct="respondents")]


def test_a_part_follows_from_the_whole_and_the_other_parts() -> None:
    parts = ("validation", "audit", "lineage")
    component = {"mean": 50.0, "n": 10}
    unit = shown("A", scores={"governance": {"mean": 50.0, "n": 10}}) | {
        "governance": {"components": dict.fromkeys(parts, component)}
    }
    people = pl.concat(
        cells({"A": (10, 0)}, construct) for construct in ("governance", *parts)
    ).vstack(cells({"A": (4, 0)}, "override"))

    found = exposures(result(unit), people, k=5)

    assert found == [exposed(("A", "contributor"), people=4, construct="override")]


def test_a_gate_of_a_division_reveals_that_of_its_hidden_unit() -> None:
    def with_gate(row: Row) -> Row:
        gate = {"gate": "usable_data", "status": "passed", "mean": 70.0}
        return row | {"readiness": {"phases": [{"phase": "p", "gates": [gate]}]}}

    rows = [with_gate(shown("D")), with_gate(shown("A", "D")), shown("B", "D")]
    people = cells({"A": (10, 0), "B": (3, 0)}, "usable_data")

    found = exposures(result(*rows), people, k=5)

    assert found == [exposed(("B", "contributor"), people=3, construct="usable_data")]


def test_a_figure_of_one_behaviour_needs_k_people_who_answered_it() -> None:
    unit = without_score(shown("A", sponsorship=sponsored("contributors")))

    found = exposures(result(unit), cells({"A": (4, 0)}, "speaks"), k=5)

    assert found == [exposed(("A", "contributor"), people=4, construct="speaks")]


@pytest.mark.parametrize(
    "verdict",
    [
        {"recommendation": {"reasons": [{"construct": TOPIC, "weight": 1.0}]}},
        {"recommendation": {"wouldChange": [{"construct": TOPIC, "from": 50.0}]}},
        {"constraint": {"status": "identified", "probabilities": {TOPIC: 0.9}}},
    ],
)
def test_a_verdict_that_names_a_hidden_construct_counts_as_its_mean(verdict: Row) -> None:
    unit = without_score(shown("A")) | verdict
    people = cells({"A": (4, 0)})

    assert exposures(result(unit), people, k=5) == [exposed(("A", "contributor"), people=4)]
    assert exposures(result(unit), people, k=5, derived=False) == []


def test_hidden_siblings_with_k_people_together_are_safe() -> None:
    rows = [shown("D"), shown("A", "D"), hidden("B", "D"), hidden("C", "D")]
    people = cells({"A": (10, 0), "B": (2, 0), "C": (3, 0)})

    assert exposures(result(*rows), people, k=5) == []


def test_merged_roles_are_safe() -> None:
    scores = {SPONSORSHIP: {"mean": 50.0, "n": 11}}
    unit = shown("A", n=11, scores=scores, sponsorship=sponsored("perceived", by="all"))

    assert exposures(result(unit), cells({"A": (10, 1)}, SPONSORSHIP), k=5) == []


def test_two_lone_managers_of_merged_units_under_a_split_division_are_safe_in_sums() -> None:
    scores = {SPONSORSHIP: {"mean": 50.0, "n": 13}}
    both = sponsored("managers", "contributors")
    merged = sponsored("perceived", by="all")
    rows = [
        shown("D", scores=scores, sponsorship=both),
        shown("A", "D", scores=scores, sponsorship=merged),
        shown("B", "D", scores=scores, sponsorship=merged),
    ]
    people = cells({"A": (10, 3), "B": (9, 4)}, SPONSORSHIP)

    assert exposures(result(*rows), people, k=5) == []


def test_a_release_by_role_is_attacked_together_with_the_result() -> None:
    people = cells({"A": (10, 1)})
    cuts = pl.DataFrame(
        [("A", TOPIC, "contributors", "reported"), ("A", TOPIC, "managers", "suppressed")],
        schema=["unit", "construct", "cut", "status"],
        orient="row",
    )

    assert exposures(result(shown("A")), people, k=5) == []
    assert exposures(result(shown("A")), people, k=5, cuts=cuts) == [
        exposed(("A", "manager"), people=1)
    ]


def test_people_outside_the_result_are_refused() -> None:
    with pytest.raises(ValueError, match="Z"):
        exposures(result(shown("A")), cells({"Z": (9, 0)}), k=5)


def _by_brute_force(system: np.ndarray, people: np.ndarray, limit: int) -> set[frozenset[int]]:
    """Return the minimal sets whose indicator does not increase the rank."""
    rank = np.linalg.matrix_rank(system)
    found: set[frozenset[int]] = set()
    for size in range(1, limit):
        for members in itertools.combinations(range(len(people)), size):
            indicator = np.isin(np.arange(len(people)), members).astype(float)
            follows = np.linalg.matrix_rank(np.vstack([system, indicator])) == rank
            new = frozenset(members)
            if people[list(members)].sum() < limit and follows:
                found |= set() if any(old < new for old in found) else {new}
    return found


@pytest.mark.parametrize("seed", range(60))
def test_the_search_finds_exactly_what_brute_force_finds(seed: int) -> None:
    rng = np.random.default_rng(seed)
    unknowns, limit = int(rng.integers(3, 9)), int(rng.integers(4, 8))
    system = (rng.random((int(rng.integers(1, 7)), unknowns)) < 0.5).astype(float)
    people = rng.integers(1, 4, unknowns)

    found = determined_sets(system, people, limit=limit, depth=limit - 1)

    assert set(found) == _by_brute_force(system, people, limit)


def test_a_result_without_violations_has_no_slips() -> None:
    rows = [shown("A", sponsorship=sponsored("contributors")), hidden("B")]

    assert slips(result(*rows), k=5) == []


@pytest.mark.parametrize(
    ("row", "complaint"),
    [
        (hidden("A") | {"respondents": 3}, "suppressed and shows"),
        (shown("A", n=4, scores={}), "A: 4 respondents"),
        (shown("A", scores={TOPIC: {"n": 4}}), "data_readiness: n = 4"),
        (shown("A", sponsorship={"status": "suppressed", "gap": {}}), "shows ['gap']"),
        (shown("A", sponsorship=sponsored("managers", by="all")), "['managers'] beside all"),
    ],
)
def test_a_slip_is_named(row: Row, complaint: str) -> None:
    assert [complaint in slip for slip in slips(result(row), k=5)] == [True]


def test_a_published_count_that_is_too_high_is_named() -> None:
    found = disagreements(result(shown("A", n=9)), cells({"A": (7, 1)}))

    assert "A data_readiness: 9 published, 8 people" in found
