"""Yardsticks as content, and as the diagnosis gets them."""

from typing import Any

import msgspec
import pytest

from analytics.errors import AnalyticsError
from survey.catalogue.yardsticks import Yardsticks

TEXT = {"en": "Because."}


def content(**fields: Any) -> Yardsticks:
    base: dict[str, Any] = {
        "version": "7",
        "in_place": {"points": 3.4, "reason": TEXT},
        "governance": [],
        "conditions": [],
        "evidence": {},
    }
    return msgspec.convert(base | fields, Yardsticks)


def condition(model: str, construct: str, needed: float) -> dict[str, Any]:
    return {"model": model, "construct": construct, "needed": needed, "reason": TEXT}


def test_conditions_are_grouped_by_model_in_their_order() -> None:
    found = content(
        conditions=[
            condition("coe", "governance", 2.6),
            condition("federated", "governance", 3.4),
            condition("coe", "data_readiness", 3.4),
        ]
    ).measures()

    assert {
        model: [(one.construct, one.needed) for one in held]
        for model, held in found.conditions.items()
    } == {
        "coe": [("governance", 2.6), ("data_readiness", 3.4)],
        "federated": [("governance", 3.4)],
    }


def test_a_condition_off_the_scale_is_refused() -> None:
    wrong = content(conditions=[condition("coe", "governance", 60.0)])

    with pytest.raises(AnalyticsError, match="coe"):
        wrong.measures()


def test_a_family_of_findings_that_nobody_knows_is_refused() -> None:
    with pytest.raises(msgspec.ValidationError, match="root_cause"):
        content(evidence={"root_cause": {}})
