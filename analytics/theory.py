"""The theory that an analysis applies: profiles, phases and conditions, each with a version."""

from dataclasses import dataclass

from analytics.diagnosis.phases import Phases
from analytics.recommender.anchors import Anchors
from analytics.yardsticks import Yardsticks

__all__ = ["Theory"]


@dataclass(frozen=True)
class Theory:
    """Profiles, phases and yardsticks, without texts.

    Attributes
    ----------
    anchors : Anchors
        Profiles of the operating models.
    phases : Phases, optional
        Phases of scaling with their gates; without them no unit is placed in a phase.
    yardsticks : Yardsticks, optional
        Conditions of the models and thresholds of the practices; without them neither is
        assessed, and findings carry no evidence.
    """

    anchors: Anchors
    phases: Phases | None = None
    yardsticks: Yardsticks | None = None
