"""Which operating model a unit's conditions speak for, and how far to trust that."""

from analytics.recommender.anchors import Anchors
from analytics.recommender.estimator import AnchoredUnitMixture
from analytics.recommender.people import PeopleBehind
from analytics.recommender.recommend import METHOD, RecommenderResult, recommend

__all__ = [
    "METHOD",
    "AnchoredUnitMixture",
    "Anchors",
    "PeopleBehind",
    "RecommenderResult",
    "recommend",
]
