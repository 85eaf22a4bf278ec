"""Failures as problem details (RFC 9457); the only file that knows status codes of failures."""

import logging
import traceback
from http import HTTPStatus
from typing import Any, cast

from litestar import Request, Response
from litestar.connection import ASGIConnection
from litestar.exceptions import HTTPException, NotFoundException, ValidationException
from litestar.exceptions.http_exceptions import (
    MethodNotAllowedException,
    RequestEntityTooLarge,
)
from litestar.types import ExceptionHandlersMap

from api.http.application import QUIET
from api.http.parameters import refused_parameters
from api.http.refusals import (
    Malformed,
    NotAcceptable,
    PreconditionMissing,
    RateLimited,
    RouteNotFound,
    TooLarge,
    UnsupportedMedia,
    camel,
)
from api.http.routes import allowed_methods
from survey.access.errors import Forbidden
from survey.database import database_is_lost
from survey.errors import (
    MOST_ERRORS,
    ChangedMeanwhile,
    Conflict,
    FieldInvalid,
    Invalid,
    NotFound,
    SurveyError,
    Unauthenticated,
    Unavailable,
)
from survey.idempotency import RequestInFlight

__all__ = [
    "HANDLERS",
    "PROBLEM_JSON",
    "STATUS",
    "DatabaseLost",
    "problem_type",
    "status_of",
    "title_of",
]

PROBLEM_JSON = "application/problem+json"
CHALLENGE = 'Bearer realm="opmodel"'
RETRY_AFTER_S = 1
"""When the same request may succeed, in seconds."""

STATUS: dict[type[SurveyError], int] = {
    Malformed: 400,
    Unauthenticated: 401,
    Forbidden: 403,
    NotFound: 404,
    NotAcceptable: 406,
    Conflict: 409,
    ChangedMeanwhile: 412,  # what RFC 9110 asks for when an If-Match does not hold
    TooLarge: 413,
    UnsupportedMedia: 415,
    Invalid: 422,
    PreconditionMissing: 428,
    RateLimited: 429,
    Unavailable: 503,
}
"""Status of each branch of the tree; those below a branch share it."""

_log = logging.getLogger(__name__)


class DatabaseLost(Unavailable):
    """The database does not answer at the moment."""

    code = "database-unavailable"

    def __init__(self) -> None:
        super().__init__("The database does not answer at the moment. Repeat the request.")


def status_of(error: type[SurveyError]) -> int:
    """Return the status of the nearest listed ancestor of ``error``.

    Raises
    ------
    LookupError
        No ancestor is listed: a programming mistake that a test catches.
    """
    for ancestor in error.__mro__:
        if ancestor in STATUS:
            return STATUS[ancestor]
    msg = f"{error.__name__} has no HTTP status; add it to api.http.errors.STATUS."
    raise LookupError(msg)


def problem_type(code: str) -> str:
    """Return the stable URI of a kind of problem; it can be read with GET."""
    return f"/problems/{code}"


def title_of(code: str) -> str:
    """Return the short name of a kind of problem, the same for each of its cases."""
    return code.replace("-", " ").capitalize()


def answer_refusal(request: Request[Any, Any, Any], error: SurveyError) -> Response[Any]:
    """Describe an expected failure; its facts become members."""
    if isinstance(error, FieldInvalid):
        return _invalid_field(error)
    facts = {
        camel(name): value for name, value in _listed(error.facts).items() if value is not None
    }
    if error.__cause__ is not None and isinstance(error, Unavailable):
        _log_cause(request, error.__cause__)
    return _problem(status_of(type(error)), error.code, error.message, facts, _headers(error))


def answer_framework(request: Request[Any, Any, Any], error: HTTPException) -> Response[Any]:
    """Replace the framework's words, which repeat the query string, by ours."""
    if isinstance(error, MethodNotAllowedException):
        return _method_not_allowed(request)
    refusal = _in_our_words(request, error)
    return answer_bug(request, error) if refusal is None else answer_refusal(request, refusal)


def answer_failure(request: Request[Any, Any, Any], error: Exception) -> Response[Any]:
    """Ask to come back if the database was lost; any other failure is a mistake of ours."""
    if not database_is_lost(error):
        return answer_bug(request, error)
    failure = DatabaseLost()
    failure.__cause__ = error
    return answer_refusal(request, failure)


