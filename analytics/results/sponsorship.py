"""Claimed against perceived sponsorship, of a unit and of the company.

Scores and gaps are points of 0 to 100; a gap is claimed less perceived throughout.
"""

from typing import Literal

from analytics.results.record import ModelBased, Record

__all__ = [
    "Agreement",
    "Alignment",
    "Behaviour",
    "Cascade",
    "CompanySponsorship",
    "Dominance",
    "DominanceBand",
    "FavourableGap",
    "Gap",
    "GapStatus",
    "LostBetween",
    "NamedQuadrant",
    "Quadrant",
    "ResponseSurface",
    "Sponsorship",
    "Start",
    "StartBasis",
    "StartStatus",
    "Surface",
]

NamedQuadrant = Literal["blind_spot", "visible_sponsor", "acknowledged_gap", "hidden_strength"]
"""By how sponsors rate themselves and how others rate them: ``blind_spot`` (high, low),
``visible_sponsor`` (high, high), ``acknowledged_gap`` (low, low), ``hidden_strength`` (low,
high)."""
Quadrant = Literal[NamedQuadrant, "too_close_to_call"]
"""``too_close_to_call``: no quadrant is probable enough."""
DominanceBand = Literal["negligible", "small", "medium", "large"]
"""By the size of Cliff's delta: ``negligible`` below .15, ``small`` below .33, ``medium`` below
.47, ``large`` from there on."""
GapStatus = Literal["reported", "suppressed", "no_sponsor"]
"""``reported``; ``suppressed``: too few people to be shown; ``no_sponsor``: no sponsor
answered."""
StartStatus = Literal["identified", "tied", "cannot_tell"]
"""``identified``: one behaviour; ``tied``: two; ``cannot_tell``: the evidence does not
decide."""
StartBasis = Literal["gap", "perceived"]
"""``gap``: the gaps; ``perceived``: what others perceive."""
Agreement = Literal[
    "over_high",
    "over_low",
    "in_agreement_high",
    "in_agreement_low",
    "under_high",
    "under_low",
]
"""Sponsors rate themselves over others (``over_high``, ``over_low``), like others
(``in_agreement_high``, ``in_agreement_low``) or under them (``under_high``, ``under_low``); the
second part says how others rate them."""
Alignment = Literal["aligned", "claimed_beyond_felt", "felt_beyond_claimed", "inconclusive"]
"""``aligned``: claim and perception are equal for practical purposes; ``claimed_beyond_felt``,
``felt_beyond_claimed``: they differ; ``inconclusive``: the evidence does not decide."""
LostBetween = Literal[
    "sponsors_and_managers", "managers_and_contributors", "both", "cannot_tell"
]
"""``sponsors_and_managers``, ``managers_and_contributors``, ``both``: on which step it gets
lost; ``cannot_tell``: the evidence does not decide."""


class Gap(Record, frozen=True, kw_only=True):
    """A difference of two means with its 95 % interval."""

    estimate: float
    """Claimed less perceived; points of 0 to 100, or standard deviations if standardised."""
    low: float
    """Lower end of the 95 % interval, same unit."""
    high: float
    """Upper end of the 95 % interval, same unit."""
    adjusted_p: float | None = None
    """p-value after adjustment for all tests, 0 to 1; .05 or less earns a star. None if nothing
    is tested: at parents, and for behaviours of units that were not selected."""


class Behaviour(Record, frozen=True, kw_only=True):
    """One behaviour of sponsors: what they claim and what others perceive."""

    claimed: float
    """What sponsors claim, points of 0 to 100."""
    gap: float
    """Claimed less perceived, points of 0 to 100."""
    low: float
    """Lower end of the 95 % interval of the gap, points of 0 to 100."""
    high: float
    """Upper end of the 95 % interval of the gap, points of 0 to 100."""
    adjusted_p: float | None = None
    """p-value after adjustment for all tests, 0 to 1; .05 or less earns a star. None if the
    unit was not selected."""
    managers: float | None = None
    """What managers perceive, points of 0 to 100; None if it may not be shown."""
    contributors: float | None = None
    """What contributors perceive, points of 0 to 100; None if it may not be shown."""
    perceived: float | None = None
    """What managers and contributors perceive together, points of 0 to 100, if one of the two
    groups is too small."""
    standardised: Gap | None = None
    """The gap in standard deviations of the employees (Glass, corrected after Hedges)."""
    sponsors_to_managers: Gap | None = None
    """Claimed less what managers perceive."""
    managers_to_contributors: Gap | None = None
    """What managers perceive less what contributors perceive."""


class Cascade(ModelBased, frozen=True, kw_only=True):
    """The gap in two steps that add up to it: where the message gets lost."""

    sponsors_to_managers: Gap
    """Claimed less what managers perceive."""
    managers_to_contributors: Gap
    """What managers perceive less what contributors perceive."""
    first_is_larger: float
    """Probability that more is lost between sponsors and managers than after them, 0 to 1."""
    lost_between: LostBetween | None = None
    """None if no loss is significant."""


class Dominance(Record, frozen=True, kw_only=True):
    """How often a sponsor rates higher than one of the people, whatever the distance."""

    band: DominanceBand
    """Size of Cliff's delta."""
    delta: float | None = None
    """Cliff's delta, -1 to 1; shown from twice the smallest group on."""


class FavourableGap(Record, frozen=True, kw_only=True):
    """Shares (0 to 1) of people whose score is 4 or more of 5, and their difference."""

    claimed: float
    """Share of sponsors, 0 to 1."""
    perceived: float
    """Share of those who perceive them, 0 to 1."""
    estimate: float
    """Claimed less perceived, -1 to 1."""
    low: float
    """Lower end of the 95 % interval of the difference, -1 to 1."""
    high: float
    """Upper end of the 95 % interval of the difference, -1 to 1."""


