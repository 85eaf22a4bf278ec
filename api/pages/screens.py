"""A form as a row of screens, and what comes back from each of them."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Literal

import msgspec

from survey.capture.drafts import Change, Draft
from survey.capture.form_view import FormComment, FormItem, FormText
from survey.capture.forms import FormView
from survey.capture.submission import Submission

__all__ = [
    "REVIEW",
    "Screen",
    "first_open",
    "minutes_of",
    "open_items",
    "place_of",
    "read_change",
    "read_sheet",
    "screen_of_pointer",
    "screens_of",
    "submission_of",
    "with_typed",
    "written_sheet",
]

CANT_SAY = "x"
"""What the field of a statement holds for "can't say"; as long as an answer."""
REVIEW = "review"
_ITEM, _COMMENT, _CONSENT = "a-", "c-", "consent"
_SECONDS_PER_ITEM, _SECONDS_AROUND = 7.5, 30


class Screen(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that is asked at a time."""

    key: str
    """In addresses: ``consent``, a number from 1, ``comments``, or ``review``."""
    kind: Literal["consent", "statements", "comments", "review"]
    title: str = ""
    introduction: str | None = None
    items: tuple[FormItem, ...] = ()
    comments: tuple[FormComment, ...] = ()


def screens_of(text: FormText) -> tuple[Screen, ...]:
    """Return the screens of a form in order; the review is the last."""
    found = [Screen(key="consent", kind="consent")] if text.consent else []
    for number, section in enumerate(text.sections, start=1):
        found.append(
            Screen(
                key=str(number),
                kind="statements",
                title=section.title,
                introduction=section.introduction,
                items=section.items,
            )
        )
    if text.comments:
        found.append(Screen(key="comments", kind="comments", comments=text.comments))
    return (*found, Screen(key=REVIEW, kind="review"))


def minutes_of(text: FormText) -> int:
    """Return how long the form takes, in minutes: 62 statements take about eight."""
    items = sum(len(section.items) for section in text.sections)
    return max(1, round((items * _SECONDS_PER_ITEM + _SECONDS_AROUND) / 60))


def place_of(screens: Sequence[Screen], key: str) -> int:
    """Return the place of the screen with a key, from 0; of the first one if there is none."""
    return next((place for place, one in enumerate(screens) if one.key == key), 0)


def open_items(screen: Screen, draft: Draft) -> tuple[FormItem, ...]:
    """Return the statements of a screen without an answer; "can't say" is one."""
    return tuple(item for item in screen.items if item.key not in draft.answers)


def first_open(screens: Sequence[Screen], draft: Draft) -> Screen:
    """Return where to go on: the first screen with something to answer."""
    for screen in screens:
        if screen.kind == "consent" and draft.consent is None:
            return screen
        if open_items(screen, draft):
            return screen
    return screens[-1]


def read_change(screen: Screen, fields: Mapping[str, str], *, seconds: int) -> Change:
    """Return what a posted screen saves; statements without an answer change nothing.

    Parameters
    ----------
    fields
        Of the form, by their names. An answer that is none is handed on, to be refused.
    """
    answers: dict[str, Any] = {}
    for item in screen.items:
        if (given := fields.get(_ITEM + item.key)) is not None:
            answers[item.key] = _answer(given)
    comments = {
        comment.key: plain_newlines(fields[_COMMENT + comment.key])
        for comment in screen.comments
        if _COMMENT + comment.key in fields
    }
    consent = {"yes": True, "no": False}.get(fields.get(_CONSENT, ""))
    return Change(
        answers=answers,
        comments=comments,
        consent=consent if screen.kind == "consent" else None,
        seen=_whole(fields.get("seen", "")),
        page=fields.get("from", "")[:32],
        number=_whole(fields.get("number", "")),
        seconds=seconds,
    )


def _answer(given: str) -> Any:
    if given == CANT_SAY:
        return None
    return int(given) if given.isascii() and given.isdigit() and len(given) < 4 else given


def _whole(given: str) -> int:
    return int(given) if given.isascii() and given.isdigit() and len(given) < 10 else 0


def plain_newlines(text: str) -> str:
    """Return a text as it was typed: browsers send every newline as two characters."""
    return text.replace("\r\n", "\n").replace("\r", "\n").strip()


def with_typed(draft: Draft, change: Change) -> Draft:
    """Return the draft as the person sees it, what was just typed and not saved included."""
    return msgspec.structs.replace(
        draft,
        answers=draft.answers | change.answers,
        comments=draft.comments | change.comments,
        consent=draft.consent if change.consent is None else change.consent,
    )


def submission_of(form: FormView, draft: Draft, *, seconds: int) -> Submission:
    """Return what the review sends: the whole draft, and how long it took until then."""
    return Submission(
        answers=draft.answers,
        comments=draft.comments,
        consent=draft.consent if form.role == "sponsor" else None,
        duration_s=seconds,
        locale=form.text.locale,
    )


def screen_of_pointer(screens: Iterable[Screen], pointer: str) -> Screen | None:
    """Return the screen that asks for what a JSON pointer of a submission names."""
    _, _, name = pointer.lstrip("/").partition("/")
    for screen in screens:
        if pointer == "/consent" and screen.kind == "consent":
            return screen
        asked = {item.key for item in screen.items} | {one.key for one in screen.comments}
        if name in asked:
            return screen
    return None


def written_sheet(submission: Submission, *, pad_to: int) -> str:
    """Return a submission as the text of a field, which is equally long for everybody.

    The review sends what it has shown, so that the same button pressed twice sends the same.
    """
    plain = msgspec.json.encode(submission).ljust(pad_to)
    return urlsafe_b64encode(plain).decode()


def read_sheet(text: str) -> Submission | None:
    """Return the submission in a field; None if it is none."""
    try:
        return msgspec.json.decode(urlsafe_b64decode(text), type=Submission)
    except (ValueError, RecursionError):
        return None
