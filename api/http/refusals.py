"""What the API refuses before a use case is asked; part of the tree in survey.errors.

SurveyError
├── Forbidden (survey.access.errors)
│   ├── MissingScope            the key lacks a scope
│   └── WholeOrganisationOnly   the key is restricted to a part of the organisation
├── Malformed                   the request cannot be read
│   ├── MalformedBody           the body is not what the description says
│   ├── MalformedParameter      a part of the address or a header is not
│   └── MalformedCursor         the cursor is not from this list
├── TooLarge                    the body is larger than allowed
├── NotAcceptable               the answer is of no kind that the caller accepts
├── UnsupportedMedia            the body is of a kind that is not read here
├── PreconditionMissing         If-Match is required
├── RateLimited                 too many requests
└── NotFound
    └── RouteNotFound           there is nothing at this address
"""

from collections.abc import Sequence
from typing import Any

import msgspec

from survey.access.errors import Forbidden
from survey.errors import MOST_ERRORS, NotFound, SurveyError

__all__ = [
    "FieldError",
    "Malformed",
    "MalformedBody",
    "MalformedCursor",
    "MalformedParameter",
    "MissingScope",
    "NotAcceptable",
    "PreconditionMissing",
    "RateLimited",
    "RouteNotFound",
    "TooLarge",
    "UnsupportedMedia",
    "WholeOrganisationOnly",
    "camel",
]


class FieldError(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One thing that is wrong with a request."""

    pointer: str | None = None
    """JSON pointer (RFC 6901) into the body."""
    parameter: str | None = None
    """Name of the query parameter, path parameter or header, if it is not the body."""
    code: str
    detail: str
    value: Any = None


class MissingScope(Forbidden):
    """The key is valid, but lacks the scope for this."""

    code = "missing-scope"

    def __init__(self, scopes: Sequence[str]) -> None:
        wanted = " or ".join(f"'{scope}'" for scope in scopes)
        super().__init__(f"This needs the scope {wanted}.", scopes=list(scopes))


class WholeOrganisationOnly(Forbidden):
    """The request concerns the whole organisation; the key is restricted to a part of it."""

    code = "whole-organisation-only"

    def __init__(self, unit: str) -> None:
        super().__init__(
            f"This concerns the whole organisation; the key is restricted to unit '{unit}'.",
            unit=unit,
        )


class Malformed(SurveyError):  # noqa: N818 - an error is named for what happened
    """The request cannot be read as what the description says.

    Parameters
    ----------
    message : str
        A sentence for people.
    errors : sequence of FieldError
        What is wrong, or the first of it.
    total : int, optional
        How much is wrong, if ``errors`` leaves some of it out.
    """

    code = "malformed"

    def __init__(
        self, message: str, errors: Sequence[FieldError] = (), *, total: int | None = None
    ) -> None:
        listed = [msgspec.to_builtins(error) for error in errors[:MOST_ERRORS]]
        count = len(errors) if total is None else total
        super().__init__(message, errors=listed or None, total=count or None)


class MalformedBody(Malformed):
    """The body is not JSON, or not of the shape that the description gives."""

    code = "malformed-body"


class MalformedParameter(Malformed):
    """A query parameter, a path parameter or a header is not what the description gives."""

    code = "malformed-parameter"


class MalformedCursor(Malformed):
    """The cursor is not from this list; begin again without one."""

    code = "malformed-cursor"

    def __init__(self) -> None:
        super().__init__(
            "This cursor is not from this list. Begin again without one.",
            [FieldError(parameter="cursor", code="not-a-cursor", detail="Expected a cursor.")],
        )


class TooLarge(SurveyError):  # noqa: N818 - an error is named for what happened
    """The body is larger than this operation accepts."""

    code = "body-too-large"

    def __init__(self, limit: int) -> None:
        super().__init__(f"The body may have at most {limit} bytes.", limit=limit)


class NotAcceptable(SurveyError):  # noqa: N818 - an error is named for what happened
    """The answer is of none of the kinds that the caller accepts."""

    code = "not-acceptable"

    def __init__(self, offered: Sequence[str]) -> None:
        super().__init__(
            f"Send Accept: {' or '.join(offered)}, or leave it out.", offered=list(offered)
        )


class UnsupportedMedia(SurveyError):  # noqa: N818 - an error is named for what happened
    """The body is of a kind that this operation does not read."""

    code = "unsupported-media-type"

    def __init__(self, accepted: Sequence[str]) -> None:
        super().__init__(
            f"Send Content-Type: {' or '.join(accepted)}.", accepted=list(accepted)
        )


class PreconditionMissing(SurveyError):  # noqa: N818 - an error is named for what happened
    """A change needs If-Match, so that nobody overwrites what they have not seen."""

    code = "if-match-required"

    def __init__(self) -> None:
        super().__init__(
            "Send If-Match with the ETag of what you have read, or If-None-Match: * if "
            "there is nothing yet."
        )


class RateLimited(SurveyError):  # noqa: N818 - an error is named for what happened
    """Too many requests with this credential; come back after ``Retry-After`` seconds."""

    code = "rate-limited"

    def __init__(self, retry_after_s: int) -> None:
        super().__init__(
            f"Too many requests. Come back in {retry_after_s} seconds.",
            retry_after_s=retry_after_s,
        )


class RouteNotFound(NotFound):
    """There is nothing at this address; the description lists every address."""

    code = "no-such-address"

    def __init__(self) -> None:
        super().__init__("There is nothing at this address. See /schema.")


def camel(name: str) -> str:
    """Return a snake_case name in camelCase."""
    first, *rest = name.split("_")
    return first + "".join(word.capitalize() for word in rest)
