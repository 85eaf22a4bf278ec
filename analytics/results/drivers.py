"""What goes together with the realised value: importance and level of each driver."""

from typing import Literal

from analytics.results.record import Estimate, Record

__all__ = ["Driver", "DriverAnalysis", "Drivers", "Level", "MatrixCell"]

MatrixCell = Literal[
    "raise_first", "keep_up", "low_and_minor", "minor", "goes_against", "too_close_to_call"
]
"""``raise_first``: important and low; ``keep_up``: important and high; ``low_and_minor``,
``minor``: of little importance, and low or high; ``goes_against``: important, but more of it
goes together with less of the outcome; ``too_close_to_call``: the intervals do not tell."""


class Level(Record, frozen=True, kw_only=True):
    """Where the company stands on a construct, 0 to 100, with its 95 % interval."""

    mean: float
    """Mean, points of 0 to 100."""
    low: float
    """Lower end of the 95 % interval of the mean, points of 0 to 100."""
    high: float
    """Upper end of the 95 % interval of the mean, points of 0 to 100."""


class Driver(Record, frozen=True, kw_only=True):
    """One predictor, and how much of the outcome's variance goes together with it."""

    constructs: tuple[str, ...]
    """One construct, or several whose scales were merged because they overlap."""
    importance: Estimate
    """Part of R², 0 to 1 (Shapley/LMG); the parts of all drivers add up to R²."""
    share: Estimate
    """The same as a share of R², 0 to 1; of p equal drivers each would have 1 / p."""
    relative_weight: float
    """Johnson's relative weight, a share of variance, 0 to 1: a cross-check of
    ``importance``."""
    correlation: Estimate
    """Correlation with the outcome, -1 to 1: positive if more goes together with more."""
    rank: int
    """1 for the greatest importance."""
    rank_low: int
    """Lower end of the 95 % interval of the rank, over resamples of units."""
    rank_high: int
    """Upper end of the 95 % interval of the rank, over resamples of units."""
    rank_share: float
    """Share of resamples with the same rank, 0 to 1."""
    first_share: float
    """Share of resamples in which it ranks first, 0 to 1."""
    place: MatrixCell
    """Cell of the matrix importance x level, named only if both intervals lie in it;
    ``goes_against``: important, and more of it goes together with less of the outcome."""


class DriverAnalysis(Record, frozen=True, kw_only=True):
    """One decomposition of R²: within units (people) or between units (their means)."""

    status: Literal["reported", "insufficient", "no_variation"]
    """``reported``; ``insufficient``: too few people or units; ``no_variation``: everybody gave
    the outcome the same score."""
    respondents: int | None = None
    """People behind it; absent if it would reveal that a few people are missing."""
    units: int | None = None
    """Shown units behind it."""
    missing_respondents: int | None = None
    """About how many more people are needed, in tens."""
    missing_units: int | None = None
    """How many more units are needed."""
    r_squared: Estimate | None = None
    """Share of the outcome's variance that the drivers explain together, 0 to 1."""
    adjusted_r_squared: float | None = None
    """R² corrected for what as many irrelevant predictors would reach by chance, at most 1."""
    drivers: tuple[Driver, ...] = ()
    """Most important first."""
    without: tuple[str, ...] = ()
    """Constructs left out because there are too few people or units for so many predictors."""
    unvaried: tuple[str, ...] = ()
    """Constructs on which everyone has the same score, so nothing goes together with them."""


class Drivers(Record, frozen=True, kw_only=True):
    """What goes together with the outcome; nothing here is about causes."""

    outcome: str
    """Key of the construct that is explained."""
    levels: dict[str, Level]
    """Company level of each construct, over the people whose figures are shown."""
    within: DriverAnalysis
    """Between colleagues of one unit."""
    between: DriverAnalysis
    """Between units, from means that are shown."""
    resamples: int
    """Resamples of units behind the intervals."""
