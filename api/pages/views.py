"""Each page of the form, given what was found; the same for invitations and for previews."""

import secrets
from collections.abc import Sequence
from typing import Any

import msgspec

from api.pages.rendering import Frame, Problem, rendered, tongues
from api.pages.screens import (
    Screen,
    minutes_of,
    open_items,
    place_of,
    screen_of_pointer,
    screens_of,
)
from api.pages.wording import LANGUAGES, Words, words_beside
from survey.capture.drafts import Draft
from survey.capture.languages import nearest_language
from survey.capture.submission import MAX_COMMENT, FieldProblem
from survey.capture.visits import Visit

__all__ = [
    "PreviewBar",
    "elsewhere_view",
    "ended_view",
    "in_words",
    "message_view",
    "opening_view",
    "receipt_view",
    "review_view",
    "screen_view",
]

_FIELD_BYTES, _COMMENT_BYTES = 4_096, 3 * 4 * MAX_COMMENT


class PreviewBar(msgspec.Struct, frozen=True, kw_only=True):
    """What stands over a preview."""

    role: str
    roles: tuple[tuple[str, str], ...]
    """Each role with the address at which the form is seen as it."""


def message_view(
    key: str, *sentences: str, languages: Sequence[str | None], **arguments: object
) -> str:
    """Return a page that only says something, in the language that fits a browser best."""
    language = nearest_language(languages, LANGUAGES) or LANGUAGES[0]
    words = words_beside(language)
    return rendered(
        "message.html",
        language=language,
        title=words.plain(key),
        organisation=None,
        sentences=[words(sentence, **arguments) for sentence in sentences],
    )


def ended_view(visit: Visit) -> str:
    """Return the page of a form that is not open yet, or no longer."""
    say = words_beside(visit.form.text.locale)
    if visit.state == "waiting":
        moment = visit.opens_at and say.moment(visit.opens_at)
        sentence = say("waiting.when", moment=moment) if moment else say("waiting.soon")
    elif visit.state == "closing":
        sentence = say("closing.text")
    else:
        sentence = say(
            "closed.text", organisation=visit.organisation_name, group=visit.min_group
        )
    return rendered(
        "message.html",
        language=visit.form.text.locale,
        title=say.plain(f"{visit.state}.title"),
        organisation=visit.organisation_name,
        sentences=[sentence],
    )


def opening_view(visit: Visit, frame: Frame, *, problems: Sequence[Problem] = ()) -> str:
    """Return what stands before the first question; here nothing has begun."""
    draft = visit.draft or Draft()
    return _shown(
        "opening.html",
        visit,
        frame,
        problems=problems,
        title=visit.form.text.title,
        minutes=minutes_of(visit.form.text),
        promise=_promise(visit),
        resumes=draft.revision > 0,
    )


def _promise(visit: Visit) -> list[str]:
    """Return in three sentences what happens to the answers."""
    say = words_beside(visit.form.text.locale)
    group, comments = visit.min_group, visit.min_comments
    if visit.form.role == "sponsor":
        keys = ("mode.sponsor.who", "mode.sponsor.until", "mode.sponsor.readers")
    else:
        mode = visit.form.mode
        keys = (f"mode.{mode}.who", f"mode.{mode}.until", "mode.readers")
    return [say(key, group=group, comments=comments) for key in keys]


def elsewhere_view(visit: Visit, frame: Frame, *, problems: Sequence[Problem] = ()) -> str:
    """Return the page that asks for a resume code."""
    say = words_beside(visit.form.text.locale)
    title = say.plain("code.title")
    return _shown("elsewhere.html", visit, frame, problems=problems, title=title)


def screen_view(
    visit: Visit,
    frame: Frame,
    screen: Screen,
    draft: Draft,
    *,
    problems: Sequence[Problem] = (),
    newer: bool = False,
) -> str:
    """Return one screen with its answers."""
    asked = screens_of(visit.form.text)[:-1]
    number = place_of(asked, screen.key) + 1
    say = words_beside(visit.form.text.locale)
    progress = say.plain("screen.progress", number=number, total=len(asked))
    return _shown(
        "screen.html",
        visit,
        frame,
        problems=problems,
        title=f"{progress} - {visit.form.text.title}",
        screen=screen,
        draft=draft,
        number=number,
        total=len(asked),
        newer=newer,
        writer=secrets.token_urlsafe(6),
        field_bytes=_FIELD_BYTES + _COMMENT_BYTES * len(screen.comments),
        most_characters=MAX_COMMENT,
    )


