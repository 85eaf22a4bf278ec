"""What holds between cells: values that occur once, values that occur elsewhere."""

from collections.abc import Collection

import polars as pl

from survey.files.complaints import Complaints
from survey.files.names import LINE

__all__ = ["require_known", "require_once"]


def require_once(
    values: pl.DataFrame, column: str, complaints: Complaints, *, by: pl.Expr | None = None
) -> None:
    """Complain about each row whose value stands in an earlier row; null is no value.

    Parameters
    ----------
    by : polars.Expr, default=the column itself
        What two values have in common that count as the same.
    """
    same = pl.col(column) if by is None else by
    first = values.select(LINE, column, first=pl.col(LINE).first().over(same))
    again = first.filter(pl.col(column).is_not_null() & (pl.col("first") != pl.col(LINE)))
    for line, value, earlier in again.iter_rows():
        complaints.add(
            f"a value that occurs once; it stands in {complaints.counted} {earlier} already",
            line=line,
            column=column,
            value=value,
        )


def require_known(
    values: pl.DataFrame,
    column: str,
    known: Collection[str],
    complaints: Complaints,
    *,
    expected: str,
) -> None:
    """Complain about each row whose value is none of ``known``; null is no value."""
    listed = pl.Series(list(known), dtype=pl.String).implode()
    strange = values.filter(pl.col(column).is_not_null() & ~pl.col(column).is_in(listed))
    complaints.add_rows(strange, column=column, expected=expected)
