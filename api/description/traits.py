"""What a handler demands and offers, read from the handler itself."""

from collections.abc import Iterator, Mapping
from typing import Any

import msgspec
from litestar.handlers import HTTPRouteHandler
from litestar.routes import HTTPRoute

from api.description.problems import ProblemSpec
from api.http.auth import Requires, require_invitation
from api.http.conditional import Revalidated
from api.http.errors import DatabaseLost
from api.http.refusals import (
    BodyTooSlow,
    Malformed,
    MalformedBody,
    MalformedCursor,
    MalformedParameter,
    MissingScope,
    NotAcceptable,
    PreconditionMissing,
    RateLimited,
    RouteNotFound,
    TooLarge,
    UnsupportedMedia,
    WholeOrganisationOnly,
)
from survey.access.errors import KeyRefused, TrailKeyDiffers
from survey.capture.errors import InvitationUnknown
from survey.errors import ChangedMeanwhile, SurveyError
from survey.idempotency import KeyUsedOtherwise, RequestInFlight

__all__ = [
    "EXPORTS",
    "FILES",
    "FILE_EXAMPLE",
    "IF_MATCH",
    "IF_NEW",
    "ROWS",
    "Traits",
    "declared",
    "traits_of",
]

FILES = "files"
"""In the options of a handler: the media types of the file that is its body."""
FILE_EXAMPLE = "file_example"
"""In the options of a handler: such a file."""
ROWS = "rows"
"""In the options of a handler: what its file may be a JSON list of instead."""
IF_MATCH = "if_match"
"""In the options of a handler: it changes what has an ETag."""
IF_NEW = "if_new"
"""In the options of a handler: it makes what it would change, if there is none."""


EXPORTS = "exports"
"""In the options of a handler: it also answers with NDJSON, and the audit trail tells so."""


class Traits(msgspec.Struct, frozen=True, kw_only=True):
    """What every caller of a handler has to know."""

    scopes: tuple[str, ...]
    whole: bool
    invitation: bool
    database: bool
    body: bool
    files: tuple[str, ...]
    rows: Any
    parameters: bool
    path: bool
    paged: bool
    once: bool
    revalidated: bool
    if_match: bool
    if_new: bool
    exports: bool
    changes: bool

    def problems(self) -> Iterator[type[SurveyError]]:
        """Yield the problems that follow from them."""
        yield Malformed
        if self.scopes or self.invitation:
            yield KeyRefused if self.scopes else InvitationUnknown
            yield RateLimited
        if self.scopes:
            yield MissingScope
        if self.whole:
            yield WholeOrganisationOnly
        if self.database:
            yield DatabaseLost
        if self.exports:
            yield NotAcceptable
        if self.scopes and (self.changes or self.exports):
            yield TrailKeyDiffers
        if self.body or self.files:
            yield from (TooLarge, UnsupportedMedia, BodyTooSlow)
            yield MalformedBody
        yield from self._of_headers_and_address()

    def _of_headers_and_address(self) -> Iterator[type[SurveyError]]:
        yield MalformedParameter
        if self.paged:
            yield MalformedCursor
        if self.path:
            yield RouteNotFound
        if self.once:
            yield from (RequestInFlight, KeyUsedOtherwise)
        if self.if_match:
            yield from (PreconditionMissing, ChangedMeanwhile)


def traits_of(
    route: HTTPRoute, handler: HTTPRouteHandler, operation: Mapping[str, Any]
) -> Traits:
    """Read the traits of a handler; its parameters come from the framework's description."""
    guards = handler.resolve_guards()
    scoped = next((guard for guard in guards if isinstance(guard, Requires)), None)
    named = handler.parsed_fn_signature.parameters
    return Traits(
        scopes=scoped.scopes if scoped else (),
        whole=scoped.whole if scoped else False,
        invitation=require_invitation in guards,
        database=bool(guards),
        body="data" in named,
        files=tuple(handler.opt.get(FILES, ())),
        rows=handler.opt.get(ROWS),
        parameters=any(
            parameter["in"] == "query" for parameter in operation.get("parameters", ())
        ),
        path=bool(route.path_parameters),
        paged="page" in named,
        once="once" in named,
        revalidated=handler.resolve_response_class() is Revalidated,
        if_match=bool(handler.opt.get(IF_MATCH)),
        if_new=bool(handler.opt.get(IF_NEW)),
        exports=bool(handler.opt.get(EXPORTS)),
        changes="GET" not in handler.http_methods,
    )


def declared(handler: HTTPRouteHandler) -> Iterator[type[SurveyError]]:
    """Yield the problems that a handler declares itself."""
    for spec in (handler.responses or {}).values():
        if isinstance(spec, ProblemSpec):
            yield from spec.kinds
