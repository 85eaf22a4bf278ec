"""How long a request may take: its body to arrive, and a read to be answered.

There is no limit per address: a whole company sits behind one.
"""

import asyncio
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

    __slots__ = ("_ends", "_is_late", "_is_over", "_loop", "_receive")

    def __init__(self, receive: Receive) -> None:
        self._receive = receive
        self._loop = asyncio.get_running_loop()
        self._ends = self._loop.time() + BODY_S
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
        reader = cast(asyncio.Task[Any], asyncio.current_task())
        # A timer alone costs a fifth of what a timeout does, and every submission needs one.
        patience = self._loop.call_at(self._ends, self._cut_off, reader)
        try:
            message = await self._receive()
        except asyncio.CancelledError:
            if self._is_late and reader.uncancel() == 0:
                raise BodyTooSlow(BODY_S) from None
            raise
        finally:
            patience.cancel()
        if message["type"] == "http.request":
            self._ends += len(message.get("body", b"")) / BYTES_PER_S
            self._is_over = not message.get("more_body", False)
        return message

    def _cut_off(self, reader: asyncio.Task[Any]) -> None:
        self._is_late = True
        reader.cancel()


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
