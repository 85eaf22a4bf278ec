"""Decisions on recommendations on the wire."""

from typing import Any, ClassVar, Literal
from uuid import UUID

from api.schemas.wire import Given, Moment, Shown, quoted
from survey.decisions.rules import Choice

__all__ = ["DecisionGiven", "DecisionRead"]


class DecisionGiven(Given, frozen=True, kw_only=True):
    """What is decided: to override takes another model and a reason."""

    example: ClassVar[dict[str, Any]] = {
        "verdict": "overridden",
        "model": "federated",
        "reason": "The unit moves to a market of its own in spring.",
    }

    verdict: Literal["accepted", "overridden"]
    model: str | None = None
    """May be left out to accept."""
    reason: str | None = None
    """1 to 2000 characters. Whoever reads recommendations reads it: name no person."""

    def choice(self) -> Choice:
        """Hand over to the use case."""
        return Choice(verdict=self.verdict, model=self.model, reason=self.reason)


class DecisionRead(Shown, frozen=True, kw_only=True):
    """A decision on the recommendation of a unit; the release stays as it is."""

    example: ClassVar[dict[str, Any]] = {
        "release": "0193e4a0-7c1e-7d3a-9a44-3f0c5b2f8a04",
        "unit": "D01",
        "revision": 2,
        "verdict": "overridden",
        "model": "federated",
        "recommended": "coe",
        "reason": "The unit moves to a market of its own in spring.",
        "decidedAt": "2026-12-18T10:00:00Z",
        "decidedBy": "0193e4a0-7c1e-7d3a-9a44-3f0c5b2f8a01",
        "decidedByName": "Strategy office",
    }

    release: UUID
    unit: str
    revision: int
    """1 for the first decision on the unit, then 2, 3, ...; the ETag."""
    verdict: Literal["accepted", "overridden"]
    model: str | None
    """The model chosen; null where it was accepted that none is clear."""
    recommended: str | None
    """The model that was recommended; null where none was clear."""
    reason: str | None
    decided_at: Moment
    decided_by: UUID
    """The API key."""
    decided_by_name: str
    """Its name at that time."""

    def entity_tag(self) -> str:
        """Return the ETag."""
        return quoted(self.revision)
