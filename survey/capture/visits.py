"""What the pages of a form do: look, begin, save one screen. Looking changes nothing."""

from collections.abc import Sequence
from datetime import datetime

import msgspec

from models.engine import connection
from survey.campaigns.window import zone_of
from survey.capture.drafts import Change, Draft, merged
from survey.capture.errors import DraftElsewhere
from survey.capture.forms import FormView, form_view
from survey.capture.invited import FormState, Invited, invited, rewrite_draft
from survey.capture.languages import nearest_language
from survey.capture.submission import Submission
from survey.sealing.seals import Seals

__all__ = ["Saved", "Visit", "begin_form", "save_screen", "visit_form"]

_DISCARD = "UPDATE invitation SET draft = NULL WHERE id = $1 AND NOT completed"


class Visit(msgspec.Struct, frozen=True, kw_only=True):
    """What a page of the form needs to know."""

    state: FormState
    organisation_name: str
    embed_origins: tuple[str, ...]
    opens_at: datetime | None
    """In the reader's time zone."""
    closes_at: datetime | None
    """In the reader's time zone."""
    min_group: int
    min_comments: int
    link_exported: bool
    """The office has the link, so that answers resume on one device only."""
    form: FormView
    draft: Draft | None
    """None if it belongs to another device."""

    @classmethod
    def of(
        cls,
        found: Invited,
        *,
        state: FormState,
        locale: str,
        draft: Draft | None,
        now: datetime,
    ) -> "Visit":
        """Return the form of an invitation in one of the instrument's languages."""
        return cls(
            state=state,
            organisation_name=found.organisation_name,
            embed_origins=tuple(found.embed_origins),
            opens_at=found.opens_at and found.opens_at.astimezone(zone_of(found.zone)),
            closes_at=found.closes_at and found.closes_at.astimezone(zone_of(found.zone)),
            min_group=found.min_group,
            min_comments=found.min_comments,
            link_exported=found.link_exported,
            form=form_view(found, locale=locale, draft=draft, now=now),
            draft=draft,
        )


class Saved(msgspec.Struct, frozen=True, kw_only=True):
    """What became of a save."""

    revision: int
    """Of the draft as it is now."""
    newer: tuple[str, ...]
    """Questions that were answered elsewhere meanwhile, and were left so."""


async def visit_form(
    token: str,
    *,
    chosen: str | None = None,
    accepted: Sequence[str] = (),
    device: str = "",
    seals: Seals,
    now: datetime,
) -> Visit:
    """Look at the form of an invitation.

    Parameters
    ----------
    token : str
        The invitation's token.
    chosen : str or None
        Language that the person has chosen; else it is the person's own, one that the browser
        accepts, or the organisation's.
    accepted : sequence of str
        Languages that the browser accepts, the most wanted first.
    device : str
        Resume code of the device; empty if it has none.
    seals : Seals
        Open saved answers.
    now : datetime
        The moment of the visit, UTC.

    Raises
    ------
    InvitationUnknown
        No invitation has this token.
    KeysMissing
        Answers were saved, and the keys of the campaign are not on this server.
    """
    async with invited(token) as found:
        state = found.state(now)
    draft: Draft | None = Draft(device=device)
    if state == "open" and found.has_draft:
        draft = (await found.keeper(seals, device)).read(found.draft)
    wanted = (chosen, found.own_locale, *accepted, found.locale)
    locales = found.definition.locales
    locale = nearest_language(wanted, locales) or locales[0]
    return Visit.of(found, state=state, locale=locale, draft=draft, now=now)


async def begin_form(
    token: str, *, device: str, afresh: bool = False, seals: Seals, now: datetime
) -> Draft:
    """Note that the person has begun, and return what the device may resume.

    Parameters
    ----------
    device : str
        Resume code of the device.
    afresh : bool
        Whether to discard what was begun on another device.

    Raises
    ------
    InvitationUnknown, CampaignNotOpen, AlreadySubmitted, KeysMissing
        The form takes no answers.
    DraftElsewhere
        The draft belongs to another device.
    """
    async with invited(token, saving=True) as found:
        found.require_open(now)
        await found.start()
        if not found.has_draft:
            return Draft(device=device)
        draft = (await found.keeper(seals, device)).read(found.draft)
        if draft is None and afresh:
            await connection().execute(_DISCARD, found.id)
            return Draft(device=device)
    if draft is None:
        raise DraftElsewhere
    return draft


async def save_screen(
    token: str, change: Change, *, device: str = "", seals: Seals, now: datetime
) -> Saved:
    """Save the answers of one screen; those that were given elsewhere meanwhile stay.

    Raises
    ------
    InvitationUnknown, CampaignNotOpen, AlreadySubmitted, KeysMissing
        Nothing can be saved.
    DraftElsewhere
        The draft belongs to another device.
    SubmissionRejected
        An answer breaks the rules of the instrument; nothing is saved.
    """
    newer: tuple[str, ...] = ()

    def rewrite(draft: Draft) -> Draft:
        nonlocal newer
        after, newer = merged(draft, change)
        return after

    given = Submission(answers=change.answers, comments=change.comments)
    after = await rewrite_draft(
        token, rewrite, given=given, device=device, seals=seals, now=now
    )
    return Saved(revision=after.revision, newer=newer)
