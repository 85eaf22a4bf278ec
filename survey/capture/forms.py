"""The form of one invitation: what to ask, in the person's language, and saved answers."""

from datetime import datetime
from typing import Literal
from uuid import UUID

import msgspec

from models.edges import Moment
from survey.capture.drafts import Draft, replaced
from survey.capture.errors import CampaignNotOpen
from survey.capture.form_view import FormText, form_text
from survey.capture.invited import Invited, invited, rewrite_draft
from survey.capture.submission import Answers, Comments, Submission, padded_bytes
from survey.instruments.parts import Mode, Role
from survey.sealing.seals import Seals

__all__ = [
    "FormView",
    "SavedAnswers",
    "form_view",
    "open_form",
    "save_answers",
]


class SavedAnswers(
    msgspec.Struct, frozen=True, kw_only=True, rename="camel", forbid_unknown_fields=True
):
    """What a respondent has answered so far."""

    answers: Answers = {}
    comments: Comments = {}
    consent: bool | None = None
    """A sponsor's answer to whether the self-rating may be shown; None before it is given."""


class FormView(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """What to ask one respondent, in their language, with what they saved."""

    campaign: UUID
    """Id of the campaign."""
    campaign_name: str
    """Name of the campaign."""
    state: Literal["open", "completed", "closing", "closed"]
    """``open``: takes answers; ``completed``: they have been submitted; ``closing`` or
    ``closed``: the campaign takes none any more, whatever was submitted."""
    mode: Mode
    """What happens to the answers."""
    role: Role
    """As whom the respondent is asked: ``sponsor``, ``manager`` or ``contributor``."""
    closes_at: Moment | None
    """From then on no answer is taken; None if the campaign is closed by hand."""
    pad_to: int
    """Bytes. Append spaces to the JSON of a submission, and of saved answers, until it has
    this size (UTF-8, no compression). The size of a body is visible even if it is encrypted,
    and would otherwise tell how many answers are missing and how long the comments are."""
    text: FormText
    """What the form says."""
    saved: SavedAnswers
    """What was saved and not submitted."""


async def open_form(token: str, *, locale: str | None, seals: Seals, now: datetime) -> FormView:
    """Open the form of an invitation.

    Parameters
    ----------
    token : str
        The invitation's token.
    locale : str or None
        Language asked for, BCP 47; by default the person's own.
    seals : Seals
        Open saved answers.
    now : datetime
        The moment of opening, UTC.

    Raises
    ------
    InvitationUnknown
        No invitation has this token.
    CampaignNotOpen
        The campaign has not opened yet.
    KeysMissing
        Answers were saved, and the keys of the campaign are not on this server.
    """
    async with invited(token) as found:
        if found.state(now) == "waiting":
            raise CampaignNotOpen(found.campaign)
        await found.start()
    keeper = await found.keeper(seals) if found.has_draft else None
    return form_view(
        found,
        locale=found.definition.locale_for(locale or found.locale),
        draft=keeper.read(found.draft) if keeper else None,
        now=now,
    )


def form_view(found: Invited, *, locale: str, draft: Draft | None, now: datetime) -> FormView:
    """Return what the form of an invitation says in one of the instrument's languages."""
    state = found.state(now)
    return FormView(
        campaign=found.campaign,
        campaign_name=found.campaign_name,
        state="open" if state == "waiting" else state,
        mode=found.mode,
        role=found.role,
        closes_at=found.closes_at,
        pad_to=padded_bytes(found.definition),
        text=form_text(
            found.definition,
            role=found.role,
            locale=locale,
            mode=found.mode,
            min_group=found.min_group,
            min_comments=found.min_comments,
            link_handed_out=found.link_exported,
        ),
        saved=SavedAnswers(
            answers=draft.answers, comments=draft.comments, consent=draft.consent
        )
        if draft
        else SavedAnswers(),
    )


async def save_answers(token: str, saved: SavedAnswers, *, seals: Seals, now: datetime) -> None:
    """Keep what was answered so far, readable with the token and the campaign's secret.

    Raises
    ------
    InvitationUnknown
        No invitation has this token.
    CampaignNotOpen
        The campaign takes no answers.
    AlreadySubmitted
        The form has been submitted.
    DraftElsewhere
        Answers under this link are kept for the device that began them.
    SubmissionRejected
        An answer breaks the rules of the instrument; nothing is saved.
    KeysMissing
        The keys of the campaign are not on this server.
    """
    await rewrite_draft(
        token,
        lambda draft: replaced(
            draft, answers=saved.answers, comments=saved.comments, consent=saved.consent
        ),
        given=Submission(answers=saved.answers, comments=saved.comments),
        seals=seals,
        now=now,
    )
