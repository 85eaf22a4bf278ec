"""One example of every record about channels and messages."""

from typing import Any

from api.schemas.campaign_examples import CAMPAIGN
from api.schemas.wire import ChannelTry
from survey.campaigns.deliveries import DeliveryView, Requeue, Requeued, UnreachedPerson
from survey.campaigns.invitations import InvitationCounts, Messages
from survey.campaigns.links import PersonalLink
from survey.campaigns.wording import CampaignWords, MessageDraft, MessagePreview
from survey.messages.bounces import BounceReport
from survey.messages.kind import ChannelPlan
from survey.messages.setting_up import ChannelTest, ChannelView

__all__ = ["BOUNCE_SECRET", "MESSAGE_EXAMPLES", "ORGANISATION"]

ORGANISATION = "0193e4a0-7c1e-7d3a-9a44-3f0c5b2f8a11"
BOUNCE_SECRET = "whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY="  # noqa: S105 - shown to all

_WORDS = {
    "kind": "invitation",
    "locale": "en",
    "subject": "{title}: five minutes for us",
    "text": "Dear {name},\n\nplease answer until {closes}.",
}

_MESSAGES = {"kind": "invitation", "state": "sent", "messages": 1780}

MESSAGE_EXAMPLES: dict[Any, Any] = {
    PersonalLink: {
        "externalId": "e-1042",
        "name": "Ines Roth",
        "unit": "D01",
        "unitName": "Sales",
        "role": "contributor",
        "locale": "de",
        "link": "http://127.0.0.1:8000/f/9f2c1d7a0b3e4c5d6e7f8091a2b3c4d5e6f708192a3",
    },
    Messages: _MESSAGES,
    InvitationCounts: {
        "campaign": CAMPAIGN,
        "messages": [_MESSAGES],
        "linksHandedOut": 42,
        "remindersFailed": False,
    },
    BounceReport: {
        "messageId": "<0193e4a0-7c1e-7d3a-9a44-3f0c5b2f8a12@example.com>",
        "status": "5.1.1",
        "recipient": "kim@example.com",
    },
    ChannelTry: {"person": "e-1042"},
    DeliveryView: {
        "channel": "email",
        "state": "failed",
        "attempts": 1,
        "reason": "5.1.1",
    },
    Requeue: {"state": "failed", "kind": "invitation"},
    Requeued: {"messages": 3},
    UnreachedPerson: {"externalId": "e-1042", "reason": "5.1.1"},
    CampaignWords: {"messages": [_WORDS]},
    MessageDraft: {"kind": "invitation", "locale": "de", "role": "sponsor"},
    MessagePreview: {
        "locale": "de",
        "subject": "AI at work: Ihre Sicht zählt",
        "text": "Guten Tag Kim Example,\n\n...",
        "html": "<!DOCTYPE html>...",
    },
    ChannelTest: {
        "outcome": "failed",
        "reason": "channel-not-working",
        "detail": "mail.example.com:587 refuses the user or the password (reply 535). Check "
        "both, and set the channel again.",
    },
    ChannelPlan: {
        "url": "smtp://opmodel@mail.example.com:587?starttls=1",
        "sender": "Transformation office <office@example.com>",
        "ratePerMinute": 600,
        "password": "correct horse battery staple",
        "bounceSecret": BOUNCE_SECRET,
    },
    ChannelView: {
        "kind": "email",
        "url": "smtp://opmodel@mail.example.com:587?starttls=1",
        "sender": "Transformation office <office@example.com>",
        "ratePerMinute": 600,
        "secrets": ["bounceSecret", "password"],
        "bounces": f"/v1/channels/email/bounces?organisation={ORGANISATION}",
        "revision": 1,
        "updatedAt": "2026-11-23T09:00:00Z",
    },
}
