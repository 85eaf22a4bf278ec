"""What a result was computed from, and the thresholds that applied."""

import msgspec

from analytics.results.record import Record

__all__ = ["Lineage", "Thresholds"]


class Thresholds(msgspec.Struct, frozen=True, kw_only=True):
    """How many people a figure needs (privacy rules); locked when a campaign opens."""

    scores: int = 5
    """Respondents behind any score, share or count."""
    comments: int = 10
    """Respondents of a unit whose comments are shown."""
    drivers: int = 100
    """Respondents behind a driver or impact claim."""


class Lineage(Record, frozen=True, kw_only=True):
    """What a result was computed from, enough to compute it again."""

    instrument: str
    """Key and version of the instrument: ``key@version``."""
    method: str
    """Version of the statistical method."""
    anchors: str
    """Version of the operating models' profiles."""
    phases: str | None = None
    """Version of the phases of scaling."""
    yardsticks: str | None = None
    """Version of the conditions and thresholds of the diagnosis."""
    seed: int
    """Seed of all random draws."""
    thresholds: Thresholds
    """How many people each kind of figure needed."""
    responses_read: int
    """Responses of the campaign, those of sponsors included."""
    responses_used: int
    """Of these, those behind the figures; the others were left out as careless."""
    sponsors: int
    """Sponsors who answered."""
