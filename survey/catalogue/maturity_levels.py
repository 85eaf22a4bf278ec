"""The maturity levels, as catalogue rows and data files hold them."""

from survey.catalogue.evidence import Content
from survey.instruments.parts import Texts

__all__ = ["MaturityLevel", "MaturityLevels"]


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
