"""What a message says in the language of its reader, as plain text in parts."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from functools import cache
from importlib import resources
from io import BytesIO
from string import Formatter

import msgspec
from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_time
from babel.messages.pofile import read_po

import survey.messages
from survey.errors import FieldInvalid
from survey.messages.message import Message, OwnWords

__all__ = [
    "LOCALES",
    "MOST_SUBJECT",
    "PLACEHOLDERS",
    "Letter",
    "catalog_of",
    "composed",
    "language_of",
    "require_known_placeholders",
    "words_of",
]

LOCALES = ("en", "de", "fr", "es")
"""Languages in which every message exists; others get the first."""
MOST_SUBJECT = 200
"""Most characters of a subject."""
PLACEHOLDERS = ("name", "title", "campaign", "closes")
"""What own words may name: the person, the questionnaire, the campaign, the day it ends."""

_FORMATS = {"en": "en_GB"}


class Letter(msgspec.Struct, frozen=True, kw_only=True):
    """A message as it reads: plain text in parts, which a channel arranges and escapes."""

    locale: str
    """One of ``LOCALES``."""
    direction: str
    """``ltr`` or ``rtl``."""
    subject: str
    paragraphs: tuple[str, ...]
    button: str | None
    """What the link is called; None if there is none."""
    fallback: str
    """Comes before the link spelt out."""
    link: str
    notes: tuple[str, ...]
    """Small print."""
    opt_out: str | None
    """Address to stop further messages; None if there are none."""
    opt_out_label: str

    def labelled(self, label: str) -> str:
        """Return a label as it stands before what it names."""
        return words_of(self.locale, "labelled", label=label)


@cache
def catalog_of(locale: str) -> Mapping[str, str]:
    """Read the words of a language, one of ``LOCALES``: key to text."""
    file = resources.files(survey.messages).joinpath("texts", f"{locale}.po")
    read = read_po(BytesIO(file.read_bytes()), locale=locale, abort_invalid=True)
    return {str(one.id): str(one.string) for one in read if one.id}


def language_of(locale: str) -> str:
    """Return the language of ``LOCALES`` that a reader of ``locale`` (BCP 47) gets."""
    language = locale.replace("_", "-").partition("-")[0].lower()
    return language if language in LOCALES else LOCALES[0]


def words_of(locale: str, key: str, **values: str) -> str:
    """Return one text in a language of ``LOCALES``, its placeholders filled."""
    return _filled(catalog_of(locale)[key], values)


def composed(message: Message) -> Letter:
    """Say what a message says, in its own words or in an office's.

    The link, what sponsors have to know, and the way to stop messages are always there.
    """
    locale = language_of(message.locale)
    own = message.words
    values = _values(message, locale)
    subject = own.subject if own else catalog_of(locale)[f"{message.kind}.subject"]
    is_test = message.kind == "test"
    return Letter(
        locale=locale,
        direction=_direction(message.locale),
        subject=" ".join(_filled(subject, values).splitlines())[:MOST_SUBJECT],
        paragraphs=(*_paragraphs(message, locale, values), *_on_record(message, locale)),
        button=None if is_test else words_of(locale, "button"),
        fallback=words_of(locale, "button.fallback"),
        link=message.link,
        notes=()
        if is_test
        else (words_of(locale, "personal"), words_of(locale, "why", campaign=message.campaign)),
        opt_out=message.opt_out,
        opt_out_label=words_of(locale, "opt_out"),
    )


def require_known_placeholders(words: OwnWords) -> None:
    """Check that every placeholder of own words can be filled.

    Raises
    ------
    FieldInvalid
        One is not known, or a brace stands alone.
    """
    known = ", ".join(f"{{{name}}}" for name in PLACEHOLDERS)
    for field, text in (("subject", words.subject), ("text", words.text)):
        try:
            parts = list(Formatter().parse(text))
        except ValueError:
            expected = "without a brace that stands alone; {{ and }} stand for one"
            raise FieldInvalid(field, text, expected=expected) from None
        for _, name, shape, conversion in parts:
            if name is not None and (name not in PLACEHOLDERS or shape or conversion):
                expected = f"with these placeholders at most: {known}"
                raise FieldInvalid(field, f"{{{name}}}", expected=expected)


def _paragraphs(message: Message, locale: str, values: Mapping[str, str]) -> Iterator[str]:
    if message.words is not None:
        for part in message.words.text.replace("\r\n", "\n").split("\n\n"):
            if part.strip():
                yield _filled(part.strip(), values)
        return
    if message.name:
        yield words_of(locale, "salutation", name=message.name)
    else:
        yield words_of(locale, "salutation.nameless")
    yield words_of(locale, f"{message.kind}.lead", title=message.title)
    if message.kind != "test":
        closes = [words_of(locale, "closes", closes=values["closes"])]
        until = closes if message.closes_at is not None else []
        yield " ".join([*until, words_of(locale, "pause")])
        yield words_of(locale, "protection")


def _on_record(message: Message, locale: str) -> Iterator[str]:
    if message.on_record:
        yield words_of(locale, "on_record")


def _values(message: Message, locale: str) -> dict[str, str]:
    ends = message.closes_at
    return {
        "name": message.name or "",
        "title": message.title,
        "campaign": message.campaign,
        "closes": words_of(locale, "closes.open") if ends is None else _moment(ends, locale),
    }


def _moment(moment: datetime, locale: str) -> str:
    shape = _FORMATS.get(locale, locale)
    day = format_date(moment, format="long", locale=shape)
    zone = moment.tzname()
    return f"{day}, {format_time(moment, format='short', locale=shape)} {zone}"


def _direction(locale: str) -> str:
    try:
        return str(Locale.parse(locale.replace("-", "_")).text_direction)
    except (UnknownLocaleError, ValueError):
        return "ltr"


def _filled(text: str, values: Mapping[str, str]) -> str:
    """Put values in the place of placeholders; `str.format` would read attributes, too."""
    said = []
    for literal, name, _, _ in Formatter().parse(text):
        said.append(literal)
        if name is not None:
            said.append(values[name])
    return "".join(said)
