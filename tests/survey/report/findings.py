"""Invented findings that tests of the report begin with."""

from typing import Any

from analytics.results import (
    Analysis,
    CompanyPattern,
    Constraint,
    Lineage,
    MoreAnswers,
    Move,
    Odds,
    Reason,
    Recommendation,
    Thresholds,
    UnitResult,
)
from analytics.results.record import Score

LEANING = Recommendation(
    status="lean",
    model="coe",
    runner_up="hybrid_squad",
    probabilities={
        "coe": 0.60,
        "federated": 0.02,
        "hybrid_squad": 0.22,
        "managed_service": 0.01,
        "none": 0.05,
        "between": 0.10,
    },
    conditional={
        "coe": 0.70,
        "federated": 0.03,
        "hybrid_squad": 0.26,
        "managed_service": 0.01,
    },
    set90=("coe", "hybrid_squad"),
    second_opinion="hybrid_squad",
    reason_codes=(),
    reasons=(
        Reason(construct="cross_function_breadth", weight=2.14),
        Reason(construct="production_stage", weight=-0.8),
    ),
    odds=Odds(constructs=1.34, company_pattern=0.2, spread=-0.1, total=1.44),
    would_change=(
        Move(
            construct="production_stage", from_=52.5, to=72.5, model="hybrid_squad",
            standard_errors=1.4,
        ),
    ),
    with_more_answers=MoreAnswers(twice=0.71, four_times=0.8),
    stability=0.93,
)  # fmt: skip

SCORES = {
    "cross_function_breadth": Score(mean=71.6, low=65.0, high=78.0, level=4, n=12),
    "production_stage": Score(mean=52.5, low=45.0, high=60.0, level=3, n=12),
}

IDENTIFIED = Constraint(
    status="identified",
    dimensions=("governance",),
    probabilities={"governance": 0.9, "data_readiness": 0.1},
    distance={"estimate": 1.2, "low": -0.4, "high": 3.1},
)


def unit(code: str, **fields: Any) -> UnitResult:
    """Return a unit that is shown, with whatever it is to hold."""
    base: dict[str, Any] = {"status": "reported", "respondents": 9}
    return UnitResult(unit=code, **base | fields)


def analysis(*units: UnitResult, **fields: Any) -> Analysis:
    """Return an analysis of these units, with whatever it is to hold for the company."""
    base: dict[str, Any] = {
        "lineage": Lineage(
            instrument="test@1",
            method="test",
            anchors="1",
            seed=0,
            thresholds=Thresholds(),
            responses_read=9,
            responses_used=9,
            sponsors=1,
        ),
        "organisation": CompanyPattern(structure="cannot_tell", reach=None, mix={"coe": 1.0}),
    }
    return Analysis(units=units, **base | fields)
