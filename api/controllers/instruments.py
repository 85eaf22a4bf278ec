"""Instruments: drafts are edited, published versions never."""

from datetime import datetime
from typing import Any

from litestar import Controller, Request, Response, get, post, put
from litestar.di import NamedDependency
from litestar.params import JSONBody

from api.description.problems import problems
from api.description.traits import IF_MATCH
from api.http.addresses import InstrumentKey, InstrumentVersion
from api.http.auth import requires
from api.http.conditional import Revalidated, seen_tags, tag_of
from api.http.idempotency import Once
from api.http.paging import PageRequest, paged
from api.http.refusals import FieldError, MalformedBody
from api.schemas.wire import Page
from survey.access.keys import Principal
from survey.errors import FieldInvalid
from survey.instruments import drafts as instrument_drafts
from survey.instruments import store as instruments
from survey.instruments.definition import InstrumentDefinition
from survey.instruments.drafts import InstrumentExists
from survey.instruments.errors import (
    InstrumentIncomplete,
    InstrumentNotFound,
    InstrumentPublished,
)
from survey.instruments.store import InstrumentView

__all__ = ["InstrumentController"]


class InstrumentController(Controller):
    """Read, draft, edit and publish instruments."""

    path = "/instruments"
    tags = ("Instruments",)

    @get(
        operation_id="ListInstruments",
        summary="List instruments",
        guards=[requires("campaigns:read")],
    )
    async def list(
        self,
        request: Request[Any, Any, Any],
        principal: NamedDependency[Principal],
        page: NamedDependency[PageRequest],
    ) -> Response[Page[InstrumentView]]:
        """List the versions of all instruments, in the order in which they were drafted."""
        found = await instruments.list_instruments(
            principal.organisation, after=page.after, limit=page.limit
        )
        return paged(request, page, found)

    @get(
        "/{key:str}/{version:int}",
        operation_id="ReadInstrument",
        summary="Read an instrument",
        guards=[requires("campaigns:read", "campaigns:write")],
        response_class=Revalidated,
        responses=problems(InstrumentNotFound),
    )
    async def read(
        self,
        key: InstrumentKey,
        version: InstrumentVersion,
        principal: NamedDependency[Principal],
    ) -> Response[InstrumentDefinition]:
        """Return the whole definition of a version; its ETag is what a change has to name."""
        found, definition = await instruments.read_definition(
            principal.organisation, key=key, version=version
        )
        return Revalidated(definition, tag=tag_of(found))

    @post(
        operation_id="DraftInstrument",
        summary="Draft an instrument",
        guards=[requires("campaigns:write", whole=True)],
        responses=problems(InstrumentExists, FieldInvalid),
    )
    async def draft(
        self,
        data: JSONBody[InstrumentDefinition],
        principal: NamedDependency[Principal],
        once: NamedDependency[Once],
    ) -> Response[InstrumentView]:
        """Store a new version as a draft."""
        return await once(
            lambda: instrument_drafts.create_draft(
                principal.organisation, data, by=principal.actor
            ),
            location=lambda made: f"/v1/instruments/{made.key}/{made.version}",
        )

    @put(
        "/{key:str}/{version:int}",
        operation_id="ReplaceInstrument",
        summary="Edit the draft of an instrument",
        guards=[requires("campaigns:write", whole=True)],
        opt={IF_MATCH: True},
        responses=problems(InstrumentNotFound, InstrumentPublished),
    )
    async def replace(
        self,
        request: Request[Any, Any, Any],
        key: InstrumentKey,
        version: InstrumentVersion,
        data: JSONBody[InstrumentDefinition],
        principal: NamedDependency[Principal],
    ) -> Response[InstrumentView]:
        """Replace a draft that nobody else has changed since it was read."""
        _require_same(data, key, version)
        replaced = await instrument_drafts.replace_draft(
            principal.organisation, data, seen=seen_tags(request), by=principal.actor
        )
        return Response(replaced, headers={"ETag": tag_of(replaced)})

    @post(
        "/{key:str}/{version:int}/publish",
        operation_id="PublishInstrument",
        summary="Publish an instrument",
        status_code=200,
        guards=[requires("campaigns:write", whole=True)],
        responses=problems(InstrumentNotFound, InstrumentPublished, InstrumentIncomplete),
    )
    async def publish(
        self,
        key: InstrumentKey,
        version: InstrumentVersion,
        principal: NamedDependency[Principal],
        once: NamedDependency[Once],
        now: NamedDependency[datetime],
    ) -> Response[InstrumentView]:
        """Publish a complete draft; from then on it never changes."""
        return await once(
            lambda: instruments.publish_instrument(
                principal.organisation,
                key=key,
                version=version,
                now=now,
                by=principal.actor,
            )
        )


def _require_same(definition: InstrumentDefinition, key: str, version: int) -> None:
    errors = [
        FieldError(pointer=f"/{name}", code="not-the-address", detail=f"Expected {wanted}.")
        for name, given, wanted in (
            ("key", definition.key, key),
            ("version", definition.version, version),
        )
        if given != wanted
    ]
    if errors:
        raise MalformedBody("The body names another instrument than the address.", errors)
