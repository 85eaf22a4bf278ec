"""Content that results are explained with, on the wire."""

from typing import Any, ClassVar

from api.schemas.wire import Shown

__all__ = ["EvidenceRead", "OperatingModelsRead"]


class AnchorRead(Shown, frozen=True, kw_only=True):
    """Where a model stands on one context construct (1 to 5), and why."""

    example: ClassVar[dict[str, Any]] = {
        "value": 4.5,
        "defining": True,
        "reason": "It pays where use cases are scaled across functions.",
    }

    value: float
    defining: bool
    reason: str


class OperatingModelRead(Shown, frozen=True, kw_only=True):
    """One way to organise AI work; texts by locale, anchors by context construct."""

    example: ClassVar[dict[str, Any]] = {
        "key": "coe",
        "name": {"en": "Centralised centre of excellence"},
        "strength": {"en": "Consistent governance, shared tooling, reusable components"},
        "conditions": {"en": ["Several use cases are being scaled across functions."]},
        "anchors": {"cross_function_breadth": AnchorRead.example},
    }

    key: str
    name: dict[str, str]
    strength: dict[str, str]
    conditions: dict[str, tuple[str, ...]]
    anchors: dict[str, AnchorRead]


class OperatingModelsRead(Shown, frozen=True, kw_only=True):
    """The operating models of one version of the theory."""

    example: ClassVar[dict[str, Any]] = {
        "version": "1",
        "models": [OperatingModelRead.example],
    }

    version: str
    models: tuple[OperatingModelRead, ...]


class FigureRead(Shown, frozen=True, kw_only=True):
    """One published figure; always to be shown with its source, its year and its standing."""

    example: ClassVar[dict[str, Any]] = {
        "key": "use_in_one_function",
        "topic": "scaling",
        "statement": "88 % of organisations use AI in at least one function.",
        "source": "McKinsey, State of AI, November 2025",
        "year": 2025,
        "standing": "secondary",
        "note": None,
    }

    key: str
    topic: str
    statement: str
    source: str
    year: int | None = None
    standing: str
    note: str | None = None


class EvidenceRead(Shown, frozen=True, kw_only=True):
    """The published figures, and where all of them were read."""

    example: ClassVar[dict[str, Any]] = {
        "version": "1",
        "quoted": "Practitioner article (2026)",
        "figures": [FigureRead.example],
    }

    version: str
    quoted: str
    figures: tuple[FigureRead, ...]
