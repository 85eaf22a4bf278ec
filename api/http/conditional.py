"""ETags: a reader who has the present version gets 304, a writer must have read it."""

import hashlib
import re
from typing import Any, Protocol, TypeVar, runtime_checkable

from litestar import Request, Response
from litestar.response.base import ASGIResponse

from api.http.refusals import PreconditionMissing
from api.schemas.wire import quoted

__all__ = [
    "IF_MATCH_HEADER",
    "IF_NONE_MATCH_HEADER",
    "Revalidated",
    "Revised",
    "seen_revision",
    "seen_revision_or_none",
    "seen_tags",
    "tag_of",
]

IF_MATCH_HEADER = "If-Match"
IF_NONE_MATCH_HEADER = "If-None-Match"
_DIGITS = 32
_ANY = "*"
_TAG = re.compile(r'(?:^|,)\s*(W/)?"([^"]*)"\s*(?=,|$)')
_OURS = re.compile(r"[1-9][0-9]{0,9}")

Content = TypeVar("Content")


@runtime_checkable
class Revised(Protocol):
    """A record that can change, and says which revision of it this is."""

    @property
    def revision(self) -> int | str:
        """Return what differs from one revision to the next."""


def tag_of(record: Revised) -> str:
    """Return the ETag of a record."""
    return quoted(record.revision)


class Revalidated(Response[Content]):
    """An answer with a strong ETag, or 304 to those who have it.

    Readers may keep what they got, but must ask before they use it again, so that a revoked
    key shows nothing from then on.

    Parameters
    ----------
    content
        The body.
    tag : str or None
        Its ETag; a hash of its bytes by default.
    **given
        As for the framework's response.
    """

    def __init__(self, content: Content, *, tag: str | None = None, **given: Any) -> None:
        super().__init__(content, **given)
        self._tag = tag

    def to_asgi_response(
        self, app: Any, request: Request[Any, Any, Any], **given: Any
    ) -> ASGIResponse:
        """Encode the body, then decide whether it has to be sent."""
        answer = super().to_asgi_response(app, request, **given)
        tag = self._tag or quoted(hashlib.sha256(answer.body).hexdigest()[:_DIGITS])
        headers = {"ETag": tag, "Cache-Control": "private, no-cache"}
        if _names(_joined(request, IF_NONE_MATCH_HEADER), tag):
            return ASGIResponse(status_code=304, headers=headers)
        for name, value in headers.items():
            answer.headers[name] = value
        return answer


def seen_tags(request: Request[Any, Any, Any]) -> frozenset[str] | None:
    """Return the tags that ``If-Match`` names, without quotes; None if any will do (``*``).

    Weak tags are left out: what is changed must be what was read, byte for byte (RFC 9110).

    Raises
    ------
    PreconditionMissing
        There is no ``If-Match``.
    """
    fields = request.headers.getall(IF_MATCH_HEADER, [])
    if not fields:
        raise PreconditionMissing
    if any(field.strip() == _ANY for field in fields):
        return None
    return frozenset(tag for weak, tag in _TAG.findall(",".join(fields)) if not weak)


def seen_revision(request: Request[Any, Any, Any]) -> frozenset[int] | None:
    """Return the revisions that ``If-Match`` names; None if any will do (``*``).

    Raises
    ------
    PreconditionMissing
        There is no ``If-Match``.
    """
    tags = seen_tags(request)
    return None if tags is None else frozenset(int(tag) for tag in tags if _OURS.fullmatch(tag))


def seen_revision_or_none(request: Request[Any, Any, Any]) -> frozenset[int] | int | None:
    """Return the revisions that ``If-Match`` names; 0 if the writer expects none to exist.

    Raises
    ------
    PreconditionMissing
        There is neither ``If-Match`` nor ``If-None-Match: *``.
    """
    nothing_there = (_joined(request, IF_NONE_MATCH_HEADER) or "").strip() == _ANY
    if nothing_there and IF_MATCH_HEADER not in request.headers:
        return 0
    return seen_revision(request)


def _joined(request: Request[Any, Any, Any], name: str) -> str | None:
    """Return a list as one field, however many the caller has spread it over (RFC 9110)."""
    fields = request.headers.getall(name, [])
    return ",".join(fields) if fields else None


def _names(field: str | None, tag: str) -> bool:
    """Tell whether an ``If-None-Match`` names a tag; compared weakly, as RFC 9110 wants."""
    if field is None:
        return False
    return field.strip() == _ANY or tag in {quoted(named) for _, named in _TAG.findall(field)}
