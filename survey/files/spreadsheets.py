"""What spreadsheets and data frames do to keys: quotes, floats, powers of ten, errors."""

from collections.abc import Collection

import polars as pl

from survey.files.complaints import Complaints

__all__ = ["bare_keys", "without_floats"]

_QUOTED = r"""^(?:="(.*)"|'(.+))$"""
"""How a key is kept from becoming a number: ``="007"``, or an apostrophe before it."""
_FLOAT = r"^([0-9]+)\.0+$"
_WHOLE = r"^[0-9]+$"
_POWER = r"^[0-9](?:[.,][0-9]+)?[eE]\+[0-9]+$"
_ERROR = r"^#(?:REF!|NAME\?|VALUE!|DIV/0!|NUM!|NULL!)$"

_AS_TEXT = "format the column as text in the spreadsheet, and fill it again from its source"


def bare_keys(
    text: pl.DataFrame, columns: Collection[str], complaints: Complaints, *, own: str
) -> pl.DataFrame:
    """Return keys without the quotes of spreadsheets; complain about keys that they destroyed.

    Parameters
    ----------
    text : polars.DataFrame
        `LINE`, and columns of text (String, null if empty).
    columns : collection of str
        Those that hold keys; the ones that are not there are passed over.
    complaints : Complaints
        Added to.
    own : str
        The column of those whose rows they are. The others refer to known keys, among which no
        destroyed key is found.
    """
    here = [column for column in columns if column in text.columns]
    quoted = [
        pl.coalesce(
            pl.col(column).str.extract(_QUOTED, 1),
            pl.col(column).str.extract(_QUOTED, 2),
            pl.col(column),
        )
        for column in here
    ]
    bare = text.with_columns(quoted)
    for pattern, what in ((_POWER, "a number"), (_ERROR, "an error")):
        if own in here:
            complaints.add_rows(
                bare.filter(pl.col(own).str.contains(pattern)),
                column=own,
                expected=f"a key; a spreadsheet has put {what} in its place: {_AS_TEXT}",
            )
    return bare


def without_floats(keys: pl.Series, *, known: Collection[str] | None = None) -> pl.Series:
    """Return whole numbers for keys that became floats, as ``1042.0`` for 1042.

    A data frame turns a column of whole numbers into floats if a cell of it is empty.

    Parameters
    ----------
    keys : polars.Series of String
        The keys; null is none.
    known : collection of str, optional
        The keys that these refer to: a float is a whole number if that is known and the float
        is not. By default all keys or none are floats.
    """
    whole = keys.str.extract(_FLOAT, 1)
    if known is None:
        filled = keys.drop_nulls()
        all_numbers = filled.str.contains(f"{_FLOAT}|{_WHOLE}").all()
        return whole.fill_null(keys) if len(filled) and all_numbers else keys
    changes = {
        key: number
        for key, number in zip(keys, whole, strict=True)
        if number is not None and key not in known and number in known
    }
    return keys.replace(changes) if changes else keys
