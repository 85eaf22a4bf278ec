"""The outermost layer: what all requests and answers have in common, errors included."""

import logging
import time
from typing import Any, cast

from litestar import Litestar, Request
from litestar.enums import HttpMethod, ScopeType
from litestar.types import (
    HTTPScope,
    LifeSpanReceive,
    LifeSpanScope,
    LifeSpanSend,
    Message,
    Scope,
    Send,
)
from litestar.types import Receive as LitestarReceive

from api.http.deadlines import Arrival
from api.http.errors import answer_refusal
from api.http.express import ExpressLane
from api.http.headers import (
    API_POLICY,
    NO_STORE,
    SAFEGUARDS,
    header_faults,
    request_id,
)
from api.http.refusals import MalformedParameter
from api.http.routes import QUIET, allowed_methods
from survey.errors import SurveyError

__all__ = ["Application"]

_log = logging.getLogger("opmodel.access")
_PAGE_POLICY = (
    b"content-security-policy",
    b"default-src 'none'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; "
    b"img-src 'self' data:; connect-src 'self'; font-src 'self' data:; frame-ancestors 'none'",
)


class Application(Litestar):
    """Litestar, wrapped so that every request passes here, whether or not it has a route.

    It gives each request an id, answers HEAD like GET without a body, adds the headers that
    every answer carries, and writes one line per request: the route and never the address, the
    outcome and never a body.
    """

    express: ExpressLane | None = None
    """The short way of submissions, if the composition root has made one."""

    async def __call__(
        self,
        scope: Scope | LifeSpanScope,
        receive: LitestarReceive | LifeSpanReceive,
        send: Send | LifeSpanSend,
    ) -> None:
        """Serve one connection."""
        if scope["type"] != ScopeType.HTTP:
            await super().__call__(scope, receive, send)
            return
        arriving: LitestarReceive = Arrival(cast(LitestarReceive, receive))
        if self.express is not None and self.express.takes(cast(HTTPScope, scope)):
            unserved = await self.express.serve(
                cast(HTTPScope, scope), arriving, cast(Send, send)
            )
            if unserved is None:
                return
            arriving = unserved
        visit = _Visit(cast(HTTPScope, scope), cast(Send, send))
        try:
            if faults := header_faults(visit.scope["headers"]):
                # Before it is routed, nobody knows whether it is one that may be logged.
                visit.is_quiet = True
                await _refuse(
                    visit, MalformedParameter("A header is not as described.", faults)
                )
                return
            if visit.method == HttpMethod.OPTIONS and (
                allowed := allowed_methods(self, visit.path)
            ):
                await _answer_options(visit, allowed)
                return
            await super().__call__(scope, arriving, visit.send)
        finally:
            visit.log()


async def _refuse(visit: "_Visit", refusal: SurveyError) -> None:
    """Answer a request that is not routed."""
    request = Request[Any, Any, Any](visit.scope)
    answer = answer_refusal(request, refusal).to_asgi_response(None, request)
    await answer(visit.scope, _nothing, visit.send)


async def _nothing() -> Any:
    return {"type": "http.disconnect"}


async def _answer_options(visit: "_Visit", allowed: list[str]) -> None:
    """Answer OPTIONS, which anybody may ask. There is no CORS: pages of others may not call."""
    allow = [(b"allow", ", ".join(allowed).encode())]
    await visit.send({"type": "http.response.start", "status": 204, "headers": allow})
    await visit.send({"type": "http.response.body", "body": b"", "more_body": False})


class _Visit:
    """One request on its way through."""

    __slots__ = (
        "_headless", "_onward", "_own", "_started", "_status", "is_quiet", "request_id", "scope"
    )  # fmt: skip

    def __init__(self, scope: HTTPScope, onward: Send) -> None:
        self.scope = scope
        self.is_quiet = False
        # ASGI lets an application keep what is its own in the scope.
        self._own = cast(dict[str, Any], scope)
        self._onward = onward
        self._started = time.perf_counter()
        self._status = 0
        self.request_id = _request_id(scope)
        self._own["request_id"] = self.request_id.decode()
        self._headless = scope["method"] == "HEAD"
        if self._headless:
            scope["method"] = "GET"

    @property
    def method(self) -> str:
        """Return its method."""
        return str(self.scope["method"])

    @property
    def path(self) -> str:
        """Return its address; never to be logged."""
        return self.scope["path"]

    async def send(self, message: Message) -> None:
        """Pass a message on, with the headers that every answer carries."""
        if message["type"] == "http.response.start":
            self._status = message["status"]
            given = list(message["headers"])
            message["headers"] = [*given, *self._added(given)]
        elif self._headless and message["type"] == "http.response.body":
            message["body"] = b""
        await self._onward(message)

    def log(self) -> None:
        """Write the line of this request, unless its route is a quiet one."""
        handler = self.scope.get("route_handler")
        if self.is_quiet or (handler is not None and QUIET in handler.opt):
            return
        principal = self._own.get("principal")
        _log.info(
            "request",
            extra={
                "method": "HEAD" if self._headless else self.scope["method"],
                "route": self.scope.get("path_template") or "no such address",
                "status": self._status,
                "duration_ms": round((time.perf_counter() - self._started) * 1000, 1),
                "request_id": self.request_id.decode(),
                "key": None if principal is None else str(principal.key),
            },
        )

    def _added(self, given: list[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
        present = {name.lower() for name, _ in given}
        page = (b"content-type", b"text/html; charset=utf-8") in given
        usual = (_PAGE_POLICY if page else API_POLICY, *SAFEGUARDS, NO_STORE)
        added = [(b"x-request-id", self.request_id)]
        added.extend(header for header in usual if header[0] not in present)
        allowance = self._own.get("allowance")
        if allowance is not None:
            added.extend(allowance.headers())
        return added


def _request_id(scope: HTTPScope) -> bytes:
    """Return the id of a request."""
    given = (value for name, value in scope["headers"] if name == b"x-request-id")
    return request_id(next(given, None))
