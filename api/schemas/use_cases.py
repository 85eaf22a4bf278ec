"""Use cases and their ranking on the wire."""

from typing import Annotated, Any, ClassVar, Literal
from uuid import UUID

import msgspec

from analytics.results.use_cases import Ranking
from api.schemas.wire import Given, Moment, Shown, quoted
from survey.use_cases.rules import UseCaseChange, UseCasePlan

__all__ = ["RankingRead", "UseCaseCreate", "UseCasePatch", "UseCaseRead"]

_ID = "0193e4a0-7c1e-7d3a-9a44-3f0c5b2f8a0b"
State = Literal["candidate", "chosen", "dropped"]
Score = Annotated[int, msgspec.Meta(ge=0, le=4)]
Title = Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
Description = Annotated[str, msgspec.Meta(max_length=5000)]
_GIVEN: dict[str, Any] = {
    "title": "Sort incoming invoices",
    "description": "Twelve people sort 4 000 invoices a day by hand.",
    "unit": "D01",
    "scores": {"alternative_cost_measurable": 4, "data_accessible": 3, "single_owner": None},
    "deferrals": {"new_data_infrastructure": False},
}
_SCORES = {"alternative_cost_measurable": 4, "data_accessible": 3}


class UseCaseCreate(Given, frozen=True, kw_only=True):
    """A use case to propose."""

    example: ClassVar[dict[str, Any]] = _GIVEN

    title: Title
    description: Description = ""
    unit: str | None = None
    """Code of the unit that would own it; a key that is kept to a part has to name one."""
    scores: dict[str, Score | None] = msgspec.field(default_factory=dict)
    """Criterion to its score, 0 (not at all) to 4 (fully); null where nobody has rated it."""
    deferrals: dict[str, bool | None] = msgspec.field(default_factory=dict)
    """Ground for deferral to whether it holds; null where nobody knows."""

    def plan(self) -> UseCasePlan:
        """Hand over to the use case."""
        return UseCasePlan(**msgspec.structs.asdict(self))


class UseCasePatch(Given, frozen=True, kw_only=True):
    """What to change; what is absent stays, criteria included, and null takes a rating back."""

    example: ClassVar[dict[str, Any]] = {"scores": {"single_owner": 2}, "state": "chosen"}

    title: Title | msgspec.UnsetType = msgspec.UNSET
    description: Description | msgspec.UnsetType = msgspec.UNSET
    unit: str | msgspec.UnsetType | None = msgspec.UNSET
    scores: dict[str, Score | None] | msgspec.UnsetType = msgspec.UNSET
    deferrals: dict[str, bool | None] | msgspec.UnsetType = msgspec.UNSET
    state: State | msgspec.UnsetType = msgspec.UNSET

    def change(self) -> UseCaseChange:
        """Hand over to the use case."""
        return UseCaseChange(**msgspec.structs.asdict(self))


class UseCaseRead(Shown, frozen=True, kw_only=True):
    """A use case; what nobody has rated is absent from its scores."""

    example: ClassVar[dict[str, Any]] = {
        **_GIVEN,
        "id": _ID,
        "scores": _SCORES,
        "state": "candidate",
        "revision": 1,
        "createdAt": "2026-12-18T10:00:00Z",
        "changedAt": "2026-12-18T10:00:00Z",
    }

    id: UUID
    title: str
    description: str
    unit: str | None
    scores: dict[str, int]
    deferrals: dict[str, bool]
    state: State
    revision: int
    """Grows with every change; the ETag."""
    created_at: Moment
    changed_at: Moment

    def location(self) -> str:
        """Return the address of the use case."""
        return f"/v1/use-cases/{self.id}"

    def entity_tag(self) -> str:
        """Return the ETag."""
        return quoted(self.revision)


class RankingRead(Shown, frozen=True, kw_only=True):
    """Candidates in their order, and why; people choose."""

    example: ClassVar[dict[str, Any]] = {
        "release": "0193e4a0-7c1e-7d3a-9a44-3f0c5b2f8a04",
        "titles": {_ID: "Sort incoming invoices"},
        "ranking": {
            "criteria": "1",
            "weights": {"alternative_cost_measurable": 0.5, "data_accessible": 0.5},
            "candidates": [
                {
                    "key": _ID,
                    "unit": "D01",
                    "status": "ranked",
                    "rank": 1,
                    "bestRank": 1,
                    "worstRank": 1,
                    "total": 87.5,
                    "low": 87.5,
                    "high": 87.5,
                    "contributions": [
                        {
                            "criterion": "alternative_cost_measurable",
                            "score": 4,
                            "points": 50.0,
                            "lift": 0.0,
                        }
                    ],
                    "unknown": [],
                    "deferredBy": [],
                    "dominatedBy": [],
                    "readiness": "shown",
                    "cautions": [
                        {
                            "criterion": "data_accessible",
                            "construct": "data_readiness",
                            "mean": 38.0,
                            "low": 33.0,
                            "high": 43.0,
                            "sure": True,
                            "contradicts": True,
                        }
                    ],
                }
            ],
            "weightRanges": [],
        },
    }

    release: UUID | None
    """Whose scores the cautions are; null without one, or without the scope to read scores."""
    titles: dict[str, str]
    """Key of each candidate, which is its id, to its title."""
    ranking: Ranking
