"""Files of respondents: one row per person who answered, checked against an instrument."""

from collections.abc import Collection, Mapping
from datetime import date
from pathlib import Path

import msgspec
import polars as pl

from analytics.instrument import Instrument
from analytics.quality.identical_sheets import identical_sheets
from analytics.study.screening import careless_rules
from survey.files.answers import answer
from survey.files.bounds import UPLOAD, Bounds
from survey.files.cells import Cells, named_columns, read_cells
from survey.files.complaints import LINE, Complaints
from survey.files.foreign import refuse_foreign_shapes
from survey.files.header import with_known_names
from survey.files.kinds import (
    DATE,
    FUNCTION,
    KEY,
    LANGUAGE,
    ROLE,
    SECONDS,
    TEXT,
    YES_OR_NO,
    Kind,
    read_values,
    require_known,
)
from survey.files.measured import last_day, read_durations, without_days_outside
from survey.files.notices import EXAMPLES, Notice, Reading
from survey.files.spellings import note_spellings, require_own, respelled

__all__ = ["FACTS", "SPONSORSHIP", "RespondentFile", "read_respondents"]

SPONSORSHIP = "executive_sponsorship"
"""The construct whose items a sponsor answers about themselves."""

FACTS: Mapping[str, Kind] = {
    "respondent_id": KEY,
    "unit": KEY,
    "role": ROLE,
    "function": FUNCTION,
    "locale": LANGUAGE,
    "submitted_on": DATE,
    "duration_s": SECONDS,
    "consent": YES_OR_NO,
}
"""What a file may say about a respondent, apart from the answers, in the frame's order."""

REQUIRED = ("unit", "role")

_KEYS = ("respondent_id", "unit")


