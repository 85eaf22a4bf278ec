"""People who answer on the pages of the form, as a browser without scripts sends them."""

from collections.abc import Mapping
from html.parser import HTMLParser

import httpx

from seed.demo.answers import DemoAnswers

__all__ = ["answer_on_pages"]

_CANT_SAY = "x"


class _Form(HTMLParser):
    """The form of a page: where it leads, its fields, and what can be chosen and written."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.action = ""
        self.fields: dict[str, str] = {}
        self.asked: set[str] = set()
        self.buttons: set[str] = set()
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note what is sent."""
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.action = given["action"]
        elif tag == "button":
            self.buttons.add(given["value"])
        elif tag == "textarea" or given.get("type") == "radio":
            self.asked.add(given["name"])
        elif tag == "input":
            self.fields[given["name"]] = given.get("value", "")

    def filled(self, answers: Mapping[str, str]) -> dict[str, str]:
        """Return what is sent if somebody answers so; what is not asked here is left out."""
        given = {name: text for name, text in answers.items() if name in self.asked}
        following = next(one for one in ("begin", "next", "send") if one in self.buttons)
        return self.fields | given | {"do": following}


async def answer_on_pages(
    client: httpx.AsyncClient, token: str, answers: DemoAnswers, *, locale: str
) -> None:
    """Open a form, answer screen by screen, and submit it.

    Raises
    ------
    httpx.HTTPStatusError
        A page refused what was sent: the answers fit the instrument, so this is a defect.
    """
    given = _fields(answers)
    page = await client.get(f"/f/{token}", params={"lang": locale})
    while (form := _Form(page.raise_for_status().text)).buttons:
        page = await client.post(form.action, data=form.filled(given), follow_redirects=True)


def _fields(answers: DemoAnswers) -> dict[str, str]:
    """Return answers by the names that the pages give them."""
    chosen = {
        f"a-{key}": _CANT_SAY if value is None else str(value)
        for key, value in answers.answers.items()
    }
    written = {f"c-{key}": text for key, text in answers.comments.items()}
    consent = {} if answers.consent is None else {"consent": "yes" if answers.consent else "no"}
    return chosen | written | consent
