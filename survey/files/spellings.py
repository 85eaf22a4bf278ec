"""Keys that a file spells in more than one way: a collision in a list, one key in answers."""

from collections import Counter
from collections.abc import Callable, Collection

import polars as pl

from survey.files.complaints import LINE, Complaints
from survey.files.keys import caseless, known_spellings, visible
from survey.files.notices import Notices

__all__ = ["note_spellings", "require_own", "respelled"]

_OWN = "a key of its own"


def require_own(
    values: pl.DataFrame,
    column: str,
    complaints: Complaints,
    *,
    literal: pl.Series,
    form: Callable[[str], str] | None = None,
) -> None:
    """Complain about each row whose key an earlier row has, in whatever spelling.

    Parameters
    ----------
    values : polars.DataFrame
        `LINE`, and ``column`` with keys in their canonical form; null is no key.
    column : str
        The keys.
    complaints : Complaints
        Added to.
    literal : polars.Series of String, one per row
        The cells as the file has them, for messages.
    form : callable, optional
        Two keys are the same if this is; by default, if they are equal.
    """
    rows = values.select(LINE, key=column).with_columns(literal.alias("literal"))
    rows = rows.drop_nulls("key")
    if form:
        rows = rows.with_columns(pl.Series("key", list(map(form, rows["key"]))))
    first = rows.with_columns(
        pl.col(LINE).first().over("key").alias("line"),
        pl.col("literal").first().over("key").alias("earlier"),
    )
    again = first.filter(pl.col("line") != pl.col(LINE))
    for line, literally, at, earlier in again.select(
        LINE, "literal", "line", "earlier"
    ).iter_rows():
        place = f"{complaints.counted} {at}"
        same = literally.strip(" \t") == earlier.strip(" \t")
        complaints.add(
            f"a value that occurs once; it stands in {place} already"
            if same
            else f"{_OWN}; '{visible(earlier)}' in {place} is the same key in another spelling",
            line=line,
            column=column,
            value=literally.strip(" \t") if same else literally,
            cause=(column, same),
        )


def respelled(keys: pl.Series, *, known: Collection[str] | None) -> pl.Series:
    """Return unit codes in one spelling each: the known one, else the most frequent.

    Parameters
    ----------
    keys : polars.Series of String
        Codes in their canonical form, which may still differ in case; null is no code.
    known : collection of str, or None
        How codes are spelled that are known; a code that is not among them stays as it is.
        None if every code is accepted.
    """
    used = keys.drop_nulls()
    spellings = _most_frequent(used) if known is None else known
    changes = known_spellings(used.unique(), spellings)
    return keys.replace(changes) if changes else keys


def _most_frequent(keys: pl.Series) -> list[str]:
    """Return each code as it is spelled most often; of equals, the first in the alphabet."""
    times = Counter(dict(keys.value_counts().iter_rows()))
    best: dict[str, str] = {}
    for key in sorted(times, key=lambda key: (-times[key], key)):
        best.setdefault(caseless(key), key)
    return list(best.values())


def note_spellings(
    values: pl.DataFrame, columns: Collection[str], literal: pl.DataFrame, notices: Notices
) -> None:
    """Note the cells whose key is not spelled as it was read.

    Parameters
    ----------
    values : polars.DataFrame
        The keys as they were read; null is no key.
    columns : collection of str
        The columns that hold keys; those that are not there are passed over.
    literal : polars.DataFrame
        The same rows and columns as the file has them.
    notices : Notices
        Added to. Plain blanks around every cell of a column are a way to write a table, and
        not noted.
    """
    for column in columns:
        if column not in literal.columns:
            continue
        cells = pl.DataFrame({"found": literal[column], "read_as": values[column]}).drop_nulls()
        bare = pl.col("found").str.strip_chars(" \t")
        padded = bare != pl.col("found")
        odd = cells.filter((bare != pl.col("read_as")) | (padded & ~padded.all()))
        notices.add_cells("spelling", column=column, found=odd["found"], read_as=odd["read_as"])
