"""What a submission may hold: every answer is checked against the instrument version."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Annotated, Any

import msgspec

from models.edges import MOST_LISTED, Integer, Prose, Word
from survey.instruments.definition import InstrumentDefinition
from survey.instruments.parts import Role

__all__ = [
    "AnswerSheet",
    "Answers",
    "Comments",
    "FieldProblem",
    "Submission",
    "padded_bytes",
]

MAX_COMMENT = 1_000
"""Longest comment, in characters."""
MAX_DURATION_S = 90 * 24 * 3600
"""Longest time between opening and submitting a form, in seconds."""
_WHOLE_OR_NONE = frozenset((int, type(None)))

Answer = Integer | float | Prose | bool | None
"""What may be sent; only whole numbers on the scale and null are answers."""
Answers = Annotated[dict[Word, Answer], msgspec.Meta(max_length=MOST_LISTED)]
"""Item key to answer; null is "can't say"."""
Comments = Annotated[dict[Word, Prose], msgspec.Meta(max_length=MOST_LISTED)]
"""Comment key to text."""


class Submission(
    msgspec.Struct, frozen=True, kw_only=True, rename="camel", forbid_unknown_fields=True
):
    """What a respondent sends."""

    answers: Answers = {}
    comments: Comments = {}
    duration_s: Integer | None = None
    """Seconds from opening the form to submitting it."""
    consent: bool | None = None
    """A sponsor's answer to whether the self-rating may be shown; asked of sponsors only."""
    locale: Prose | None = None
    """Language in which the form was shown, BCP 47."""

    def canonical(self) -> bytes:
        """Return the same bytes for the same content, whatever the order of the keys."""
        return msgspec.json.encode(self, order="sorted")


_FRAME_BYTES = 512
"""More than the names and values of a submission take besides answers and comments."""
_WIDEST_CHARACTER = 4  # bytes of UTF-8


