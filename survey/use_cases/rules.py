"""What a use case is to be, checked whenever it is written; pure."""

from collections.abc import Collection, Mapping
from typing import Annotated, Literal

import msgspec

from models.constraints import length_of
from models.edges import MOST_LISTED, Code, Word
from models.use_case import UseCase
from survey.errors import FieldInvalid

__all__ = ["State", "UseCaseChange", "UseCasePlan", "changed", "settled"]

HIGHEST_SCORE = 4
MAX_TITLE, MAX_DESCRIPTION = length_of(UseCase.title), 5_000
State = Literal["candidate", "chosen", "dropped"]
"""``candidate``: in the ranking; ``chosen`` or ``dropped``: decided on."""
Score = Annotated[int, msgspec.Meta(ge=0, le=HIGHEST_SCORE)]
Title = Annotated[str, msgspec.Meta(min_length=1, max_length=MAX_TITLE)]
"""What people call it, 1 to 200 characters."""
Description = Annotated[str, msgspec.Meta(max_length=MAX_DESCRIPTION)]
"""What it is about, up to 5 000 characters."""

Ratings = Annotated[dict[Word, Score | None], msgspec.Meta(max_length=MOST_LISTED)]
Grounds = Annotated[dict[Word, bool | None], msgspec.Meta(max_length=MOST_LISTED)]


class UseCasePlan(
    msgspec.Struct, frozen=True, kw_only=True, rename="camel", forbid_unknown_fields=True
):
    """A use case to propose."""

    title: Title
    description: Description = ""
    unit: Code | None = None
    """Code of the unit that would own it; callers restricted to a part must name one."""
    scores: Ratings = {}
    """Criterion to its score, 0 (not at all) to 4 (fully); None if nobody has rated it."""
    deferrals: Grounds = {}
    """Ground for deferral to whether it holds; None if nobody knows."""


class UseCaseChange(
    msgspec.Struct, frozen=True, kw_only=True, rename="camel", forbid_unknown_fields=True
):
    """What to change; what is absent stays, criteria included, and null takes a rating back."""

    title: Title | msgspec.UnsetType = msgspec.UNSET
    description: Description | msgspec.UnsetType = msgspec.UNSET
    unit: Code | msgspec.UnsetType | None = msgspec.UNSET
    """Code of the unit that would own it; None for none."""
    scores: Ratings | msgspec.UnsetType = msgspec.UNSET
    """Criterion to its score, 0 (not at all) to 4 (fully); None takes it back."""
    deferrals: Grounds | msgspec.UnsetType = msgspec.UNSET
    """Ground for deferral to whether it holds; None takes it back."""
    state: State | msgspec.UnsetType = msgspec.UNSET
    """What becomes of it."""

    def fields(self) -> dict[str, object]:
        """Return the fields that are to change, with their new values."""
        fields = msgspec.structs.asdict(self)
        return {name: value for name, value in fields.items() if value is not msgspec.UNSET}


def changed(plan: UseCasePlan, change: UseCaseChange) -> UseCasePlan:
    """Return a plan with some fields replaced, and some criteria rated again."""
    fields = change.fields()
    fields.pop("state", None)
    for field in ("scores", "deferrals"):
        if field in fields:
            fields[field] = getattr(plan, field) | getattr(change, field)
    return msgspec.structs.replace(plan, **fields)


def settled(
    plan: UseCasePlan, *, criteria: Collection[str], deferrals: Collection[str]
) -> UseCasePlan:
    """Check a plan, and leave out what nobody has rated.

    Parameters
    ----------
    criteria, deferrals : collection of str
        What it may be rated on.

    Raises
    ------
    FieldInvalid
        The title is blank or too long, the description too long, a rating is on something
        else, or a score not a whole number from 0 to 4.
    """
    _require_text("title", plan.title, least=1, most=MAX_TITLE)
    _require_text("description", plan.description, least=0, most=MAX_DESCRIPTION)
    _require_known("scores", plan.scores, criteria)
    _require_known("deferrals", plan.deferrals, deferrals)
    for key, score in plan.scores.items():
        if score is not None and not 0 <= score <= HIGHEST_SCORE:
            expected = f"from 0 to {HIGHEST_SCORE}, or null"
            raise FieldInvalid(f"scores/{key}", score, expected=expected)
    return msgspec.structs.replace(
        plan, scores=_rated(plan.scores), deferrals=_rated(plan.deferrals)
    )


def _require_text(field: str, text: str, *, least: int, most: int) -> None:
    if not least <= len(text.strip()) or len(text) > most or "\0" in text:
        raise FieldInvalid(field, text, expected=f"{least} to {most} characters")


def _require_known(field: str, ratings: Mapping[str, object], known: Collection[str]) -> None:
    for key in ratings:
        if key not in known:
            raise FieldInvalid(field, key, expected=f"ratings of {', '.join(known)}")


def _rated(ratings: Mapping[str, object]) -> dict[str, object]:
    return {key: value for key, value in ratings.items() if value is not None}
