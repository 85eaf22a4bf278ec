"""The form of one invitation as pages: the link is the credential, and only a POST acts."""

import re
from typing import Any

import msgspec
from litestar import Controller, Request, Response, get, post
from litestar.params import FromPath
from litestar.response import Redirect

from api.http.auth import spend
from api.http.bodies import read_json
from api.http.refusals import RouteNotFound
from api.http.routes import QUIET
from api.http.services import services_of
from api.pages import views
from api.pages.failures import FAILURES, gone_page
from api.pages.rendering import ASSETS, Problem, asset, page
from api.pages.screens import (
    REVIEW,
    Screen,
    first_open,
    place_of,
    read_change,
    read_sheet,
    screens_of,
    submission_of,
    with_typed,
    written_sheet,
)
from api.pages.sitting import Sitting, posted_fields
from api.pages.wording import words_beside
from models.edges import Prose, Word
from survey.capture.drafts import Change, Draft, new_resume_code, normal_resume_code
from survey.capture.errors import (
    AlreadySubmitted,
    CampaignNotOpen,
    CaptureOverloaded,
    DraftElsewhere,
    InvitationUnknown,
    StorageUnavailable,
    SubmissionRejected,
)
from survey.capture.submission import Submission
from survey.capture.visits import Saved, Visit, begin_form, save_screen

__all__ = ["FormPages", "form_asset"]

_TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")
Asked = Request[Any, Any, Any]
Page = Response[Any]


class FormPages(Controller):
    """Open, answer, review and submit a form; without a line in the log, as with the API."""

    path = "/f/{token:str}"
    include_in_schema = False
    opt = {QUIET: True}  # noqa: RUF012 - Litestar reads it so
    exception_handlers = FAILURES

    @get()
    async def look(self, request: Asked, token: FromPath[str]) -> Page:
        """Show the opening page, or the screen that the address names. Nothing is stored."""
        if not _admitted(request, token):
            return gone_page(request)
        sitting = Sitting.of(request, token, dict(request.query_params.items()))
        visit = await sitting.visit()
        if visit.state != "open":
            return _without_form(request, sitting, visit)
        key = sitting.fields.get("page", "")
        if not key or sitting.ticket is None or visit.draft is None:
            return _opening(sitting, visit)
        return _screen(sitting, visit, key)

    @post(status_code=200)
    async def act(self, request: Asked, token: FromPath[str]) -> Page:
        """Begin, save a screen and go on, or submit."""
        if not _admitted(request, token):
            return gone_page(request)
        sitting = Sitting.of(request, token, await posted_fields(request))
        visit = await sitting.visit()
        action = sitting.fields.get("do", "next")
        try:
            if action == "send" and visit.state in {"open", "completed"}:
                return await _send(request, sitting, visit)
            if visit.state != "open":
                return _without_form(request, sitting, visit)
            if action in {"begin", "afresh"}:
                return await _begin(sitting, visit, afresh=action == "afresh")
            return await _save(sitting, visit, action)
        except (AlreadySubmitted, CampaignNotOpen):
            # Meanwhile, in another tab or by the campaign's end.
            return _without_form(request, sitting, await sitting.visit())

    @post("/save", status_code=200)
    async def save(self, request: Asked, token: FromPath[str]) -> Page:
        """Save what a screen holds, for the script; in JSON, with the fields of its form."""
        if not _admitted(request, token):
            raise InvitationUnknown
        fields = read_json(dict[Word, Prose], await request.body())
        sitting = Sitting.of(request, token, fields)
        if sitting.ticket is None:
            return Response(None, status_code=403)
        try:
            visit = await sitting.visit()
            screens = screens_of(visit.form.text)
            screen = screens[place_of(screens, fields.get("page", ""))]
            change = read_change(screen, fields, seconds=sitting.seconds())
            saved = await _stored(sitting, change)
        except (SubmissionRejected, DraftElsewhere):
            return Response(None, status_code=422)
        except (CampaignNotOpen, AlreadySubmitted, InvitationUnknown):
            # The same for all: whoever has the link learns nothing about its owner.
            return Response(None, status_code=404)
        return Response(_SavedNow(saved.revision, bool(saved.newer)))


