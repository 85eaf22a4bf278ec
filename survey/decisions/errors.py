"""Why nothing is decided on a recommendation; part of the tree in survey.errors.

SurveyError
├── NotFound
│   └── DecisionNotFound          nobody has decided yet
└── Conflict
    └── NothingRecommended        what is suppressed can be neither accepted nor overridden
"""

from survey.errors import Conflict, NotFound

__all__ = ["DecisionNotFound", "NothingRecommended"]


class DecisionNotFound(NotFound):
    """Nobody has decided on this recommendation yet."""

    code = "decision-not-found"

    def __init__(self, unit: str) -> None:
        super().__init__(f"Nothing has been decided for unit {unit!r} yet.", unit=unit)


class NothingRecommended(Conflict):
    """The unit's recommendation is suppressed: there is nothing to accept or to override."""

    code = "nothing-recommended"

    def __init__(self, unit: str) -> None:
        super().__init__(
            f"Nothing is recommended for unit {unit!r}, because too few people answered.",
            unit=unit,
        )
