"""Releases and their results on the wire."""

from typing import Annotated, Any, ClassVar, Generic, Self, TypeVar

import msgspec

from analytics.results import Constraint, Recommendation, Sponsorship
from api.schemas.examples import EXAMPLES
from api.schemas.wire import RequestBody, ResponseBody
from models.edges import GREATEST_INTEGER
from survey.decisions.store import DecisionView
from survey.releases.pages import UnitFinding
from survey.releases.store import ReleaseView

__all__ = [
    "ConstraintRead",
    "RecommendationRead",
    "ReleaseCreate",
    "Results",
    "SponsorshipRead",
    "UnitResultRead",
]

T = TypeVar("T")


class ReleaseCreate(RequestBody, frozen=True, kw_only=True):
    """How a release is computed."""

    may_be_left_out: ClassVar[bool] = True
    example: ClassVar[dict[str, Any]] = {"seed": 0}

    seed: Annotated[int, msgspec.Meta(ge=0, le=GREATEST_INTEGER)] = 0
    """Seed of the draws; recorded with the release."""


class Results(msgspec.Struct, Generic[T], frozen=True, kw_only=True, rename="camel"):
    """A part of the results of a release, with what they were computed from."""

    release: ReleaseView
    """What the results were computed from."""
    items: tuple[T, ...]
    """The entries of this page."""
    next_cursor: str | None
    """Give it as ``cursor`` to get what follows; null at the end."""


class UnitResultRead(ResponseBody, frozen=True, kw_only=True, omit_defaults=True):
    """One result of one unit."""

    member: ClassVar[str]
    """The member that holds the result, absent if nothing may be shown."""

    unit: str
    """Code of the unit."""
    name: str
    """Name of the unit when the release was made."""
    status: str
    """``suppressed``: too few people; ``not_available``: nothing was computed; otherwise the
    status of the result, or ``reported``."""

    @classmethod
    def of_finding(cls, found: UnitFinding) -> Self:
        """Show a stored finding."""
        shown = {"unit": found.unit, "name": found.name, "status": found.status}
        if bytes(found.content) != b"{}":
            shown[cls.member] = msgspec.json.decode(found.content)
        return msgspec.convert(shown, cls)


class ConstraintRead(UnitResultRead, frozen=True, kw_only=True, omit_defaults=True):
    """The root cause that holds a unit back, and how sure that is."""

    member: ClassVar[str] = "constraint"
    example: ClassVar[dict[str, Any]] = {
        "unit": "D01",
        "name": "Operations",
        "status": "identified",
        "constraint": {
            "basis": "model",
            "status": "identified",
            "dimensions": ["data_readiness"],
            "probabilities": {
                "problem_definition": 0.02,
                "data_readiness": 0.83,
                "governance": 0.05,
                "executive_sponsorship": 0.06,
                "workflow_redesign": 0.04,
            },
        },
    }

    constraint: Constraint | None = None
    """The result; absent if nothing may be shown."""


class RecommendationRead(UnitResultRead, frozen=True, kw_only=True, omit_defaults=True):
    """The operating model that the evidence of a unit leans to, and how far to trust it."""

    member: ClassVar[str] = "recommendation"
    example: ClassVar[dict[str, Any]] = {
        "unit": "D01",
        "name": "Operations",
        "status": "firm",
        "recommendation": {
            "basis": "model",
            "status": "firm",
            "model": "coe",
            "runnerUp": "hybrid_squad",
            "probabilities": {
                "coe": 0.81,
                "federated": 0.02,
                "hybrid_squad": 0.12,
                "managed_service": 0.01,
                "none": 0.01,
                "between": 0.03,
            },
            "conditional": {
                "coe": 0.84,
                "federated": 0.02,
                "hybrid_squad": 0.13,
                "managed_service": 0.01,
            },
            "set90": ["coe", "hybrid_squad"],
            "secondOpinion": "coe",
            "reasonCodes": [],
            "reasons": [{"construct": "cross_function_breadth", "weight": 2.1}],
        },
        "decision": EXAMPLES[DecisionView],
    }

    recommendation: Recommendation | None = None
    """The result; absent if nothing may be shown."""
    decision: DecisionView | None = None
    """The decision in force; absent if nobody has decided."""

    @classmethod
    def decided(cls, found: UnitFinding, decision: DecisionView | None) -> Self:
        """Show a stored recommendation with the decision that holds."""
        shown = cls.of_finding(found)
        if decision is None:
            return shown
        return msgspec.structs.replace(shown, decision=decision)


class SponsorshipRead(UnitResultRead, frozen=True, kw_only=True, omit_defaults=True):
    """Claimed against perceived sponsorship of a unit, 0 to 100."""

    member: ClassVar[str] = "sponsorship"
    example: ClassVar[dict[str, Any]] = {
        "unit": "D01",
        "name": "Operations",
        "status": "reported",
        "sponsorship": {
            "basis": "model",
            "status": "reported",
            "perceivedBy": "contributors",
            "sponsorOf": "D01",
            "sponsors": 6,
            "gap": {"estimate": 17.5, "low": 4.0, "high": 31.0},
            "quadrant": "blind_spot",
            "behaviours": {
                "speaks": {
                    "claimed": 80.0,
                    "managers": 61.0,
                    "contributors": 55.0,
                    "gap": 25.0,
                    "low": 5.0,
                    "high": 45.0,
                }
            },
        },
    }

    sponsorship: Sponsorship | None = None
    """The result; absent if nothing may be shown."""
