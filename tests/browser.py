"""Pages in Debian's Chromium, without a screen."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tests.tools import AXE, chromium

if TYPE_CHECKING:
    from playwright.async_api import Page

__all__ = ["Visit", "visiting"]

# Root may open no sandbox, and Chromium calls its maker's servers unless it is told not to.
_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@dataclass
class Visit:
    """A page, the addresses that it has asked for, and what it has complained of."""

    page: "Page"
    requested: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    async def axe(self, *, beside: str) -> dict[str, str]:
        """Return the rules of axe that the page breaks outside ``beside``, with their meaning.

        Parameters
        ----------
        beside
            Selector of the parts that are not ours to change.
        """
        await self.page.evaluate(AXE.read_text())
        found: dict[str, str] = await self.page.evaluate(_BROKEN_RULES, beside)
        return found


_BROKEN_RULES = """async beside => {
    const isOurs = node => !document.querySelector(node.target[0]).closest(beside);
    const { violations } = await axe.run();
    return Object.fromEntries(
        violations.filter(rule => rule.nodes.some(isOurs)).map(rule => [rule.id, rule.help])
    );
}"""


@asynccontextmanager
async def visiting(address: str, **context: Any) -> AsyncIterator[Visit]:
    """Open a page.

    Parameters
    ----------
    **context
        How the browser differs from the usual one, in Playwright's words.
    """
    from playwright.async_api import async_playwright  # noqa: PLC0415 - comes with `make tools`

    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium(), args=_FLAGS)
        visit = Visit(await browser.new_page(**context))
        visit.page.on("request", lambda request: visit.requested.append(request.url))
        visit.page.on("pageerror", lambda error: visit.complaints.append(str(error)))
        visit.page.on("console", lambda said: visit.complaints.append(said.text))
        await visit.page.goto(address)
        yield visit
        await browser.close()