class Start(Record, frozen=True, kw_only=True):
    """Which behaviour to work on first."""

    status: StartStatus
    """Whether a behaviour to start with can be named."""
    basis: StartBasis
    """The largest significant gap, or the lowest perceived one if no gap is significant."""
    behaviours: tuple[str, ...]
    """Keys of the verdict: one behaviour, two tied ones, or none."""
    probabilities: dict[str, float]
    """Probability that each behaviour has the largest gap, or is the lowest perceived, 0 to
    1."""


class Sponsorship(Record, frozen=True, kw_only=True):
    """The gap between claimed and perceived sponsorship."""

    status: GapStatus
    """Whether there is a gap to show."""
    basis: Literal["model"] | None = None
    """Always ``model``: the probabilities hold if the model behind them does; absent if none
    are shown."""
    perceived_by: Literal["contributors", "all"] | None = None
    """Whose perception is compared: that of ``contributors``, or of ``all`` employees if roles
    may not be shown separately. None if nothing is shown."""
    sponsor_of: str | None = None
    """Code of the unit whose sponsors are compared: its own, or the nearest above it that has
    any."""
    sponsors: int | None = None
    """Number of sponsors behind the claim; 1 is one person's self-view."""
    claimed: float | None = None
    """What sponsors claim, points of 0 to 100; None if it may not be shown."""
    managers: float | None = None
    """What managers perceive, points of 0 to 100; None if it may not be shown."""
    contributors: float | None = None
    """What contributors perceive, points of 0 to 100; None if it may not be shown."""
    perceived: float | None = None
    """What managers and contributors perceive together, points of 0 to 100, if they are not
    shown separately."""
    gap: Gap | None = None
    """Claimed less perceived, points of 0 to 100; None if nothing is shown."""
    alignment: Alignment | None = None
    """Aligned is tested, not assumed: equivalence within half a Likert point."""
    standardised: Gap | None = None
    """The gap in standard deviations of the employees (Glass, corrected after Hedges)."""
    dominance: Dominance | None = None
    """None if a side comes from several units, or if it may not be shown."""
    favourable: FavourableGap | None = None
    """None if a side comes from several units, or if it may not be shown."""
    cascade: Cascade | None = None
    """None if managers are not shown separately."""
    quadrant: Quadrant | None = None
    """Where claim and perception stand; None if nothing is shown."""
    quadrant_probabilities: dict[str, float] | None = None
    """Probability of each quadrant, 0 to 1."""
    managers_quadrant: Quadrant | None = None
    """The same with managers as the others."""
    managers_quadrant_probabilities: dict[str, float] | None = None
    """Probability of each quadrant with managers as the others, 0 to 1."""
    agreement: Agreement | None = None
    """Over, like or under the others by half a standard deviation; others high or low."""
    behaviours: dict[str, Behaviour] | None = None
    """By behaviour; None if nothing is shown."""
    start: Start | None = None
    """None if nothing is shown."""


class Surface(Record, frozen=True, kw_only=True):
    """One slope or curvature of a response surface, with its 95 % interval."""

    estimate: float
    """Slope or curvature, Likert points."""
    low: float
    """Lower end of the 95 % interval, Likert points."""
    high: float
    """Upper end of the 95 % interval, Likert points."""


class ResponseSurface(Record, frozen=True, kw_only=True):
    """How an outcome relates to claimed and perceived sponsorship, over units.

    On both axes 0 is the middle of the scale; everything is in Likert points.
    """

    units: int
    """Number of units compared."""
    r_squared: float
    """Share of the outcome's variance that is explained, 0 to 1."""
    a1: Surface
    """Slope along agreement: both higher."""
    a2: Surface
    """Curvature along agreement."""
    a3: Surface
    """Slope along disagreement: claimed higher, perceived lower."""
    a4: Surface
    """Curvature along disagreement; negative: a gap either way goes together with less."""


class CompanySponsorship(Record, frozen=True, kw_only=True):
    """The company's sponsorship; counts are over its shown units."""

    status: GapStatus
    """Whether there is a gap to show."""
    gap: Gap | None = None
    """Of all people of the company; its p is tested before the units."""
    cascade: Cascade | None = None
    """The company's gap in two steps, if all shown groups show managers separately."""
    units: int = 0
    """Units without others below them that show a gap: the family that was tested."""
    selected: int = 0
    """Units whose gap is significant after adjustment for the number of tests."""
    typical: Gap | None = None
    """The gap of a typical unit: a second zero line, because people everywhere rate themselves
    higher. None below five units."""
    reliability: float | None = None
    """Share of the differences between units' gaps that is not error, 0 to 1."""
    ranks_units: bool = False
    """Whether gaps are reliable enough to be ranked."""
    quadrants: dict[str, int] | None = None
    """Number of units by quadrant."""
    agreements: dict[str, int] | None = None
    """Number of units by agreement of sponsors and others."""
    alignments: dict[str, int] | None = None
    """Number of units by alignment of claim and perception."""
    lost_between: dict[str, int] | None = None
    """Number of units by the step on which it gets lost."""
    start_with: dict[str, int] | None = None
    """How many units each behaviour was identified for, as the one to start with."""
    surface: ResponseSurface | None = None
    """None if there are too few units."""
    evidence: tuple[str, ...] = ()
    """Keys of published figures about sponsorship."""
