"""What holds back, in sentences with their figures."""

from typing import Any

import msgspec

from analytics.results import Constraint
from analytics.results.constraint import Importance
from survey.report.constraint import (
    constraint_section,
    constraint_statements,
    most_frequent_causes,
    starting_point,
)
from survey.report.document import Count, Points
from survey.report.phrases import finding
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


CLEAR = msgspec.structs.replace(IDENTIFIED, distance={"estimate": 5.0, "low": 2.0, "high": 8.0})
DATA = msgspec.structs.replace(IDENTIFIED, dimensions=("data_readiness",))
TIED = msgspec.structs.replace(
    IDENTIFIED,
    status="tied",
    dimensions=("workflow_redesign", "governance"),
    probabilities={"workflow_redesign": 0.6, "governance": 0.3, "data_readiness": 0.1},
)


def of_units(*verdicts: Constraint) -> list[Any]:
    return [unit(f"U{at}", constraint=one) for at, one in enumerate(verdicts)]


def starts(company: Constraint, units: list[Any]) -> Any:
    return finding(starting_point(company, units))


def test_one_cause_is_the_start_if_most_units_the_company_and_the_distance_agree() -> None:
    start = starts(CLEAR, of_units(CLEAR, CLEAR, DATA))

    assert said(start, "constraint.start")["count"] == Count(2)


def test_half_of_the_units_are_no_majority() -> None:
    start = starts(CLEAR, of_units(CLEAR, DATA))

    assert spoken(start) == (
        "There is no single place to start: governance and data readiness compete."
    )


def test_a_unit_without_a_verdict_agrees_with_nothing() -> None:
    unknown = Constraint(status="insufficient_evidence", dimensions=())

    start = starts(CLEAR, of_units(CLEAR, unknown))

    assert keys(start) == {"constraint.compete"}


def test_less_than_five_points_are_no_distance() -> None:
    near = msgspec.structs.replace(CLEAR, distance={"estimate": 4.9, "low": 1.0, "high": 8.0})

    start = starts(near, of_units(CLEAR, CLEAR))

    assert "governance and data readiness compete" in spoken(start)


def test_units_that_agree_against_the_company_compete_with_it() -> None:
    start = starts(CLEAR, of_units(DATA, DATA, DATA))

    assert "governance and data readiness compete" in spoken(start)


def test_a_tie_of_the_company_stays_a_tie() -> None:
    start = starts(TIED, of_units(TIED, TIED))

    assert "workflow redesign and governance compete" in spoken(start)


def test_causes_that_are_equally_likely_all_compete() -> None:
    unclear = Constraint(
        status="insufficient_evidence",
        dimensions=(),
        probabilities={"governance": 0.4, "data_readiness": 0.3, "workflow_redesign": 0.3},
        distance={"estimate": 9.0, "low": -1.0, "high": 12.0},
    )

    start = starts(unclear, of_units(CLEAR, CLEAR))

    assert "governance, data readiness and workflow redesign compete" in spoken(start)


def test_without_a_verdict_that_may_be_shown_no_start_is_named() -> None:
    hidden = Constraint(status="insufficient_evidence", dimensions=())

    assert starting_point(hidden, of_units(CLEAR, CLEAR)) is None


def test_the_rule_stands_beside_the_start() -> None:
    section = constraint_section(CLEAR, of_units(CLEAR))

    assert {"constraint.start", "constraint.start_rule"} <= keys(section)


def test_a_verdict_on_a_score_too_unreliable_to_decide_on_says_so() -> None:
    doubtful = list(
        constraint_statements(IDENTIFIED, of_company=False, unreliable={"governance"})
    )
    trusted = list(
        constraint_statements(IDENTIFIED, of_company=False, unreliable={"data_readiness"})
    )

    assert spoken(doubtful).endswith(
        "Measured too unreliably to decide on (reliability below 0.60): governance."
    )
    assert "constraint.unreliable" not in keys(trusted)
