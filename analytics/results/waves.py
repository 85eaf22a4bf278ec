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
"""``stable``, ``watch`` or ``alert``: from no notable shift to one that needs an
explanation."""
ChangeVerdict = Literal["changed", "no_change", "inconclusive"]
"""``changed``; ``no_change``: too small to matter, which is tested; ``inconclusive``: neither
is shown."""
ChangeTest = Literal["paired", "partially_overlapping", "welch"]
"""``paired``: the same people; ``partially_overlapping``: partly the same; ``welch``: people
are not matched."""


class RoleSplit(Record, frozen=True, kw_only=True):
    """A change in two parts that add up to it, points of 0 to 100 (Kitagawa)."""

    composition: float
    """The part due to another mix of managers and contributors, points of 0 to 100."""
    within_roles: float
    """The part due to changed answers of people of the same role, points of 0 to 100."""


class Change(Record, frozen=True, kw_only=True):
    """One construct of one group, this wave less the last; points of 0 to 100."""

    verdict: ChangeVerdict | None = None
    """Absent if only a band is shown."""
    band: Literal["lower", "similar", "higher"] | None = None
    """``lower``, ``similar`` or ``higher``: in place of all figures if fewer than k people
    joined or left the group, if a figure of such a group would follow, or if everyone moved
    alike. ``lower`` and ``higher``: by 5 points of 100 or more, and beyond chance; ``similar``
    only means that no such change was shown."""
    estimate: float | None = None
    """This wave less the last, points of 0 to 100; None if only a band is shown."""
    low: float | None = None
    """Lower end of the 95 % interval of the change, points of 0 to 100."""
    high: float | None = None
    """Upper end of the 95 % interval of the change, points of 0 to 100."""
    adjusted_p: float | None = None
    """p-value after Benjamini-Hochberg over all groups and constructs compared, 0 to 1."""
    test: ChangeTest | None = None
    """How the waves were compared; None if only a band is shown."""
    detectable: float | None = None
    """Smallest true change that this number of people would show with 80 % power, points of 0
    to 100."""
    split: RoleSplit | None = None
    """What the change consists of; None if roles may not be shown."""


class UnitChange(Record, frozen=True, kw_only=True):
    """What changed in one group that was shown in both waves."""

    constructs: dict[str, Change]
    """By construct."""
    restructured: bool = False
    """Whether other units lie below the group than in the last wave."""


class VerdictCount(Record, frozen=True, kw_only=True):
    """How many units rose, fell, did not change, or are inconclusive."""

    rose: int
    """Units that rose."""
    fell: int
    """Units that fell."""
    no_change: int
    """Units that did not change."""
    inconclusive: int
    """Units of which that cannot be told."""


class CompanyChange(Record, frozen=True, kw_only=True):
    """What changed in the company as a whole."""

    constructs: dict[str, Change]
    """By construct."""
    people_matched: bool
    """Whether people could be matched between the waves (confidential campaigns)."""
    units_compared: int
    """Number of units shown in both waves."""
    units: dict[str, VerdictCount]
    """By construct, over the units without others below them that are shown in both waves."""
    not_comparable: tuple[str, ...] = ()
    """Constructs whose items or scale differ between the waves."""


class DistributionShift(Record, frozen=True, kw_only=True):
    """How far a distribution moved: population stability index, beside what chance explains."""

    status: Status
    """Whether the shift is notable."""
    psi: float | None = None
    """Population stability index, from 0 (the same) upwards, without unit; None if fewer than k
    people joined or left the company."""
    chance: float | None = None
    """95 % point of the index if nothing has changed; None like the index."""
    adjusted_p: float | None = None
    """p-value of a Kolmogorov-Smirnov test, after Benjamini-Hochberg over constructs, 0 to
    1."""
    current: dict[str, float] | None = None
    """Shares by name in this wave, 0 to 1; None if they may not be shown."""
    earlier: dict[str, float] | None = None
    """Shares by name, 0 to 1: of units that are shown, never of people."""


class ShareShift(Record, frozen=True, kw_only=True):
    """How far a share moved, 0 to 1; figures only if both sides of it hold k people."""

    status: Status
    """Whether the shift is notable."""
    current: float | None = None
    """Share in this wave, 0 to 1; None if it may not be shown."""
    earlier: float | None = None
    """Share in the last wave, 0 to 1; None if it may not be shown."""
    difference: float | None = None
    """Current less earlier, -1 to 1."""
    low: float | None = None
    """Lower end of the 95 % interval of the difference, -1 to 1."""
    high: float | None = None
    """Upper end of the 95 % interval of the difference, -1 to 1."""


class RecommenderDrift(ModelBased, frozen=True, kw_only=True):
    """How the recommender's own outputs moved, over the units that are shown."""

    status: Status
    """The worst of its parts."""
    units: int
    """Units with a recommendation in both waves."""
    bands: DistributionShift
    """Firm, lean, no clear model."""
    models: DistributionShift
    """Units by recommended model."""
    confidence: ShareShift
    """Mean probability of the model named, over the units of both waves."""
    agreement: float | None = None
    """Share of the units of both waves that are given the same model, 0 to 1."""
    agreement_status: Status = "stable"
    """Whether the agreement is notable."""


class Drift(Record, frozen=True, kw_only=True):
    """How the platform's own figures moved since the last wave."""

    status: Status
    """The worst of its parts."""
    constructs: dict[str, DistributionShift]
    """Distribution of scores, by construct."""
    missing: ShareShift | None = None
    """Share of items left unanswered."""
    flagged: ShareShift | None = None
    """Share of people whose answers were left out as careless."""
    recommender: RecommenderDrift | None = None
    """None if no unit has a recommendation in both waves."""
    alerts: tuple[str, ...] = ()
    """A sentence for everything that is not stable."""


class KeptRecommendation(Record, frozen=True, kw_only=True):
    """The model that is displayed after a new wave."""

    outcome: Literal["first", "confirmed", "kept", "changed"]
    """``first``: there was no wave before; ``confirmed``: both waves agree; ``kept``: the
    earlier model is kept; ``changed``: the new evidence is clear enough for another."""
    displayed: str
    """Key of the model that is displayed."""
    moved_towards: str | None = None
    """The model that the new wave favours, if another one stays displayed."""
    shift: float | None = None
    """Increase of that model's conditional probability since the last wave, -1 to 1; None if
    fewer than k people joined or left the unit."""
