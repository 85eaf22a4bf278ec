"""ETags: a reader who has the present version gets 304, a writer must have read it."""

import hashlib
from collections.abc import Iterable
from typing import Any

from litestar import MediaType, Request, Response
from litestar.response.base import ASGIResponse

from api.refusals import PreconditionFailed, PreconditionMissing

__all__ = [
    "IF_MATCH_HEADER",
    "IF_NONE_MATCH_HEADER",
    "Revalidated",
    "require_match",
    "revision_tag",
]

IF_MATCH_HEADER = "If-Match"
IF_NONE_MATCH_HEADER = "If-None-Match"
_WEAK = "W/"


class Revalidated(Response[Any]):
    """An answer with a strong ETag of its bytes, or 304 to those who have them.

    Readers keep what they got and ask before they use it again, so that a key which is
    revoked loses its sight at once.
    """

    def to_asgi_response(
        self, app: Any, request: Request[Any, Any, Any], **given: Any
    ) -> ASGIResponse:
        """Encode the body, then decide whether it has to be sent."""
        body = self.render(
            self.content, MediaType.JSON, enc_hook=self.get_serializer_of(request)
        )
        tag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
        self.headers |= {"ETag": tag, "Cache-Control": "private, no-cache"}
        self.content = body
        if matches(request.headers.get(IF_NONE_MATCH_HEADER), tag):
            return ASGIResponse(status_code=304, headers=self.headers)
        return super().to_asgi_response(app, request, **given)

    @staticmethod
    def get_serializer_of(request: Request[Any, Any, Any]) -> Any:
        """Return what the framework encodes unknown types with."""
        return request.route_handler.default_serializer


def matches(field: str | None, tag: str) -> bool:
    """Tell whether an ``If-None-Match`` names a tag; weak comparison, as RFC 9110 wants."""
    return field is not None and tag in {part.removeprefix(_WEAK) for part in _tags(field)} | (
        {tag} if field.strip() == "*" else set()
    )


def revision_tag(revision: int) -> str:
    """Return the ETag of something that counts its changes."""
    return f'"{revision}"'


def require_match(request: Request[Any, Any, Any], tag: str) -> None:
    """Refuse a change by somebody who has not read the present version.

    Raises
    ------
    PreconditionMissing
        There is no ``If-Match``.
    PreconditionFailed
        It names another version.
    """
    field = request.headers.get(IF_MATCH_HEADER)
    if field is None:
        raise PreconditionMissing
    if field.strip() != "*" and tag not in set(_tags(field)):
        raise PreconditionFailed


def _tags(field: str) -> Iterable[str]:
    return (part.strip() for part in field.split(","))
