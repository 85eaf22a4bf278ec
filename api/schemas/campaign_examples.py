"""One example of every record that crosses the wire about a campaign and its messages."""

from typing import Any

from survey.campaigns.plan import CampaignChange, CampaignPlan
from survey.campaigns.read import CampaignView
from survey.campaigns.sending import QueuedMessages

__all__ = ["CAMPAIGN", "CAMPAIGN_EXAMPLES"]

CAMPAIGN = "0193e4a0-7c1e-7d3a-9a44-3f0c5b2f8a02"

_LATER = "2036-12-14T18:00:00Z"
_PLAN = {
    "name": "AI at work",
    "wave": 1,
    "instrumentKey": "ai-scaling-conditions",
    "instrumentVersion": 1,
    "mode": "anonymous",
    "closesAt": _LATER,
    "sendingWindow": {
        "start": "08:00",
        "end": "18:00",
        "days": ["mon", "tue", "wed", "thu", "fri"],
    },
    "reminders": [3, 7, 10],
    "reminderHour": 10,
    "inviteJoiners": True,
}

CAMPAIGN_EXAMPLES: dict[Any, Any] = {
    CampaignPlan: _PLAN,
    CampaignChange: {"closesAt": _LATER},
    CampaignView: {
        **_PLAN,
        "id": CAMPAIGN,
        "state": "draft",
        "minGroup": 5,
        "minComments": 10,
        "minDrivers": 100,
        "opensAt": None,
        "channel": None,
        "nextReminderAt": None,
        "problem": None,
        "openedAt": None,
        "closedAt": None,
        "revision": 1,
        "createdAt": "2026-11-23T09:00:00Z",
    },
    QueuedMessages: {"campaign": CAMPAIGN, "kind": "invitation", "people": 2},
}
