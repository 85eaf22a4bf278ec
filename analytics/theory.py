"""What an analysis reads its figures by: profiles, phases and conditions, each in a version."""

from dataclasses import dataclass

from analytics.diagnosis.phases import Phases
from analytics.recommender.anchors import Anchors
from analytics.yardsticks import Yardsticks

__all__ = ["Theory"]


@dataclass(frozen=True)
class Theory:
    """A reading of the subject matter, without words.

    Attributes
    ----------
    anchors : Anchors
        Profiles of the operating models.
    phases : Phases, optional
        Phases of scaling with their gates; without them there is no readiness.
    yardsticks : Yardsticks, optional
        Conditions of the models and thresholds of the practices; without them neither is
        judged, and no finding names its evidence.
    """

    anchors: Anchors
    phases: Phases | None = None
    yardsticks: Yardsticks | None = None
