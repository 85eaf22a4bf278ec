"""Published figures, behaviours of sponsors and maturity levels, as content files hold them."""

from typing import Literal

import msgspec

from survey.instruments.parts import Texts

__all__ = [
    "Content",
    "Evidence",
    "Figure",
    "MaturityLevel",
    "MaturityLevels",
    "SponsorBehaviour",
    "SponsorBehaviours",
]


class Content(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A table of a content file; fields it does not know are refused."""


class Figure(Content, frozen=True, kw_only=True):
    """One published figure; always to be shown with its source, its year and its standing."""

    key: str
    """Key by which results refer to it."""
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
    """What it is about: a root cause (``problem_definition``, ``data_readiness``,
    ``governance``, ``executive_sponsorship``, ``workflow_redesign``), ``scaling``, ``success``,
    or the ``roadmap``."""
    statement: str
    """In English, as the article quotes it."""
    translations: Texts = {}
    """The statement in further languages."""
    source: str
    """The source as the quoting article names it."""
    sources: Texts = {}
    """The source in further languages, if the article gives no name."""
    year: int | None = None
    """Year of the source; None if the article gives none."""
    standing: Literal["secondary"]
    """``secondary``: quoted from an article that names the source."""
    note: str | None = None
    """What to know about it, in English; None if nothing."""
    notes: Texts = {}
    """The note in further languages."""


class Evidence(Content, frozen=True, kw_only=True):
    """The published figures, and where all of them were read."""

    version: str
    """Version of the collection."""
    quoted: str
    """Where all figures were read."""
    figures: tuple[Figure, ...]
    """The figures."""


class SponsorBehaviour(Content, frozen=True, kw_only=True):
    """One behaviour of sponsors, and what it looks like to those who are to feel it."""

    key: str
    name: Texts
    looks_like: tuple[Texts, ...]


class SponsorBehaviours(Content, frozen=True, kw_only=True):
    """The behaviours of sponsors, in the order of the instrument."""

    version: str
    behaviours: tuple[SponsorBehaviour, ...]


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
