"""The shape of the catalogue files (TOML): a misspelt or missing field is an error."""

from typing import Literal

import msgspec

from analytics.recommender.anchors import Anchors
from survey.rules.instrument_parts import Texts

__all__ = [
    "Content",
    "Evidence",
    "Figure",
    "MaturityLevel",
    "MaturityLevels",
    "OperatingModel",
    "OperatingModels",
    "Phase",
    "Phases",
]


class Content(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A table of a content file; fields it does not know are refused."""


class Anchor(Content, frozen=True, kw_only=True):
    """Where a model stands on one context construct, and why."""

    value: float
    """Likert points, 1 to 5."""
    defining: bool
    """The condition is one of those that make the model what it is."""
    reason: str


class OperatingModel(Content, frozen=True, kw_only=True):
    """One of the ways to organise AI work."""

    key: str
    name: Texts
    strength: Texts
    conditions: dict[str, tuple[str, ...]]
    """Locale to the conditions under which the model fits."""
    anchors: dict[str, Anchor]
    """Key of each context construct to the model's place on it."""


class OperatingModels(Content, frozen=True, kw_only=True):
    """The operating models of one version of the theory."""

    version: str
    models: tuple[OperatingModel, ...]

    def anchors(self) -> Anchors:
        """Return the theory as the recommender needs it, without words.

        Raises
        ------
        KeyError
            A model lacks an anchor that the first model has.
        """
        constructs = tuple(self.models[0].anchors)
        rows = [[model.anchors[key] for key in constructs] for model in self.models]
        return Anchors(
            version=self.version,
            models=tuple(model.key for model in self.models),
            constructs=constructs,
            values=tuple(tuple(anchor.value for anchor in row) for row in rows),
            defining=tuple(tuple(anchor.defining for anchor in row) for row in rows),
        )


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


class Weeks(Content, frozen=True, kw_only=True):
    """When a phase runs, counted from the start; the last phase has no end."""

    first: int
    last: int | None = None


class Gate(Content, frozen=True, kw_only=True):
    """One thing that has to be true to leave a phase."""

    key: str
    text: Texts


class Phase(Content, frozen=True, kw_only=True):
    """One phase of scaling."""

    key: str
    number: int
    name: Texts
    weeks: Weeks
    gates: tuple[Gate, ...]


class Phases(Content, frozen=True, kw_only=True):
    """The phases of scaling, in order."""

    version: str
    phases: tuple[Phase, ...]


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
