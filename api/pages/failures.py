"""What the pages say if there is no form to show. It is the same whatever the link was."""

from typing import Any

from litestar import Request, Response
from litestar.exceptions import HTTPException
from litestar.types import ExceptionHandlersMap

from api.http.errors import answer_bug, answer_refusal, status_of
from api.http.refusals import RateLimited
from api.pages.rendering import page
from api.pages.sitting import accepted_languages
from api.pages.views import message_view
from survey.capture.errors import InvitationUnknown
from survey.database import database_is_lost
from survey.errors import SurveyError, Unavailable

__all__ = ["FAILURES", "gone_page"]

_RETRY_S = "1"


def gone_page(request: Request[Any, Any, Any]) -> Response[bytes]:
    """Return the page of every link that opens no form: spent, revoked or never made.

    Nobody who holds a link learns from it whether the owner has answered.
    """
    wanted = _languages(request)
    return page(
        message_view("gone.title", "gone.why", "gone.next", languages=wanted), status=404
    )


def _refused(request: Request[Any, Any, Any], error: SurveyError) -> Response[Any]:
    wanted = _languages(request)
    if isinstance(error, InvitationUnknown):
        return gone_page(request)
    if isinstance(error, RateLimited):
        seconds = int(str(error.facts["retry_after_s"]))
        html = message_view("limit.title", "limit.text", languages=wanted, count=seconds)
        return page(html, status=429, headers={"Retry-After": str(seconds)})
    if isinstance(error, Unavailable):
        answer_refusal(request, error)  # writes down the cause
        html = message_view("away.title", "away.text", languages=wanted)
        return page(html, status=503, headers={"Retry-After": _RETRY_S})
    return page(
        message_view("failure.title", "away.text", languages=wanted),
        status=status_of(type(error)),
    )


def _broken(request: Request[Any, Any, Any], error: Exception) -> Response[Any]:
    wanted = _languages(request)
    if database_is_lost(error):
        html = message_view("away.title", "away.text", languages=wanted)
        return page(html, status=503, headers={"Retry-After": _RETRY_S})
    answer_bug(request, error)  # writes down where it happened
    return page(message_view("failure.title", "away.text", languages=wanted), status=500)


def _framework(request: Request[Any, Any, Any], error: HTTPException) -> Response[Any]:
    if error.status_code >= 500:
        return _broken(request, error)
    html = message_view("failure.title", "away.text", languages=_languages(request))
    return page(html, status=error.status_code)


def _languages(request: Request[Any, Any, Any]) -> tuple[str, ...]:
    return (request.query_params.get("lang", ""), *accepted_languages(request))


FAILURES: ExceptionHandlersMap = {
    SurveyError: _refused,
    HTTPException: _framework,
    Exception: _broken,
}
