"""Who answered, and what weighting for non-response changes."""

from typing import Literal

from analytics.results.record import Record

__all__ = [
    "CompanyParticipation",
    "ForecastMethod",
    "LateAnswers",
    "ParticipationWarning",
    "RateForecast",
    "ResponseRate",
    "UnitParticipation",
    "WeightedBy",
    "WeightedMean",
]

WeightedBy = Literal["unit", "unit_and_role", "role"]
"""``unit``, ``role``, ``unit_and_role``: who answered more or less often than others."""
ParticipationWarning = Literal[
    "low_response", "few_answers", "outdated_headcount", "no_headcount"
]
"""``low_response``: fewer than 30 % answered; ``few_answers``: fewer than 5 people answered. Of
the group's people outside the shown groups below it: ``outdated_headcount``, more answered than
the head-count; ``no_headcount``, some have none."""
ForecastMethod = Literal["saturating_curve", "past_campaigns"]
"""``saturating_curve``: many answer early, and fewer and fewer later; ``past_campaigns``: that,
or as in earlier campaigns of the organisation, whichever fits."""


class RateForecast(Record, frozen=True, kw_only=True):
    """The share of those invited who will have completed, with its 95 % interval.

    It follows from the numbers shown while the campaign is open, and from nothing else.
    """

    status: Literal["forecast", "too_early", "no_end", "suppressed"]
    """``forecast``; ``too_early``: the interval would be wider than 50 points; ``no_end``:
    nobody has said when the campaign closes; ``suppressed``: too few people are invited."""
    method: ForecastMethod
    """How it is made. ``saturating_curve``: many answer early, and fewer and fewer later;
    ``past_campaigns``: that, or as in earlier campaigns of the organisation, whichever fits."""
    rate: float | None = None
    """Middle of the forecast, 0 to 1; absent without a forecast."""
    low: float | None = None
    """Lower end of the 95 % interval, 0 to 1."""
    high: float | None = None
    """Upper end of the 95 % interval, 0 to 1."""


class ResponseRate(Record, frozen=True, kw_only=True):
    """Share of a group that answered, 0 to 1, with its 95 % interval (Wilson).

    Shown parts of the group without a usable head-count are in neither number.
    """

    rate: float
    """Respondents as a share of the head-count, 0 to 1."""
    low: float
    """Lower end of the 95 % interval of the rate, 0 to 1."""
    high: float
    """Upper end of the 95 % interval of the rate, 0 to 1."""
    respondents: int
    """People who answered."""
    headcount: int
    """People who could have answered: those invited, if that was part of the company."""
    population: int | None = None
    """People for whom they speak, if part of the company was invited: as many as the
    head-count, or more if a sample was drawn. None if everybody was invited."""


class WeightedMean(Record, frozen=True, kw_only=True):
    """One construct over the shown groups below, weighted to head-counts beside unweighted.

    Levels 0 to 100. Both are computed from shown figures; hidden groups are in neither.
    """

    by: WeightedBy
    """What the weights correct for."""
    verdict: Literal["similar", "differs"]
    """Whether the two lie more than 2.5 points apart (.1 Likert points): ``differs`` or
    ``similar``."""
    weighted: float
    """Mean weighted to the head-counts, points of 0 to 100."""
    unweighted: float
    """Mean of the people who answered, points of 0 to 100."""
    design_effect: float
    """Kish's 1 + cv² of the weights, 1 or more, without unit."""
    effective_n: float
    """Number of equally weighted people with the same precision."""
    n: int
    """Respondents in the shown groups."""
    converged: bool = True
    """False if the head-counts are not met to 1e-8 after 200 rounds."""
    among_current_staff_low: float | None = None
    """Lower end of the 95 % interval for the people employed now (finite population), points of
    0 to 100."""
    among_current_staff_high: float | None = None
    """Upper end of it, points of 0 to 100. It says nothing about anyone else and is used in no
    recommendation."""


class LateAnswers(Record, frozen=True, kw_only=True):
    """Whether late answers differ: a hint at people who never answered."""

    verdict: Literal["similar", "differs", "inconclusive", "too_few"]
    """``differs``, ``similar``: late answers do or do not differ; ``inconclusive``: that cannot
    be told; ``too_few``: too few people answered early or late."""
    constructs: tuple[str, ...] = ()
    """The constructs on which late answers differ."""


class UnitParticipation(Record, frozen=True, kw_only=True):
    """Who answered in one unit and those below it."""

    everyone: ResponseRate | None = None
    """Of everybody who could have answered; None if no head-count is usable."""
    managers: ResponseRate | None = None
    """Of managers; None if roles may not be shown."""
    contributors: ResponseRate | None = None
    """Of contributors; None if roles may not be shown."""
    warnings: tuple[ParticipationWarning, ...] = ()
    """Reasons to read the figures with caution."""
    weighted: dict[str, WeightedMean] | None = None
    """By construct; None if weights cannot be computed."""


class CompanyParticipation(Record, frozen=True, kw_only=True):
    """Who answered in the whole company."""

    status: Literal["reported", "no_headcounts", "suppressed"]
    """``no_headcounts``: no unit has a usable head-count; ``suppressed``: too few people.
    ``reported`` otherwise."""
    everyone: ResponseRate | None = None
    """None if no head-count is usable."""
    totals: tuple[str, ...] = ()
    """Parents whose head-count is the sum of those below them, and so not counted again."""
    warnings: tuple[ParticipationWarning, ...] = ()
    """Reasons to read the figures with caution."""
    units_with_warnings: int | None = None
    """Of the units that are shown."""
    weighted: dict[str, WeightedMean] | None = None
    """By construct; None if weights cannot be computed."""
    late_answers: LateAnswers | None = None
    """None if the days of the answers are not known."""
