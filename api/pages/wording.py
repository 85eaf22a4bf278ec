"""The words of the pages in one language, safe to put into HTML."""

from collections.abc import Mapping
from datetime import datetime
from functools import cache
from importlib import resources
from io import BytesIO

from babel.core import Locale
from babel.dates import format_date, format_time
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal
from babel.support import Translations
from markupsafe import Markup, escape

import api.pages
from survey.capture.languages import direction_of, nearest_language

__all__ = ["LANGUAGES", "Words", "catalogue", "language_name", "words_beside"]

LANGUAGES = ("en", "de", "fr", "es")
"""Languages of the pages; the first one stands in for all others."""

_FORMATS = {"en": "en_GB"}
"""How moments are written if Babel does not know it."""
_ISOLATED = Markup("<bdi>{}</bdi>")
_FOREIGN = Markup('<span lang="{}" dir="{}">{}</span>')


class Words:
    """Says what the pages say.

    Parameters
    ----------
    language : str
        One of ``LANGUAGES``.
    page : str
        Language of the page around the words; if it is another, each text is marked as foreign.
    """

    def __init__(self, language: str, page: str) -> None:
        self.language = language
        self._foreign = nearest_language([page], [language]) is None
        self._messages = _messages(language)

    def __call__(self, key: str, **arguments: object) -> Markup:
        """Return a text for HTML. Arguments are escaped, and kept apart by ``<bdi>``.

        Parameters
        ----------
        key : str
            Of the message; never a text that somebody else has written.
        arguments
            Fill the placeholders; ``count`` also chooses between singular and plural.

        Raises
        ------
        KeyError
            There is no such message, or it has another placeholder.
        """
        shown = {name: self._shown(value) for name, value in arguments.items()}
        text = escape(self._message(key, arguments)).format(**shown)
        if not self._foreign:
            return text
        return _FOREIGN.format(self.language, direction_of(self.language), text)

    def plain(self, key: str, **arguments: object) -> str:
        """Return a text without any markup, for titles and attributes."""
        figures = {
            name: self._figure(value) if isinstance(value, int) else value
            for name, value in arguments.items()
        }
        return self._message(key, arguments).format(**figures)

    def moment(self, moment: datetime) -> str:
        """Return a day and a time of day with its time zone."""
        form = _FORMATS.get(self.language, self.language)
        day = format_date(moment, format="long", locale=form)
        time = format_time(moment, format="short", locale=form)
        zone = moment.tzname()
        return self.plain("moment", day=day, time=time, zone=zone)

    def _shown(self, value: object) -> object:
        """Write figures as people do, and keep texts from reordering what is around them."""
        if isinstance(value, int):
            return self._figure(value)
        return _ISOLATED.format(value) if isinstance(value, str) else value

    def _figure(self, value: int) -> str:
        form = _FORMATS.get(self.language, self.language)
        return str(format_decimal(value, locale=form))

    def _message(self, key: str, arguments: Mapping[str, object]) -> str:
        match arguments.get("count"):
            case int() as count:
                message = self._messages.ungettext(key, key, count)
            case _:
                message = self._messages.ugettext(key)
        if message == key:
            raise KeyError(key)
        return str(message)


def words_beside(page: str) -> Words:
    """Return the words that go best with a text in some language."""
    return Words(nearest_language([page], LANGUAGES) or LANGUAGES[0], page)


def language_name(language: str) -> str:
    """Return what a language calls itself."""
    locale = Locale.parse(language.replace("-", "_"))
    name = str(locale.get_display_name(locale) or language)
    return name[:1].upper() + name[1:]


@cache
def catalogue(language: str) -> Catalog:
    """Read the messages of a language, one of ``LANGUAGES``."""
    file = resources.files(api.pages).joinpath("texts", f"{language}.po")
    return read_po(BytesIO(file.read_bytes()), locale=language, abort_invalid=True)


@cache
def _messages(language: str) -> Translations:
    compiled = BytesIO()
    write_mo(compiled, catalogue(language))
    compiled.seek(0)
    return Translations(compiled)
