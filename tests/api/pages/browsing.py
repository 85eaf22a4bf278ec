"""A browser without a screen or scripts: it follows links and forms as a person does."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser

import httpx

from api.http.application import Application
from tests.api.callers import Caller

__all__ = ["Browser", "Page"]


@dataclass
class Page:
    """What a page holds, as far as one acts on it."""

    status: int
    html: str
    headers: httpx.Headers
    address: str
    title: str = ""
    text: str = ""
    language: str = ""
    direction: str = ""
    action: str = ""
    fields: dict[str, str] = field(default_factory=dict)
    choices: dict[str, list[str]] = field(default_factory=dict)
    chosen: dict[str, str] = field(default_factory=dict)
    buttons: list[str] = field(default_factory=list)
    links: list[str] = field(default_factory=list)


class _Reader(HTMLParser):
    def __init__(self, page: Page) -> None:
        super().__init__()
        self.page, self._open, self._area = page, "", ""
        self._words: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        page, name = self.page, given.get("name", "")
        self._open = tag
        if tag == "html":
            page.language, page.direction = given["lang"], given["dir"]
        elif tag == "form":
            page.action = given["action"]
        elif tag == "a":
            page.links.append(given["href"])
        elif tag == "button":
            page.buttons.append(given["value"])
        elif tag == "textarea":
            self._area = name
            page.fields[name] = ""
        elif tag == "input" and given["type"] == "radio":
            page.choices.setdefault(name, []).append(given["value"])
            if "checked" in given:
                page.chosen[name] = given["value"]
        elif tag == "input":
            page.fields[name] = given.get("value", "")

    def handle_endtag(self, tag: str) -> None:
        self._open = ""
        if tag == "textarea":
            self._area = ""

    def handle_data(self, data: str) -> None:
        if self._area:
            self.page.fields[self._area] += data.removeprefix("\n")
        elif self._open == "title":
            self.page.title += data
        else:
            self._words.append(data)
        self.page.text = re.sub(r"\s+", " ", "".join(self._words)).strip()


class Browser(Caller):
    """Holds cookies, and sends a form with what is typed into it."""

    def __init__(self, app: Application, headers: dict[str, str] | None = None) -> None:
        super().__init__(app, headers={"Accept-Language": "en"} | (headers or {}))

    async def open(self, address: str) -> Page:
        """Follow a link."""
        return read(await self.get(address))

    async def press(
        self, page: Page, button: str, typed: Mapping[str, str] | None = None
    ) -> Page:
        """Press a button of a page's form, and follow where it leads."""
        assert button in page.buttons, page.buttons
        fields = page.fields | page.chosen | dict(typed or {}) | {"do": button}
        answer = await self.post(page.action, data=fields)
        while answer.status_code == 303:
            answer = await self.get(answer.headers["Location"])
        return read(answer)

    async def begin(self, token: str, query: str = "") -> Page:
        """Open a form and begin."""
        return await self.press(await self.open(f"/f/{token}{query}"), "begin")

    async def answer(self, page: Page, value: str = "3") -> Page:
        """Answer every statement of the page alike, and go on."""
        return await self.press(page, "next", dict.fromkeys(page.choices, value))

    async def answer_all(self, page: Page, value: str = "3") -> Page:
        """Answer until the review."""
        while "send" not in page.buttons:
            typed = "yes" if "consent" in page.choices else value
            page = await self.answer(page, typed)
        return page


def read(answer: httpx.Response) -> Page:
    """Read an answer as a page."""
    address = f"{answer.request.url.raw_path.decode()}"
    page = Page(answer.status_code, answer.text, answer.headers, address)
    _Reader(page).feed(answer.text)
    return page
