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
Quadrant = Literal[NamedQuadrant, "too_close_to_call"]
DominanceBand = Literal["negligible", "small", "medium", "large"]
GapStatus = Literal["reported", "suppressed", "no_sponsor"]
StartStatus = Literal["identified", "tied", "cannot_tell"]
StartBasis = Literal["gap", "perceived"]
Agreement = Literal[
    "over_high",
    "over_low",
    "in_agreement_high",
    "in_agreement_low",
    "under_high",
    "under_low",
]
Alignment = Literal["aligned", "claimed_beyond_felt", "felt_beyond_claimed", "inconclusive"]
LostBetween = Literal[
    "sponsors_and_managers", "managers_and_contributors", "both", "cannot_tell"
]


class Gap(Record, frozen=True, kw_only=True):
    """A difference of two means with its 95 % interval."""

    estimate: float
    low: float
    high: float
    adjusted_p: float | None = None
    """p after adjustment for all tests; .05 or less earns a star. None if nothing is tested: at
    parents, and for behaviours of units that were not selected."""


class Behaviour(Record, frozen=True, kw_only=True):
    """One behaviour of sponsors: what they claim and what others perceive."""

    claimed: float
    gap: float
    low: float
    high: float
    adjusted_p: float | None = None
    """See ``Gap``."""
    managers: float | None = None
    contributors: float | None = None
    perceived: float | None = None
    """Managers and contributors together, if one of the two groups is too small."""
    standardised: Gap | None = None
    """The gap in standard deviations of the employees (Glass, corrected after Hedges)."""
    sponsors_to_managers: Gap | None = None
    """Claimed less what managers perceive."""
    managers_to_contributors: Gap | None = None
    """What managers perceive less what contributors perceive."""


class Cascade(ModelBased, frozen=True, kw_only=True):
    """The gap in two steps that add up to it: where the message gets lost."""

    sponsors_to_managers: Gap
    managers_to_contributors: Gap
    first_is_larger: float
    """Probability that more is lost between sponsors and managers than after them."""
    lost_between: LostBetween | None = None
    """None if no loss is significant."""


class Dominance(Record, frozen=True, kw_only=True):
    """How often a sponsor rates higher than one of the people, whatever the distance."""

    band: DominanceBand
    delta: float | None = None
    """Cliff's delta, -1 to 1; shown from twice the smallest group on."""


class FavourableGap(Record, frozen=True, kw_only=True):
    """Shares (0 to 1) of people whose score is 4 or more of 5, and their difference."""

    claimed: float
    perceived: float
    estimate: float
    low: float
    high: float


class Start(Record, frozen=True, kw_only=True):
    """Which behaviour to work on first."""

    status: StartStatus
    basis: StartBasis
    """The largest significant gap, or the lowest perceived one if no gap is significant."""
    behaviours: tuple[str, ...]
    """The verdict: one behaviour, two tied ones, or none."""
    probabilities: dict[str, float]
    """Probability that each behaviour has the largest gap, or is the lowest perceived."""


class Sponsorship(Record, frozen=True, kw_only=True):
    """The gap between claimed and perceived sponsorship."""

    status: GapStatus
    basis: Literal["model"] | None = None
    """What the probabilities rest on, see ``ModelBased``; absent if none are shown."""
    perceived_by: Literal["contributors", "all"] | None = None
    sponsor_of: str | None = None
    sponsors: int | None = None
    """Number of sponsors behind the claim; 1 is one person's self-view."""
    claimed: float | None = None
    managers: float | None = None
    contributors: float | None = None
    perceived: float | None = None
    """Managers and contributors together, if they are not shown separately."""
    gap: Gap | None = None
    alignment: Alignment | None = None
    """Aligned is tested, not assumed: equivalence within half a Likert point."""
    standardised: Gap | None = None
    """The gap in standard deviations of the employees (Glass, corrected after Hedges)."""
    dominance: Dominance | None = None
    favourable: FavourableGap | None = None
    cascade: Cascade | None = None
    quadrant: Quadrant | None = None
    quadrant_probabilities: dict[str, float] | None = None
    managers_quadrant: Quadrant | None = None
    """The same with managers as the others."""
    managers_quadrant_probabilities: dict[str, float] | None = None
    agreement: Agreement | None = None
    """Over, like or under the others by half a standard deviation; others high or low."""
    behaviours: dict[str, Behaviour] | None = None
    start: Start | None = None


class Surface(Record, frozen=True, kw_only=True):
    """One slope or curvature of a response surface, with its 95 % interval."""

    estimate: float
    low: float
    high: float


class ResponseSurface(Record, frozen=True, kw_only=True):
    """How an outcome relates to claimed and perceived sponsorship, over units.

    On both axes 0 is the middle of the scale; everything is in Likert points.
    """

    units: int
    r_squared: float
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
    agreements: dict[str, int] | None = None
    alignments: dict[str, int] | None = None
    lost_between: dict[str, int] | None = None
    start_with: dict[str, int] | None = None
    """How many units each behaviour was identified for, as the one to start with."""
    surface: ResponseSurface | None = None
    evidence: tuple[str, ...] = ()
    """Published figures about sponsorship."""
