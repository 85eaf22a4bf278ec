"""Rows of people and units that are no longer active: only their key is read."""

from collections.abc import Collection, Mapping

import polars as pl

from survey.files.cells import Cells
from survey.files.complaints import LINE
from survey.files.kinds import ACTIVE, Kind, read_values

__all__ = ["read_rows"]


def read_rows(
    text: pl.DataFrame,
    kinds: Mapping[str, Kind],
    cells: Cells,
    *,
    key: str,
    required: Collection[str],
) -> pl.DataFrame:
    """Turn the columns of text into values; of inactive rows only the key.

    Whoever has left is often without unit, role or address, and nothing of that is needed.

    Parameters
    ----------
    text : polars.DataFrame
        `LINE`, and columns of text; if ``active`` is missing, every row is.
    kinds : mapping of str to Kind
        What each column may hold.
    cells : Cells
        Its complaints and notices are added to.
    key : str
        The column that tells whose the row is.
    required : collection of str
        Columns in which no cell of an active row may be empty.

    Returns
    -------
    polars.DataFrame, the same rows and every column of ``kinds``
        ``active`` is never null unless it was complained about.
    """
    text = text.with_columns(active=_who_is_active(text, cells))
    gone = pl.col("active").eq_missing(pl.lit(value=False))
    others = {column: kind for column, kind in kinds.items() if column != "active"}
    parts = [
        read_values(
            rows.drop("active"), wanted, cells.complaints, cells.notices, required=required
        ).with_columns(active=pl.lit(value))
        for value, rows, wanted in (
            (True, text.filter(~gone), others),
            (False, text.filter(gone), {key: kinds[key]}),
        )
    ]
    values = pl.concat(parts, how="diagonal").sort(LINE)
    return values.with_columns(
        pl.lit(None, dtype=kind.dtype).alias(column)
        for column, kind in kinds.items()
        if column not in values.columns
    )


def _who_is_active(text: pl.DataFrame, cells: Cells) -> pl.Series:
    """Return yes or no for each row; null if that is not understood.

    If no cell says yes, an empty one does: the file marks only what is not active.
    """
    everybody = pl.repeat(value=True, n=text.height, dtype=pl.Boolean(), eager=True)
    if "active" not in text.columns:
        return everybody
    only_no = not text.select(ACTIVE.value(pl.col("active"))).to_series().any()
    required = () if only_no else ("active",)
    said = read_values(
        text, {"active": ACTIVE}, cells.complaints, cells.notices, required=required
    )["active"]
    return pl.select(
        pl.when(text["active"].is_null() & only_no).then(everybody).otherwise(said)
    ).to_series()
