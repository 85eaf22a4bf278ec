"""Releases of results made by hand, stored by the writer that stores computed ones."""

from typing import Any, NamedTuple, TypeVar
from uuid import UUID

import polars as pl
from uuid_utils.compat import uuid7

from analytics.results import (
    Analysis,
    CompanyPattern,
    Lineage,
    Thresholds,
    UnitResult,
)
from models.campaign import Campaign
from models.engine import transaction
from models.instrument import Instrument
from survey.releases.store import write_release
from tests.factories.server import NOW
from tests.models.rows import Rows

__all__ = ["analysis", "lineage", "make_release", "unit"]

AnalysisT = TypeVar("AnalysisT", bound=Analysis)

_CUTS = {
    "unit": pl.String,
    "construct": pl.String,
    "cut": pl.String,
    "status": pl.String,
    "n": pl.Int64,
    "mean": pl.Float64,
    "low": pl.Float64,
    "high": pl.Float64,
    "level": pl.Int64,
}


class _Results(NamedTuple):
    """What a release is stored from."""

    analysis: Analysis
    cuts: pl.DataFrame


def unit(code: str, parent: str | None = None, **fields: Any) -> UnitResult:
    """Return a unit that is reported."""
    return UnitResult(**({"unit": code, "parent": parent, "status": "reported"} | fields))


async def make_release(organisation: UUID, *units: UnitResult, **found: Any) -> UUID:
    """Store a release of these units and return its id.

    Parameters
    ----------
    **found
        Further fields of the analysis; ``shape`` is its type, ``lineage`` changes some fields
        of what it was computed from, ``cuts`` are its scores.
    """
    rows = Rows(organisation)
    cuts = found.pop("cuts", pl.DataFrame(schema=_CUTS))
    computed_from = lineage(**found.pop("lineage", {}))
    release = uuid7()
    async with transaction(organisation):
        await Instrument.insert(rows.row(Instrument, key=f"k{release}"))
        await Campaign.insert(rows.row(Campaign, name=f"Release {release}"))
        await write_release(
            organisation,
            rows.campaign,
            release,
            _Results(analysis(*units, lineage=computed_from, **found), cuts.select(*_CUTS)),
            units=pl.DataFrame({"code": [one.unit for one in units]}).with_columns(
                name=pl.format("Unit {}", "code")
            ),
            now=NOW,
        )
    return release


def analysis(*units: UnitResult, shape: type[AnalysisT] = Analysis, **found: Any) -> AnalysisT:  # type: ignore[assignment]  # the default is the plainest
    """Return an analysis that found these units, of the type ``shape``."""
    plain = {
        "lineage": lineage(),
        "organisation": CompanyPattern(structure="cannot_tell", reach=None, mix={}),
    }
    return shape(units=units, **(plain | found))


def lineage(**fields: Any) -> Lineage:
    """Return what a small analysis was computed from."""
    small = {
        "instrument": "small@1",
        "method": "1",
        "anchors": "1",
        "seed": 0,
        "thresholds": Thresholds(),
        "responses_read": 100,
        "responses_used": 100,
        "sponsors": 0,
    }
    return Lineage(**(small | fields))
