"""All units' operating models together, from what single units show."""

from analytics.portfolio.portfolio import portfolio

__all__ = ["portfolio"]
