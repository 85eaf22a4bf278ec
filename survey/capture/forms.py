"""The form of one invitation: what to ask, in the person's language, and saved answers."""

from datetime import datetime
from typing import Any, Literal, TypeVar
from uuid import UUID

import msgspec
from cryptography.fernet import Fernet, InvalidToken

from models.edges import Moment
from models.engine import connection, transaction
from survey.access.tokens import token_hash
from survey.capture.errors import (
    AlreadySubmitted,
    CampaignNotOpen,
    InvitationUnknown,
    SubmissionRejected,
)
from survey.capture.form_view import FormText, form_text
from survey.capture.submission import (
    Answers,
    AnswerSheet,
    Comments,
    Submission,
    padded_bytes,
)
from survey.capture.writing import facts_of
from survey.instruments.parts import Mode, Role
from survey.instruments.store import definition_of
from survey.sealing.seals import Seals

__all__ = [
    "FormView",
    "SavedAnswers",
    "decrypt_draft",
    "encrypt_draft",
    "open_form",
    "save_answers",
]

_INVITATION = """
SELECT i.id, i.role, i.locale, i.completed, i.draft, i.started, i.link_exported,
       c.id AS campaign, c.name, c.state, c.mode, c.instrument, c.closes_at, c.min_group,
       c.min_comments
FROM invitation i JOIN campaign c ON c.id = i.campaign WHERE i.token_hash = $1
"""
# Both lock the campaign: nothing of an invitation may change once closing has begun.
_FOR_SAVING = _INVITATION + " FOR SHARE OF c"
_START = """
WITH open AS (SELECT id FROM campaign WHERE id = $2 AND state = 'open' FOR SHARE)
UPDATE invitation i SET started = true FROM open
WHERE i.id = $1 AND i.campaign = open.id AND NOT i.started
"""
_SAVE = """
UPDATE invitation SET draft = $2, started = true WHERE id = $1 AND NOT completed
"""
_LEAST_DRAFT = 4_096  # bytes
Saved = TypeVar("Saved", bound=msgspec.Struct)


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
    organisation = await _owner(token)
    async with transaction(organisation):
        row = await connection().fetchrow(_INVITATION, token_hash(token))
        if row is None:
            raise InvitationUnknown
        if row["state"] == "draft":
            raise CampaignNotOpen(row["campaign"])
        definition = await definition_of(organisation, row["instrument"])
        if not row["started"]:
            await connection().execute(_START, row["id"], row["campaign"])
    saved = SavedAnswers()
    if row["draft"]:
        seal = await seals.of(organisation, row["campaign"])
        saved = decrypt_draft(row["draft"], seal.draft_key(token), SavedAnswers)
    return FormView(
        campaign=row["campaign"],
        campaign_name=row["name"],
        state=_state(row, now),
        mode=row["mode"],
        role=row["role"],
        closes_at=row["closes_at"],
        pad_to=padded_bytes(definition),
        text=form_text(
            definition,
            role=row["role"],
            locale=definition.locale_for(locale or row["locale"]),
            mode=row["mode"],
            min_group=row["min_group"],
            min_comments=row["min_comments"],
            link_handed_out=row["link_exported"],
        ),
        saved=saved,
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
    SubmissionRejected
        An answer breaks the rules of the instrument; nothing is saved.
    KeysMissing
        The keys of the campaign are not on this server.
    """
    organisation = await _owner(token)
    async with transaction(organisation):
        row = await connection().fetchrow(_FOR_SAVING, token_hash(token))
        if row is None:
            raise InvitationUnknown
        _require_unfinished(row, now)
        definition = await definition_of(organisation, row["instrument"])
        given = Submission(answers=saved.answers, comments=saved.comments)
        problems = AnswerSheet.of(definition, row["role"]).problems(given, final=False)
        if problems:
            raise SubmissionRejected(problems)
        seal = await seals.of(organisation, row["campaign"])
        draft = encrypt_draft(saved, seal.draft_key(token))
        status = await connection().execute(_SAVE, row["id"], draft)
        if status == "UPDATE 0":
            raise AlreadySubmitted


async def _owner(token: str) -> UUID:
    for facts in (await facts_of([token_hash(token)])).values():
        return facts.organisation
    raise InvitationUnknown


def _require_unfinished(row: Any, now: datetime) -> None:
    state = _state(row, now)
    if state in {"closing", "closed"}:
        raise CampaignNotOpen.of(row["campaign"], state=row["state"])
    if state == "completed":
        raise AlreadySubmitted


def _state(row: Any, now: datetime) -> Literal["open", "completed", "closing", "closed"]:
    if row["state"] in {"closed", "abandoned"}:
        return "closed"
    if row["state"] == "closing" or (row["closes_at"] is not None and now >= row["closes_at"]):
        return "closing"
    return "completed" if row["completed"] else "open"


def encrypt_draft(saved: msgspec.Struct, key: bytes) -> bytes:
    """Return the saved answers as ciphertext; authenticated, with a fresh nonce each time.

    Before that they are padded to a power of two, which is the same for all who write no long
    comments: old drafts stay in the files of the database, and their length would tell how
    many answers are missing.
    """
    plain = msgspec.json.encode(saved)
    room = max(_LEAST_DRAFT, 1 << (len(plain) - 1).bit_length())
    return Fernet(key).encrypt_at_time(plain.ljust(room), 0)


def decrypt_draft(ciphertext: bytes, key: bytes, kind: type[Saved]) -> Saved:
    """Return the saved answers, or none if they cannot be read with this key.

    The ciphertext carries no time: a draft must not tell when somebody answered.
    """
    try:
        plain = Fernet(key).decrypt(ciphertext)
    except InvalidToken:
        return kind()
    return msgspec.json.decode(plain, type=kind)
