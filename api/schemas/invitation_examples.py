"""Examples of who is invited and how far their messages have come."""

from typing import Any

from survey.campaigns.head_counts import UnitHeadCounts
from survey.campaigns.invitations import InvitationCounts, Messages
from survey.campaigns.links import PersonalLink
from survey.campaigns.participation import Participation

__all__ = ["CAMPAIGN", "INVITATION_EXAMPLES"]

CAMPAIGN = "0193e4a0-7c1e-7d3a-9a44-3f0c5b2f8a02"

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
_MESSAGES = {"kind": "invitation", "state": "sent", "messages": 1780}

INVITATION_EXAMPLES: dict[Any, Any] = {
    UnitHeadCounts: _HEAD_COUNTS,
    Participation: {
        "campaign": CAMPAIGN,
        "state": "open",
        "minGroup": 5,
        "asOf": "2026-11-26T08:00:00Z",
        "units": [
            _HEAD_COUNTS,
            {"unit": "D02", "name": "Legal", "parent": "C", "status": "suppressed"},
        ],
    },
    Messages: _MESSAGES,
    InvitationCounts: {"campaign": CAMPAIGN, "messages": [_MESSAGES], "linksHandedOut": 12},
    PersonalLink: {
        "externalId": "e-1042",
        "name": "Ines Roth",
        "unit": "D01",
        "unitName": "Sales",
        "role": "contributor",
        "locale": "de",
        "link": "http://127.0.0.1:8000/f/9f2c1d7a0b3e4c5d6e7f8091a2b3c4d5e6f708192a3",
    },
}
