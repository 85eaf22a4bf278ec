"""The short way of a submission, from the socket to capture; it only knows how to succeed.

A whole company answers within a few minutes, and the framework spends more on a request than
storing its answers costs. So a submission is tried here first. If that yields no receipt (a
wrong body, a limit, a spent token), the request goes the ordinary way, which says why. Capture
is asked only once: its refusal goes along, so that an answer that means "later" (too many are
waiting, the database is lost) causes no further work just when there is too much of it.
"""

import time
from collections.abc import Mapping
from typing import Any, cast

import msgspec
from litestar.types import HTTPScope, Receive, Send

from api.http.bodies import decoder, is_plain, read_json
from api.http.headers import API_POLICY, NO_STORE, SAFEGUARDS, bearer, request_id
from api.http.limits import Allowance
from api.http.refusals import BodyTooSlow, Malformed
from api.http.services import Services
from survey.capture.submission import Submission

__all__ = ["ExpressLane", "refused_already"]

_PATH = "/v1/form"
_JSON = b"application/json"
_ALWAYS = ((b"content-type", _JSON), API_POLICY, *SAFEGUARDS, NO_STORE)
_REFUSED = "submission_refused"


class ExpressLane:
    """Takes submissions before they are routed.

    Parameters
    ----------
    services : Services
        What the server has one of.
    """

    def __init__(self, services: Services) -> None:
        self._services = services
        self._most_bytes = services.settings.max_body_kb * 1_000

    def takes(self, scope: HTTPScope) -> bool:
        """Tell whether a request is a submission, without parameters: it knows none."""
        return (
            scope["path"] == _PATH and scope["method"] == "POST" and not scope["query_string"]
        )

    async def serve(self, scope: HTTPScope, receive: Receive, send: Send) -> Receive | None:
        """Answer with a receipt, or return what the ordinary way receives instead.

        Returns
        -------
        callable or None
            None once the receipt is on its way. Else gives again what was read of the body.
        """
        head = dict(scope["headers"])
        token = self._admitted(scope, head)
        if token is None:
            return receive
        read = _Read(receive)
        if not await read.whole(self._most_bytes):
            return read.again
        try:
            submission = _submission(read.body)
        except Malformed:
            return read.again
        try:
            receipt = await self._services.capture.submit(token, submission)
        except Exception as failure:  # noqa: BLE001 - whatever it is, the ordinary way says it
            _own(scope)[_REFUSED] = failure
            return read.again
        await _answer(send, head, _own(scope)["allowance"], msgspec.json.encode(receipt))
        return None

    def _admitted(self, scope: HTTPScope, head: Mapping[bytes, bytes]) -> str | None:
        """Return the token of a JSON request that is within its limit; None for others.

        Whoever sends a field twice, or perhaps two credentials in one, goes the ordinary way.
        """
        if len(head) < len(list(scope["headers"])) or _kind(head) != _JSON:
            return None
        credential = head.get(b"authorization", b"")
        token = bearer([(b"authorization", credential)])
        if token is None or b"," in credential:
            return None
        allowance = self._services.form_limits.take(token, at_s=time.monotonic())
        _own(scope)["allowance"] = allowance
        return token if allowance.retry_after_s is None else None


def refused_already(scope: HTTPScope) -> Exception | None:
    """Return why capture refused this submission on the short way, if it was asked there."""
    failure: Exception | None = _own(scope).get(_REFUSED)
    return failure


def _submission(body: bytes) -> Submission:
    """Read a submission; look twice only if it may repeat a member or hold a NUL.

    Raises
    ------
    Malformed
        It is none.
    """
    try:
        found: Submission = decoder(Submission).decode(body)
    except (ValueError, RecursionError):
        raise Malformed("The ordinary way says why.") from None
    circumstances = (found.duration_s, found.consent, found.locale)
    given = sum(one is not None for one in circumstances)
    given += bool(found.answers) + len(found.answers)
    given += bool(found.comments) + len(found.comments)
    return found if is_plain(body, members=given) else read_json(Submission, body)


def _own(scope: HTTPScope) -> dict[str, Any]:
    """Return the scope as ASGI lets an application use it: for what is its own."""
    return cast(dict[str, Any], scope)


class _Read:
    """The messages of a request, kept for those who read them after us."""

    def __init__(self, receive: Receive) -> None:
        self._receive = receive
        self._kept: list[Any] = []
        self.body = b""

    async def whole(self, most_bytes: int) -> bool:
        """Read the body; return False if it is too long or late, or its sender has gone."""
        while True:
            try:
                message = await self._receive()
            except BodyTooSlow:
                return False
            self._kept.append(message)
            if message["type"] != "http.request":
                return False
            self.body += message.get("body", b"")
            if len(self.body) > most_bytes:
                return False
            if not message.get("more_body", False):
                return True

    async def again(self) -> Any:
        """Give the messages once more, then those that follow."""
        return self._kept.pop(0) if self._kept else await self._receive()


def _kind(head: Mapping[bytes, bytes]) -> bytes:
    return head.get(b"content-type", _JSON).partition(b";")[0].strip().lower()


async def _answer(
    send: Send, head: Mapping[bytes, bytes], allowance: Allowance, body: bytes
) -> None:
    headers = [
        *_ALWAYS,
        (b"content-length", str(len(body)).encode()),
        (b"x-request-id", request_id(head.get(b"x-request-id"))),
        *allowance.headers(),
    ]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": body, "more_body": False})
