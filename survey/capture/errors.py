"""Why a submission was not stored; part of the tree in survey.errors.

SurveyError
├── Unauthenticated
│   └── InvitationUnknown       no invitation has this token
├── Conflict
│   ├── CampaignNotOpen         the campaign takes no answers
│   │   └── CampaignClosing     it is being closed at this moment
│   ├── AlreadySubmitted        the token is spent, for another body
│   └── DraftElsewhere          saved answers are kept for another device
├── Invalid
│   └── SubmissionRejected      the answers break the rules of the instrument
└── Unavailable
    ├── StorageUnavailable      the database did not confirm
    └── CaptureOverloaded       too many submissions are waiting
"""

from collections.abc import Sequence
from typing import ClassVar
from uuid import UUID

from models.enums import CampaignState
from survey.capture.submission import FieldProblem
from survey.errors import (
    MOST_ERRORS,
    Conflict,
    Invalid,
    Unauthenticated,
    Unavailable,
    shown,
)

__all__ = [
    "AlreadySubmitted",
    "CampaignClosing",
    "CampaignNotOpen",
    "CaptureOverloaded",
    "DraftElsewhere",
    "InvitationUnknown",
    "StorageUnavailable",
    "SubmissionRejected",
]


class InvitationUnknown(Unauthenticated):
    """No invitation has this token: it was never issued, or it was revoked."""

    code = "invitation-unknown"

    def __init__(self) -> None:
        super().__init__("This invitation is not valid. Use the link of the latest message.")


class CampaignNotOpen(Conflict):
    """The campaign takes no answers; the answer does not say whether this token was spent."""

    code = "campaign-not-open"

    told: ClassVar[str] = "This survey takes no answers at the moment."

    def __init__(self, campaign: UUID) -> None:
        super().__init__(self.told, campaign=str(campaign))

    @classmethod
    def of(cls, campaign: UUID, *, state: str) -> "CampaignNotOpen":
        """Return the refusal that fits the state of the campaign."""
        return (CampaignClosing if state == CampaignState.CLOSING else cls)(campaign)


class CampaignClosing(CampaignNotOpen):
    """The campaign is closing and takes no more answers; wait for its results."""

    code = "campaign-closing"
    told = "This survey is closing and takes no more answers."


class AlreadySubmitted(Conflict):
    """The token is spent, and the new answers differ from those that were stored."""

    code = "already-submitted"

    def __init__(self) -> None:
        super().__init__("These answers were already submitted and cannot be changed.")


class DraftElsewhere(Conflict):
    """The link was handed out, and its saved answers belong to the device that began them."""

    code = "draft-elsewhere"

    def __init__(self) -> None:
        super().__init__(
            "Answers under this link are saved only by its own page, on the device that began "
            "them or with its resume code. They can still be submitted."
        )


class SubmissionRejected(Invalid):
    """The answers break the rules of the instrument; the token is not spent."""

    code = "submission-rejected"

    def __init__(self, problems: Sequence[FieldProblem]) -> None:
        self.problems = tuple(problems)
        count = len(self.problems)
        fields = "1 field breaks" if count == 1 else f"{count} fields break"
        super().__init__(
            f"{fields} the rules of the form.",
            errors=[
                {
                    "pointer": problem.pointer,
                    "code": problem.code,
                    "detail": problem.detail,
                    "value": shown(problem.value),
                }
                for problem in self.problems[:MOST_ERRORS]
            ],
            total=count,
        )


class StorageUnavailable(Unavailable):
    """The database did not confirm the commit: nothing is promised, repeat the call."""

    code = "storage-unavailable"

    def __init__(self) -> None:
        super().__init__("The answers could not be stored. Nothing is lost: send them again.")

    @classmethod
    def because(cls, failure: Exception) -> "StorageUnavailable":
        """Keep the failure for the log; its text may quote a row, so callers never see it."""
        error = cls()
        error.__cause__ = failure
        return error


class CaptureOverloaded(Unavailable):
    """Too many submissions are waiting, or the server is stopping; come back shortly."""

    code = "capture-overloaded"

    def __init__(self) -> None:
        super().__init__("The server is busy. Nothing is lost: send the answers again shortly.")
