"""An office's own words for the messages of a campaign, and how a message will look."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Annotated, Any, Literal
from uuid import UUID

import msgspec
from babel import Locale, UnknownLocaleError
from uuid_utils.compat import uuid7

from models.edges import MOST_LOCALES
from models.edges import Locale as LocaleName
from models.engine import connection, reading, transaction
from models.enums import AuditAction, Role
from survey.access.actors import COMMAND_LINE, Actor
from survey.access.audit import record_event
from survey.campaigns.deliveries import Kind
from survey.campaigns.errors import CampaignLocked
from survey.campaigns.read import CampaignView, locked_campaign, read_campaign
from survey.errors import FieldInvalid
from survey.instruments.store import definition_of, read_instrument
from survey.messages.mail import html_of, text_of
from survey.messages.message import Message, OwnWords
from survey.messages.wording import (
    MOST_SUBJECT,
    composed,
    require_known_placeholders,
)

__all__ = [
    "CampaignWords",
    "MessageDraft",
    "MessagePreview",
    "MessageWords",
    "preview_message",
    "read_wording",
    "set_wording",
]

MOST_TEXT = 10_000
"""Most characters of a text: mail programs cut what is longer than some 100 kB as HTML."""
_MOST_WORDS = 2 * MOST_LOCALES
_OVER = {"closing", "closed", "abandoned"}
_SAMPLE_NAME = "Kim Example"
_SAMPLE_ADDRESS = "https://survey.example.com"

Subject = Annotated[str, msgspec.Meta(min_length=1, max_length=MOST_SUBJECT)]
Text = Annotated[str, msgspec.Meta(min_length=1, max_length=MOST_TEXT)]

_READ = """
SELECT kind, locale, subject, text FROM campaign_wording WHERE campaign = $1
ORDER BY kind, locale
"""
_FORGET = "DELETE FROM campaign_wording WHERE campaign = $1"
_WRITE = """
INSERT INTO campaign_wording (id, organisation, campaign, kind, locale, subject, text)
SELECT given.id, $1, $2, given.kind, given.locale, given.subject, given.text
FROM unnest($3::uuid[], $4::text[], $5::text[], $6::text[], $7::text[])
     AS given (id, kind, locale, subject, text)
"""


class MessageWords(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename="camel"
):
    """Own words for one kind of message in one language."""

    kind: Kind
    """`invitation` or `reminder`."""
    locale: LocaleName
    """Language (BCP 47). Readers of other languages get the words of the platform."""
    subject: Subject
    """Subject. `{name}`, `{title}`, `{campaign}` and `{closes}` are filled in."""
    text: Text
    """Paragraphs, with an empty line between them, and the same placeholders. The link, what
    sponsors have to know and the way to stop messages are added."""


class CampaignWords(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename="camel"
):
    """All own words of a campaign."""

    messages: Annotated[tuple[MessageWords, ...], msgspec.Meta(max_length=_MOST_WORDS)]
    """One entry per kind and language; none for the words of the platform."""


class MessageDraft(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename="camel"
):
    """Which message is to be shown."""

    kind: Kind
    """`invitation` or `reminder`."""
    locale: LocaleName
    """Language of the reader (BCP 47)."""
    role: Literal["sponsor", "manager", "contributor"] = "contributor"
    """Of the reader: a `sponsor` reads about answering on the record; a `manager` or a
    `contributor` does not."""
    subject: Subject | None = None
    """Own words to try out; by default those that are stored, or the platform's."""
    text: Text | None = None
    """The same for the text. Both or neither are given."""