@get(f"{ASSETS}/{{name:str}}", include_in_schema=False, opt={QUIET: True})
async def form_asset(name: FromPath[str]) -> Response[bytes]:
    """Return the style sheet or the script; a browser keeps it for good.

    Raises
    ------
    RouteNotFound
        There is no such file.
    """
    found = asset(name)
    if found is None:
        raise RouteNotFound
    contents, media_type = found
    return Response(
        contents,
        media_type=media_type,
        headers={
            "Cache-Control": "public, max-age=31536000, immutable",
            # A sandboxed frame has no origin, so that it would get nothing of the same one.
            "Cross-Origin-Resource-Policy": "cross-origin",
        },
    )


class _SavedNow(msgspec.Struct, frozen=True, rename="camel"):
    """What the script is told about a save."""

    revision: int
    is_newer: bool
    """Whether newer answers were given elsewhere; they were left as they are."""


def _admitted(request: Asked, token: str) -> bool:
    """Count a request against its token; tell whether it may be one at all.

    Raises
    ------
    RateLimited
        It has asked too often.
    """
    if not _TOKEN.fullmatch(token):
        return False
    spend(request, services_of(request).form_limits, token)
    return True


def _without_form(request: Asked, sitting: Sitting, visit: Visit) -> Page:
    """Return what there is instead of a form: the receipt, on the device that has submitted."""
    origins = _ancestors(sitting, visit)
    if visit.state != "waiting" and sitting.has_receipt:
        return page(views.receipt_view(visit, sitting.frame()), embed_origins=origins)
    if visit.state == "completed":
        return gone_page(request)
    return page(views.ended_view(visit), embed_origins=origins)


def _ancestors(sitting: Sitting, visit: Visit) -> tuple[str, ...]:
    return visit.embed_origins if sitting.fields.get("embed") == "1" else ()


def _shown(sitting: Sitting, visit: Visit, html: str, *, status: int = 200) -> Page:
    return page(html, status=status, embed_origins=_ancestors(sitting, visit))


def _opening(sitting: Sitting, visit: Visit, *, problems: tuple[Problem, ...] = ()) -> Page:
    fresh = sitting.renewed(ticket=None)
    html = views.opening_view(visit, fresh.frame(visit), problems=problems)
    return _shown(sitting, visit, html, status=403 if problems else 200)


def _screen(sitting: Sitting, visit: Visit, key: str) -> Page:
    screens = screens_of(visit.form.text)
    screen = screens[place_of(screens, key)]
    if screen.key == REVIEW:
        return _review(sitting, visit)
    html = views.screen_view(
        visit,
        sitting.frame(visit),
        screen,
        visit.draft or Draft(),
        newer=sitting.fields.get("newer") == "1",
    )
    return _shown(sitting, visit, html)


async def _begin(sitting: Sitting, visit: Visit, *, afresh: bool) -> Page:
    if sitting.ticket is None:
        return _opening(sitting, visit, problems=_problems(visit, "wrong.expired"))
    typed = sitting.fields.get("code", "")
    device = normal_resume_code(typed) or sitting.device or new_resume_code()
    services = sitting.services
    try:
        draft = await begin_form(
            sitting.token,
            device=device,
            afresh=afresh,
            seals=services.seals,
            now=services.clock(),
        )
    except DraftElsewhere:
        say = words_beside(visit.form.text.locale)
        wrong = Problem(text=say("code.wrong"), field="code", link="#code")
        problems = (wrong,) if typed else ()
        html = views.elsewhere_view(visit, sitting.frame(), problems=problems)
        return _shown(sitting, visit, html, status=422 if problems else 200)
    begun = sitting.begun(device, draft.seconds)
    screen = first_open(screens_of(visit.form.text), draft)
    return _onward(begun, screen.key, cookies=True)


def _onward(
    sitting: Sitting, key: str | None, *, newer: bool = False, cookies: bool = False
) -> Page:
    """Send the browser to a page by GET, so that reloading it repeats nothing."""
    address = sitting.frame().address(key, newer=newer)
    kept = [sitting.device_cookie()] if cookies else []
    return Redirect(address, status_code=303, cookies=kept)


