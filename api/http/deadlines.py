"""How long a request may take: its body to arrive, and a read to be answered.

There is no limit per address: a whole company sits behind one.
"""

import asyncio
import time
from typing import Any, cast

from litestar.enums import HttpMethod, ScopeType
from litestar.middleware import ASGIMiddleware
from litestar.types import ASGIApp, Receive, Scope, Send

from api.http.refusals import BodyTooSlow
from models.errors import DatabaseUnreachable
from models.outage import OUTAGE

__all__ = ["Arrival", "ReadDeadline"]

BODY_S = 30.0
"""How long a body may take to arrive, in seconds."""
LOOK_S = 0.25
"""How often it is looked whether a body is late, in seconds."""
BYTES_PER_S = 100_000
"""So many bytes earn a body another second: a large file may come over a slow line."""
READ_S = 10.0
"""After how long a caller is told that a read does not succeed now, in seconds."""


class Arrival:
    """Receives the messages of one request, and refuses a body that arrives too slowly.

    Parameters
    ----------
    receive : callable
        Waits for the next message, however long.
    """

    __slots__ = ("_ends", "_is_late", "_is_over", "_reader", "_receive")

    def __init__(self, receive: Receive) -> None:
        self._receive = receive
        self._reader: asyncio.Task[Any] | None = None
        self._ends = time.monotonic() + BODY_S
        self._is_late = False
        self._is_over = False

    async def __call__(self) -> Any:
        """Return the next message.

        Raises
        ------
        BodyTooSlow
            The time is over, and the body is not complete.
        """
        if self._is_over:
            return await self._receive()
        # Whoever asks again after being told is told again.
        self._is_late = False
        self._reader = reader = cast(asyncio.Task[Any], asyncio.current_task())
        _WATCH.begin(self, reader.get_loop())
        try:
            message = await self._receive()
        except asyncio.CancelledError:
            if self._is_late and reader.uncancel() == 0:
                raise BodyTooSlow(BODY_S) from None
            raise
        finally:
            _WATCH.end(self)
        if message["type"] == "http.request":
            self._ends += len(message.get("body", b"")) / BYTES_PER_S
            self._is_over = not message.get("more_body", False)
        return message

    def cut_off(self, now: float) -> None:
        """End the wait for a message if its time is over, on the clock that never goes back."""
        if now >= self._ends and not self._is_late and self._reader is not None:
            self._is_late = True
            self._reader.cancel()


class _Watch:
    """Looks at all bodies that are arriving: a timer for each would be much more work."""

    def __init__(self) -> None:
        self._arriving: set[Arrival] = set()
        self._looking_on: asyncio.AbstractEventLoop | None = None

    def begin(self, arrival: Arrival, loop: asyncio.AbstractEventLoop) -> None:
        self._arriving.add(arrival)
        if self._looking_on is not loop:
            self._looking_on = loop
            loop.call_later(LOOK_S, self._look, loop)

    def end(self, arrival: Arrival) -> None:
        self._arriving.discard(arrival)

    def _look(self, loop: asyncio.AbstractEventLoop) -> None:
        now = time.monotonic()
        for arrival in self._arriving:
            arrival.cut_off(now)
        if self._arriving:
            loop.call_later(LOOK_S, self._look, loop)
        else:
            self._looking_on = None


_WATCH = _Watch()


class ReadDeadline(ASGIMiddleware):
    """Ends a read that takes too long: it changes nothing, so that it can be repeated."""

    scopes = (ScopeType.HTTP,)

    async def handle(
        self, scope: Scope, receive: Receive, send: Send, next_app: ASGIApp
    ) -> None:
        """Serve one request.

        Raises
        ------
        DatabaseUnreachable
            The time is over.
        """
        if scope.get("method") != HttpMethod.GET:
            await next_app(scope, receive, send)
            return
        try:
            async with asyncio.timeout(READ_S):
                await next_app(scope, receive, send)
        except TimeoutError as error:
            late = DatabaseUnreachable.because(error)
            OUTAGE.failed(late)
            raise late from error
