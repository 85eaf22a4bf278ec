"""What a use case may refuse to do: facts for machines, a sentence for people; no HTTP.

SurveyError
├── NotFound            the thing does not exist, or the caller may not see it
├── Conflict            the state of the thing forbids it
│   └── ChangedMeanwhile    somebody else has changed it since it was read
├── Invalid             what was given breaks a rule
│   ├── FieldInvalid    one value is not what its field takes
│   └── FileRejected    a file cannot be read as what it should be (survey.files.complaints)
├── Unauthenticated     the credential is missing, wrong or no longer valid
└── Unavailable         nothing is wrong with the request; repeat it later
"""

from collections.abc import Set as AbstractSet
from typing import Any, ClassVar, TypeAlias, TypeVar

__all__ = [
    "MOST_ERRORS",
    "ChangedMeanwhile",
    "Conflict",
    "FieldInvalid",
    "Invalid",
    "NotFound",
    "Seen",
    "SurveyError",
    "Unauthenticated",
    "Unavailable",
    "require_seen",
    "shown",
]

Revision = TypeVar("Revision", int, str)
Seen: TypeAlias = Revision | AbstractSet[Revision] | None
"""The revision that the writer has seen, several that will do, or None for any."""

MOST_ERRORS = 50
"""Faults of one request that are listed; the others are counted."""
_LONGEST_VALUE = 100  # characters of a text that is repeated
_LONGEST_NUMBER = 1e15  # from which a number is no longer repeated


def shown(value: object) -> Any:
    """Return a value for an answer to repeat; None if it is long, or no text or number."""
    if isinstance(value, str):
        return value if len(value) <= _LONGEST_VALUE else None
    if isinstance(value, int | float):
        return value if abs(value) < _LONGEST_NUMBER else None
    return None


class SurveyError(Exception):
    """An expected failure.

    Parameters
    ----------
    message : str
        A sentence for people: what happened and, if it helps, what to do about it.
    **facts : object
        The same for machines, under stable names; plain values that JSON can hold.
    """

    code: ClassVar[str] = "survey-error"
    """A stable name of the failure; part of the public interface."""

    def __init__(self, message: str, **facts: object) -> None:
        super().__init__(message)
        self.message = message
        self.facts = facts


class NotFound(SurveyError):  # noqa: N818 - an error is named for what happened
    """The thing asked for does not exist, or lies outside what the caller may see."""

    code = "not-found"


class Conflict(SurveyError):  # noqa: N818 - an error is named for what happened
    """The thing exists, and its state forbids what was asked."""

    code = "conflict"


class ChangedMeanwhile(Conflict):
    """Somebody else has changed it since it was read; read it again, then change it.

    Parameters
    ----------
    given, current : int, str or None
        The revision that the caller has read, and the present one; None if it is not known.
    """

    code = "changed-meanwhile"

    def __init__(
        self, *, given: int | str | None = None, current: int | str | None = None
    ) -> None:
        super().__init__(
            "It has been changed since you read it. Read it again.",
            given=given,
            current=current,
        )


def require_seen(seen: Seen[Revision], current: Revision) -> None:
    """Check that a record is still what the writer has seen; its row must be locked.

    Parameters
    ----------
    seen
        What the writer has seen.
    current
        The present revision.

    Raises
    ------
    ChangedMeanwhile
        The record has another revision by now.
    """
    if seen is None:
        return
    known = seen if isinstance(seen, AbstractSet) else {seen}
    if current not in known:
        given = next(iter(known)) if len(known) == 1 else None
        raise ChangedMeanwhile(given=given, current=current)


class Invalid(SurveyError):  # noqa: N818 - an error is named for what happened
    """What was given breaks a rule, whatever is stored."""

    code = "invalid"


class FieldInvalid(Invalid):
    """One value is not what its field takes.

    Parameters
    ----------
    field : str
        Its name, in snake_case.
    value : object
        What was given; a plain value that JSON can hold.
    expected : str
        What would have been right.
    """

    code = "field-invalid"

    def __init__(self, field: str, value: object, *, expected: str) -> None:
        super().__init__(
            f"{field} must be {expected}; got {value!r}.",
            field=field,
            value=value,
            expected=expected,
        )


class Unauthenticated(SurveyError):  # noqa: N818 - an error is named for what happened
    """The credential is missing, wrong or no longer valid."""

    code = "unauthenticated"


class Unavailable(SurveyError):  # noqa: N818 - an error is named for what happened
    """Nothing is wrong with the request; the same request may succeed later."""

    code = "unavailable"
