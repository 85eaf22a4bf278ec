"""One pass over a columnar copy of answers: the sums of every scale per unit and role.

Every sum is a whole number per unit and role. So the sums of two sets of people add up to those
of both sets, to the last digit, in any order and on any number of threads or machines.
"""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import cast

import numpy as np
import polars as pl
from numpy.typing import NDArray

from analytics.errors import AnalyticsError, SchemaError
from analytics.instrument import Construct, Instrument
from analytics.study.scale_sums import ScaleSums, sum_scale
from analytics.study.scoring import component_column, present_constructs
from analytics.study.sorted_people import SortedPeople
from analytics.vocabulary import RATERS

__all__ = ["AnswerSums", "sum_answers"]

_UNIT, _ROLE, _ANSWERED = "unit place", "role place", "answered"
_MOST_OPTIONS = 127


@dataclass(frozen=True)
class AnswerSums:
    """The sums of a set of people, in units (rows) and roles (managers, contributors).

    Attributes
    ----------
    units : tuple of str
        Codes of the units.
    options : int
        A, the options of the instrument's scale.
    respondents : ndarray of shape (n_units, 2)
        People with at least one answer.
    scales : dict of str to ScaleSums
        Per construct present, and per component under the name of its column, arrays of shape
        (n_units, 2, ...). Components have no products and no options of their own.
    """

    units: tuple[str, ...]
    options: int
    respondents: NDArray[np.int64]
    scales: dict[str, ScaleSums]

    def __add__(self, other: "AnswerSums") -> "AnswerSums":
        """Return the sums of two sets of people who have nobody in common.

        Raises
        ------
        AnalyticsError
            The two were not made with the same units, scale and items.
        """
        if self._kind != other._kind:
            raise AnalyticsError("Sums over different units, scales or items cannot be added.")
        return AnswerSums(
            self.units,
            self.options,
            self.respondents + other.respondents,
            {key: sums + other.scales[key] for key, sums in self.scales.items()},
        )

    @property
    def _kind(self) -> tuple[object, ...]:
        """Return what two sums must share to be added."""
        sizes = [(key, sums.items) for key, sums in self.scales.items()]
        return self.units, self.options, sizes


def sum_answers(
    responses: pl.LazyFrame | pl.DataFrame, instrument: Instrument, units: Sequence[str]
) -> AnswerSums:
    """Add up everybody's answers per unit and role.

    Parameters
    ----------
    responses : polars.LazyFrame or polars.DataFrame
        ``unit``, ``role`` and the item columns, whole numbers on the instrument's scale as
        given, null if unanswered. Only these columns are read. People who are neither
        managers nor contributors do not count, nor do those who answered nothing.
    instrument : Instrument
        Which items belong together, which are reversed, and the scale: at most 127 options.
    units : sequence of str
        Codes of the units to add up, such as a tree's.

    Returns
    -------
    AnswerSums
        Of every construct that has an item in the frame, limited to the items present. The same
        to the last digit for any order of rows and any number of threads.

    Raises
    ------
    SchemaError
        An item column holds a fraction.
    AnalyticsError
        The scale has too many options, an answer lies outside it, or a response names none of
        the units.

    Notes
    -----
    O(n_people) once the people of a cell stand together: every sum then runs over contiguous
    memory, one byte per person. Rows that are already sorted by unit and role are not moved.
    Memory: two bytes per answer.
    """
    options = instrument.high - instrument.low + 1
    if options > _MOST_OPTIONS:
        raise AnalyticsError(f"A scale of {options} options is too long to be added up.")
    lazy = responses.lazy()
    constructs = present_constructs(pl.DataFrame(schema=lazy.collect_schema()), instrument)
    frame = _read(lazy, constructs, units)
    shape = (len(units), len(RATERS))
    cells = SortedPeople.of(_cell(frame), shape[0] * shape[1])
    with ThreadPoolExecutor(pl.thread_pool_size()) as threads:
        found = threads.map(partial(_sum_construct, frame, cells, instrument), constructs)
        scales = {key: sums.by(shape) for sums_of in found for key, sums in sums_of.items()}
    people = np.bincount(cells.of_person, minlength=cells.size).astype(np.int64)
    return AnswerSums(tuple(units), options, people.reshape(shape), scales)


def _read(
    responses: pl.LazyFrame, constructs: Sequence[Construct], units: Sequence[str]
) -> pl.DataFrame:
    """Read each person's place among the units, place among the roles, and answers."""
    items = list(dict.fromkeys(item.key for part in constructs for item in part.items))
    place = pl.col("unit").cast(pl.String).cast(pl.Enum(units), strict=False).to_physical()
    role = pl.col("role").cast(pl.String).cast(pl.Enum(RATERS), strict=False).to_physical()
    return responses.select(
        place.cast(pl.Int32).alias(_UNIT),
        role.cast(pl.Int32).alias(_ROLE),
        pl.any_horizontal(pl.col(items).is_not_null()).alias(_ANSWERED),
        *items,
    ).collect(engine="streaming")


def _cell(frame: pl.DataFrame) -> NDArray[np.int32]:
    """Return the number of each person's cell, -1 for people who do not count."""
    if frame[_UNIT].null_count():
        raise AnalyticsError("A response names a unit that is not among the units.")
    cell = frame.select(
        pl.when(_ANSWERED)
        .then(len(RATERS) * pl.col(_UNIT) + pl.col(_ROLE))
        .fill_null(-1)
        .alias(_UNIT)
    )
    return cell[_UNIT].to_numpy()


def _sum_construct(
    frame: pl.DataFrame, cells: SortedPeople, instrument: Instrument, construct: Construct
) -> dict[str, ScaleSums]:
    """Return the sums of a construct and of its components."""
    options = instrument.high - instrument.low + 1
    given = [_options(frame[item.key], instrument) for item in construct.items]
    columns = {
        item: (column > 0) * np.int8(options + 1) - column if item.reversed else column
        for item, column in zip(construct.items, cells.gather(given), strict=True)
    }
    sums = {construct.key: sum_scale(list(columns.values()), cells, options=options)}
    for name in construct.components:
        part = [column for item, column in columns.items() if item.component == name]
        column = component_column(construct.key, name)
        sums[column] = sum_scale(part, cells, options=options, pairs=False)
    return sums


def _options(answers: pl.Series, instrument: Instrument) -> NDArray[np.int8]:
    """Return the options chosen, counted from 1 on, 0 if unanswered."""
    if answers.null_count() == answers.len():
        return np.zeros(answers.len(), dtype=np.int8)
    least, most = cast("float", answers.min()), cast("float", answers.max())
    if least < instrument.low or most > instrument.high:
        raise AnalyticsError(f"{answers.name}: an answer lies outside the scale.")
    if not (answers.dtype.is_integer() or (answers == answers.floor()).all()):
        raise SchemaError(f"{answers.name}: expected whole numbers, found a fraction.")
    steps = answers if instrument.low == 1 else answers - (instrument.low - 1)
    return steps.cast(pl.Int8).fill_null(0).to_numpy()