def padded_bytes(definition: InstrumentDefinition) -> int:
    """Return the size that every submission to a campaign can have, in bytes.

    A proxy sees the size of an encrypted body. Unpadded it tells how many answers are missing
    and how long the comments are, by which a person's sheet could be found after close.
    """
    answers = sum(len(f'"{key}":null,') for key in definition.item_keys)
    comments = sum(
        len(f'"{comment.key}":"",') + MAX_COMMENT * _WIDEST_CHARACTER
        for comment in definition.comments
    )
    return -(-(_FRAME_BYTES + answers + comments) // 1024) * 1024


class FieldProblem(msgspec.Struct, frozen=True, kw_only=True):
    """One field that breaks a rule of the instrument."""

    pointer: str
    """JSON pointer to the field in the body."""
    code: str
    """Stable name of the rule."""
    detail: str
    """What was expected."""
    value: Any = None
    """What was found; the caller's own, never logged."""


@dataclass(frozen=True)
class AnswerSheet:
    """What one role is asked by one version of an instrument, ready for checking."""

    items: tuple[str, ...]
    """Every item of the instrument, in the order of the stored answers."""
    asked: frozenset[str]
    required: tuple[str, ...]
    comments: frozenset[str]
    low: int
    high: int
    role: Role

    @classmethod
    def of(cls, definition: InstrumentDefinition, role: Role) -> "AnswerSheet":
        """Prepare the sheet of a role."""
        items = definition.items_for(role)
        return cls(
            items=definition.item_keys,
            asked=frozenset(item.key for item in items),
            required=tuple(sorted(item.key for item in items if item.required)),
            comments=frozenset(comment.key for comment in definition.comments_for(role)),
            low=definition.scale.low,
            high=definition.scale.high,
            role=role,
        )

    def problems(self, submission: Submission, *, final: bool = True) -> list[FieldProblem]:
        """Return everything that is wrong; a draft may lack answers that a submission needs.

        Codes: ``unknown-item``, ``not-this-role``, ``out-of-scale``, ``missing-required``,
        ``empty-sheet``, ``unknown-comment``, ``too-long``, ``not-text``, ``out-of-range``,
        ``missing-consent``, ``consent-not-asked``.
        """
        found: list[FieldProblem] = []
        if not self._answers_fit(submission.answers):
            found.extend(self._answer_problems(submission))
        found.extend(self._comment_problems(submission))
        if final:
            found.extend(self._completeness_problems(submission))
            found.extend(self._circumstance_problems(submission))
        return found

    def row(self, submission: Submission) -> list[int | None]:
        """Return the answers in the order of the instrument's items, as they are stored."""
        return list(map(submission.answers.get, self.items))  # type: ignore[arg-type]  # no problems

    def _answers_fit(self, answers: Answers) -> bool:
        """Tell at a glance that no answer breaks a rule; nearly all sheets are such."""
        return (
            answers.keys() <= self.asked
            and _WHOLE_OR_NONE.issuperset(map(type, answers.values()))
            and self._options.issuperset(answers.values())
        )

    @cached_property
    def _options(self) -> frozenset[int | None]:
        return frozenset((None, *range(self.low, self.high + 1)))

    def _answer_problems(self, submission: Submission) -> Iterator[FieldProblem]:
        for key, answer in submission.answers.items():
            if problem := self._answer_problem(key, answer):
                yield problem

    def _answer_problem(self, key: str, answer: object) -> FieldProblem | None:
        if key not in self.asked:
            return self._stranger(key, answer)
        if answer is None:
            return None
        if type(answer) is int and self.low <= answer <= self.high:
            return None
        return FieldProblem(
            pointer=_pointer("answers", key),
            code="out-of-scale",
            detail=f"Expected a whole number from {self.low} to {self.high}, or null.",
            value=answer,
        )

    def _stranger(self, key: str, answer: object) -> FieldProblem:
        known = key in self.items
        return FieldProblem(
            pointer=_pointer("answers", key),
            code="not-this-role" if known else "unknown-item",
            detail=(
                f"The role {self.role} is not asked this item."
                if known
                else "The instrument has no such item."
            ),
            value=answer,
        )

    def _comment_problems(self, submission: Submission) -> Iterator[FieldProblem]:
        for key, text in submission.comments.items():
            if key not in self.comments:
                yield FieldProblem(
                    pointer=_pointer("comments", key),
                    code="unknown-comment",
                    detail=f"The role {self.role} is not asked for such a comment.",
                )
            elif len(text) > MAX_COMMENT:
                yield FieldProblem(
                    pointer=_pointer("comments", key),
                    code="too-long",
                    detail=f"Expected at most {MAX_COMMENT} characters, got {len(text)}.",
                )
            elif "\0" in text:
                yield FieldProblem(
                    pointer=_pointer("comments", key),
                    code="not-text",
                    detail="Expected text without NUL characters.",
                )

    def _completeness_problems(self, submission: Submission) -> Iterator[FieldProblem]:
        for key in self.required:
            if submission.answers.get(key) is None:
                yield FieldProblem(
                    pointer=_pointer("answers", key),
                    code="missing-required",
                    detail="This item must be answered.",
                )
        if all(answer is None for answer in submission.answers.values()):
            yield FieldProblem(
                pointer="/answers",
                code="empty-sheet",
                detail="Expected an answer to at least one item.",
            )

    def _circumstance_problems(self, submission: Submission) -> Iterator[FieldProblem]:
        seconds = submission.duration_s
        if seconds is not None and not 0 <= seconds <= MAX_DURATION_S:
            yield FieldProblem(
                pointer="/durationS",
                code="out-of-range",
                detail=f"Expected seconds from 0 to {MAX_DURATION_S}.",
                value=seconds,
            )
        if submission.locale is not None and not 2 <= len(submission.locale) <= 35:
            yield FieldProblem(
                pointer="/locale", code="out-of-range", detail="Expected a BCP 47 language tag."
            )
        if self.role == "sponsor" and submission.consent is None:
            yield FieldProblem(
                pointer="/consent",
                code="missing-consent",
                detail="Sponsors say yes or no to their self-rating being shown.",
            )
        if self.role != "sponsor" and submission.consent is not None:
            yield FieldProblem(
                pointer="/consent",
                code="consent-not-asked",
                detail="Only sponsors are asked for consent.",
            )


def _pointer(*parts: str) -> str:
    """Return a JSON pointer (RFC 6901)."""
    return "".join(f"/{part.replace('~', '~0').replace('/', '~1')}" for part in parts)
