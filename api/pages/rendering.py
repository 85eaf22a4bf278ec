"""Pages as bytes: templates, the addresses within them, and the headers that protect them."""

import hashlib
from collections.abc import Mapping, Sequence
from functools import cache
from importlib import resources
from typing import Any
from urllib.parse import urlencode

import msgspec
from jinja2 import Environment, PackageLoader, StrictUndefined
from litestar import Response
from litestar.datastructures import Cookie

import api.pages
from api.pages.wording import Words, language_name, words_beside
from survey.capture.languages import direction_of

__all__ = ["ASSETS", "Frame", "Problem", "asset", "page", "rendered", "tongues"]

ASSETS = "/form-assets"
"""Address of what the pages need besides their HTML; it names no invitation."""
_FILES = {"form.css": "text/css", "form.js": "text/javascript"}
_STEP_BYTES = 4_096
_HTML = "text/html"
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src data:; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors {}"
)


class Frame(msgspec.Struct, frozen=True, kw_only=True):
    """What every address of one visit carries along."""

    base: str
    ticket: str = ""
    chosen: str | None = None
    """Language that the person has chosen."""
    embedded: bool = False
    code: str = ""
    """Resume code to show; empty if the link alone resumes."""
    preview: Any = None
    """What the bar over a preview says; None if this is none."""
    more: tuple[tuple[str, str], ...] = ()

    def address(
        self, screen: str | None = None, chosen: str | None = None, *, newer: bool = False
    ) -> str:
        """Return the address of a screen, or of the opening page."""
        query = [*self.more]
        if screen:
            query += [("page", screen), ("s", self.ticket)]
        if language := chosen or self.chosen:
            query.append(("lang", language))
        if self.embedded:
            query.append(("embed", "1"))
        if newer:
            query.append(("newer", "1"))
        return f"{self.base}?{urlencode(query)}" if query else self.base

    @property
    def save(self) -> str:
        """Return where the script saves."""
        return f"{self.base}/save"

    @property
    def alone(self) -> str:
        """Return the address of the opening page outside the page that embeds it."""
        return msgspec.structs.replace(self, embedded=False).address()


class Problem(msgspec.Struct, frozen=True, kw_only=True):
    """Something that is wrong with what was sent, in words."""

    text: str
    field: str = ""
    """Id of the element where it stands; empty if it concerns the whole page."""
    link: str = ""
    """Address of that element; empty if there is none."""


def tongues(locales: Sequence[str]) -> list[tuple[str, str]]:
    """Return languages with what each calls itself."""
    return [(locale, language_name(locale)) for locale in locales]


def rendered(
    template: str,
    *,
    language: str,
    title: str,
    problems: Sequence[Problem] = (),
    preview: Any = None,
    **context: Any,
) -> str:
    """Return a page as HTML.

    Parameters
    ----------
    template : str
        Name of its template.
    language : str
        Of the texts that are not ours, which the page as a whole takes.
    title : str
        Of the page, without markup.
    problems : sequence of Problem
        Shown first, and the focus goes there.
    preview
        What the bar over a preview says; None if this is none.
    context
        What else the template shows.
    """
    words: Words = words_beside(language)
    return (
        _templates()
        .get_template(template)
        .render(
            say=words,
            language=language,
            direction=direction_of(language),
            title=title,
            problems=problems,
            problem_of={one.field: one.text for one in problems if one.field},
            preview=preview,
            assets=_addresses(),
            **context,
        )
    )


def page(
    html: str,
    *,
    status: int = 200,
    embed_origins: Sequence[str] = (),
    cookies: Sequence[Cookie] = (),
    headers: Mapping[str, str] | None = None,
) -> Response[bytes]:
    """Return the answer that brings a page.

    Its length is a multiple of 4 096 bytes: a proxy sees it, and it would tell how many
    statements have an answer.

    Parameters
    ----------
    embed_origins : sequence of str
        Whose pages may show this one inside them.
    """
    plain = html.encode()
    padded = plain.ljust(-(-len(plain) // _STEP_BYTES) * _STEP_BYTES, b"\n")
    ancestors = " ".join(embed_origins) or "'none'"
    return Response(
        padded,
        status_code=status,
        media_type=_HTML,
        cookies=[*cookies],
        headers={
            "Content-Security-Policy": _POLICY.format(ancestors),
            # No other site gets the address. Not no-referrer: a form would say "Origin: null".
            "Referrer-Policy": "same-origin",
            "Cache-Control": "no-store",
            **(headers or {}),
        },
    )


def asset(name: str) -> tuple[bytes, str] | None:
    """Return a file by the name that the pages use, and its media type."""
    for plain, address in _addresses().items():
        if address == f"{ASSETS}/{name}":
            return _file(plain), _FILES[plain]
    return None


@cache
def _addresses() -> dict[str, str]:
    """Return the address of each file; it changes with the contents, so that it may be kept."""
    found = {}
    for name in _FILES:
        stem, _, ending = name.partition(".")
        digest = hashlib.sha256(_file(name)).hexdigest()[:16]
        found[name] = f"{ASSETS}/{stem}.{digest}.{ending}"
    return found


@cache
def _file(name: str) -> bytes:
    return resources.files(api.pages).joinpath("assets", name).read_bytes()


@cache
def _templates() -> Environment:
    return Environment(
        loader=PackageLoader("api.pages"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
