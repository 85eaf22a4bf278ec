"""Claimed against perceived sponsorship."""

from typing import Literal

from analytics.results.record import Record

__all__ = ["Behaviour", "Gap", "Sponsorship"]


class Gap(Record, frozen=True, kw_only=True):
    """Claimed minus perceived sponsorship, in points of 0 to 100, with its 95 % interval."""

    estimate: float
    low: float
    high: float


class Behaviour(Record, frozen=True, kw_only=True):
    """One behaviour of sponsors: what they claim and what others see, 0 to 100."""

    claimed: float
    gap: float
    low: float
    high: float
    managers: float | None = None
    contributors: float | None = None
    perceived: float | None = None
    """Managers and contributors together, where one of the two groups is too small alone."""


class Sponsorship(Record, frozen=True, kw_only=True):
    """The gap between the sponsorship that is claimed and the one that is felt."""

    status: Literal["reported", "suppressed", "no_sponsor"]
    perceived_by: Literal["contributors", "all"] | None = None
    sponsor_of: str | None = None
    sponsors: int | None = None
    """How many sponsors' answers the claim rests on; 1 is one person's self-view."""
    gap: Gap | None = None
    quadrant: (
        Literal[
            "blind_spot",
            "visible_sponsor",
            "acknowledged_gap",
            "hidden_strength",
            "too_close_to_call",
        ]
        | None
    ) = None
    behaviours: dict[str, Behaviour] | None = None
