"""Non-response: who answered, and what weighting to head-counts changes (method section 6)."""

from analytics.participation.raking import Margin, Raked, rake
from analytics.participation.who_answered import participation

__all__ = ["Margin", "Raked", "participation", "rake"]
