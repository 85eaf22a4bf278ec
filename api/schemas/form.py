"""The form of one invitation on the wire."""

from typing import Any, ClassVar, Literal
from uuid import UUID

from api.schemas.wire import Moment, Shown
from survey.capture.form_view import FormText
from survey.capture.forms import SavedAnswers

__all__ = ["SAVED_EXAMPLE", "SUBMISSION_EXAMPLE", "FormRead", "ReceiptRead"]

_CAMPAIGN = "0193e4a0-7c1e-7d3a-9a44-3f0c5b2f8a02"

SAVED_EXAMPLE: dict[str, Any] = {
    "answers": {"data_readiness_1": 4, "data_readiness_2": None},
    "comments": {"comment_help": "A shared catalogue of our data."},
}
SUBMISSION_EXAMPLE: dict[str, Any] = {**SAVED_EXAMPLE, "durationS": 540, "locale": "en"}


class FormRead(Shown, frozen=True, kw_only=True):
    """What to ask one respondent, in their language, with what they saved."""

    example: ClassVar[dict[str, Any]] = {
        "campaign": _CAMPAIGN,
        "campaignName": "AI at work",
        "state": "open",
        "mode": "anonymous",
        "role": "contributor",
        "closesAt": "2026-12-14T18:00:00Z",
        "text": {
            "instrument": "ai-scaling-conditions@1",
            "locale": "en",
            "locales": ["en", "de"],
            "title": "AI in your business unit",
            "introduction": "About ten minutes.",
            "privacy": "Nobody can see what you answered.",
            "scale": {
                "low": 1,
                "high": 5,
                "labels": [
                    "Strongly disagree",
                    "Disagree",
                    "Neither",
                    "Agree",
                    "Strongly agree",
                ],
                "cantSay": "Can't say",
            },
            "sections": [
                {
                    "title": "Data",
                    "items": [
                        {"key": "data_readiness_1", "text": "We know where our data is from."}
                    ],
                }
            ],
            "comments": [{"key": "comment_help", "text": "What would help most?"}],
        },
        "saved": {
            "answers": {"data_readiness_1": 4},
            "comments": {},
            "consent": None,
        },
    }

    campaign: UUID
    campaign_name: str
    state: Literal["open", "completed", "closed"]
    mode: Literal["anonymous", "confidential"]
    role: Literal["sponsor", "manager", "contributor"]
    closes_at: Moment | None
    text: FormText
    saved: SavedAnswers


class ReceiptRead(Shown, frozen=True, kw_only=True):
    """The answers are stored. The same for everybody: it proves nothing about them."""

    example: ClassVar[dict[str, Any]] = {"campaign": _CAMPAIGN, "status": "stored"}

    campaign: UUID
    status: Literal["stored"] = "stored"
