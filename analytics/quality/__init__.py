"""How far answers and scores can be trusted: reliability, agreement, screening, shrinkage."""

from analytics.quality.company import company_quality
from analytics.quality.units import unit_quality

__all__ = ["company_quality", "unit_quality"]
