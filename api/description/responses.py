"""What an operation answers: its successes with examples, and every problem it may meet."""

from collections.abc import Collection, Iterable
from http import HTTPStatus
from typing import Any

from api.description.kinds import INTERNAL_ERROR, INTERNAL_MEANING, every_error, meaning_of
from api.description.traits import Traits
from api.http.errors import PROBLEM_JSON, problem_type, status_of, title_of
from survey.errors import SurveyError, Unauthenticated, Unavailable
from survey.idempotency import RequestInFlight

__all__ = ["INTERNAL", "problem_examples", "problem_responses", "success_headers"]

INTERNAL = {"$ref": "#/components/responses/InternalError"}


def problem_responses(errors: Iterable[type[SurveyError]]) -> dict[str, Any]:
    """Return one response per status, which names the kinds of problem that share it."""
    by_status: dict[int, list[type[SurveyError]]] = {}
    for error in sorted(set(errors), key=lambda error: error.code):
        by_status.setdefault(status_of(error), []).append(error)
    found = {str(status): _response(status, by_status[status]) for status in sorted(by_status)}
    return {**found, "500": INTERNAL}


def problem_body(codes: list[str]) -> dict[str, Any]:
    """Return the content of a response that is one of several kinds of problem."""
    return {
        PROBLEM_JSON: {
            "schema": {
                "allOf": [
                    {"$ref": "#/components/schemas/Problem"},
                    {
                        "type": "object",
                        "properties": {
                            "type": {"enum": [problem_type(code) for code in codes]}
                        },
                    },
                ]
            },
            "examples": {code: {"$ref": f"#/components/examples/{code}"} for code in codes},
        }
    }


def problem_examples(promised: Collection[str]) -> dict[str, Any]:
    """Return one example of every promised kind of problem, by its code."""
    kinds = {error.code: (status_of(error), meaning_of(error)) for error in every_error()}
    kinds[INTERNAL_ERROR] = (HTTPStatus.INTERNAL_SERVER_ERROR, INTERNAL_MEANING)
    return {
        code: {
            "value": {
                "type": problem_type(code),
                "title": title_of(code),
                "status": int(status),
                "detail": meaning,
            }
        }
        for code, (status, meaning) in sorted(kinds.items())
        if code in promised or code == INTERNAL_ERROR
    }


def internal_error() -> dict[str, Any]:
    """Return the response to a mistake of ours."""
    return {
        "description": f"- `{INTERNAL_ERROR}`: {INTERNAL_MEANING}",
        "content": problem_body([INTERNAL_ERROR]),
    }


def success_headers(traits: Traits, status: int) -> dict[str, Any]:
    """Return the header fields of a success."""
    names = []
    if traits.scopes or traits.invitation:
        names += ["RateLimit", "RateLimit-Policy"]
    if traits.paged:
        names.append("Link")
    if traits.revalidated or traits.if_match:
        names.append("ETag")
    if traits.once:
        names.append("Idempotency-Replayed")
    if status in {HTTPStatus.CREATED, HTTPStatus.ACCEPTED}:
        names.append("Location")
    return _references(["X-Request-Id", *names])


def _response(status: int, errors: list[type[SurveyError]]) -> dict[str, Any]:
    codes = {error.code: meaning_of(error) for error in errors}
    names = ["X-Request-Id"]
    if any(issubclass(error, Unauthenticated) for error in errors):
        names.append("WWW-Authenticate")
    if status == HTTPStatus.TOO_MANY_REQUESTS or any(
        issubclass(error, Unavailable | RequestInFlight) for error in errors
    ):
        names.append("Retry-After")
    return {
        "description": "\n".join(f"- `{code}`: {meaning}" for code, meaning in codes.items()),
        "headers": _references(names),
        "content": problem_body(list(codes)),
    }


def _references(names: list[str]) -> dict[str, Any]:
    return {name: {"$ref": f"#/components/headers/{name}"} for name in names}
