"""The page that stops messages: opened from a mail, or pressed by a mail program (RFC 8058).

Scanners open every link of a mail, so that opening changes nothing: only a POST does. A mail
program posts without a cookie or a token of a session; the signed id is all the proof there is.
"""

from functools import cache
from importlib import resources
from typing import Annotated, Any

from jinja2 import Environment, StrictUndefined, Template
from litestar import Controller, MediaType, Request, Response, get, post
from litestar.params import PathParameter

import api.documents
from api.http.services import services_of
from survey.messages import opting_out
from survey.messages.wording import language_of, words_of

__all__ = ["OptingOutController"]

MOST_CHARACTERS = 100

SignedId = Annotated[
    str,
    PathParameter(
        name="signed", description="Signed id of an invitation.", max_length=MOST_CHARACTERS
    ),
]


class OptingOutController(Controller):
    """Ask whether messages are to stop, and stop them."""

    path = "/o"
    include_in_schema = False

    @get("/{signed:str}", media_type=MediaType.HTML)
    async def ask(self, request: Request[Any, Any, Any], signed: SignedId) -> Response[str]:
        """Show a page with one button; nothing happens before it is pressed."""
        locale = await opting_out.opt_out_locale(
            signed, server_key=services_of(request).server_key
        )
        return _page(locale, "opt_out.question", asks=True)

    @post("/{signed:str}", status_code=200, media_type=MediaType.HTML)
    async def stop(self, request: Request[Any, Any, Any], signed: SignedId) -> Response[str]:
        """Stop the messages; the same answer whether they had been stopped before."""
        server_key = services_of(request).server_key
        await opting_out.opt_out(signed, server_key=server_key)
        locale = await opting_out.opt_out_locale(signed, server_key=server_key)
        return _page(locale, "opt_out.done", asks=False)


def _page(wanted: str | None, text: str, *, asks: bool) -> Response[str]:
    locale = language_of(wanted or "")
    html = _template().render(
        locale=locale,
        title=words_of(locale, "opt_out.title"),
        text=words_of(locale, text),
        button=words_of(locale, "opt_out.button"),
        asks=asks,
    )
    headers = {"X-Robots-Tag": "noindex"}
    return Response(html, media_type="text/html; charset=utf-8", headers=headers)


@cache
def _template() -> Template:
    source = resources.files(api.documents).joinpath("opting_out.html").read_text("utf-8")
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True)
    return environment.from_string(source)
