"""The audit trail: who did what and when."""

from datetime import datetime
from typing import Annotated, Any, TypeAlias, cast

import msgspec
from litestar import Controller, Request, Response, get
from litestar.di import NamedDependency, Provide
from litestar.params import QueryParameter

from api.description.problems import problems
from api.description.traits import EXPORTS
from api.http.auth import requires
from api.http.exports import exported, wants_export
from api.http.paging import PageRequest, paged
from api.http.refusals import FieldError, MalformedParameter
from api.schemas.wire import Page
from models.moments import held_moment
from survey.access import audit_reading
from survey.access.audit_reading import AuditEventView, AuditFilter
from survey.access.keys import Principal
from survey.errors import FieldInvalid, shown

__all__ = ["AuditController"]

Answer: TypeAlias = Response[Page[AuditEventView]]

_LONGEST_WORD, _LONGEST_ADDRESS = 64, 300


def _text(description: str, longest: int) -> Any:
    # The framework leaves the limit of an optional value out of the description.
    return QueryParameter(
        description=description, max_length=longest, schema_extra={"max_length": longest}
    )


def _wanted(
    action: Annotated[
        str | None, _text("What was done, such as `campaign.opened`.", _LONGEST_WORD)
    ] = None,
    actor: Annotated[
        str | None,
        _text("Id of an API key, or `key`, `command_line` or `platform`.", _LONGEST_WORD),
    ] = None,
    subject: Annotated[
        str | None,
        _text(
            "Address of what the entry concerns, such as `/v1/campaigns/{id}`; of a person, "
            "`/v1/people/{externalId}`.",
            _LONGEST_ADDRESS,
        ),
    ] = None,
    since: Annotated[
        str | None, _text("From this moment on (RFC 3339).", _LONGEST_WORD)
    ] = None,
    until: Annotated[str | None, _text("Before this moment (RFC 3339).", _LONGEST_WORD)] = None,
) -> AuditFilter:
    """Read which entries are asked for.

    Raises
    ------
    MalformedParameter
        ``since`` or ``until`` is no moment.
    """
    return AuditFilter(
        action=action,
        actor=actor,
        subject=subject,
        since=_moment("since", since),
        until=_moment("until", until),
    )


def _moment(name: str, given: str | None) -> datetime | None:
    try:
        return None if given is None else held_moment(msgspec.convert(given, datetime))
    except ValueError:
        error = FieldError(
            parameter=name,
            code="not-as-described",
            detail="Expected a moment from 1900 to 2200 with its distance to UTC, such as "
            "2026-11-23T09:00:00Z.",
            value=shown(given),
        )
        raise MalformedParameter("A parameter is not as described.", [error]) from None


class AuditController(Controller):
    """Read the trail."""

    path = "/audit"
    tags = ("Audit",)
    dependencies = {"wanted": Provide(_wanted, sync_to_thread=False)}  # noqa: RUF012 - as the framework declares it

    @get(
        operation_id="ListAuditEvents",
        summary="Read the audit trail",
        guards=[requires("audit:read", whole=True)],
        opt={EXPORTS: True},
        responses=problems(FieldInvalid),
    )
    async def list(
        self,
        request: Request[Any, Any, Any],
        principal: NamedDependency[Principal],
        page: NamedDependency[PageRequest],
        wanted: NamedDependency[AuditFilter],
    ) -> Answer:
        """Return what was done, newest first.

        The `mac` of the first entry is the head of the trail: keep it elsewhere, and
        `opmodel audit verify --head` proves later that nothing up to it is missing or was
        changed. With `Accept: application/x-ndjson` all entries come at once, one per line,
        whatever `limit` says; the last line has their number and the SHA-256 of the lines
        before it. That export is an entry itself.
        """
        organisation = principal.organisation
        if wants_export(request):
            await audit_reading.start_export(organisation, wanted, by=principal.actor)
            rows = audit_reading.whole_trail(organisation, wanted)
            return cast(Answer, exported(rows, name="audit.ndjson"))
        found = await audit_reading.list_events(
            organisation, wanted, after=page.after, limit=page.limit
        )
        return paged(request, page, found)
