"""The shape of the catalogue files (TOML): a misspelt or missing field is an error."""

from typing import Literal

import msgspec

from analytics.use_cases import Criteria, Criterion
from survey.rules.instrument_parts import Texts

__all__ = [
    "Content",
    "Evidence",
    "Figure",
    "MaturityLevel",
    "MaturityLevels",
    "SponsorBehaviour",
    "SponsorBehaviours",
    "UseCaseCriteria",
]


class Content(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A table of a content file; fields it does not know are refused."""


class MaturityLevel(Content, frozen=True, kw_only=True):
    """One of the levels that a mean is named after."""

    level: int
    below: float | None = None
    """Points (1 to 5) that the mean stays under; none for the highest level."""
    name: Texts
    description: Texts


class MaturityLevels(Content, frozen=True, kw_only=True):
    """The maturity levels, lowest first."""

    version: str
    levels: tuple[MaturityLevel, ...]


class Figure(Content, frozen=True, kw_only=True):
    """One published figure; always shown with its source, its year and its standing."""

    key: str
    topic: Literal[
        "problem_definition",
        "data_readiness",
        "governance",
        "executive_sponsorship",
        "workflow_redesign",
        "scaling",
        "success",
        "roadmap",
    ]
    statement: str
    source: str
    """The source as the quoting article names it."""
    year: int | None = None
    """Year of the source, none where the article gives none."""
    standing: Literal["secondary"]
    note: str | None = None


class Evidence(Content, frozen=True, kw_only=True):
    """The published figures."""

    version: str
    quoted: str
    """Where all figures were read."""
    figures: tuple[Figure, ...]


class UseCaseCriterion(Content, frozen=True, kw_only=True):
    """One thing to prefer a use case for, scored 0 to 4."""

    key: str
    weight: float
    """Weight by default; only proportions count."""
    reason: str
    """Why it weighs that much."""
    constructs: tuple[str, ...]
    """Maturity constructs of the owning unit on which it rests."""
    name: Texts
    question: Texts
    lowest: Texts
    """What a score of 0 means."""
    highest: Texts
    """What a score of 4 means."""


class UseCaseDeferral(Content, frozen=True, kw_only=True):
    """One ground to put a use case off, whatever else speaks for it."""

    key: str
    reason: str
    name: Texts
    question: Texts


class UseCaseCriteria(Content, frozen=True, kw_only=True):
    """By what use cases are chosen."""

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
            A key is repeated, or no weight can be made of the defaults.
        """
        return Criteria(
            version=self.version,
            scored=tuple(
                Criterion(key=part.key, weight=part.weight, constructs=part.constructs)
                for part in self.criteria
            ),
            deferrals=tuple(part.key for part in self.deferrals),
        )


class SponsorBehaviour(Content, frozen=True, kw_only=True):
    """One behaviour of sponsors, and what it looks like to those who are to feel it."""

    key: str
    name: Texts
    looks_like: tuple[Texts, ...]


class SponsorBehaviours(Content, frozen=True, kw_only=True):
    """The behaviours of sponsors, in the order of the instrument."""

    version: str
    behaviours: tuple[SponsorBehaviour, ...]
