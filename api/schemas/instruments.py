"""Instruments on the wire."""

from typing import Any, ClassVar
from uuid import UUID

from api.schemas.wire import Moment, Shown, quoted

__all__ = ["DEFINITION_EXAMPLE", "InstrumentRead"]

DEFINITION_EXAMPLE: dict[str, Any] = {
    "key": "pulse",
    "version": 1,
    "locales": ["en"],
    "title": {"en": "Pulse"},
    "introduction": {"texts": {"en": "Two minutes."}},
    "scale": {
        "low": 1,
        "high": 3,
        "labels": {"en": ["No", "Partly", "Yes"]},
        "cantSay": {"en": "Can't say"},
    },
    "blocks": [{"key": "root_cause", "title": {"en": "Data"}}],
    "constructs": [
        {
            "key": "data_readiness",
            "block": "root_cause",
            "name": {"en": "Data readiness"},
            "description": {"en": "Data is fit for use."},
        }
    ],
    "items": [
        {
            "key": "data_readiness_1",
            "construct": "data_readiness",
            "wording": {"texts": {"en": "We know where our data comes from."}},
        }
    ],
    "consent": {
        "text": {"en": "May your self-rating be shown?"},
        "agree": {"en": "Yes"},
        "decline": {"en": "No"},
    },
    "privacy": {
        "anonymous": {"en": "No figure of fewer than {minGroup} people is shown."},
        "confidential": {"en": "Your answers are linked to you."},
        "onRecord": {"en": "You answer on the record."},
    },
}


class InstrumentRead(Shown, frozen=True, kw_only=True):
    """One version of an instrument, without its wording."""

    example: ClassVar[dict[str, Any]] = {
        "id": "0193e4a0-7c1e-7d3a-9a44-3f0c5b2f8a03",
        "key": "pulse",
        "version": 1,
        "state": "draft",
        "checksum": "9f2c1d7a0b3e4c5d6e7f8091a2b3c4d5e6f708192a3b4c5d6e7f8091a2b3c4d5",
        "publishedAt": None,
    }

    id: UUID
    key: str
    version: int
    state: str
    """draft or published; published ones never change."""
    checksum: str
    """SHA-256 of the canonical JSON of the definition; the ETag of a draft."""
    published_at: Moment | None

    def location(self) -> str:
        """Return the address of this version."""
        return f"/v1/instruments/{self.key}/{self.version}"

    def entity_tag(self) -> str:
        """Return the ETag of the definition."""
        return quoted(self.checksum)