def review_view(
    visit: Visit,
    frame: Frame,
    draft: Draft,
    *,
    sheet: str,
    problems: Sequence[Problem] = (),
) -> str:
    """Return what is still open, and the button that sends everything.

    Parameters
    ----------
    sheet : str
        What the button sends.
    """
    say = words_beside(visit.form.text.locale)
    screens = screens_of(visit.form.text)
    parts = [
        _part(say, number, screen, draft) for number, screen in enumerate(screens[:-1], start=1)
    ]
    return _shown(
        "review.html",
        visit,
        frame,
        problems=problems,
        title=say.plain("review.title"),
        parts=parts,
        open_count=sum(len(open_items(screen, draft)) for screen in screens),
        seen=draft.revision,
        sheet=sheet,
        before=screens[-2].key,
    )


def _part(say: Words, number: int, screen: Screen, draft: Draft) -> dict[str, Any]:
    state, title = "", screen.title
    is_open = bool(open_items(screen, draft))
    if screen.kind == "consent":
        title = say.plain("review.consent")
        chosen = {True: "yes", False: "no", None: "undecided"}[draft.consent]
        state, is_open = say(f"review.{chosen}"), draft.consent is None
    elif screen.kind == "comments":
        title = say.plain("comments.title")
        asked = {comment.key for comment in screen.comments}
        state = say("review.of", answered=len(asked & draft.comments.keys()), total=len(asked))
    else:
        answered = len(screen.items) - len(open_items(screen, draft))
        state = say("review.of", answered=answered, total=len(screen.items))
    return {
        "key": screen.key, "number": number, "title": title, "state": state, "is_open": is_open
    }  # fmt: skip


def receipt_view(visit: Visit, frame: Frame) -> str:
    """Return the receipt, which says nothing about the answers."""
    say = words_beside(visit.form.text.locale)
    return _shown("receipt.html", visit, frame, title=say.plain("receipt.title"))


def in_words(
    visit: Visit, found: Sequence[FieldProblem], frame: Frame | None = None
) -> list[Problem]:
    """Return what breaks the rules of the form, in words for the person who has answered.

    Parameters
    ----------
    frame
        Given if the problems are shown on the review: each then links to its screen.
    """
    say = words_beside(visit.form.text.locale)
    screens = screens_of(visit.form.text)
    problems = []
    for one in found:
        text, field = _in_words(say, one), _field(one)
        screen = screen_of_pointer(screens, one.pointer) if frame else None
        page = frame.address(screen.key) if frame and screen else ""
        link = f"{page}#{field}" if field and (screen or not frame) else ""
        problems.append(Problem(text=text, field=field, link=link))
    return problems


def _field(problem: FieldProblem) -> str:
    """Return the id of the element that asks for what a problem is about."""
    part, _, name = problem.pointer.lstrip("/").partition("/")
    if problem.code == "empty-sheet":
        return ""
    return {"answers": "a-", "comments": "c-"}.get(part, part) + name


def _in_words(say: Words, problem: FieldProblem) -> str:
    match problem.code:
        case "too-long":
            return say("comments.too_long", most=MAX_COMMENT)
        case "not-text":
            return say("comments.not_text")
        case "missing-required":
            return say("wrong.required")
        case "empty-sheet":
            return say("wrong.empty")
        case "missing-consent":
            return say("consent.missing")
        case _:
            return say("wrong.answer")


def _shown(template: str, visit: Visit, frame: Frame, **context: Any) -> str:
    form = visit.form
    return rendered(
        template,
        language=form.text.locale,
        languages=tongues(form.text.locales),
        preview=frame.preview,
        frame=frame,
        text=form.text,
        role=form.role,
        organisation=visit.organisation_name,
        closes_at=visit.closes_at,
        min_group=visit.min_group,
        pad_to=form.pad_to,
        code=frame.code,
        **context,
    )
