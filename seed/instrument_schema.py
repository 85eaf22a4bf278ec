"""The shape of an instrument's files (TOML): one for the structure, one for each language."""

import msgspec

from analytics.instrument import Block
from survey.catalogue.evidence import Content

__all__ = ["ConstructStructure", "ConstructWords", "InstrumentStructure", "InstrumentWords"]


class ConstructStructure(Content, frozen=True, kw_only=True):
    """The items of one construct, numbered from 1."""

    key: str
    block: Block
    items: int
    reversed: tuple[int, ...] = ()
    components: dict[str, tuple[int, ...]] = msgspec.field(default_factory=dict)
    """Name of each part of the construct to the numbers of its items."""
    sponsors: bool = False
    """Whether sponsors answer these items too, about themselves."""


class ScaleStructure(Content, frozen=True, kw_only=True):
    """The ends of the answer scale."""

    low: int
    high: int


class InstrumentStructure(Content, frozen=True, kw_only=True):
    """``structure.toml`` of an instrument: everything except words."""

    key: str
    version: int
    locales: tuple[str, ...]
    scale: ScaleStructure
    blocks: tuple[Block, ...]
    constructs: tuple[ConstructStructure, ...]
    comments: tuple[str, ...]


class IntroductionWords(Content, frozen=True, kw_only=True):
    """The text that the form shows first."""

    everyone: str
    sponsor: str


class ScaleWords(Content, frozen=True, kw_only=True):
    """Labels of the answers, lowest first."""

    labels: tuple[str, ...]
    cant_say: str


class ConstructWords(Content, frozen=True, kw_only=True):
    """A construct in one language."""

    name: str
    description: str
    introduction: str | None = None
    sponsor_introduction: str | None = None


class ConsentWords(Content, frozen=True, kw_only=True):
    """The question of consent that sponsors answer first."""

    text: str
    agree: str
    decline: str


class PrivacyWords(Content, frozen=True, kw_only=True):
    """The privacy notice of each mode."""

    anonymous: str
    confidential: str
    on_record: str


class InstrumentWords(Content, frozen=True, kw_only=True):
    """The file of one language of an instrument: all of its texts."""

    title: str
    introduction: IntroductionWords
    scale: ScaleWords
    blocks: dict[str, str]
    constructs: dict[str, ConstructWords]
    components: dict[str, str]
    items: dict[str, str]
    sponsor_items: dict[str, str]
    comments: dict[str, str]
    consent: ConsentWords
    privacy: PrivacyWords
