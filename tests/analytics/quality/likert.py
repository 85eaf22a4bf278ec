"""The reference answers as a study, nobody screened, and what R makes of them."""

import json
from pathlib import Path
from typing import Any

import polars as pl

from analytics.instrument import Construct, Instrument, Item
from tests.analytics.studies import unscreened

__all__ = ["NULL_POINTS", "SCALES", "STUDY", "UNITS"]

_FOLDER = Path(__file__).parent / "reference"
_REFERENCE: dict[str, Any] = json.loads((_FOLDER / "likert.json").read_text())
_REVERSED = set(_REFERENCE["meta"]["reversed"])

SCALES: dict[str, Any] = _REFERENCE["scales"]
NULL_POINTS: dict[str, float] = {
    key: value for key, value in _REFERENCE["rwg_j_null_q95_uniform"].items() if key != "note"
}

_INSTRUMENT = Instrument(
    key="likert",
    version=1,
    constructs=tuple(
        Construct(
            key=key,
            block="context",
            items=tuple(Item(key=item, reversed=item in _REVERSED) for item in scale["items"]),
        )
        for key, scale in SCALES.items()
    ),
)

STUDY = unscreened(
    pl.read_csv(_FOLDER / "likert.csv").with_columns(role=pl.lit("contributor")), _INSTRUMENT
)
UNITS: tuple[str, ...] = STUDY.tree.codes
