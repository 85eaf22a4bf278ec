"""A whole company behind one address: ``python -m tests.benchmarks.one_address``.

5 000 people arrive within five minutes, at random moments, all from the same address. Each
opens the link, begins, answers one screen, looks at the review and sends it, by the requests of
the pages. Meanwhile somebody asks for one form fifty times a second.
"""

import asyncio
import random
import statistics
import tempfile
import time
from collections import Counter
from pathlib import Path

import httpx

from models.embedded import EmbeddedPostgres
from tests.api.chaos.machines import ApiServer, open_campaign_for
from tests.benchmarks.form_pages import fields_of
from tests.benchmarks.quiet import Watch

__all__ = ["measure"]

PEOPLE = 5_000
MINUTES = 5
ABUSE_A_SECOND = 50
CONNECTIONS = 200


def measure() -> None:
    """Print what was answered to the people and to the abuser, and how late."""
    with tempfile.TemporaryDirectory(prefix="opmodel-bench-") as home:
        database = EmbeddedPostgres(Path(home))
        database.start()
        tokens = list(open_campaign_for(database.dsn, PEOPLE + 1).values())
        api = ApiServer(database.dsn)
        api.start()
        watch = Watch()
        try:
            people, abuser = asyncio.run(_day(api.address, tokens))
        finally:
            others = watch.others()
            api.kill()
            database.stop()
    print(f"{PEOPLE} people in {MINUTES} minutes; other processes used {others:.2f} cores\n")
    late = statistics.quantiles(people.times, n=100)
    print(f"people: {dict(people.statuses)}, median {late[49]:.0f} ms, p99 {late[98]:.0f} ms")
    print(f"abuser: {dict(abuser.statuses)} of {abuser.statuses.total()} requests")


class _Log:
    """Statuses of answers, and how long each took in milliseconds."""

    def __init__(self) -> None:
        self.statuses: Counter[int] = Counter()
        self.times: list[float] = []

    async def ask(
        self, browser: httpx.AsyncClient, method: str, address: str, fields: dict[str, str]
    ) -> httpx.Response:
        started = time.perf_counter()
        answer = await browser.request(method, address, data=fields or None)
        self.times.append((time.perf_counter() - started) * 1_000)
        self.statuses[answer.status_code] += 1
        return answer


async def _day(address: str, tokens: list[str]) -> tuple[_Log, _Log]:
    people, abuser = _Log(), _Log()
    limits = httpx.Limits(max_connections=CONNECTIONS, max_keepalive_connections=CONNECTIONS)
    async with httpx.AsyncHTTPTransport(limits=limits) as wire:

        def browser() -> httpx.AsyncClient:
            return httpx.AsyncClient(transport=wire, base_url=address, timeout=60)

        abuse = asyncio.create_task(_abuse(browser(), abuser, tokens[0]))
        async with asyncio.TaskGroup() as group:
            for token in tokens[1:]:
                group.create_task(_person(browser(), people, token))
        abuse.cancel()
    return people, abuser


async def _person(browser: httpx.AsyncClient, log: _Log, token: str) -> None:
    await asyncio.sleep(random.uniform(0, MINUTES * 60))
    link = f"/f/{token}"
    opening = await log.ask(browser, "GET", link, {})
    begun = await log.ask(browser, "POST", link, fields_of(opening.text) | {"do": "begin"})
    screen = await log.ask(browser, "GET", begun.headers["Location"], {})
    saved = await log.ask(browser, "POST", link, fields_of(screen.text) | {"do": "review"})
    review = await log.ask(browser, "GET", saved.headers["Location"], {})
    await log.ask(browser, "POST", link, fields_of(review.text) | {"do": "send"})


async def _abuse(browser: httpx.AsyncClient, log: _Log, token: str) -> None:
    while True:
        await log.ask(browser, "GET", f"/f/{token}", {})
        await asyncio.sleep(1 / ABUSE_A_SECOND)


if __name__ == "__main__":
    measure()
