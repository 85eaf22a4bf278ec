"""Names of columns as people and programs write them, and columns that only number the rows."""

import re
from collections import Counter
from collections.abc import Collection, Mapping

import msgspec
import polars as pl

from survey.files.cells import Cells
from survey.files.complaints import IGNORED_PREFIX
from survey.files.keys import canonical

__all__ = ["name_form", "with_known_names"]

_INDEX = re.compile(
    r"(|unnamed: ?\d+|__index_level_\d+__|\.\.\.\d+|index|level_\d+|x|rownames?)"
)
"""What programs call the column of row numbers that they add, in small letters."""

_PLACEHOLDER = re.compile(r"unnamed: ?\d+(_level_\d+)?|\.\.\.\d+|_duplicated_\d+")
"""What programs call a column that has no name."""


def with_known_names(cells: Cells, known: Collection[str]) -> Cells:
    """Return a table whose columns go by known names if they can only be meant.

    A name may differ in case, in blanks, hyphens or full stops instead of underscores, and in
    signs that do not show. Columns that only number the rows are ignored. Both are noted.

    Parameters
    ----------
    cells : Cells
        The file; its notices are added to.
    known : collection of str
        Every name that a column may have.
    """
    named = _with_meant_names(cells, known)
    return _without_index(named, known)


def _with_meant_names(cells: Cells, known: Collection[str]) -> Cells:
    forms = {name_form(name): name for name in known}
    given = Counter(name_form(name) for name in cells.header)
    changes = {
        name: forms[name_form(name)]
        for name in cells.header
        if name not in known and name_form(name) in forms and given[name_form(name)] == 1
    }
    if not changes:
        return cells
    cells.notices.add_names(changes)
    header = tuple(changes.get(name, name) for name in cells.header)
    return msgspec.structs.replace(cells, header=header)


def name_form(name: str) -> str:
    """Return what the name of a column is compared by: small letters and underscores."""
    return re.sub(r"[\s.-]+", "_", canonical(name).lower())


def _without_index(cells: Cells, known: Collection[str]) -> Cells:
    numbering = {
        place: name
        for place, name in enumerate(cells.header)
        if name not in known and _only_numbers_rows(cells, place, name.lower())
    }
    if not numbering:
        return cells
    cells.notices.add("index", columns=_shown(numbering), count=len(numbering))
    header = tuple(
        f"{IGNORED_PREFIX}{place}" if place in numbering else name
        for place, name in enumerate(cells.header)
    )
    return msgspec.structs.replace(cells, header=header)


def _shown(numbering: Mapping[int, str]) -> list[str]:
    return [name or f"(column {place + 1})" for place, name in numbering.items()]


def _only_numbers_rows(cells: Cells, place: int, name: str) -> bool:
    """Tell a column that a program has added, or left behind empty under a made-up name."""
    column = str(place)
    if not _INDEX.fullmatch(name) or column not in cells.frame.columns:
        return False
    values = cells.frame[column]
    if values.null_count() == len(values):
        return bool(_PLACEHOLDER.fullmatch(name))
    if name.startswith("__index_level_"):
        return True
    numbers = values.str.strip_chars().str.replace(r"\.0$", "").cast(pl.Int64, strict=False)
    rises = numbers.diff().drop_nulls()
    return numbers.null_count() == 0 and numbers[0] in {0, 1} and bool((rises == 1).all())
