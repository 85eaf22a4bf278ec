"""Who answered, and what weighting for non-response changes."""

from typing import Literal

from analytics.results.record import Record

__all__ = [
    "CompanyParticipation",
    "LateAnswers",
    "ParticipationWarning",
    "ResponseRate",
    "UnitParticipation",
    "WeightedBy",
    "WeightedMean",
]

WeightedBy = Literal["unit", "unit_and_role", "role"]
ParticipationWarning = Literal[
    "low_response", "few_answers", "outdated_headcount", "no_headcount"
]
"""Fewer than 30 % answered; fewer than 5 people answered; of the group's people outside the
shown groups below it, more answered than the head-count, or some have no head-count."""


class ResponseRate(Record, frozen=True, kw_only=True):
    """Share of a group that answered, 0 to 1, with its 95 % interval (Wilson).

    Shown parts of the group without a usable head-count are in neither number.
    """

    rate: float
    low: float
    high: float
    respondents: int
    headcount: int


class WeightedMean(Record, frozen=True, kw_only=True):
    """One construct over the shown groups below, weighted to head-counts beside unweighted.

    Levels 0 to 100. Both are computed from shown figures; hidden groups are in neither.
    """

    by: WeightedBy
    """What the weights correct for."""
    verdict: Literal["similar", "differs"]
    """Whether the two lie more than 2.5 apart (.1 points)."""
    weighted: float
    unweighted: float
    design_effect: float
    """Kish's 1 + cv² of the weights."""
    effective_n: float
    """Number of equally weighted people with the same precision."""
    n: int
    """Respondents in the shown groups."""
    converged: bool = True
    """False if the head-counts are not met to 1e-8 after 200 rounds."""
    among_current_staff_low: float | None = None
    among_current_staff_high: float | None = None
    """95 % interval for the people employed now (finite population). It says nothing about
    anyone else and is used in no recommendation."""


class LateAnswers(Record, frozen=True, kw_only=True):
    """Whether late answers differ: a hint at people who never answered."""

    verdict: Literal["similar", "differs", "inconclusive", "too_few"]
    constructs: tuple[str, ...] = ()
    """The constructs on which late answers differ."""


class UnitParticipation(Record, frozen=True, kw_only=True):
    """Who answered in one unit and those below it."""

    everyone: ResponseRate | None = None
    managers: ResponseRate | None = None
    contributors: ResponseRate | None = None
    warnings: tuple[ParticipationWarning, ...] = ()
    weighted: dict[str, WeightedMean] | None = None


class CompanyParticipation(Record, frozen=True, kw_only=True):
    """Who answered in the whole company."""

    status: Literal["reported", "no_headcounts", "suppressed"]
    everyone: ResponseRate | None = None
    """None if no head-count is usable."""
    totals: tuple[str, ...] = ()
    """Parents whose head-count is the sum of those below them, and so not counted again."""
    warnings: tuple[ParticipationWarning, ...] = ()
    units_with_warnings: int | None = None
    """Of the units that are shown."""
    weighted: dict[str, WeightedMean] | None = None
    late_answers: LateAnswers | None = None
