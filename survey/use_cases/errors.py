"""Why a use case stays as it is; part of the tree in survey.errors.

SurveyError
├── NotFound
│   └── UseCaseNotFound           no use case has this id, or not within sight
├── Conflict
│   └── UseCaseChangedMeanwhile   somebody else has changed it since it was read
└── Invalid
    └── WeightsInvalid            the criteria cannot be weighed so
"""

from uuid import UUID

from survey.errors import Conflict, Invalid, NotFound

__all__ = ["UseCaseChangedMeanwhile", "UseCaseNotFound", "WeightsInvalid"]


class UseCaseNotFound(NotFound):
    """There is no such use case within the caller's sight."""

    code = "use-case-not-found"

    def __init__(self, use_case: UUID) -> None:
        super().__init__("There is no such use case.", use_case=str(use_case))


class UseCaseChangedMeanwhile(Conflict):
    """Somebody else has changed the use case since it was read; read it again."""

    code = "use-case-changed-meanwhile"

    def __init__(self, *, given: int, current: int) -> None:
        super().__init__(
            f"Revision {given} is not the present one, {current}. Read the use case again.",
            given=given,
            current=current,
        )


class WeightsInvalid(Invalid):
    """The criteria cannot be weighed so; not negative, not all zero, each one known."""

    code = "weights-invalid"

    def __init__(self, why: str, criteria: tuple[str, ...]) -> None:
        super().__init__(why, criteria=list(criteria))
