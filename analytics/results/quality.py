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
"""``lack`` up to .30, ``weak`` up to .50, ``moderate`` up to .70, ``strong`` up to .90,
``very_strong`` above."""
Coefficient = Literal["omega", "alpha", "spearman_brown"]
"""``omega`` for three items or more and 50 people or more, ``spearman_brown`` for two items,
``alpha`` otherwise."""
DifferenceFromMean = Literal["above", "below", "not_shown"]
"""``above``, ``below``: the unit's true mean almost surely is; ``not_shown``: it cannot be
told."""
Invariance = Literal["not_tested", "none", "loadings", "intercepts"]
"""``not_tested``: too few people or items; ``none``: nothing is the same; ``loadings``: items
weigh the same; ``intercepts``: they also start from the same level."""
ReliabilityVerdict = Literal["reliable", "caution", "do_not_use"]
"""``reliable`` from .70, ``caution`` from .60, ``do_not_use`` below."""
ScaleStatus = Literal["reported", "too_few_people", "single_item", "no_variance"]
"""``reported``, or why there is none: ``too_few_people`` answered all items, there is a
``single_item``, or everybody gave the same answers (``no_variance``)."""
View = Literal["shared", "partly_shared", "varied", "divided"]
"""``shared``: people agree; ``partly_shared``: they agree in part; ``varied``: they do not;
``divided``: there are two camps."""


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
    """Greatest distance that counts as agreement, points of 0 to 100."""
    awg: float | None = None
    """a_wg(j), -1 to 1, relative to the greatest possible spread around the mean."""
    chance: float
    """The r_wg(j) below which 95 % of groups of this size stay if they answer at random."""
    band: AgreementBand
    """Of ``rwg``."""


class ShrunkMean(Record, frozen=True, kw_only=True):
    """A unit's mean as shown and after borrowing from the other units, 0 to 100."""

    raw: float
    """Mean of the answers, points of 0 to 100."""
    mean: float
    """Mean after borrowing, points of 0 to 100."""
    low: float
    """Lower end of the 95 % interval of ``mean``, points of 0 to 100."""
    high: float
    """Upper end of the 95 % interval of ``mean``, points of 0 to 100."""
    shrunk: bool
    """False with fewer than five units: ``mean`` is then the raw one."""


class ScoreQuality(Record, frozen=True, kw_only=True):
    """How far one score of one unit can be trusted."""

    reliability: float | None = None
    """Reliability of the unit's mean, 0 to 1: variance between units over that plus error."""
    estimate: ShrunkMean | None = None
    """The mean after borrowing from other units; None if it cannot be computed."""
    difference: DifferenceFromMean | None = None
    """From the mean of all shown units; ``not_shown``: the evidence is insufficient."""
    agreement: Agreement | None = None
    """None if too few people answered all items."""
    distribution: tuple[float, ...] | None = None
    """Shares of people per maturity level, 1 to 5; each 0 to 1."""
    view: View | None = None
    """Whether people see this alike, partly alike, differently, or from two ends."""


class UnitQuality(Record, frozen=True, kw_only=True):
    """How far the scores of one unit can be trusted."""

    scores: dict[str, ScoreQuality]
    """By construct."""


class ItemQuality(Record, frozen=True, kw_only=True):
    """How one item goes together with the others of its construct."""

    item_total: float | None = None
    """Correlation with the sum of the others, -1 to 1."""
    alpha_if_dropped: float | None = None
    """Cronbach's alpha of the other items, at most 1; None if it is not defined."""


class Reliability(Record, frozen=True, kw_only=True):
    """How consistently the items of one construct measure it, with 95 % intervals."""

    coefficient: Coefficient
    """The headline; the verdict rests on it."""
    verdict: ReliabilityVerdict
    """Whether decisions may rest on the scale."""
    omega: float | None = None
    """McDonald's omega total, 0 to 1, from 50 people and 3 items on."""
    omega_low: float | None = None
    """Lower end of the 95 % interval of omega, 0 to 1."""
    omega_high: float | None = None
    """Upper end of the 95 % interval of omega, 0 to 1."""
    alpha: float
    """Cronbach's alpha, at most 1."""
    alpha_low: float
    """Lower end of the 95 % interval of alpha, at most 1."""
    alpha_high: float
    """Upper end of the 95 % interval of alpha, at most 1."""
    spearman_brown: float | None = None
    """Reliability of two items after Spearman and Brown, at most 1; None for more items."""
    items: dict[str, ItemQuality]
    """By item."""


class Aggregation(Record, frozen=True, kw_only=True):
    """Whether units differ enough for their means to be meaningful; from shown units."""

    estimator: Literal["anova_n0"]
    """Of ``icc1`` and its interval: ``anova_n0``, analysis of variance with the size n0."""
    icc1: float
    """ICC(1), the share of the differences between people that lies between units, at most
    1."""
    icc1_low: float
    """Lower end of the 95 % interval of ``icc1``, at most 1."""
    icc1_high: float
    """Upper end of the 95 % interval of ``icc1``, at most 1."""
    icc1_mean_n: float
    """ICC(1) by the mean size of units, at most 1."""
    icc1_reml: float
    """ICC(1) by restricted maximum likelihood, at most 1, as used for reliabilities and
    estimates."""
    icc2: float | None = None
    """ICC(2), the reliability of the means of units of typical size, at most 1."""
    p: float
    """p-value of the test that all units are alike, 0 to 1."""
    units: int
    """Number of units compared."""
    verdict: Literal["defended", "not_defended"]
    """``defended``: units differ (p < .05) and ICC(1) is at least .05; ``not_defended``
    otherwise."""
    ranking: bool
    """Whether ICC(2) is at least .70, so that units may be ranked."""


class ScaleQuality(Record, frozen=True, kw_only=True):
    """How well one construct is measured in this company."""

    status: ScaleStatus
    """Of ``reliability``."""
    reliability: Reliability | None = None
    """None if the status is another than ``reported``."""
    invariance: Invariance
    """Which parts of the measurement are the same among managers and contributors. Means may be
    compared if it is ``intercepts``. Tested from 100 people of each role and 3 items on."""
    aggregation: Aggregation | None = None
    """None if too few units are shown."""


class ScreeningEffect(Record, frozen=True, kw_only=True):
    """The company's score, 0 to 100, without careless people and with them."""

    screened: float
    """Without careless people, points of 0 to 100."""
    unscreened: float
    """With everybody, points of 0 to 100."""
    level_changes: bool
    """Whether the maturity level differs between the two."""


class Screening(Record, frozen=True, kw_only=True):
    """How many people were left out as careless, and what that changes."""

    status: Literal["none", "fewer_than_k", "reported"]
    """``none``: nobody was left out; ``fewer_than_k``: some were, too few to count;
    ``reported``."""
    some_stayed: bool = False
    """Whether k or more people who broke a rule were kept because their units would have been
    left with fewer than three."""
    people: int | None = None
    """People left out; None if they are fewer than k."""
    rules: dict[str, int] | None = None
    """People by rule: ``invariability``, ``few_answers``, ``speed``, ``two_families``; one
    person may break several. Absent if one rule, or all others, caught fewer than k."""
    effects: dict[str, ScreeningEffect] | None = None
    """By construct, if both the people left out and the people kept are k or more."""


class CompanyQuality(Record, frozen=True, kw_only=True):
    """How well this company was measured."""

    scales: dict[str, ScaleQuality]
    """By construct."""
    screening: Screening
    """Who was left out as careless."""
