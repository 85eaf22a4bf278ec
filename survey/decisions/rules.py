"""What may be decided on a recommendation; pure."""

from collections.abc import Collection
from typing import Literal

import msgspec

from models.edges import Code, Prose
from survey.errors import FieldInvalid

__all__ = ["Choice", "recommended_model", "settled_choice"]

MAX_REASON = 2_000
"""Characters of a reason."""
_CLEAR = frozenset({"firm", "lean"})


class Choice(
    msgspec.Struct, frozen=True, kw_only=True, rename="camel", forbid_unknown_fields=True
):
    """What a person decides: to override takes another model and a reason."""

    verdict: Literal["accepted", "overridden"]
    """``accepted``: the recommended model; ``overridden``: another one."""
    model: Code | None = None
    """May be left out to accept; None then stands for the model recommended, if any."""
    reason: Prose | None = None
    """1 to 2000 characters. Readers of recommendations can read it: name no person."""


def recommended_model(status: str, model: str) -> str | None:
    """Return the model that a recommendation names; None if it says that none is clear."""
    return model if status in _CLEAR else None


def settled_choice(
    choice: Choice, *, recommended: str | None, models: Collection[str]
) -> Choice:
    """Check a choice, and fill in the model of one that accepts.

    Parameters
    ----------
    choice : Choice
        What is decided.
    recommended : str or None
        The model that is recommended; None if none is clear.
    models : collection of str
        What can be chosen from.

    Raises
    ------
    FieldInvalid
        It accepts another model than the recommended one; it overrides without a model, with
        the recommended one or with none of ``models``; it overrides without a reason; a reason
        is blank or too long.
    """
    _require_reason(choice)
    if choice.verdict == "overridden":
        others = [model for model in models if model != recommended]
        if choice.model not in others:
            raise FieldInvalid("model", choice.model, expected=f"one of {', '.join(others)}")
        return choice
    if choice.model not in {None, recommended}:
        expected = "left out" if recommended is None else f"{recommended} or left out"
        raise FieldInvalid("model", choice.model, expected=f"{expected}, to accept")
    return msgspec.structs.replace(choice, model=recommended)


def _require_reason(choice: Choice) -> None:
    if choice.reason is None and choice.verdict != "overridden":
        return
    reason = choice.reason or ""
    if not reason.strip() or len(reason) > MAX_REASON or "\0" in reason:
        raise FieldInvalid("reason", choice.reason, expected=f"1 to {MAX_REASON} characters")
