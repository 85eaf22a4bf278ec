"""The form as a preview: the same pages at an address of their own, which stores nothing."""

from datetime import datetime
from typing import Any, get_args
from uuid import UUID

from litestar import Controller, Request, Response, get, post
from litestar.params import FromPath
from litestar.response import Redirect

from api.http.auth import spend
from api.http.routes import QUIET
from api.http.services import services_of
from api.pages import views
from api.pages.failures import FAILURES
from api.pages.rendering import Frame, page
from api.pages.screens import REVIEW, place_of, screens_of, submission_of, written_sheet
from api.pages.sitting import accepted_languages, posted_fields
from api.pages.tickets import PreviewTicket, read_preview, sign_preview
from api.pages.views import PreviewBar
from models.edges import MAX_LOCALE
from survey.capture.drafts import Draft
from survey.capture.previews import Previewed, preview_form
from survey.capture.visits import Visit
from survey.instruments.parts import Role

__all__ = ["PREVIEWS", "PreviewPages", "preview_address"]

PREVIEWS = "/preview"
_ROLES: tuple[Role, ...] = tuple(reversed(get_args(Role)))
_RECEIPT = "receipt"
Asked = Request[Any, Any, Any]


def preview_address(key: bytes, organisation: UUID, what: Previewed, *, until: datetime) -> str:
    """Return an address that shows a preview to whoever has it, until a moment."""
    ticket = PreviewTicket(
        until_s=int(until.timestamp()),
        organisation=organisation,
        campaign=what.campaign,
        instrument=what.key,
        version=what.version,
    )
    return f"{PREVIEWS}/{sign_preview(key, ticket)}"


class PreviewPages(Controller):
    """Walk through a form that stores nothing."""

    path = f"{PREVIEWS}/{{ticket:str}}"
    include_in_schema = False
    opt = {QUIET: True}  # noqa: RUF012 - Litestar reads it so
    exception_handlers = FAILURES

    @get()
    async def look(self, request: Asked, ticket: FromPath[str]) -> Response[Any]:
        """Show one page of the form."""
        found = _read(request, ticket)
        if found is None:
            return _expired(request)
        fields = dict(request.query_params.items())
        role = _role(fields)
        chosen = fields.get("lang", "")[:MAX_LOCALE] or None
        visit = await preview_form(
            found.organisation,
            Previewed(found.campaign, found.instrument, found.version),
            role=role,
            languages=(chosen, *accepted_languages(request)),
            now=services_of(request).clock(),
        )
        frame = _frame(ticket, role, chosen)
        return page(_shown(visit, frame, fields.get("page", "")))

    @post(status_code=303)
    async def act(self, request: Asked, ticket: FromPath[str]) -> Response[Any]:
        """Go where a button leads; what was answered is forgotten."""
        found = _read(request, ticket)
        if found is None:
            return _expired(request)
        fields = await posted_fields(request)
        role = _role(fields)
        action = fields.get("do", "")
        chosen = fields.get("lang", "")[:MAX_LOCALE] or None
        if action.startswith("lang-"):
            chosen = action.removeprefix("lang-")
        visit = await preview_form(
            found.organisation,
            Previewed(found.campaign, found.instrument, found.version),
            role=role,
            now=services_of(request).clock(),
        )
        key = _following(visit, fields.get("page", ""), action)
        return Redirect(_frame(ticket, role, chosen).address(key), status_code=303)


def _read(request: Asked, ticket: str) -> PreviewTicket | None:
    """Return what may be previewed; counted like requests to a form.

    Raises
    ------
    RateLimited
        It was asked for too often.
    """
    services = services_of(request)
    spend(request, services.form_limits, ticket)
    return read_preview(services.server_key, ticket, now_s=services.clock().timestamp())


def _expired(request: Asked) -> Response[Any]:
    wanted = accepted_languages(request)
    html = views.message_view("preview.gone", "preview.again", languages=wanted)
    return page(html, status=404)


def _role(fields: dict[str, str]) -> Role:
    wanted = fields.get("role")
    return next((role for role in _ROLES if role == wanted), "contributor")


def _frame(ticket: str, role: Role, chosen: str | None) -> Frame:
    base = f"{PREVIEWS}/{ticket}"
    roles = tuple(
        (one, Frame(base=base, chosen=chosen, more=(("role", one),)).address())
        for one in _ROLES
    )
    return Frame(
        base=base,
        chosen=chosen,
        more=(("role", role),),
        preview=PreviewBar(role=role, roles=roles),
    )


def _shown(visit: Visit, frame: Frame, key: str) -> str:
    if not key:
        return views.opening_view(visit, frame)
    if key == _RECEIPT:
        return views.receipt_view(visit, frame)
    screens = screens_of(visit.form.text)
    screen = screens[place_of(screens, key)]
    if screen.key == REVIEW:
        submission = submission_of(visit.form, Draft(), seconds=0)
        sheet = written_sheet(submission, pad_to=visit.form.pad_to)
        return views.review_view(visit, frame, Draft(), sheet=sheet)
    return views.screen_view(visit, frame, screen, Draft())


def _following(visit: Visit, key: str, action: str) -> str | None:
    screens = screens_of(visit.form.text)
    place = place_of(screens, key)
    if action.startswith("lang-"):
        return key or None
    if action == "previous":
        return screens[place - 1].key if place else None
    if action == "next":
        return screens[min(place + 1, len(screens) - 1)].key
    return {"begin": screens[0].key, "send": _RECEIPT}.get(action, REVIEW)
