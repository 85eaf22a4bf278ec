"""Which of the languages that exist is nearest to those that somebody wants."""

from collections.abc import Iterable, Sequence

from babel import Locale, UnknownLocaleError
from babel.core import get_global

__all__ = ["direction_of", "nearest_language"]


def nearest_language(wanted: Iterable[str | None], available: Sequence[str]) -> str | None:
    """Return the language to use; None if none of them exists.

    Parameters
    ----------
    wanted : iterable of str or None
        BCP 47 or with underscores, the most wanted first; what is no language is passed over.
    available : sequence of str
        BCP 47; of several that fit equally well, the first is taken.

    Notes
    -----
    Babel's ``negotiate_locale`` compares names: it finds no ``pt_BR`` for ``pt-BR``, and no
    ``zh-Hant`` for ``zh-TW``. Here a name fits best, then the same language and country, then
    the same language and script. A text in another script helps nobody.
    """
    known = {one: _parsed(one) for one in available}
    for name in wanted:
        seeking = _parsed(name) if name else None
        if seeking is None:
            continue
        ranks = {one: _rank(seeking, locale) for one, locale in known.items() if locale}
        best = max(ranks.values(), default=0)
        if best:
            return next(one for one, rank in ranks.items() if rank == best)
    return None


def direction_of(language: str) -> str:
    """Return ``rtl`` for a language that is written from right to left, else ``ltr``."""
    locale = _parsed(language)
    return str(locale.text_direction) if locale else "ltr"


def _parsed(name: str) -> Locale | None:
    try:
        return Locale.parse(name.replace("-", "_"))
    except (UnknownLocaleError, ValueError, TypeError):
        # A country or a script that nobody knows must not hide the language.
        shorter = name.replace("-", "_").rpartition("_")[0]
        return _parsed(shorter) if shorter else None


def _rank(wanted: Locale, one: Locale) -> int:
    """Return 0 if a reader of one cannot read the other, and more the nearer they are."""
    if wanted.language != one.language or _script(wanted) != _script(one):
        return 0
    if wanted == one:
        return 4
    if wanted.territory and wanted.territory == one.territory:
        return 3
    return 2 if one.territory is None else 1


def _script(locale: Locale) -> str | None:
    """Return the script, by default that of the language."""
    if locale.script:
        return str(locale.script)
    likely = get_global("likely_subtags").get(locale.language, "")
    return likely.split("_")[1] if "_" in likely else None
