"""How far answers and scores can be trusted."""

from typing import Literal

from analytics.results.record import Record

__all__ = [
    "Aggregation",
    "Agreement",
    "AgreementBand",
    "Coefficient",
    "CompanyQuality",
    "DifferenceFromMean",
    "Invariance",
    "ItemQuality",
    "Reliability",
    "ReliabilityVerdict",
    "ScaleQuality",
    "ScaleStatus",
    "ScoreQuality",
    "Screening",
    "ScreeningEffect",
    "ShrunkMean",
    "UnitQuality",
    "View",
]

AgreementBand = Literal["lack", "weak", "moderate", "strong", "very_strong"]
Coefficient = Literal["omega", "alpha", "spearman_brown"]
DifferenceFromMean = Literal["above", "below", "not_shown"]
Invariance = Literal["not_tested", "none", "loadings", "intercepts"]
ReliabilityVerdict = Literal["reliable", "caution", "do_not_use"]
ScaleStatus = Literal["reported", "too_few_people", "single_item", "no_variance"]
View = Literal["shared", "partly_shared", "varied", "divided"]


class Agreement(Record, frozen=True, kw_only=True):
    """How alike the people of one unit answer the items of one construct."""

    rwg: float
    """r_wg(j) against random answers: 1 is perfect, 0 is no better than random."""
    rwg_skewed: float | None = None
    """r_wg(j) against answers that are moderately skewed; five options only."""
    lindell: float
    """r*_wg(j), which does not rise with the number of items; negative in two camps."""
    average_deviation: float
    """AD_M: mean distance from the unit's mean on an item, points of 0 to 100."""
    average_deviation_limit: float
    """Greatest distance that counts as agreement."""
    awg: float | None = None
    """a_wg(j), relative to the greatest possible spread around the mean."""
    chance: float
    """The r_wg(j) below which 95 % of groups of this size stay if they answer at random."""
    band: AgreementBand
    """Of ``rwg``."""


class ShrunkMean(Record, frozen=True, kw_only=True):
    """A unit's mean as shown and after borrowing from the other units, 0 to 100."""

    raw: float
    mean: float
    low: float
    high: float
    """``low`` to ``high``: 95 % interval of ``mean``."""
    shrunk: bool
    """False with fewer than five units: ``mean`` is then the raw one."""


class ScoreQuality(Record, frozen=True, kw_only=True):
    """How far one score of one unit can be trusted."""

    reliability: float | None = None
    """Reliability of the unit's mean, 0 to 1: variance between units over that plus error."""
    estimate: ShrunkMean | None = None
    difference: DifferenceFromMean | None = None
    """From the mean of all shown units; ``not_shown``: the evidence is insufficient."""
    agreement: Agreement | None = None
    distribution: tuple[float, ...] | None = None
    """Shares of people per maturity level, 1 to 5."""
    view: View | None = None
    """Whether people see this alike, partly alike, differently, or from two ends."""


class UnitQuality(Record, frozen=True, kw_only=True):
    """How far the scores of one unit can be trusted."""

    scores: dict[str, ScoreQuality]


class ItemQuality(Record, frozen=True, kw_only=True):
    """How one item goes together with the others of its construct."""

    item_total: float | None = None
    """Correlation with the sum of the others."""
    alpha_if_dropped: float | None = None


class Reliability(Record, frozen=True, kw_only=True):
    """How consistently the items of one construct measure it, with 95 % intervals."""

    coefficient: Coefficient
    """The headline; the verdict rests on it."""
    verdict: ReliabilityVerdict
    omega: float | None = None
    """McDonald's omega total, from 50 people and 3 items on."""
    omega_low: float | None = None
    omega_high: float | None = None
    alpha: float
    alpha_low: float
    alpha_high: float
    spearman_brown: float | None = None
    """Of two items."""
    items: dict[str, ItemQuality]


class Aggregation(Record, frozen=True, kw_only=True):
    """Whether units differ enough for their means to be meaningful; from shown units."""

    estimator: Literal["anova_n0"]
    """Of ``icc1`` and its interval."""
    icc1: float
    """Share of the differences between people that lies between units."""
    icc1_low: float
    icc1_high: float
    icc1_mean_n: float
    """The same by the mean size of units."""
    icc1_reml: float
    """The same by restricted maximum likelihood, as used for reliabilities and estimates."""
    icc2: float | None = None
    """Reliability of the means of units of typical size."""
    p: float
    units: int
    verdict: Literal["defended", "not_defended"]
    """Defended: units differ (p < .05) and ICC(1) is at least .05."""
    ranking: bool
    """Whether ICC(2) is at least .70, so that units may be ranked."""


class ScaleQuality(Record, frozen=True, kw_only=True):
    """How well one construct is measured in this company."""

    status: ScaleStatus
    """Of ``reliability``."""
    reliability: Reliability | None = None
    invariance: Invariance
    """Which parts of the measurement are the same among managers and contributors. Means may be
    compared if it is ``intercepts``. Tested from 100 people of each role and 3 items on."""
    aggregation: Aggregation | None = None


class ScreeningEffect(Record, frozen=True, kw_only=True):
    """The company's score, 0 to 100, without careless people and with them."""

    screened: float
    unscreened: float
    level_changes: bool


class Screening(Record, frozen=True, kw_only=True):
    """How many people were left out as careless, and what that changes."""

    status: Literal["none", "fewer_than_k", "reported"]
    some_stayed: bool = False
    """Whether k or more people who broke a rule were kept because their units would have been
    left with fewer than three."""
    people: int | None = None
    rules: dict[str, int] | None = None
    """People by rule: ``invariability``, ``few_answers``, ``speed``, ``two_families``; one
    person may break several. Absent if one rule, or all others, caught fewer than k."""
    effects: dict[str, ScreeningEffect] | None = None
    """By construct, if both the people left out and the people kept are k or more."""


class CompanyQuality(Record, frozen=True, kw_only=True):
    """How well this company was measured."""

    scales: dict[str, ScaleQuality]
    screening: Screening