class MessagePreview(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """A message as a made-up person would read it. Its links lead nowhere."""

    locale: str
    """Language that the reader gets: the nearest that the instrument and the platform speak."""
    subject: str
    """Subject."""
    text: str
    """The message as plain text."""
    html: str
    """The message as HTML."""


async def read_wording(organisation: UUID, campaign: UUID) -> CampaignWords:
    """Return the own words of a campaign.

    Raises
    ------
    CampaignNotFound
        No campaign of the organisation has this id.
    """
    async with reading(organisation):
        await read_campaign(organisation, campaign)
        rows = await connection().fetch(_READ, campaign)
    return CampaignWords(messages=tuple(MessageWords(**row) for row in rows))


async def set_wording(
    organisation: UUID, campaign: UUID, words: CampaignWords, *, by: Actor = COMMAND_LINE
) -> CampaignWords:
    """Replace the own words of a campaign; messages that leave from now on have them.

    Parameters
    ----------
    words : CampaignWords
        All of them: those that are left out are forgotten.
    by : Actor
        Who does it; the audit trail keeps that, and no word.

    Raises
    ------
    CampaignNotFound
        No campaign of the organisation has this id.
    CampaignLocked
        It is over.
    FieldInvalid
        A placeholder is not known, a language is none, or an entry stands twice.
    """
    _require_distinct(words.messages)
    for one in words.messages:
        _require_language(one.locale)
        require_known_placeholders(OwnWords(subject=one.subject, text=one.text))
    async with transaction(organisation):
        found = await locked_campaign(campaign)
        if found.state in _OVER:
            raise CampaignLocked(state=found.state, fields=["wording"])
        await connection().execute(_FORGET, campaign)
        await connection().execute(_WRITE, organisation, campaign, *_columns(words.messages))
        listed = [f"{one.kind}/{one.locale}" for one in words.messages]
        await record_event(
            organisation,
            AuditAction.WORDING_CHANGED,
            f"/v1/campaigns/{campaign}",
            facts={"messages": listed},
            by=by,
        )
    return await read_wording(organisation, campaign)


async def preview_message(
    organisation: UUID, campaign: UUID, draft: MessageDraft
) -> MessagePreview:
    """Return a message as a made-up person would read it; nothing is stored or sent.

    Raises
    ------
    CampaignNotFound
        No campaign of the organisation has this id.
    FieldInvalid
        A placeholder is not known, or only one of subject and text is given.
    """
    own = _own_words(draft)
    async with reading(organisation):
        found = await read_campaign(organisation, campaign)
        instrument = await read_instrument(
            organisation, key=found.instrument_key, version=found.instrument_version
        )
        definition = await definition_of(organisation, instrument.id)
        rows = await connection().fetch(_READ, campaign)
    locale = definition.locale_for(draft.locale)
    words = own or _stored(rows, draft.kind, locale)
    letter = composed(_sample(found, draft, locale, definition.title[locale], words))
    return MessagePreview(
        locale=letter.locale,
        subject=letter.subject,
        text=text_of(letter),
        html=html_of(letter),
    )


def _sample(
    campaign: CampaignView, draft: MessageDraft, locale: str, title: str, words: OwnWords | None
) -> Message:
    return Message(
        key="preview",
        kind=draft.kind,
        name=_SAMPLE_NAME,
        email=None,
        locale=locale,
        title=title,
        campaign=campaign.name,
        closes_at=campaign.closes_at,
        link=f"{_SAMPLE_ADDRESS}/f/preview",
        on_record=Role(draft.role) is Role.SPONSOR,
        opt_out=f"{_SAMPLE_ADDRESS}/o/preview",
        words=words,
    )


def _own_words(draft: MessageDraft) -> OwnWords | None:
    if draft.subject is None and draft.text is None:
        return None
    if draft.subject is None or draft.text is None:
        missing = "subject" if draft.subject is None else "text"
        raise FieldInvalid(missing, None, expected="given: subject and text belong together")
    own = OwnWords(subject=draft.subject, text=draft.text)
    require_known_placeholders(own)
    return own


def _stored(rows: Iterable[Mapping[str, Any]], kind: str, locale: str) -> OwnWords | None:
    by_locale = {row["locale"]: row for row in rows if row["kind"] == kind}
    row = by_locale.get(locale) or by_locale.get(locale.partition("-")[0])
    return None if row is None else OwnWords(subject=row["subject"], text=row["text"])


def _require_distinct(messages: Sequence[MessageWords]) -> None:
    seen: set[tuple[str, str]] = set()
    for one in messages:
        if (one.kind, one.locale) in seen:
            named = f"{one.kind}, {one.locale}"
            raise FieldInvalid("messages", named, expected="one entry per kind and language")
        seen.add((one.kind, one.locale))


def _require_language(locale: str) -> None:
    try:
        Locale.parse(locale.replace("-", "_"))
    except (UnknownLocaleError, ValueError):
        raise FieldInvalid("locale", locale, expected="a language such as de") from None


def _columns(messages: Sequence[MessageWords]) -> list[list[Any]]:
    return [
        [uuid7() for _ in messages],
        [one.kind for one in messages],
        [one.locale for one in messages],
        [one.subject for one in messages],
        [one.text for one in messages],
    ]
