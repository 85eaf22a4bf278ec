"""The company's own pattern in sentences."""

from typing import Any

import msgspec
import pytest

from analytics.results import Cluster, CompanyPattern, ProfileCell, Unnamed
from survey.report.document import Fold, Points
from survey.report.pattern import pattern_section
from tests.survey.report.findings import analysis
from tests.survey.report.reading import keys, part_of, said, spoken

LEARNED = CompanyPattern(
    structure="clear",
    reach=0.591,
    reach_low=0.52,
    reach_high=0.66,
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


def section(**changes: Any) -> Any:
    return pattern_section(analysis(organisation=msgspec.structs.replace(LEARNED, **changes)))


def test_nothing_is_said_where_nothing_was_learned() -> None:
    assert section(reach=None) is None


def test_the_mix_is_told_most_common_first() -> None:
    assert "centre of excellence (70%), federated model (30%)" in spoken(section())


def test_how_far_units_lean_is_told_in_the_fold_and_nowhere_else() -> None:
    found = section()

    assert (
        "Units lean clearly (59 of 100, 52 to 66) towards the four models: 0 would mean no "
        "difference between units, 100 textbook cases."
    ) in spoken(part_of(found, Fold))
    assert all("lean" not in spoken(part) for part in found.parts if not isinstance(part, Fold))


@pytest.mark.parametrize(
    ("structure", "key"),
    [
        ("clear", "pattern.leans_clearly"),
        ("weak", "pattern.leans_weakly"),
        ("none", "pattern.leans_weakly"),
        ("cannot_tell", "pattern.leans"),
    ],
)
def test_a_lean_is_called_what_the_verdict_on_the_structure_is(
    structure: Any, key: str
) -> None:
    assert key in keys(section(structure=structure, reach=0.38))


def test_a_lean_that_was_not_learned_has_no_interval() -> None:
    unknown = section(reach_low=msgspec.UNSET, reach_high=msgspec.UNSET)

    assert "pattern.lean" in keys(unknown)


def test_only_cells_that_moved_are_named_with_both_figures() -> None:
    figures = said(section(), "pattern.cell")

    assert (figures["here"], figures["theory"]) == (Points(80.2), Points(45.0))
    assert "business case" not in spoken(section())


def test_only_groups_that_do_not_stay_together_are_named() -> None:
    assert "federated model 0.51" in spoken(section())
    assert "centre of excellence 0.90" not in spoken(section())


def test_a_way_of_working_that_no_model_describes_is_told() -> None:
    unnamed = Unnamed(
        units=("A", "B"),
        log_bayes_factor=4.2,
        profile={"governance": 80.0, "data_first": 50.0, "business_case": 20.0},
    )

    text = spoken(section(unnamed=unnamed))

    assert "2 units resemble each other more than any of the four models: Sales, Legal." in text
    assert "4.2 (log Bayes factor; 3 is strong)" in text
