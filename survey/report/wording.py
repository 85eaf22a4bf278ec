"""Puts sentences into the reader's language: messages from catalogues, figures by Babel."""

from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from importlib import resources
from io import BytesIO
from string import Formatter
from typing import Literal

import msgspec
from babel import Locale, UnknownLocaleError
from babel.dates import format_date
from babel.lists import format_list
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal, format_percent
from babel.support import Translations

import survey.report
from survey.report.document import (
    Argument,
    Count,
    Listing,
    Number,
    Points,
    Probability,
    Range,
    Sentence,
    Share,
    Statement,
    Term,
    UnitName,
    Verbatim,
    say,
)
from survey.report.vocabulary import FALLBACK_LOCALE, Vocabulary

__all__ = [
    "LOCALES",
    "SPOKEN",
    "Topic",
    "Wording",
    "catalog",
    "language_name",
    "nearest_locale",
]

LOCALES = ("en", "de")
"""Languages of reports."""

Topic = Literal["report", "privacy", "letter"]
"""What a document is about: each topic has its catalogues, and languages of its own."""

SPOKEN: Mapping[Topic, tuple[str, ...]] = {
    "report": LOCALES,
    "privacy": (*LOCALES, "fr", "es"),
    "letter": (*LOCALES, "fr", "es"),
}
"""Languages in which every message of a topic exists."""

_FORMATS = {"en": "en_GB"}
"""How figures and lists are written if Babel does not know it."""

_SEPARATORS = {"comma": ", ", "semicolon": "; "}

_NEARLY_SURE = 0.95
"""Beyond that a probability depends on the theory being right."""


class Wording:
    """Says what a document holds in one language.

    Parameters
    ----------
    locale : str
        One of the languages of the topic.
    vocabulary : Vocabulary, or None
        Names of constructs, models, gates and the like; None if no sentence holds one.
    unit_names : mapping of str to str
        Names of units; a unit without one goes by its code. A name that several units have
        stands with the code.
    topic : {"report", "privacy", "letter"}
        Whose messages it says.
    """

    def __init__(
        self,
        locale: str,
        vocabulary: Vocabulary | None,
        unit_names: Mapping[str, str],
        *,
        topic: Topic = "report",
    ) -> None:
        self.locale = locale
        self._format = _FORMATS.get(locale, locale)
        self._vocabulary = vocabulary
        self._unit_names = _told_apart(unit_names)
        self._messages = _messages(locale, topic)

    def statement(self, statement: Statement) -> str:
        """Return the sentences of a statement, one after another."""
        return " ".join(map(self.text, statement.sentences))

    def moment(self, moment: datetime) -> str:
        """Return a day and a time with its time zone."""
        day = format_date(moment, "long", locale=self._format)
        zone = moment.tzname()
        return f"{day}, {moment:%H:%M} ({zone})"

    def text(self, argument: Argument) -> str:
        """Return a sentence, a figure or a name.

        Raises
        ------
        KeyError
            There is no such message, argument or name.
        """
        match argument:
            case Sentence():
                return self._sentence(argument)
            case Listing():
                return self._listing(argument)
            case Term() if self._vocabulary:
                return self._vocabulary.name(argument, self.locale)
            case Term():
                raise KeyError(argument.key)
            case UnitName(code):
                return self._unit_names.get(code, code)
            case Verbatim(text):
                return text
            case _:
                return self._figure(argument)

    def _figure(self, figure: Probability | Share | Points | Number | Count | Range) -> str:
        match figure:
            case Probability(share):
                return self._probability(share)
            case Share(share):
                return self._percent(share)
            case Points(value, signed, digits):
                return self._decimal(value, digits, signed=signed)
            case Number(value, digits, signed):
                return self._decimal(value, digits, signed=signed)
            case Count(count):
                return str(format_decimal(count, locale=self._format))
            case Range(low, high):
                return self._sentence(say("range", low=low, high=high))

    def _sentence(self, sentence: Sentence) -> str:
        message = self._message(sentence)
        said = []
        for literal, name, spec, _ in Formatter().parse(message):
            said.append(literal)
            if name is not None:
                said.append(self._shaped(sentence.arguments[name], spec or ""))
        return "".join(said)

    def _shaped(self, argument: Argument, shape: str) -> str:
        """Return an argument as a message wants it: ``{cause:inline}`` or ``{cause:start}``."""
        match argument:
            case Term() if shape == "inline":
                return _inline(self.text(argument))
            case Listing(items) if shape == "inline":
                inline = tuple(Verbatim(self._shaped(item, shape)) for item in items)
                return self._listing(msgspec.structs.replace(argument, items=inline))
            case _:
                text = self.text(argument)
                return text[:1].upper() + text[1:] if shape == "start" else text

    def _message(self, sentence: Sentence) -> str:
        match sentence.arguments.get("count"):
            case Count(count):
                message = self._messages.ungettext(sentence.key, sentence.key, count)
            case _:
                message = self._messages.ugettext(sentence.key)
        if message == sentence.key:
            raise KeyError(sentence.key)
        return str(message)

    def _probability(self, share: float) -> str:
        if share > _NEARLY_SURE:
            return self._sentence(say("figure.over", share=Share(_NEARLY_SURE)))
        if share < 1 - _NEARLY_SURE:
            return self._sentence(say("figure.under", share=Share(1 - _NEARLY_SURE)))
        return self._percent(share)

    def _percent(self, share: float) -> str:
        """Return whole per cents; a share that is not 0 or 1 does not read as if it were."""
        rounded = round(share, 2)
        if 0 < share < 1 and rounded in {0.0, 1.0}:
            bound, key = (0.01, "figure.under") if rounded == 0.0 else (0.99, "figure.over")
            return self._sentence(say(key, share=Share(bound)))
        return format_percent(rounded, locale=self._format)

    def _decimal(self, value: float, digits: int, *, signed: bool) -> str:
        """Return a number, with its sign if wanted; nothing reads as minus zero."""
        plain = "#,##0" + ("." + "0" * digits if digits else "")
        rounded = round(value, digits) + 0.0
        pattern = f"+{plain};-{plain}" if signed and rounded else plain
        return format_decimal(rounded, format=pattern, locale=self._format)

    def _listing(self, listing: Listing) -> str:
        texts = list(map(self.text, listing.items))
        most = len(texts) if listing.most is None else listing.most
        shown, more = texts[:most], len(texts) - most
        if more > 0:
            listed = ", ".join(shown)
            return self._sentence(say("list.more", listed=Verbatim(listed), count=Count(more)))
        if listing.joined in _SEPARATORS:
            return _SEPARATORS[listing.joined].join(shown)
        if listing.joined == "or":
            return format_list(shown, style="or", locale=self._format)
        return format_list(shown, locale=self._format)


