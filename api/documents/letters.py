"""Letters with personal links, one page each, as a PDF; and the codes on them.

What people wrote reaches the page as data, so that nothing in it is read as markup. typst has
fonts of its own; the machine's are not asked, so that the same letters are the same bytes.
"""

import unicodedata
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from functools import cache
from importlib import resources
from io import BytesIO
from typing import Any, Literal, NamedTuple

import msgspec
import segno

import api.documents
from survey.campaigns.links import LetterMaterial, PersonalLink
from survey.errors import Invalid, Unavailable
from survey.report.letter import LetterFacts, letter
from survey.report.vocabulary import FALLBACK_LOCALE
from survey.report.wording import Wording, nearest_locale

__all__ = [
    "DocumentsNotInstalled",
    "LetterSheet",
    "NotPrintable",
    "Paper",
    "PrintedLetters",
    "code_svg",
    "print_letters",
    "printed_letters",
    "require_documents",
]

Paper = Literal["a4", "letter"]
_PAPERS = {"a4": "a4", "letter": "us-letter"}
_MASK = 2
_MOST_NAME, _MOST_COMPANY, _MOST_TITLE = 70, 120, 160
"""Characters; longer texts are cut, so that every letter is one page."""
_LINE = 52
"""Characters of an address that fit a line beside the code."""
_STANDARD = "ua-1"
"""PDF/UA: a screen reader can read the letter, and a character without a shape is an error."""
_REMEMBERED = 12
"""Documents after which typst forgets what it has set: ten, and a few for good measure."""
_PROBE = b"#set document(title: [x])\n#sys.inputs.text"


class DocumentsNotInstalled(Unavailable):
    """The part of the program that makes PDF documents is not installed on this server."""

    code = "documents-not-installed"

    def __init__(self) -> None:
        super().__init__(
            "Letters need the extra `documents`: install opmodel[documents] on this server."
        )


class NotPrintable(Invalid):
    """No font of the program has a character that every letter would show."""

    code = "letters-not-printable"

    def __init__(self, what: str, characters: str) -> None:
        super().__init__(
            f"Letters cannot be printed: no font here has these characters of {what}: "
            f"{characters}. Export the links and use another program.",
            characters=characters,
        )


class LetterSheet(msgspec.Struct, frozen=True, kw_only=True):
    """What all letters of one file have in common."""

    facts: LetterFacts
    titles: dict[str, str]
    """Title of the survey by language, the default first."""
    dated: datetime
    """Stands in the file as the time of its making, UTC; the same gives the same bytes."""
    paper: Paper = "a4"

    @classmethod
    def of(cls, material: LetterMaterial, paper: Paper) -> "LetterSheet":
        """Return what the letters of a campaign have in common."""
        return cls(
            facts=material.facts, titles=material.titles, dated=material.opened_at, paper=paper
        )


class PrintedLetters(NamedTuple):
    """A PDF, and how many of its letters call a person by their id."""

    pdf: bytes
    nameless: int
    """No font here has all characters of their names."""


def require_documents() -> Any:
    """Return the module that sets documents.

    Raises
    ------
    DocumentsNotInstalled
        The extra ``documents`` is not installed.
    """
    try:
        import typst  # noqa: PLC0415 - 85 MB that only letters need
    except ImportError:
        raise DocumentsNotInstalled from None
    return typst


def print_letters(sheet: LetterSheet, links: Sequence[PersonalLink]) -> PrintedLetters:
    """Return one page per link; takes seconds and some hundred MB for a thousand.

    Parameters
    ----------
    sheet : LetterSheet
        What they have in common.
    links : sequence of PersonalLink
        One letter each, in this order.

    Raises
    ------
    DocumentsNotInstalled
        The extra ``documents`` is not installed.
    NotPrintable
        The organisation, the title of the survey or the contact cannot be printed.
    """
    typst = require_documents()
    sheet = _checked(sheet)
    letters = [_letter(sheet, link) for link in links]
    given = {
        "title": next(iter(sheet.titles.values())),
        "organisation": sheet.facts.organisation,
        "paper": _PAPERS[sheet.paper],
        "letters": letters,
    }
    pdf = typst.compile(
        resources.files(api.documents).joinpath("letters.typ").read_bytes(),
        format="pdf",
        sys_inputs={"letters": msgspec.json.encode(given).decode()},
        ignore_system_fonts=True,
        pdf_standards=_STANDARD,
        timestamp=int(sheet.dated.timestamp()),
    )
    # It would hold the pages of ten files, 300 MB for each thousand letters.
    for _ in range(_REMEMBERED):
        typst.compile(_PROBE, sys_inputs={"text": ""}, ignore_system_fonts=True)
    return PrintedLetters(pdf, sum(one["name"] is None for one in letters))