async def _save(sitting: Sitting, visit: Visit, action: str) -> Page:
    screens = screens_of(visit.form.text)
    place = place_of(screens, sitting.fields.get("page", ""))
    screen = screens[place]
    change = read_change(screen, sitting.fields, seconds=sitting.seconds())
    if sitting.ticket is None:
        problems = _problems(visit, "wrong.expired")
        return _again(sitting, visit, screen, change, problems, status=403)
    try:
        saved = await _stored(sitting, change)
    except SubmissionRejected as refused:
        problems = tuple(views.in_words(visit, refused.problems))
        return _again(sitting, visit, screen, change, problems)
    except DraftElsewhere:
        return _again(sitting, visit, screen, change, _problems(visit, "wrong.elsewhere"))
    if saved.newer:
        return _onward(sitting, screen.key, newer=True)
    decided = change.consent is not None or (visit.draft and visit.draft.consent is not None)
    if screen.kind == "consent" and action != "previous" and not decided:
        say = words_beside(visit.form.text.locale)
        wrong = Problem(text=say("consent.missing"), field="consent", link="#consent")
        return _again(sitting, visit, screen, change, (wrong,))
    return _go(sitting, screens, place, action)


async def _stored(sitting: Sitting, change: Change) -> Saved:
    return await save_screen(
        sitting.token,
        change,
        device=sitting.device,
        seals=sitting.services.seals,
        now=sitting.services.clock(),
    )


def _go(sitting: Sitting, screens: tuple[Screen, ...], place: int, action: str) -> Page:
    if action.startswith("lang-"):
        fields = {**sitting.fields, "lang": action.removeprefix("lang-")}
        return _onward(sitting.renewed(fields=fields), screens[place].key)
    if action == "review":
        return _onward(sitting, REVIEW)
    if action == "previous":
        return _onward(sitting, screens[place - 1].key if place else None)
    return _onward(sitting, screens[min(place + 1, len(screens) - 1)].key)


def _again(
    sitting: Sitting,
    visit: Visit,
    screen: Screen,
    change: Change,
    problems: tuple[Problem, ...],
    *,
    status: int = 422,
) -> Page:
    """Show a screen again with what was typed, and what is wrong with it."""
    if screen.key == REVIEW:
        return _review(sitting, visit, problems=problems, status=status)
    draft = with_typed(visit.draft or Draft(), change)
    html = views.screen_view(visit, sitting.frame(visit), screen, draft, problems=problems)
    return _shown(sitting, visit, html, status=status)


def _problems(visit: Visit, key: str) -> tuple[Problem, ...]:
    return (Problem(text=words_beside(visit.form.text.locale)(key)),)


def _review(
    sitting: Sitting,
    visit: Visit,
    *,
    sheet: str | None = None,
    problems: tuple[Problem, ...] = (),
    status: int = 200,
) -> Page:
    draft = visit.draft or Draft()
    if sheet is None:
        submission = submission_of(visit.form, draft, seconds=sitting.seconds())
        sheet = written_sheet(submission, pad_to=visit.form.pad_to)
    frame = sitting.frame(visit)
    html = views.review_view(visit, frame, draft, sheet=sheet, problems=problems)
    return _shown(sitting, visit, html, status=status)


async def _send(request: Asked, sitting: Sitting, visit: Visit) -> Page:
    """Submit what the review has shown; a repeat of it gets the receipt again."""
    submission = read_sheet(sitting.fields.get("sheet", ""))
    if submission is None:
        if visit.state == "completed":
            return _without_form(request, sitting, visit)
        return _review(sitting, visit)
    if visit.state == "open":
        if sitting.ticket is None:
            return _review(
                sitting, visit, problems=_problems(visit, "wrong.expired"), status=403
            )
        if visit.draft is None:
            return _opening(sitting, visit)
        if sitting.fields.get("seen") != str(visit.draft.revision):
            return _review(
                sitting, visit, problems=_problems(visit, "wrong.changed"), status=409
            )
    return await _submit(sitting, visit, submission)


async def _submit(sitting: Sitting, visit: Visit, submission: Submission) -> Page:
    try:
        await sitting.services.capture.submit(sitting.token, submission)
    except SubmissionRejected as refused:
        frame = sitting.frame(visit)
        problems = tuple(views.in_words(visit, refused.problems, frame))
        return _review(sitting, visit, problems=problems, status=422)
    except (StorageUnavailable, CaptureOverloaded):
        # Perhaps it is stored: the same sheet has to come again.
        return _review(
            sitting,
            visit,
            sheet=sitting.fields["sheet"],
            problems=_problems(visit, "wrong.not_stored"),
            status=503,
        )
    return page(
        views.receipt_view(visit, sitting.frame()),
        embed_origins=_ancestors(sitting, visit),
        cookies=[sitting.receipt_cookie()],
    )