def answer_bug(request: Request[Any, Any, Any], error: Exception) -> Response[Any]:
    """Say nothing about an unexpected failure; the log says where it happened."""
    _log_cause(request, error)
    return _problem(
        HTTPStatus.INTERNAL_SERVER_ERROR,
        "internal-error",
        "Something went wrong on our side.",
        {"requestId": request.scope.get("request_id")},
    )


HANDLERS: ExceptionHandlersMap = {
    SurveyError: answer_refusal,
    HTTPException: answer_framework,
    Exception: answer_failure,
}


def _listed(facts: dict[str, Any]) -> dict[str, Any]:
    """Cut long lists, and say how long they are."""
    listed = dict(facts)
    for name, value in facts.items():
        if isinstance(value, list) and len(value) > MOST_ERRORS:
            listed[name] = value[:MOST_ERRORS]
            listed.setdefault("total", len(value))
    return listed


def _in_our_words(request: Request[Any, Any, Any], error: HTTPException) -> SurveyError | None:
    """Return what the framework meant; None if it met a mistake of ours."""
    if isinstance(error, NotFoundException):
        return RouteNotFound()
    if isinstance(error, RequestEntityTooLarge):
        return TooLarge(int(request.route_handler.resolve_request_max_body_size() or 0))
    if isinstance(error, ValidationException):
        return refused_parameters(request, error)
    if error.status_code < HTTPStatus.INTERNAL_SERVER_ERROR or "disconnected" in error.detail:
        return Malformed("The request cannot be read, or ended early.")
    return None


def _problem(
    status: int,
    code: str,
    detail: str,
    facts: dict[str, Any] | None = None,
    headers: dict[str, str] | None = None,
) -> Response[Any]:
    return Response(
        {
            "type": problem_type(code),
            "title": title_of(code),
            "status": int(status),
            "detail": detail,
            **(facts or {}),
        },
        status_code=status,
        headers=headers,
        media_type=PROBLEM_JSON,
    )


def _invalid_field(error: FieldInvalid) -> Response[Any]:
    """Describe one field that breaks a rule, by its name on the wire."""
    field, expected = camel(str(error.facts["field"])), error.facts["expected"]
    entry = {
        "pointer": f"/{field}",
        "code": error.code,
        "detail": f"Expected {expected}.",
        "value": error.facts["value"],
    }
    detail = f"{field} must be {expected}."
    return _problem(status_of(FieldInvalid), error.code, detail, {"errors": [entry]})


def _headers(error: SurveyError) -> dict[str, str]:
    if isinstance(error, Unauthenticated):
        return {"WWW-Authenticate": CHALLENGE}
    if isinstance(error, RateLimited):
        return {"Retry-After": str(error.facts["retry_after_s"])}
    if isinstance(error, Unavailable | RequestInFlight):
        return {"Retry-After": str(RETRY_AFTER_S)}
    return {}


def _method_not_allowed(request: Request[Any, Any, Any]) -> Response[Any]:
    allowed = allowed_methods(request.app, request.scope["path"])
    if not allowed:
        # The framework matched an id that is none.
        return answer_refusal(request, RouteNotFound())
    return _problem(
        HTTPStatus.METHOD_NOT_ALLOWED,
        "method-not-allowed",
        f"This address answers to {', '.join(allowed)}.",
        {"allowed": allowed},
        {"Allow": ", ".join(allowed)},
    )


def _log_cause(request: ASGIConnection[Any, Any, Any, Any], error: BaseException) -> None:
    """Log where it happened, not its message: the database may quote a row in it."""
    _log.error(
        "Unexpected failure",
        extra={
            "failure": [type(one).__qualname__ for one in _chain(error)],
            "sqlstate": getattr(error, "sqlstate", None),
            "request_id": _loggable_id(request),
            "frames": [
                f"{frame.filename}:{frame.lineno} {frame.name}"
                for frame in traceback.extract_tb(error.__traceback__)
            ],
        },
    )


def _loggable_id(request: ASGIConnection[Any, Any, Any, Any]) -> str | None:
    """Return the id of a request; None for a form, whose id may name a respondent."""
    handler = request.scope.get("route_handler")
    if handler is not None and QUIET in handler.opt:
        return None
    return cast(str | None, request.scope.get("request_id"))


def _chain(error: BaseException | None) -> list[BaseException]:
    found: list[BaseException] = []
    while error is not None:
        found.append(error)
        error = error.__cause__ or error.__context__
    return found
