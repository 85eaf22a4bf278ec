"""The words by which people and HR tools say roles, functions, languages, and who is active.

Only words with one meaning stand here. "Executive" is no word for a sponsor, because a sponsor
answers on the record; "sales" is none for a function, because companies sort it differently;
and "on leave" tells nobody whether to invite the person.
"""

from collections.abc import Mapping

import polars as pl

__all__ = [
    "ACTIVE_WORDS",
    "FUNCTION_WORDS",
    "LANGUAGE_WORDS",
    "LEAVER_WORDS",
    "ROLE_WORDS",
    "YES_AND_NO",
    "folded",
]


def folded(text: pl.Expr) -> pl.Expr:
    """Return words without case, with one blank for blanks, hyphens and underscores."""
    return text.str.to_lowercase().str.replace_all(r"[\s_\-]+", " ").str.strip_chars()


def _listed(words: str) -> frozenset[str]:
    """Return words that stand between commas."""
    return frozenset(words.split(", ")) - {""}


def _sorted(words: Mapping[str, str]) -> dict[str, str]:
    """Map each of the words between commas to its meaning, and each meaning to itself."""
    listed = {word: meaning for meaning, some in words.items() for word in _listed(some)}
    return listed | {meaning: meaning for meaning in words}


ROLE_WORDS = _sorted(
    {
        "sponsor": "executive sponsor, sponsors",
        "manager": "managers, people manager, line manager, people leader, supervisor, "
        "führungskraft",
        "contributor": "contributors, individual contributor, ic, non manager, employee, "
        "mitarbeiter, mitarbeiterin",
    }
)

FUNCTION_WORDS = _sorted(
    {
        "business": "",
        "it": "information technology, ict, information & communication technology",
        "data": "data & analytics, data and analytics, data science, analytics",
        "risk": "risk management, risk & compliance, risk and compliance",
        "other": "others, sonstige",
    }
)

LANGUAGE_WORDS = _sorted(
    {
        "cs": "czech, čeština",
        "da": "danish, dansk",
        "de": "german, deutsch",
        "en": "english, englisch",
        "es": "spanish, español",
        "fi": "finnish, suomi",
        "fr": "french, français, französisch",
        "it": "italian, italiano, italienisch",
        "ja": "japanese, 日本語",
        "ko": "korean, 한국어",
        "nb": "norwegian bokmål",
        "nl": "dutch, nederlands",
        "pl": "polish, polski",
        "pt": "portuguese, português",
        "sv": "swedish, svenska",
        "tr": "turkish, türkçe",
        "zh": "chinese, 中文",
    }
)

YES_AND_NO: dict[str, bool] = dict.fromkeys(("yes", "y", "true", "1", "1.0", "ja"), True) | (
    dict.fromkeys(("no", "n", "false", "0", "0.0", "nein"), False)
)

LEAVER_WORDS = _listed(
    "inactive, inaktiv, inactif, inactivo, inattivo, not active, terminated, leaver, left, "
    "left company, exited, departed, resigned, retired, dismissed, deceased, offboarded, "
    "separated, former, former employee, no longer employed, disabled, deactivated, "
    "gekündigt, ausgeschieden, ausgetreten, ehemalig"
)
"""Words that mark somebody who is not to be invited, under whatever name of a column."""

_WORKING = _listed(
    "active, aktiv, actif, activo, attivo, employed, working, current, enabled, full time, "
    "part time, permanent, temporary, fixed term, contractor, contract, intern, apprentice, "
    "regular, hired"
)

ACTIVE_WORDS: Mapping[str, bool] = (
    YES_AND_NO | dict.fromkeys(_WORKING, True) | dict.fromkeys(LEAVER_WORDS, False)
)
"""What people write to say whether somebody is to be invited."""
