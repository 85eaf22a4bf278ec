"""What holds back, in sentences with their figures."""

from typing import Any

import msgspec

from analytics.results import Constraint
from analytics.results.constraint import Importance
from survey.report.constraint import constraint_statements, most_frequent_causes
from survey.report.document import Count, Points
from tests.survey.report.findings import IDENTIFIED, unit
from tests.survey.report.reading import keys, said, spoken


def found(**changes: Any) -> list[Any]:
    changed = msgspec.structs.replace(IDENTIFIED, **changes)
    return list(constraint_statements(changed, of_company=True))


def test_a_constraint_is_named_with_probability_distance_and_interval() -> None:
    assert spoken(found()) == (
        "What most probably holds the company back is a lack of governance (90%). Its score is "
        "1 point of 100 below that of the next cause (0 to 3)."
    )


def test_of_a_unit_it_is_said_that_it_is_the_units() -> None:
    assert "constraint.named.unit" in keys(
        list(constraint_statements(IDENTIFIED, of_company=False))
    )


def test_two_tied_root_causes_have_a_probability_each_and_no_distance() -> None:
    tied = found(
        status="tied",
        dimensions=("workflow_redesign", "data_readiness"),
        probabilities={"workflow_redesign": 0.7, "data_readiness": 0.3},
    )

    assert "workflow redesign (70%) or data readiness (30%)" in spoken(tied)
    assert "constraint.distance" not in keys(tied)


def test_an_open_verdict_says_what_is_likeliest() -> None:
    unclear = found(
        status="insufficient_evidence",
        dimensions=(),
        probabilities={"governance": 0.35, "data_readiness": 0.45, "workflow_redesign": 0.2},
    )

    assert spoken(unclear) == (
        "It is not clear yet what holds the company back. Most likely it is a lack of "
        "data readiness (45%) or governance (35%)."
    )


def test_a_verdict_that_may_not_be_shown_says_so() -> None:
    hidden = Constraint(status="insufficient_evidence", dimensions=())

    assert keys(list(constraint_statements(hidden, of_company=True))) == {"constraint.hidden"}


def test_importance_goes_together_and_never_causes() -> None:
    known = {"governance": Importance(share=0.31, low=0.2, high=0.45)}

    _, importance = found(importance=known)

    assert "goes together with governance: 31% (20% to 45%)" in spoken(importance)
    assert "cause" not in spoken(importance)


def test_merged_scales_are_named_together() -> None:
    shared = Importance(share=0.31, low=0.2, high=0.45, merged_with=("data_readiness",))

    text = spoken(found(importance={"governance": shared}))

    assert "governance and data readiness" in text


def test_published_figures_stand_behind_the_finding() -> None:
    (named,) = found(evidence=("trust_is_faster",))

    assert named.sources == ("trust_is_faster",)


def test_causes_are_counted_over_units_in_which_they_are_known() -> None:
    tied = msgspec.structs.replace(IDENTIFIED, status="tied")
    units = [unit("A", constraint=IDENTIFIED), unit("B", constraint=tied)]

    counted = most_frequent_causes(units)

    assert said(counted, "constraint.counted")["count"] == Count(1)
    assert said(counted, "constraint.counted")["of"] == Count(2)


def test_that_no_cause_is_known_anywhere_is_said() -> None:
    assert said(most_frequent_causes([unit("A")]), "constraint.none_certain") == {
        "of": Count(1)
    }


def test_a_distance_has_its_figure() -> None:
    assert said(found(), "constraint.distance")["distance"] == Points(1.2)
