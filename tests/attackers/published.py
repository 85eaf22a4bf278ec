"""Every value that an analysis publishes, with its path."""

import json
from collections.abc import Iterator
from typing import Any

import msgspec

from analytics.analysis import Findings

__all__ = ["Path", "as_json", "leaves", "moved", "published"]

Path = tuple[str, ...]
"""Keys from the outside in; an item of a list goes by its name, or else by its index."""

_NAMES = ("unit", "gate", "phase", "construct", "constructs", "model", "key")


def as_json(findings: Findings) -> dict[str, Any]:
    """Return the analysis as the JSON that its readers get."""
    document: dict[str, Any] = json.loads(msgspec.json.encode(findings.analysis))
    return document


def leaves(value: Any, path: Path = ()) -> Iterator[tuple[Path, Any]]:
    """Yield path and value of every scalar in a document."""
    if isinstance(value, dict):
        for key, held in value.items():
            yield from leaves(held, (*path, key))
    elif isinstance(value, list):
        for place, held in enumerate(value):
            yield from leaves(held, (*path, _name(held, place)))
    else:
        yield path, value


def _name(held: Any, place: int) -> str:
    if isinstance(held, dict):
        return next((str(held[name]) for name in _NAMES if name in held), str(place))
    return str(place)


def published(findings: Findings) -> dict[Path, Any]:
    """Return all of the JSON and of the table of cuts."""
    table = {
        ("cuts", row["unit"], row["construct"], row["cut"], name): row[name]
        for row in findings.cuts.iter_rows(named=True)
        for name in ("status", "n", "mean", "low", "high", "level")
    }
    return dict(leaves(as_json(findings))) | table


def moved(before: dict[Path, Any], after: dict[Path, Any]) -> set[Path]:
    """Return the paths whose values differ by more than rounding."""
    return {
        path
        for path in before.keys() | after.keys()
        if not _same(before.get(path), after.get(path))
    }


def _same(one: Any, other: Any) -> bool:
    if isinstance(one, float) and isinstance(other, float):
        return abs(one - other) <= 1e-9 * max(1.0, abs(one))
    return bool(one == other)
