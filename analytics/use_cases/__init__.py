"""Use cases ranked by criteria in the open; people choose, nothing here does."""

from analytics.use_cases.criteria import Criteria, Criterion
from analytics.use_cases.ranking import rank_use_cases

__all__ = ["Criteria", "Criterion", "rank_use_cases"]