async def printed_letters(sheet: LetterSheet, links: Sequence[PersonalLink]) -> PrintedLetters:
    """Return what `print_letters` does; as work for a process apart."""
    return print_letters(sheet, links)


def code_svg(link: str, *, bare: bool = False) -> bytes:
    """Return the QR code of a link as an SVG image of dark squares, which scales to any size.

    Parameters
    ----------
    bare : bool
        Leave out the border that a reader needs; the page around it is white.
    """
    # Tokens are random, so that no mask is worse than another: choosing one takes most time.
    code = segno.make_qr(link, error="m", mask=_MASK)
    written = BytesIO()
    code.save(
        written, kind="svg", border=0 if bare else 4, xmldecl=False, nl=False, omitsize=True
    )
    return written.getvalue()


def _checked(sheet: LetterSheet) -> LetterSheet:
    """Return what letters have in common as it is printed."""
    facts = sheet.facts
    contact = facts.contact and _required(facts.contact, "the contact", most=_MOST_TITLE)
    facts = replace(
        facts,
        organisation=_required(
            facts.organisation, "the organisation's name", most=_MOST_COMPANY
        ),
        contact=contact,
    )
    titles = {
        locale: _required(title, "the survey's title", most=_MOST_TITLE)
        for locale, title in sheet.titles.items()
    }
    return msgspec.structs.replace(sheet, facts=facts, titles=titles)


def _letter(sheet: LetterSheet, link: PersonalLink) -> dict[str, Any]:
    locale, _ = _nearest(link.locale)
    name = _printable(link.name)
    words = letter(sheet.facts, _wording(locale), name=name, role=link.role)
    return msgspec.structs.asdict(words) | {
        "locale": locale,
        "title": sheet.titles.get(locale, next(iter(sheet.titles.values()))),
        "name": name,
        "unit": _printable(link.unit_name) or _printable(link.unit) or "",
        "number": _printable(link.external_id) or "",
        "address": _lines(link.link),
        "svg": code_svg(link.link, bare=True).decode(),
    }


def _nearest(wanted: str | None) -> tuple[str, bool]:
    try:
        return nearest_locale(wanted or FALLBACK_LOCALE, "letter")
    except ValueError:
        return FALLBACK_LOCALE, False


@cache
def _wording(locale: str) -> Wording:
    return Wording(locale, None, {}, topic="letter")


def _lines(link: str) -> list[str]:
    """Return an address in lines; the token, which has no good place to break, begins one."""
    base, _, token = link.rpartition("/")
    return [
        part[start : start + _LINE]
        for part in (f"{base}/", token)
        for start in range(0, len(part), _LINE)
    ]


def _required(text: str, what: str, *, most: int) -> str:
    printable = _printable(text, most=most)
    if printable is None:
        lacking = {one for one in _plain(text) if not _has_shape(one)}
        raise NotPrintable(what, "".join(sorted(lacking)))
    return printable


def _printable(text: str, *, most: int = _MOST_NAME) -> str | None:
    """Return a text as one line; None if a font lacks a character, which would be a box."""
    plain = _plain(text)
    if not all(map(_has_shape, set(plain))):
        return None
    return plain if len(plain) <= most else f"{plain[: most - 1]}…"


def _plain(text: str) -> str:
    """Return a text as one line without characters that show nothing or turn others around."""
    spaced = " ".join(unicodedata.normalize("NFC", text).split())
    return "".join(one for one in spaced if not unicodedata.category(one).startswith("C"))


@cache
def _has_shape(character: str) -> bool:
    """Tell whether a font of typst has a character; it is asked once for each."""
    if character.isascii():
        return True
    if unicodedata.east_asian_width(character) in {"W", "F"}:
        return False
    typst = require_documents()
    try:
        typst.compile(
            _PROBE,
            sys_inputs={"text": character},
            ignore_system_fonts=True,
            pdf_standards=_STANDARD,
        )
    except typst.TypstError:
        return False
    return True
