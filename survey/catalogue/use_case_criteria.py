"""What use cases are chosen by, as catalogue rows and data files hold it."""

import msgspec

from analytics.use_cases.criteria import Criteria, Criterion
from survey.instruments.parts import Texts

__all__ = ["UseCaseCriteria", "UseCaseCriterion", "UseCaseDeferral"]


class _Part(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A part of a file: a misspelt field is an error."""


class UseCaseCriterion(_Part, frozen=True, kw_only=True):
    """One thing to prefer a use case for, scored 0 to 4."""

    key: str
    weight: float
    """Weight by default; only proportions count."""
    reason: str
    """Why it has this weight."""
    constructs: tuple[str, ...]
    """Maturity constructs of the owning unit that it depends on."""
    name: Texts
    question: Texts
    lowest: Texts
    """What a score of 0 means."""
    highest: Texts
    """What a score of 4 means."""


class UseCaseDeferral(_Part, frozen=True, kw_only=True):
    """One reason to defer a use case, whatever its scores."""

    key: str
    reason: str
    name: Texts
    question: Texts


class UseCaseCriteria(_Part, frozen=True, kw_only=True):
    """The criteria of one version."""

    version: str
    criteria: tuple[UseCaseCriterion, ...]
    deferrals: tuple[UseCaseDeferral, ...]
    first_steps: dict[str, Texts]
    """Construct to what a unit that is low on it does first."""

    def measures(self) -> Criteria:
        """Return the criteria as the ranking needs them, without words.

        Raises
        ------
        AnalyticsError
            A key is repeated, or the default weights cannot be used.
        """
        return Criteria(
            version=self.version,
            scored=tuple(
                Criterion(key=part.key, weight=part.weight, constructs=part.constructs)
                for part in self.criteria
            ),
            deferrals=tuple(part.key for part in self.deferrals),
        )
