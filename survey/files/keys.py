"""How keys are compared: unit codes, ids and addresses, as the people who read them would.

Two spellings are one key if they look alike. So a key is brought to one form:

1. Signs that show nothing are left out: zero-width spaces and joiners, the byte order mark,
   the soft hyphen, marks of direction, variation selectors (Default_Ignorable_Code_Point).
2. Full-width and half-width forms become ordinary ones; every kind of blank becomes a space.
3. What is left is normalised to NFC: an ``ü`` is the same from one code point or from two.
4. Blanks at both ends go.

NFC and not NFKC, because NFKC also merges what people tell apart, such as R² and R2. Width is
the one difference of compatibility that comes from a keyboard and not from a choice.

References
----------
.. [1] Unicode Standard Annex #15, Unicode Normalization Forms.
.. [2] RFC 8265, section 3.4, UsernameCasePreserved: width mapping, then NFC.
.. [3] RFC 8265, section 4.2, OpaqueString: every blank is a space.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping

import polars as pl

__all__ = ["canonical", "canonical_keys", "caseless", "known_spellings", "visible"]

# Default_Ignorable_Code_Point of Unicode 16, which Python's `re` does not know by its name.
_INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e"
    "\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufff8\U0001bca0-\U0001bca3"
    "\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
_WIDTHS = ("<wide>", "<narrow>")
_BLANK = "\u2800"  # the Braille pattern without dots, which shows as a blank
_BLANK_SHOWN = r"\x20"
_AS_IT_IS = r"^[!-~]*$"
"""Keys of printable ASCII without blanks, which nearly all are, have their form already."""


def canonical(text: str) -> str:
    """Return the one form of a key; its case is kept. Empty if nothing of it can be seen."""
    if text.isascii():
        return text.strip()
    shown = "".join(map(_of_usual_width, _INVISIBLE.sub("", text)))
    return unicodedata.normalize("NFC", shown).strip()


def caseless(text: str) -> str:
    """Return what unit codes and addresses are compared by: the form without its case."""
    return unicodedata.normalize("NFC", canonical(text).casefold())


def canonical_keys(texts: pl.Series) -> pl.Series:
    """Return the form of each key of a column (String); null if nothing of it can be seen."""
    odd = texts.filter(~texts.str.contains(_AS_IT_IS)).unique()
    forms = {text: canonical(text) or None for text in odd.drop_nulls()}
    return (
        texts.replace_strict(forms, default=texts, return_dtype=pl.String) if forms else texts
    )


def known_spellings(keys: Iterable[str], known: Iterable[str]) -> Mapping[str, str]:
    """Map each key to how it is spelled among known ones, if it is there but for its case.

    Parameters
    ----------
    keys, known : iterable of str
        Keys in any form. If two known ones differ in nothing but their case, the first counts;
        a key that is known exactly is itself.

    Returns
    -------
    mapping of str to str
        Only keys that are spelled otherwise.
    """
    exact = set(known)
    spellings: dict[str, str] = {}
    for one in known:
        spellings.setdefault(caseless(one), one)
    found = {key: spellings.get(caseless(key), key) for key in keys if key not in exact}
    return {key: spelling for key, spelling in found.items() if spelling != key}


def visible(text: str) -> str:
    r"""Return a spelling in which nothing hides.

    Signs without a shape, unusual blanks, blanks at the ends, and signs that look like others
    because they are not normalised are written as escapes: ``U013\u200b``, ``Zu\u0308rich``.
    """
    inner = text.strip(" ")
    lead = len(text) - len(text.lstrip(" "))
    tail = len(text) - len(inner) - lead
    is_composed = unicodedata.is_normalized("NFC", inner)
    shown = "".join(
        _escape(sign) if _hides(sign, is_composed=is_composed) else sign for sign in inner
    )
    return _BLANK_SHOWN * lead + shown + _BLANK_SHOWN * tail


def _of_usual_width(sign: str) -> str:
    if sign == _BLANK or unicodedata.category(sign) == "Zs":
        return " "
    kind, _, points = unicodedata.decomposition(sign).partition(" ")
    return chr(int(points, 16)) if kind in _WIDTHS else sign


def _hides(sign: str, *, is_composed: bool) -> bool:
    if _INVISIBLE.match(sign) or sign == _BLANK or not sign.isprintable():
        return True
    if is_composed:
        return False
    return unicodedata.combining(sign) > 0 or not unicodedata.is_normalized("NFC", sign)


def _escape(sign: str) -> str:
    return sign.encode("unicode_escape", errors="backslashreplace").decode("ascii")