class RespondentFile(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """A file of respondents in which everything is as it should be."""

    frame: pl.DataFrame
    """One row per respondent, in the file's order.

    - ``respondent_id`` (String), ``unit`` (String, never null), ``role`` (String, never null:
      sponsor, manager or contributor), ``function`` (String), ``locale`` (String, BCP 47),
      ``submitted_on`` (Date), ``duration_s`` (Float64, seconds), ``consent`` (Boolean): always
      there, null if the file says nothing.
    - one Int8 column per item in the file, as answered, never reversed; null is no answer.
    - one String column per comment in the file.
    """
    items: tuple[str, ...]
    """The keys of the items in the file, in the file's order."""
    comments: tuple[str, ...]
    """The keys of the comments in the file, in the file's order."""
    lines: pl.Series
    """The line of each row, named `LINE`."""
    sha256: str
    """The checksum of the bytes of the file, in hexadecimal."""
    notices: tuple[Notice, ...]
    """How the file was read, if not as it literally stands."""
    complaints: Complaints
    """Nothing is in it yet: the place to add what a use case finds wrong with the rows."""

    @property
    def rows(self) -> int:
        """Return the number of respondents."""
        return self.frame.height


def read_respondents(
    source: str | Path | bytes,
    *,
    name: str,
    instrument: Instrument,
    comment_keys: Collection[str],
    unit_codes: Collection[str] | None,
    require_consent: bool = False,
    today: date | None = None,
    bounds: Bounds = UPLOAD,
) -> RespondentFile:
    """Read a CSV or Parquet file of respondents, or say everything that is wrong with it.

    Parameters
    ----------
    source : str, Path or bytes
        Where the file is, or what is in it.
    name : str
        What to call the file in complaints.
    instrument : Instrument
        The items that may have a column, and their scale.
    comment_keys : collection of str
        The comments that may have a column.
    unit_codes : collection of str, or None
        The units that a respondent may belong to; None accepts every code.
    require_consent : bool, default=False
        Whether each sponsor must have said yes or no to being named with their answers.
    today : date, optional
        Days after tomorrow, which has begun somewhere, are not used, nor are days before 2000;
        without it all days are, and the caller sorts them out.
    bounds : Bounds
        How large the file may be.

    Raises
    ------
    FileRejected
        Anything is not as it should be; nothing is repaired or left out.
    OSError
        There is no such file, or it may not be read.
    """
    kinds = _kinds(instrument, comment_keys)
    cells = with_known_names(read_cells(source, name=name, bounds=bounds), kinds)
    refuse_foreign_shapes(cells, [item.key for item in instrument.items])
    text = named_columns(cells, known=kinds, required=REQUIRED)
    values = read_values(text, kinds, cells.complaints, cells.notices, required=REQUIRED)
    items = _present(values, [item.key for item in instrument.items])
    comments = _present(values, comment_keys)
    if not items:
        cells.complaints.add(
            "a column for at least one item",
            line=cells.header_line,
            hint=f"Name the columns of items by their keys, such as {instrument.items[0].key}; "
            "`opmodel template respondents` writes a blank file.",
        )
    if "unit" in values.columns:
        values = values.with_columns(respelled(values["unit"], known=unit_codes))
    _require_identity(values, unit_codes, cells)
    if "role" in values.columns:
        own = _items_of(instrument, SPONSORSHIP)
        foreign = [column for column in (*items, *comments) if column not in own]
        _require_empty(_sponsors(values), foreign, cells.complaints, unquoted=comments)
        if require_consent:
            _require_consent(_sponsors(text), cells)
    cells.complaints.raise_any()
    note_spellings(values, _KEYS, cells.literal(_KEYS), cells.notices)
    _note_identical(values, instrument, items, cells)
    frame = values.select(*_facts(values), *items, *comments)
    frame = read_durations(frame, items, cells.notices)
    if today is not None:
        frame = without_days_outside(frame, cells.notices, last=last_day(today))
    return RespondentFile(
        frame=frame,
        items=items,
        comments=comments,
        lines=values[LINE],
        sha256=cells.sha256,
        notices=cells.notices.all(),
        complaints=cells.complaints,
    )


def _kinds(instrument: Instrument, comment_keys: Collection[str]) -> dict[str, Kind]:
    scale = answer(instrument.low, instrument.high)
    answers = {item.key: scale for item in instrument.items}
    return {**FACTS, **answers, **dict.fromkeys(comment_keys, TEXT)}


def _present(frame: pl.DataFrame, names: Collection[str]) -> tuple[str, ...]:
    wanted = frozenset(names)
    return tuple(column for column in frame.columns if column in wanted)


def _items_of(instrument: Instrument, construct: str) -> frozenset[str]:
    return frozenset(
        item.key
        for candidate in instrument.constructs
        if candidate.key == construct
        for item in candidate.items
    )


def _require_identity(
    values: pl.DataFrame, unit_codes: Collection[str] | None, cells: Cells
) -> None:
    """Complain about respondents who occur twice, and about units that are not known."""
    if "respondent_id" in values.columns:
        literal = cells.literal(_KEYS)["respondent_id"]
        require_own(values, "respondent_id", cells.complaints, literal=literal)
    if "unit" in values.columns and unit_codes is not None:
        expected = "a unit of the unit file; this code is not in it"
        require_known(values, "unit", unit_codes, cells.complaints, expected=expected)


def _note_identical(
    values: pl.DataFrame, instrument: Instrument, items: Collection[str], cells: Cells
) -> None:
    """Note the sheets that equal an earlier one beyond chance, by their lines."""
    people = values.filter(pl.col("role") != "sponsor")
    if not people.height:
        return
    flat = careless_rules(people, tuple(items), step=instrument.step)["invariability"]
    sheets = people.filter(pl.Series(~flat))
    answers = sheets.select(pl.col(items).cast(pl.Float64)).to_numpy()
    pairs = identical_sheets(answers)
    if pairs:
        lines = sheets[LINE]
        counted = cells.complaints.counted
        shown = [
            Reading(f"{counted} {lines[row]}", f"{counted} {lines[first]}")
            for row, first in pairs[:EXAMPLES]
        ]
        cells.notices.add("identical", count=len(pairs), examples=shown)


def _sponsors(frame: pl.DataFrame) -> pl.DataFrame:
    return frame.filter(pl.col("role") == "sponsor")


def _require_empty(
    sponsors: pl.DataFrame,
    foreign: Collection[str],
    complaints: Complaints,
    *,
    unquoted: Collection[str],
) -> None:
    """Complain about all that a sponsor's row holds, except answers about sponsorship."""
    expected = "an empty cell: a sponsor's row fills sponsorship items only"
    for column in foreign:
        filled = sponsors.filter(pl.col(column).is_not_null())
        quoted = column not in unquoted
        complaints.add_rows(
            filled,
            column=column,
            expected=expected,
            quoted=quoted,
            cause=("sponsors", quoted),
        )


def _require_consent(sponsors: pl.DataFrame, cells: Cells) -> None:
    """Complain about sponsors without a yes or no; other words are noted elsewhere."""
    expected = "yes or no: a sponsor is named with their answers only by consent"
    if "consent" in sponsors.columns:
        silent = sponsors.filter(pl.col("consent").is_null())
        cells.complaints.add_rows(silent, column="consent", expected=expected)
    elif sponsors.height:
        cells.complaints.add(
            f"this column, with {expected}", line=cells.header_line, column="consent"
        )


def _facts(values: pl.DataFrame) -> list[pl.Expr]:
    """Return a column for each fact, null if the file says nothing."""
    return [
        pl.col(name) if name in values.columns else pl.lit(None, dtype=kind.dtype).alias(name)
        for name, kind in FACTS.items()
    ]
