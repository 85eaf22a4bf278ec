"""The rows behind the two analyses of drivers, and whether there are enough of them."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from analytics.disclosure.plan import DisclosurePlan
from analytics.drivers.cross_products import CrossProducts, between_units, within_units
from analytics.study.study import Study

__all__ = ["LEAST_UNITS", "PER_PREDICTOR", "Sample", "sample_between", "sample_within"]

PER_PREDICTOR = 20
"""Degrees of freedom within, or units between, per predictor (method.md, section 8)."""
LEAST_UNITS = 10
"""With fewer units to resample, intervals come out too narrow (Cameron, Gelbach & Miller 2008,
Bootstrap-based improvements for inference with clustered errors)."""


@dataclass(frozen=True)
class Sample:
    """Complete rows for one set of predictors.

    Attributes
    ----------
    predictors : tuple of str, p
        Constructs, in the order of the columns.
    cross : CrossProducts
        Of the predictors and, last, the outcome.
    respondents, asked : int
        People behind the rows, and people of the same units with any answer.
    units : int
        Units considered; some of them may have too few complete rows.
    needed_freedom, needed_units : int
        What the analysis needs.
    """

    predictors: tuple[str, ...]
    cross: CrossProducts
    respondents: int
    asked: int
    units: int
    needed_freedom: int
    needed_units: int

    @property
    def missing_units(self) -> int:
        """Return how many more units are needed."""
        return max(0, self.needed_units - self.units)

    def missing_respondents(self, least: int) -> int:
        """Return how many more people are needed; any claim needs ``least``."""
        # Two people make a unit that can be resampled.
        too_small = 2 * max(0, self.needed_units - len(self.cross.rows) - self.missing_units)
        apart = self.needed_freedom - self.cross.freedom
        return max(0, least - self.respondents, apart, too_small)


def sample_within(
    study: Study, plan: DisclosurePlan, predictors: tuple[str, ...], outcome: str
) -> Sample:
    """Take the people with every score, as deviations from the mean of their unit.

    They come from units at the end of the tree that show every construct, so that neither
    answers nor counts say anything about hidden people.
    """
    columns = [*predictors, outcome]
    shown = _units_showing(study, plan, columns)
    asked = study.people.filter(pl.col("unit").is_in(shown))
    people = asked.select("unit", *columns).drop_nulls()
    # A person alone in a unit does not deviate from it.
    people = people.filter(pl.len().over("unit") > 1)
    units = sorted(people["unit"].unique())
    place = {unit: row for row, unit in enumerate(units)}
    unit_of = np.array([place[unit] for unit in people["unit"]], dtype=np.intp)
    return Sample(
        predictors=predictors,
        cross=within_units(_matrix(people, columns), unit_of, len(units)),
        respondents=people.height,
        asked=asked.height,
        units=asked["unit"].n_unique(),
        needed_freedom=PER_PREDICTOR * len(predictors),
        needed_units=LEAST_UNITS,
    )


def sample_between(
    study: Study, plan: DisclosurePlan, predictors: tuple[str, ...], outcome: str
) -> Sample:
    """Take the means of the units at the end of the tree that show every construct."""
    columns = [*predictors, outcome]
    shown = _units_showing(study, plan, columns)
    means = (
        study.people.filter(pl.col("unit").is_in(shown))
        .group_by("unit")
        .agg(pl.col(columns).mean(), pl.col(outcome).count().alias("respondents"))
        .sort("unit")
    )
    respondents = int(means["respondents"].sum())
    return Sample(
        predictors=predictors,
        cross=between_units(_matrix(means, columns)),
        respondents=respondents,
        # Every unit shows how many answered about the outcome.
        asked=respondents,
        units=means.height,
        needed_freedom=0,
        needed_units=PER_PREDICTOR * len(predictors),
    )


def _units_showing(study: Study, plan: DisclosurePlan, constructs: Sequence[str]) -> list[str]:
    return [
        code
        for code in study.tree.codes
        if not study.tree.is_parent(code) and all(plan.shows(code, key) for key in constructs)
    ]


def _matrix(frame: pl.DataFrame, columns: Sequence[str]) -> NDArray[np.float64]:
    return frame.select(pl.col(columns).cast(pl.Float64)).to_numpy().astype(np.float64)
