"""How far answers and scores can be trusted: reliability, agreement, screening, shrinkage."""

from analytics.quality.company_quality import company_quality
from analytics.quality.unit_quality import unit_quality

__all__ = ["company_quality", "unit_quality"]
