"""Addresses of e-mail: checked, and cleaned if only one reading is left.

Directories and spreadsheets decorate addresses: ``mailto:``, angle brackets behind a name,
quotes, a full stop, signs of no width, a typographic apostrophe. Mail to such an address never
arrives. What decorates is removed; what can be read in two ways is refused.

References
----------
.. [1] RFC 5322, section 3.4: a name and an address in angle brackets.
.. [2] RFC 6068: ``mailto:``.
.. [3] RFC 6761: names of special use, of which test and local ones are allowed here.
.. [4] Unicode Technical Standard #39, section 5.1: scripts that are mistaken for each other.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import unquote

import email_validator

from survey.files.keys import canonical

__all__ = ["AddressUnclear", "Addresses", "address_key", "read_address", "read_addresses"]

EXPECTED = "an e-mail address, such as kim@example.com"

_MEANT = str.maketrans(
    {"\ufe6b": "@", "\u3002": ".", "\ufb00": "ff", "\ufb01": "fi", "\ufb02": "fl"}
    | dict.fromkeys("‘’‛′´", "'")
    | dict.fromkeys("“”„‟«»″", '"')
    | dict.fromkeys("‐‑‒–—−", "-")
)
"""Signs that word processors and other keyboards put in the place of those of an address."""
_BEFORE = " \t\r\n\"'`,;:="
_AFTER = " \t\r\n\"'`,;:.!?"
_SCHEME = re.compile(r"^(mailto|smtp|e-?mail)\s*:", re.IGNORECASE)
_BRACKETED = re.compile(r"[<(\[]([^<>()\[\]]*)[>)\]]?")
_BRACKET = re.compile(r"[<>()\[\]]")
_CUT = "\0"  # where something in brackets was; no address holds it
_BETWEEN = re.compile(r"[\s;,/|]+")
_AROUND_AT = re.compile(r"\s+@\s*|@\s+")
_PLAIN = re.compile(r"^[A-Za-z0-9_+-]+(\.[A-Za-z0-9_+-]+)*$")
"""Parts before an @ that nobody can object to, if they are not too long."""
_LONGEST_LOCAL = 64
_LONGEST = 254
_LONGEST_TEXT = 1_000
"""Characters of a cell with a name and signs around an address; to search takes time."""
_MISTAKEN = ("LATIN", "CYRILLIC", "GREEK")
"""Scripts with letters that look alike; nobody writes one word in two of them."""

_ALLOWED_HERE = {"local", "localhost"}
# A company's own network has such names; the list is the library's documented setting.
email_validator.SPECIAL_USE_DOMAIN_NAMES[:] = [
    name for name in email_validator.SPECIAL_USE_DOMAIN_NAMES if name not in _ALLOWED_HERE
]


class AddressUnclear(ValueError):  # noqa: N818 - an error is named for what happened
    """A text is no address, or could be several.

    Its text says what is wrong, as the end of a sentence.
    """


class Addresses(NamedTuple):
    """What the texts of a column are."""

    read: Mapping[str, str]
    """Each text that is an address, to the address."""
    unclear: Mapping[str, str]
    """Each other text, to what is wrong with it."""


def read_addresses(texts: Iterable[str]) -> Addresses:
    """Read each text once; none of them stops the others."""
    read: dict[str, str] = {}
    unclear: dict[str, str] = {}
    for text in texts:
        try:
            read[text] = read_address(text)
        except AddressUnclear as wrong:
            unclear[text] = str(wrong)
    return Addresses(read, unclear)


def read_address(text: str) -> str:
    """Return the address that a text holds, as mail is sent to it.

    The domain is in lower case and in the letters of its language; the part before the @ keeps
    its case. Reading an address again gives the same address.

    Raises
    ------
    AddressUnclear
        There is no address, there are several, or it cannot be one.
    """
    if len(text) > _LONGEST_TEXT:
        msg = f"it is too long: {len(text)} characters"
        raise AddressUnclear(msg)
    plain = text if text.isascii() else canonical(text.translate(_MEANT)).translate(_MEANT)
    address = _only_one(_undecorated(canonical(plain)))
    if not address.isascii():
        _require_one_script(address)
    local, _, domain = address.rpartition("@")
    if _PLAIN.match(local) and len(local) <= _LONGEST_LOCAL and len(address) <= _LONGEST:
        return f"{local}@{_domain_of(domain)}"
    return _validated(address)


def _validated(address: str) -> str:
    try:
        return email_validator.validate_email(
            address,
            check_deliverability=False,
            test_environment=True,  # allows the domain .test
            globally_deliverable=False,  # allows kim@localhost
            strict=True,
        ).normalized
    except email_validator.EmailNotValidError as error:
        raise AddressUnclear(_as_clause(str(error))) from error


@lru_cache(maxsize=10_000)
def _domain_of(domain: str) -> str:
    """Check a domain once: a company has few, and the check takes most of the time."""
    return _validated(f"x@{domain}").removeprefix("x@")


def address_key(address: str) -> str:
    """Return what two addresses are compared by: the same letters, whatever their case."""
    return unicodedata.normalize("NFC", canonical(address).lower())


def _undecorated(text: str) -> str:
    """Return the text without signs and schemes around it."""
    bare = text.lstrip(_BEFORE).rstrip(_AFTER)
    scheme = _SCHEME.match(bare)
    if not scheme:
        return bare
    inner = bare[scheme.end() :]
    is_link = scheme[1].lower() == "mailto"
    return _undecorated(canonical(unquote(inner.partition("?")[0])) if is_link else inner)


def _only_one(text: str) -> str:
    """Return the address that is in brackets behind a name, or has a remark in brackets.

    Raises
    ------
    AddressUnclear
        There are different addresses.
    """
    if text.count("@") == 1 and not _BRACKET.search(text) and not _AROUND_AT.search(text):
        return text
    beside = _BRACKETED.sub(_CUT, text).strip(f"{_CUT}{_BEFORE}{_AFTER}>)]")
    parts = [part for part in (*_BRACKETED.findall(text), beside) if "@" in part]
    pieces = [piece for part in parts for piece in _pieces(part)]
    found = {address_key(bare): bare for bare in map(_undecorated, pieces)}
    if len(found) > 1:
        words = [
            word for bare in found.values() for word in _BETWEEN.split(bare) if "@" in word
        ]
        msg = f"there are {len(found)}: {' and '.join(words)}"
        raise AddressUnclear(msg)
    return next(iter(found.values()), text)


def _pieces(part: str) -> list[str]:
    joined = _AROUND_AT.sub("@", part)
    if joined.count("@") == 1:
        return [joined]
    return [piece for piece in _BETWEEN.split(joined) if "@" in piece]


def _require_one_script(address: str) -> None:
    """Refuse a word in two scripts that look alike; mail goes to somebody else or nowhere."""
    for word in re.split(r"[@.]", address):
        scripts = {
            script
            for sign in word
            if sign.isalpha()
            for script in _MISTAKEN
            if unicodedata.name(sign, "").startswith(script)
        }
        if len(scripts) > 1:
            named = " and ".join(sorted(script.capitalize() for script in scripts))
            msg = f"{word!a} mixes {named} letters, which look alike"
            raise AddressUnclear(msg)


def _as_clause(sentence: str) -> str:
    return sentence[:1].lower() + sentence[1:].rstrip(".")
