"""Examples of who is invited, and of how many take part; `examples.py` shows them."""

from typing import Any

from analytics.results.participation import RateForecast
from survey.campaigns.audience import Audience, AudienceView
from survey.campaigns.head_counts import UnitHeadCounts
from survey.campaigns.invitees import AudienceCount, AudiencePlan, Invitee
from survey.campaigns.participation import Participation

__all__ = ["examples_of_audience"]

_FORECAST = {
    "status": "forecast",
    "method": "saturating_curve",
    "rate": 0.78,
    "low": 0.72,
    "high": 0.9,
}

_HEAD_COUNTS = {
    "unit": "D01",
    "name": "Operations",
    "parent": "C",
    "status": "reported",
    "invited": 80,
    "started": 61,
    "completed": 57,
    "rate": 0.7125,
}
_AUDIENCE = {
    "units": [{"unit": "D01", "below": True}],
    "roles": ["manager", "contributor"],
    "sample": {"margin": 0.05, "expectedRate": 0.7},
}
_KEPT = {**_AUDIENCE, "seed": 1_804_289_383}
_COUNT = {
    "unit": "D01",
    "role": "contributor",
    "population": 400,
    "invited": 282,
    "outOfReach": 3,
}


def examples_of_audience(campaign: str) -> dict[Any, Any]:
    """Return a body as JSON, by its type.

    Parameters
    ----------
    campaign : str
        Id of the campaign in the examples.
    """
    return {
        RateForecast: _FORECAST,
        UnitHeadCounts: _HEAD_COUNTS,
        Participation: {
            "campaign": campaign,
            "state": "open",
            "minGroup": 5,
            "asOf": "2026-11-26T08:00:00Z",
            "units": [
                _HEAD_COUNTS,
                {"unit": "D02", "name": "Legal", "parent": "C", "status": "suppressed"},
            ],
            "forecast": _FORECAST,
        },
        Audience: _AUDIENCE,
        AudienceView: _KEPT,
        AudienceCount: _COUNT,
        AudiencePlan: {
            "campaign": campaign,
            "state": "draft",
            "audience": _KEPT,
            "channel": "folder",
            "population": 412,
            "invited": 294,
            "outOfReach": 3,
            "counts": [
                {
                    "unit": "D01",
                    "role": "manager",
                    "population": 12,
                    "invited": 12,
                    "outOfReach": 0,
                },
                _COUNT,
            ],
            "tooSmall": [],
        },
        Invitee: {
            "externalId": "e-1042",
            "unit": "D01",
            "role": "contributor",
            "channel": "folder",
            "outOfReach": None,
        },
    }
