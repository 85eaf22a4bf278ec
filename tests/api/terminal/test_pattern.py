"""The company's own pattern in sentences."""

import msgspec

from analytics.results import Cluster, CompanyPattern, ProfileCell
from api.terminal.pattern import pattern_lines

LEARNED = CompanyPattern(
    structure="clear",
    reach=0.591,
    mix={"coe": 0.7, "federated": 0.3},
    profiles={
        "coe": {
            "data_literacy": ProfileCell(anchor=45.0, learned=80.2, moved=True),
            "business_case": ProfileCell(anchor=55.0, learned=57.0, moved=False),
        }
    },
    clusters={
        "coe": Cluster(units=6, jaccard=0.9, verdict="stable"),
        "federated": Cluster(units=3, jaccard=0.51, verdict="dissolves"),
    },
)


def said(**changes: object) -> str:
    return "\n".join(pattern_lines(msgspec.structs.replace(LEARNED, **changes)))


def test_nothing_is_said_if_nothing_was_learned() -> None:
    assert said(reach=None) == ""


def test_mix_and_reach_are_told_most_common_first() -> None:
    assert "reach 59% of the way" in said()
    assert "Centre of excellence 70%, Federated 30%" in said()


def test_only_cells_that_moved_are_named_with_both_figures() -> None:
    assert "Centre of excellence on Data literacy (80 here, 45 in theory)" in said()
    assert "Business case" not in said()


def test_only_groups_that_do_not_stay_together_are_named() -> None:
    assert "Federated (0.51)" in said()
    assert "Centre of excellence (0.90)" not in said()