def _told_apart(names: Mapping[str, str]) -> dict[str, str]:
    """Return names of units, each with its code if several units have the name."""
    count = Counter(names.values())
    return {
        code: f"{name} ({code})" if count[name] > 1 else name for code, name in names.items()
    }


def _inline(text: str) -> str:
    """Return a name as it stands within a sentence: small, unless it is an abbreviation."""
    word = text.split(maxsplit=1)[0] if text.split() else ""
    return text if any(letter.isupper() for letter in word[1:]) else text[:1].lower() + text[1:]


@cache
def catalog(locale: str, topic: Topic = "report") -> Catalog:
    """Read the messages of a topic in one of its languages."""
    folder = ("texts",) if topic == "report" else ("texts", topic)
    file = resources.files(survey.report).joinpath(*folder, f"{locale}.po")
    return read_po(BytesIO(file.read_bytes()), locale=locale, abort_invalid=True)


@cache
def _messages(locale: str, topic: Topic) -> Translations:
    compiled = BytesIO()
    write_mo(compiled, catalog(locale, topic))
    compiled.seek(0)
    return Translations(compiled)


def nearest_locale(wanted: str, topic: Topic = "report") -> tuple[str, bool]:
    """Return the language nearest to the one wanted, and whether it is that language.

    Parameters
    ----------
    wanted : str
        BCP 47, or with an underscore; ``de-AT`` finds ``de``.
    topic : {"report", "privacy", "letter"}
        Among whose languages.

    Raises
    ------
    ValueError
        It is no language tag at all.
    """
    try:
        language = Locale.parse(wanted.replace("-", "_")).language
    except UnknownLocaleError as error:
        raise ValueError(str(error)) from error
    return (language, True) if language in SPOKEN[topic] else (FALLBACK_LOCALE, False)


def language_name(wanted: str) -> str:
    """Return what a language is called in English."""
    return str(Locale.parse(wanted.replace("-", "_")).get_language_name("en"))
