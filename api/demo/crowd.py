"""People who answer, many at once: most through the API, some on the pages of the form."""

import asyncio
from collections.abc import Callable, Sequence

import httpx
import msgspec

from api.demo.browsing import answer_on_pages
from seed.demo.answers import DemoAnswers

__all__ = ["Sheet", "answer_all"]

AT_ONCE = 32
"""People who are answering at the same moment."""
ON_PAGES = 100
"""One of so many people answers on the pages, which takes some forty requests each."""

_ATTEMPTS = 3
_PAUSE_S = 0.5


class Sheet(msgspec.Struct, frozen=True, kw_only=True):
    """One person's token, language and answers."""

    token: str
    locale: str
    answers: DemoAnswers


async def answer_all(
    base_url: str, sheets: Sequence[Sheet], *, done: Callable[[], None]
) -> None:
    """Open and submit every form through HTTP, in one way or the other.

    Parameters
    ----------
    base_url : str
        Where the API is.
    sheets : sequence of Sheet
        Who answers what.
    done : callable
        Called once per stored response.

    Raises
    ------
    httpx.HTTPStatusError
        The API refused a form: the demonstration's answers fit its instrument, so this is a
        defect.
    """
    waiting = iter(enumerate(sheets))
    limits = httpx.Limits(max_connections=AT_ONCE, max_keepalive_connections=AT_ONCE)
    async with httpx.AsyncClient(base_url=base_url, limits=limits, timeout=30) as client:

        async def people() -> None:
            for place, sheet in waiting:
                if place % ON_PAGES:
                    await _answer(client, sheet)
                else:
                    await answer_on_pages(
                        client, sheet.token, sheet.answers, locale=sheet.locale
                    )
                done()

        async with asyncio.TaskGroup() as group:
            for _ in range(AT_ONCE):
                group.create_task(people())


async def _answer(client: httpx.AsyncClient, sheet: Sheet) -> None:
    headers = {"Authorization": f"Bearer {sheet.token}", "Content-Type": "application/json"}
    form = await client.get("/v1/form", params={"locale": sheet.locale}, headers=headers)
    form.raise_for_status()
    given = sheet.answers
    body = {
        "answers": given.answers,
        "comments": given.comments,
        "durationS": given.duration_s,
        "consent": given.consent,
        "locale": sheet.locale,
    }
    padded = msgspec.json.encode(body).ljust(form.json()["padTo"])
    await _submit(client, padded, headers)


async def _submit(client: httpx.AsyncClient, body: bytes, headers: dict[str, str]) -> None:
    """Submit, and submit the same again if no receipt came: it is stored once."""
    for attempt in range(_ATTEMPTS):
        try:
            reply = await client.post("/v1/form", content=body, headers=headers)
        except httpx.TransportError:
            if attempt == _ATTEMPTS - 1:
                raise
        else:
            if reply.status_code != httpx.codes.SERVICE_UNAVAILABLE:
                reply.raise_for_status()
                return
        await asyncio.sleep(_PAUSE_S)
    msg = "The API stayed unavailable."
    raise httpx.TransportError(msg)
