"""What findings are compared with, without texts: thresholds, conditions, evidence."""

import msgspec

from analytics.errors import AnalyticsError

__all__ = ["Condition", "EvidenceLinks", "Yardsticks"]


class Condition(msgspec.Struct, frozen=True, kw_only=True):
    """What has to hold in a unit before an operating model is brought in."""

    construct: str
    """A root cause or a practice; context constructs choose the model and set no condition."""
    needed: float
    """Points, 1 to 5."""


class EvidenceLinks(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The published figures behind each finding: key of the finding to keys of figures."""

    root_causes: dict[str, tuple[str, ...]] = msgspec.field(default_factory=dict)
    practices: dict[str, tuple[str, ...]] = msgspec.field(default_factory=dict)
    phases: dict[str, tuple[str, ...]] = msgspec.field(default_factory=dict)
    models: dict[str, tuple[str, ...]] = msgspec.field(default_factory=dict)
    findings: dict[str, tuple[str, ...]] = msgspec.field(default_factory=dict)
    """Findings that exist once: ``governance_audit``, ``plan``, ``sponsorship_gap``,
    ``stalled``."""

    @property
    def figures(self) -> tuple[str, ...]:
        """Return the keys of all linked figures, sorted."""
        families = (
            self.root_causes,
            self.practices,
            self.phases,
            self.models,
            self.findings,
        )
        return tuple(
            sorted({key for links in families for keys in links.values() for key in keys})
        )


class Yardsticks(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that findings are compared with, in one version.

    Attributes
    ----------
    version
        Recorded with every result.
    in_place
        Points (1 to 5) from which a practice of high performers counts as in place.
    conditions
        Operating model to what has to come before it.
    evidence
        Finding to the published figures it rests on.

    Raises
    ------
    AnalyticsError
        A threshold lies outside 1 to 5 points.
    """

    version: str
    in_place: float
    conditions: dict[str, tuple[Condition, ...]]
    evidence: EvidenceLinks = EvidenceLinks()

    def __post_init__(self) -> None:
        """Refuse thresholds outside the scale."""
        needed = {
            f"{model}.{condition.construct}": condition.needed
            for model, conditions in self.conditions.items()
            for condition in conditions
        }
        for name, points in {"in_place": self.in_place, **needed}.items():
            if not 1 <= points <= 5:
                raise AnalyticsError(f"{name} must lie in 1 to 5 points, is {points}.")
