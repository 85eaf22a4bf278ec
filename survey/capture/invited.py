"""One invitation with its campaign, found by a token, and the answers saved under it."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

import msgspec

from models.engine import connection, transaction
from survey.access.tokens import token_hash
from survey.capture.drafts import Draft, Keeper
from survey.capture.errors import (
    AlreadySubmitted,
    CampaignNotOpen,
    DraftElsewhere,
    InvitationUnknown,
    SubmissionRejected,
)
from survey.capture.submission import AnswerSheet, Submission
from survey.capture.writing import facts_of
from survey.instruments.definition import InstrumentDefinition
from survey.instruments.parts import Mode, Role
from survey.instruments.store import definition_of
from survey.sealing.seals import Seals

__all__ = ["FormState", "Invited", "invited", "rewrite_draft"]

FormState = Literal["waiting", "open", "completed", "closing", "closed"]
"""``waiting`` until the campaign opens."""

_INVITATION = """
SELECT i.id, i.role, i.locale, i.completed, i.draft, i.started, i.link_exported,
       c.id AS campaign, c.name AS campaign_name, c.state AS campaign_state, c.mode,
       c.instrument, c.opens_at, c.closes_at, c.min_group, c.min_comments,
       p.locale AS own_locale, o.name AS organisation_name, o.embed_origins,
       coalesce(p.time_zone, o.time_zone) AS zone
FROM invitation i
JOIN campaign c ON c.id = i.campaign
JOIN organisation o ON o.id = c.organisation
LEFT JOIN person p ON p.id = i.person
WHERE i.token_hash = $1
"""
# Both lock the campaign: nothing of an invitation may change once closing has begun.
_FOR_SAVING = _INVITATION + " FOR SHARE OF c"
_START = """
WITH open AS (SELECT id FROM campaign WHERE id = $2 AND state = 'open' FOR SHARE)
UPDATE invitation i SET started = true FROM open
WHERE i.id = $1 AND i.campaign = open.id AND NOT i.started
"""
# After the campaign, as everywhere; a second save waits here and reads what the first wrote.
_LOCK = "SELECT completed, draft FROM invitation WHERE id = $1 FOR UPDATE"
_SAVE = """
UPDATE invitation SET draft = $2, started = true WHERE id = $1 AND NOT completed
"""
_NOT_YET = frozenset({"draft", "scheduled"})
_OVER = frozenset({"closed", "abandoned"})


class Invited(msgspec.Struct, frozen=True, kw_only=True):
    """An invitation, its campaign and its organisation; for the form alone."""

    id: UUID
    token: str
    organisation: UUID
    organisation_name: str
    embed_origins: list[str]
    campaign: UUID
    campaign_name: str
    campaign_state: str
    mode: Mode
    instrument: UUID
    definition: InstrumentDefinition
    opens_at: datetime | None
    closes_at: datetime | None
    min_group: int
    min_comments: int
    role: Role
    zone: str
    """Time zone (IANA): the person's, or else the organisation's."""
    locale: str | None
    """Language of the invitation: the person's, or else the organisation's."""
    own_locale: str | None
    """The person's own; None if nobody has said."""
    link_exported: bool
    started: bool
    completed: bool
    draft: bytes | None

    @property
    def has_draft(self) -> bool:
        """Tell whether answers were saved."""
        return self.draft is not None

    def state(self, now: datetime) -> FormState:
        """Return what the form is at a moment; once it is over, it is so for everybody."""
        if self.campaign_state in _NOT_YET:
            return "waiting"
        if self.campaign_state in _OVER:
            return "closed"
        past = self.closes_at is not None and now >= self.closes_at
        if past or self.campaign_state == "closing":
            return "closing"
        return "completed" if self.completed else "open"

    def require_open(self, now: datetime) -> None:
        """Check that answers can be saved.

        Raises
        ------
        CampaignNotOpen
            The campaign takes no answers.
        AlreadySubmitted
            The form has been submitted.
        """
        state = self.state(now)
        if state in {"closing", "closed", "waiting"}:
            raise CampaignNotOpen.of(self.campaign, state=self.campaign_state)
        if state == "completed":
            raise AlreadySubmitted

    async def start(self) -> None:
        """Note that the person has begun, unless the campaign takes no answers."""
        if not self.started:
            await connection().execute(_START, self.id, self.campaign)

    async def keeper(self, seals: Seals, device: str = "") -> Keeper:
        """Return what reads and writes the draft for a device.

        Raises
        ------
        KeysMissing
            The keys of the campaign are not on this server.
        """
        return Keeper(
            seal=await seals.of(self.organisation, self.campaign),
            token=self.token,
            device=device,
            link_exported=self.link_exported,
        )


@asynccontextmanager
async def invited(token: str, *, saving: bool = False) -> AsyncIterator[Invited]:
    """Find an invitation, and stay in the transaction that read it.

    Parameters
    ----------
    saving : bool
        Whether the campaign stays as it is until the transaction ends.

    Raises
    ------
    InvitationUnknown
        No invitation has this token.
    """
    organisation = await _owner(token)
    async with transaction(organisation):
        statement = _FOR_SAVING if saving else _INVITATION
        row = await connection().fetchrow(statement, token_hash(token))
        if row is None:
            raise InvitationUnknown
        definition = await definition_of(organisation, row["instrument"])
        known: dict[str, Any] = dict(row)
        yield Invited(**known, token=token, organisation=organisation, definition=definition)


async def _owner(token: str) -> UUID:
    for facts in (await facts_of([token_hash(token)])).values():
        return facts.organisation
    raise InvitationUnknown


async def rewrite_draft(
    token: str,
    rewrite: Callable[[Draft], Draft],
    *,
    given: Submission,
    device: str = "",
    seals: Seals,
    now: datetime,
) -> Draft:
    """Replace the saved answers by what becomes of them; saves of one token take turns.

    Parameters
    ----------
    rewrite : callable
        Returns the new draft.
    given : Submission
        What is new in it.
    device : str
        Resume code of the device that saves; empty if it has none.

    Returns
    -------
    Draft
        As it is stored now.

    Raises
    ------
    InvitationUnknown, CampaignNotOpen, AlreadySubmitted, KeysMissing
        Nothing can be saved.
    DraftElsewhere
        The draft belongs to another device.
    SubmissionRejected
        What is given breaks the rules of the instrument; nothing is saved.
    """
    async with invited(token, saving=True) as found:
        found.require_open(now)
        if found.link_exported and not device:
            raise DraftElsewhere
        problems = AnswerSheet.of(found.definition, found.role).problems(given, final=False)
        if problems:
            raise SubmissionRejected(problems)
        keeper = await found.keeper(seals, device)
        locked = await connection().fetchrow(_LOCK, found.id)
        if locked["completed"]:
            raise AlreadySubmitted
        before = keeper.read(locked["draft"])
        if before is None:
            raise DraftElsewhere
        after = rewrite(before)
        await connection().execute(_SAVE, found.id, keeper.write(after))
    return after
