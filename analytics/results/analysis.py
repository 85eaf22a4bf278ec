"""The whole result."""

from typing import Literal

from analytics.results.constraint import Constraint
from analytics.results.lineage import Lineage
from analytics.results.recommendation import Organisation, Recommendation
from analytics.results.record import Record
from analytics.results.scores import Score
from analytics.results.sponsorship import Sponsorship

__all__ = ["Analysis", "UnitResult"]


class UnitResult(Record, frozen=True, kw_only=True):
    """Everything that may be said of one business unit and those below it."""

    unit: str
    parent: str | None = None
    status: Literal["reported", "suppressed"]
    respondents: int | None = None
    response_rate: float | None = None
    scores: dict[str, Score] | None = None
    constraint: Constraint | None = None
    recommendation: Recommendation | None = None
    sponsorship: Sponsorship | None = None


class Analysis(Record, frozen=True, kw_only=True):
    """The whole result: lineage, company, units in the order of their code."""

    lineage: Lineage
    organisation: Organisation
    units: tuple[UnitResult, ...]
