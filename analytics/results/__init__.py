"""The results of an analysis: records whose field names in camelCase are the JSON of opmodel.

A figure that may not be shown is ``None`` and left out; the status of its record says why.
"""

from analytics.results.analysis import Analysis, UnitResult
from analytics.results.constraint import Constraint
from analytics.results.lineage import Lineage, Thresholds
from analytics.results.recommendation import (
    Cluster,
    CompanyPattern,
    MoreAnswers,
    Move,
    Odds,
    ProfileCell,
    Reason,
    Recommendation,
    Unnamed,
)
from analytics.results.record import Record, Score
from analytics.results.sponsorship import Behaviour, Gap, Sponsorship

__all__ = [
    "Analysis",
    "Behaviour",
    "Cluster",
    "CompanyPattern",
    "Constraint",
    "Gap",
    "Lineage",
    "MoreAnswers",
    "Move",
    "Odds",
    "ProfileCell",
    "Reason",
    "Recommendation",
    "Record",
    "Score",
    "Sponsorship",
    "Thresholds",
    "UnitResult",
    "Unnamed",
]
