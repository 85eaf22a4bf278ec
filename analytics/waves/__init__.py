"""Change between waves, drift, and stable recommendations (method section 9)."""

from analytics.waves.changes import changes
from analytics.waves.drift import drift
from analytics.waves.hysteresis import keep_recommendation

__all__ = ["changes", "drift", "keep_recommendation"]
