"""A person's way through the pages of the form, as a browser without scripts goes it."""

from base64 import urlsafe_b64decode
from collections.abc import Iterator, Mapping
from html.parser import HTMLParser

import httpx
import msgspec

from api.pages.screens import read_sheet, written_sheet
from seed.demo.answers import DemoAnswers

__all__ = ["walk_through"]

_MOST_PAGES = 60


async def walk_through(
    client: httpx.AsyncClient, token: str, given: DemoAnswers, *, locale: str
) -> None:
    """Open the link, answer screen by screen, and submit.

    The pages measure how long somebody takes. Invented people take no time, so that they bring
    along how long they are said to have taken.

    Parameters
    ----------
    client : httpx.AsyncClient
        With the base address of the server, and without cookies of other people.
    token : str
        Of the invitation.
    given : DemoAnswers
        What the person says.
    locale : str
        Language of the browser, BCP 47.

    Raises
    ------
    httpx.HTTPStatusError
        A page was refused: the demonstration's answers fit its instrument, so this is a defect.
    RuntimeError
        The pages did not come to an end, which is a defect as well.
    """
    headers = {"Accept-Language": locale, "Sec-Fetch-Site": "same-origin"}
    page = _Page.of(await client.get(f"/f/{token}", headers=headers))
    for _ in range(_MOST_PAGES):
        if not page.action:
            return
        typed = dict(_typed(page, given))
        answer = await client.post(
            page.action, data=page.fields | typed, headers=headers, follow_redirects=True
        )
        page = _Page.of(answer)
    msg = "The form has more pages than anybody would answer."
    raise RuntimeError(msg)


def _typed(page: "_Page", given: DemoAnswers) -> Iterator[tuple[str, str]]:
    """Yield what the person does on a page: the names of fields with their values."""
    yield "do", page.buttons[0]
    for name in page.names:
        kind, _, key = name.partition("-")
        if name == "consent" and given.consent is not None:
            yield name, "yes" if given.consent else "no"
        elif name == "sheet":
            yield name, _timed(page.fields[name], given.duration_s)
        elif kind == "a" and key in given.answers:
            yield name, str(given.answers[key])
        elif kind == "c" and key in given.comments:
            yield name, given.comments[key]


def _timed(sheet: str, seconds: int) -> str:
    submission = read_sheet(sheet)
    if submission is None:
        msg = "The review holds no sheet that can be read."
        raise RuntimeError(msg)
    timed = msgspec.structs.replace(submission, duration_s=seconds)
    return written_sheet(timed, pad_to=len(urlsafe_b64decode(sheet)))


class _Page(HTMLParser):
    """What a page's form holds; the receipt has none."""

    def __init__(self) -> None:
        super().__init__()
        self.action = ""
        self.fields: dict[str, str] = {}
        """Hidden fields, and empty texts."""
        self.names: dict[str, None] = {}
        """Of all fields, in their order."""
        self.buttons: list[str] = []

    @classmethod
    def of(cls, answer: httpx.Response) -> "_Page":
        """Read a page that was not refused."""
        answer.raise_for_status()
        page = cls()
        page.feed(answer.text)
        return page

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note forms, fields and buttons."""
        given: Mapping[str, str] = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.action = given["action"]
        elif tag == "button":
            self.buttons.append(given["value"])
        elif tag in {"input", "textarea"}:
            self.names[given["name"]] = None
            if given.get("type") != "radio":
                self.fields[given["name"]] = given.get("value", "")
