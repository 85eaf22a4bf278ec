"""What changed since the last wave, and whether the platform itself drifts."""

from typing import Literal

from analytics.results.record import ModelBased, Record

__all__ = [
    "Change",
    "ChangeTest",
    "ChangeVerdict",
    "CompanyChange",
    "DistributionShift",
    "Drift",
    "KeptRecommendation",
    "RecommenderDrift",
    "RoleSplit",
    "ShareShift",
    "Status",
    "UnitChange",
    "VerdictCount",
]

Status = Literal["stable", "watch", "alert"]
ChangeVerdict = Literal["changed", "no_change", "inconclusive"]
ChangeTest = Literal["paired", "partially_overlapping", "welch"]


class RoleSplit(Record, frozen=True, kw_only=True):
    """A change in two parts that add up to it, points of 0 to 100 (Kitagawa)."""

    composition: float
    """The part due to another mix of managers and contributors."""
    within_roles: float
    """The part due to changed answers of people of the same role."""


class Change(Record, frozen=True, kw_only=True):
    """One construct of one group, this wave less the last; points of 0 to 100."""

    verdict: ChangeVerdict | None = None
    """Absent if only a band is shown."""
    band: Literal["lower", "similar", "higher"] | None = None
    """In place of all figures if fewer than k people joined or left, or if everyone moved
    alike; ``similar`` only means that no change was shown."""
    estimate: float | None = None
    low: float | None = None
    high: float | None = None
    adjusted_p: float | None = None
    """Benjamini-Hochberg over all groups and constructs compared."""
    test: ChangeTest | None = None
    detectable: float | None = None
    """Smallest true change that this number of people would show with 80 % power."""
    split: RoleSplit | None = None


class UnitChange(Record, frozen=True, kw_only=True):
    """What changed in one group that was shown in both waves."""

    constructs: dict[str, Change]
    restructured: bool = False
    """Whether other units lie below the group than in the last wave."""


class VerdictCount(Record, frozen=True, kw_only=True):
    """How many units rose, fell, did not change, or are inconclusive."""

    rose: int
    fell: int
    no_change: int
    inconclusive: int


class CompanyChange(Record, frozen=True, kw_only=True):
    """What changed in the company as a whole."""

    constructs: dict[str, Change]
    people_matched: bool
    """Whether people could be matched between the waves (confidential campaigns)."""
    units_compared: int
    units: dict[str, VerdictCount]
    """By construct, over the units without others below them that are shown in both waves."""
    not_comparable: tuple[str, ...] = ()
    """Constructs whose items or scale differ between the waves."""


class DistributionShift(Record, frozen=True, kw_only=True):
    """How far a distribution moved: population stability index, beside what chance explains."""

    status: Status
    psi: float
    chance: float
    """95 % point of the index under no change."""
    adjusted_p: float | None = None
    """Kolmogorov-Smirnov, Benjamini-Hochberg over constructs."""
    current: dict[str, float] | None = None
    earlier: dict[str, float] | None = None
    """Shares by name, 0 to 1: of units that are shown, never of people."""


class ShareShift(Record, frozen=True, kw_only=True):
    """How far a share moved, 0 to 1; figures only if both sides of it hold k people."""

    status: Status
    current: float | None = None
    earlier: float | None = None
    difference: float | None = None
    low: float | None = None
    high: float | None = None


class RecommenderDrift(ModelBased, frozen=True, kw_only=True):
    """How the recommender's own outputs moved, over the units that are shown."""

    status: Status
    units: int
    """Units with a recommendation in both waves."""
    bands: DistributionShift
    """Firm, lean, no clear model."""
    models: DistributionShift
    confidence: ShareShift
    """Mean probability of the model named, over the units of both waves."""
    agreement: float | None = None
    """Share of the units of both waves that are given the same model."""
    agreement_status: Status = "stable"


class Drift(Record, frozen=True, kw_only=True):
    """How the platform's own figures moved since the last wave."""

    status: Status
    """The worst of its parts."""
    constructs: dict[str, DistributionShift]
    missing: ShareShift | None = None
    """Share of items left unanswered."""
    flagged: ShareShift | None = None
    """Share of people whose answers were left out as careless."""
    recommender: RecommenderDrift | None = None
    alerts: tuple[str, ...] = ()
    """A sentence for everything that is not stable."""


class KeptRecommendation(Record, frozen=True, kw_only=True):
    """The model that is displayed after a new wave."""

    outcome: Literal["first", "confirmed", "kept", "changed"]
    displayed: str
    moved_towards: str | None = None
    """The model that the new wave favours, if another one stays displayed."""
    shift: float | None = None
    """Increase of that model's conditional probability since the last wave."""
