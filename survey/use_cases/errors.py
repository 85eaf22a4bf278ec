"""Why a use case stays as it is; part of the tree in survey.errors.

SurveyError
├── NotFound
│   └── UseCaseNotFound   no use case that the caller sees has this id
└── Invalid
    └── WeightsInvalid    the criteria cannot be weighed this way
"""

from uuid import UUID

from survey.errors import Invalid, NotFound

__all__ = ["UseCaseNotFound", "WeightsInvalid"]


class UseCaseNotFound(NotFound):
    """No use case that the caller sees has this id."""

    code = "use-case-not-found"

    def __init__(self, use_case: UUID) -> None:
        super().__init__("There is no such use case.", use_case=str(use_case))


class WeightsInvalid(Invalid):
    """The criteria cannot be weighed this way: each is known, none negative, not all zero."""

    code = "weights-invalid"

    def __init__(self, why: str, criteria: tuple[str, ...]) -> None:
        super().__init__(why, criteria=list(criteria))
