"""What a use case is to be, checked whenever it is written; pure."""

from collections.abc import Collection, Mapping

import msgspec

from survey.errors import FieldInvalid

__all__ = ["UseCaseChange", "UseCasePlan", "changed", "settled"]

HIGHEST_SCORE = 4
MAX_TITLE, MAX_DESCRIPTION = 200, 5_000
STATES = ("candidate", "chosen", "dropped")


class UseCasePlan(msgspec.Struct, frozen=True, kw_only=True):
    """A use case as people propose and rate it."""

    title: str
    description: str = ""
    unit: str | None = None
    """Code of the business unit that would own it."""
    scores: Mapping[str, int | None] = {}
    """Criterion to its score, 0 to 4; None, or left out, where nobody has rated it."""
    deferrals: Mapping[str, bool | None] = {}
    """Ground for deferral to whether it holds; None, or left out, where nobody knows."""
    state: str = "candidate"


class UseCaseChange(msgspec.Struct, frozen=True, kw_only=True):
    """What is to be changed; UNSET leaves it as it is, and so does a criterion not named."""

    title: str | msgspec.UnsetType = msgspec.UNSET
    description: str | msgspec.UnsetType = msgspec.UNSET
    unit: str | msgspec.UnsetType | None = msgspec.UNSET
    scores: Mapping[str, int | None] | msgspec.UnsetType = msgspec.UNSET
    deferrals: Mapping[str, bool | None] | msgspec.UnsetType = msgspec.UNSET
    state: str | msgspec.UnsetType = msgspec.UNSET

    def given(self) -> dict[str, object]:
        """Return the fields that are to change, with their new values."""
        fields = msgspec.structs.asdict(self)
        return {name: value for name, value in fields.items() if value is not msgspec.UNSET}


def changed(plan: UseCasePlan, change: UseCaseChange) -> UseCasePlan:
    """Return a plan with some fields replaced, and some criteria rated anew."""
    given = change.given()
    for field in ("scores", "deferrals"):
        if field in given:
            given[field] = getattr(plan, field) | getattr(change, field)
    return msgspec.structs.replace(plan, **given)


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
        The title is blank or too long, the description too long, the state none of the three,
        a rating is on something else, or a score not a whole number from 0 to 4.
    """
    _require_text("title", plan.title, least=1, most=MAX_TITLE)
    _require_text("description", plan.description, least=0, most=MAX_DESCRIPTION)
    if plan.state not in STATES:
        raise FieldInvalid("state", plan.state, expected=f"one of {', '.join(STATES)}")
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
