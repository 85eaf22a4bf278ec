"""What the analyses of a release find of units, on the wire."""

from typing import Any, ClassVar

from analytics.results.diagnosis import GovernanceAudit, PhaseProgress, Practices
from analytics.results.participation import UnitParticipation
from analytics.results.quality import UnitQuality
from analytics.results.waves import UnitChange
from api.schemas.releases import UnitResultRead

__all__ = [
    "ChangeRead",
    "GovernanceRead",
    "ParticipationOfUnitRead",
    "PracticesRead",
    "QualityRead",
    "ReadinessRead",
]

_OF_UNIT = {"unit": "D01", "name": "Operations", "status": "reported"}


class ReadinessRead(UnitResultRead, frozen=True, kw_only=True, omit_defaults=True):
    """How far a unit has come through the phases of scaling, and which gate comes next."""

    member: ClassVar[str] = "readiness"
    example: ClassVar[dict[str, Any]] = {
        **_OF_UNIT,
        "readiness": {
            "basis": "model",
            "status": "reported",
            "threshold": 62.5,
            "phase": "foundation",
            "firstUnmet": "data_audited",
            "phases": [
                {
                    "phase": "foundation",
                    "number": 2,
                    "firstWeek": 7,
                    "lastWeek": 16,
                    "status": "failed",
                    "probability": 0.04,
                    "gates": [
                        {
                            "gate": "data_audited",
                            "status": "failed",
                            "items": 4,
                            "mean": 47.1,
                            "low": 43.0,
                            "high": 51.2,
                            "probability": 0.01,
                        }
                    ],
                }
            ],
            "evidence": ["first_scaled_use_case"],
        },
    }

    readiness: PhaseProgress | None = None
    """The result; absent if nothing may be shown."""


class GovernanceRead(UnitResultRead, frozen=True, kw_only=True, omit_defaults=True):
    """The components of a unit's governance, and which of them is the weakest."""

    member: ClassVar[str] = "governance"
    example: ClassVar[dict[str, Any]] = {
        **_OF_UNIT,
        "governance": {
            "basis": "model",
            "status": "identified",
            "weakest": ["lineage"],
            "components": {
                "lineage": {
                    "mean": 38.2,
                    "low": 33.0,
                    "high": 43.4,
                    "level": 2,
                    "n": 57,
                    "probabilityWeakest": 0.91,
                }
            },
            "distance": {"estimate": 9.4, "low": 2.1, "high": 16.7},
        },
    }

    governance: GovernanceAudit | None = None
    """The result; absent if nothing may be shown."""


class PracticesRead(UnitResultRead, frozen=True, kw_only=True, omit_defaults=True):
    """Which practices of high performers a unit has in place."""

    member: ClassVar[str] = "practices"
    example: ClassVar[dict[str, Any]] = {
        **_OF_UNIT,
        "practices": {
            "basis": "model",
            "threshold": 62.5,
            "practices": {
                "data_first": {
                    "status": "not_in_place",
                    "mean": 41.0,
                    "low": 35.2,
                    "high": 46.8,
                    "level": 2,
                    "n": 57,
                    "items": 1,
                    "probability": 0.01,
                }
            },
        },
    }

    practices: Practices | None = None
    """The result; absent if nothing may be shown."""


class QualityRead(UnitResultRead, frozen=True, kw_only=True, omit_defaults=True):
    """How far the scores of a unit can be trusted, and whether its people agree."""

    member: ClassVar[str] = "quality"
    example: ClassVar[dict[str, Any]] = {
        **_OF_UNIT,
        "quality": {
            "scores": {
                "data_readiness": {
                    "reliability": 0.86,
                    "estimate": {
                        "raw": 47.1,
                        "mean": 47.8,
                        "low": 44.0,
                        "high": 51.6,
                        "shrunk": True,
                    },
                    "difference": "below",
                    "distribution": [0.1, 0.3, 0.4, 0.15, 0.05],
                    "view": "partly_shared",
                }
            }
        },
    }

    quality: UnitQuality | None = None
    """The result; absent if nothing may be shown."""


class ParticipationOfUnitRead(UnitResultRead, frozen=True, kw_only=True, omit_defaults=True):
    """Who answered in a unit, and what weighting for those who did not changes."""

    member: ClassVar[str] = "participation"
    example: ClassVar[dict[str, Any]] = {
        **_OF_UNIT,
        "participation": {
            "everyone": {
                "rate": 0.71,
                "low": 0.61,
                "high": 0.8,
                "respondents": 57,
                "headcount": 80,
            },
        },
    }

    participation: UnitParticipation | None = None
    """The result; absent if nothing may be shown."""


class ChangeRead(UnitResultRead, frozen=True, kw_only=True, omit_defaults=True):
    """What changed in a unit since the last wave."""

    member: ClassVar[str] = "change"
    example: ClassVar[dict[str, Any]] = {
        **_OF_UNIT,
        "change": {
            "constructs": {
                "data_readiness": {
                    "verdict": "changed",
                    "estimate": 6.2,
                    "low": 1.9,
                    "high": 10.5,
                    "adjustedP": 0.02,
                    "test": "welch",
                    "detectable": 6.1,
                },
                "governance": {"band": "similar"},
            }
        },
    }

    change: UnitChange | None = None
    """The result; absent if nothing may be shown."""
