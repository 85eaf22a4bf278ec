"""How long the server takes for each page: ``python -m tests.benchmarks.form_pages``.

One person after another walks through the whole form, so that a page is not slowed down by its
neighbours. Measured at the client over loopback, which adds a fraction of a millisecond.
"""

import re
import statistics
import tempfile
import time
from collections import defaultdict
from html.parser import HTMLParser
from pathlib import Path

import httpx

from models.embedded import EmbeddedPostgres
from tests.api.chaos.machines import ApiServer, open_campaign_for
from tests.benchmarks.quiet import Watch

__all__ = ["fields_of", "measure"]

PEOPLE = 60
WARM_UP = 10


def measure() -> None:
    """Print for each kind of page the median and the 99th percentile, in milliseconds."""
    taken: dict[str, list[float]] = defaultdict(list)
    with tempfile.TemporaryDirectory(prefix="opmodel-bench-") as home:
        database = EmbeddedPostgres(Path(home))
        database.start()
        tokens = list(open_campaign_for(database.dsn, PEOPLE).values())
        api = ApiServer(database.dsn)
        api.start()
        watch = Watch()
        try:
            for number, token in enumerate(tokens):
                with httpx.Client(base_url=api.address, trust_env=False) as browser:
                    walk = _Walk(browser, taken if number >= WARM_UP else defaultdict(list))
                    walk.through(f"/f/{token}")
        finally:
            others = watch.others()
            api.kill()
            database.stop()
    print(f"{PEOPLE - WARM_UP} people; other processes used {others:.2f} cores\n")
    for name, times in taken.items():
        late = statistics.quantiles(times, n=100)[98]
        print(f"{name:28} median {statistics.median(times):6.1f} ms   p99 {late:6.1f} ms")


def fields_of(html: str) -> dict[str, str]:
    """Return the hidden fields of a page, and its first choice of each question."""
    reader = _Fields()
    reader.feed(html)
    return reader.found


class _Fields(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: dict[str, str] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "input" and given.get("name"):
            self.found.setdefault(str(given["name"]), given.get("value") or "")


class _Walk:
    def __init__(self, browser: httpx.Client, taken: dict[str, list[float]]) -> None:
        self._browser = browser
        self._taken = taken

    def through(self, address: str) -> None:
        """Answer everything, and send it."""
        html = self._get("opening page", address).text
        screen = self._post("begin", address, html, "begin")
        while not re.search(r'id="send"', html):
            html = self._get("a screen, or the review", screen).text
            if 'id="send"' not in html:
                screen = self._post("save a screen", address, html, "next")
        self._post("submit and receipt", address, html, "send")

    def _get(self, name: str, address: str) -> httpx.Response:
        return self._timed(name, "GET", address, {})

    def _post(self, name: str, address: str, html: str, button: str) -> str:
        fields = fields_of(html) | {"do": button}
        return self._timed(name, "POST", address, fields).headers.get("Location", "")

    def _timed(
        self, name: str, method: str, address: str, fields: dict[str, str]
    ) -> httpx.Response:
        started = time.perf_counter()
        answer = self._browser.request(method, address, data=fields or None)
        self._taken[name].append((time.perf_counter() - started) * 1_000)
        if answer.status_code not in {200, 303}:
            msg = f"{method} of {name} gave {answer.status_code}."
            raise RuntimeError(msg)
        return answer


if __name__ == "__main__":
    measure()
