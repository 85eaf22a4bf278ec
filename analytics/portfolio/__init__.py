"""All units' operating models together; it sees nothing but what single units show."""

from analytics.portfolio.portfolio import portfolio

__all__ = ["portfolio"]
