"""What the diagnosis compares with, as catalogue rows and data files hold it."""

import msgspec

from analytics import yardsticks as bare
from survey.catalogue.phases import Threshold
from survey.instruments.parts import Texts

__all__ = ["ComponentStandard", "ModelCondition", "Yardsticks"]


class _Part(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A part of a file: a misspelt field is an error."""


class ComponentStandard(_Part, frozen=True, kw_only=True):
    """What one component of governance looks like if it is good."""

    component: str
    looks_like: Texts


class ModelCondition(_Part, frozen=True, kw_only=True):
    """What has to hold in a unit before a model is introduced, and why."""

    model: str
    construct: str
    needed: float
    """Likert points, 1 to 5."""
    reason: Texts


class Yardsticks(_Part, frozen=True, kw_only=True):
    """Thresholds, standards, conditions and evidence of one version."""

    version: str
    in_place: Threshold
    """From how many points a practice of high performers is in place."""
    governance: tuple[ComponentStandard, ...]
    conditions: tuple[ModelCondition, ...]
    evidence: bare.EvidenceLinks

    def measures(self) -> bare.Yardsticks:
        """Return the yardsticks as the diagnosis needs them, without words.

        Raises
        ------
        AnalyticsError
            A threshold lies outside 1 to 5 points.
        """
        conditions: dict[str, tuple[bare.Condition, ...]] = {}
        for one in self.conditions:
            condition = bare.Condition(construct=one.construct, needed=one.needed)
            conditions[one.model] = (*conditions.get(one.model, ()), condition)
        return bare.Yardsticks(
            version=self.version,
            in_place=self.in_place.points,
            conditions=conditions,
            evidence=self.evidence,
        )
