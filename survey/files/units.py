"""Files of business units: one row per unit, together a tree or several."""

from collections.abc import Mapping
from typing import Annotated

import msgspec
import polars as pl

from survey.files.bounds import UPLOAD, Bounds
from survey.files.cells import Cells, Source, named_columns, read_cells
from survey.files.complaints import LINE, Complaints
from survey.files.header import with_known_names
from survey.files.hr_columns import UNIT_NAMES, recognised
from survey.files.keys import caseless
from survey.files.kinds import (
    ACTIVE,
    COUNT,
    KEY,
    NAME,
    columns_of,
    require_known,
    without_words_for_nothing,
)
from survey.files.leavers import read_rows
from survey.files.notices import Notice
from survey.files.spellings import note_spellings, require_own, respelled
from survey.files.spreadsheets import bare_keys, without_floats

__all__ = ["UNIT_COLUMNS", "UnitFile", "UnitRow", "read_units"]


class UnitRow(
    msgspec.Struct, frozen=True, kw_only=True, rename="camel", forbid_unknown_fields=True
):
    """A business unit of a whole tree."""

    code: Annotated[str, KEY]
    """Code of the unit; each occurs once."""
    name: Annotated[str, NAME]
    """Name of the unit."""
    parent_code: Annotated[str | None, KEY] = None
    """Code of the unit above it; None at the top."""
    headcount: Annotated[int, COUNT]
    """Employees of the unit itself, without the units below it."""
    active: Annotated[bool, ACTIVE] = True
    """Whether the unit still exists; if not, it is deactivated or not created."""


UNIT_COLUMNS, _FILLED = columns_of(UnitRow)
"""The columns that the file may have."""

_REQUIRED = ("code", "name", "parent_code", "headcount")

_KEYS = ("code", "parent_code")
_NAMED_ON_CIRCLE = 8  # units of a circle that a complaint names; longer ones end in dots


class UnitFile(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """A file of business units that form a tree, or several."""

    frame: pl.DataFrame
    """One row per active unit, in the file's order.

    - ``code``, ``name`` (String, never null); ``code`` is in its canonical form and occurs
      once, whatever its case.
    - ``parent_code`` (String): the code of another row; null is a root.
    - ``headcount`` (Int64, never null): employees in the unit itself, without its children.
    """
    inactive: tuple[str, ...] = ()
    """Codes of the rows that are marked as inactive, which are not in the frame."""
    notices: tuple[Notice, ...] = ()
    """How the file was read, if not as it literally stands."""


def read_units(source: Source, *, name: str, bounds: Bounds = UPLOAD) -> UnitFile:
    """Read a file or a list of business units, or say everything that is wrong with it.

    Parameters
    ----------
    source : Source
        Where the file is, or what is in it.
    name : str
        What to call the file in complaints.
    bounds : Bounds
        How large it may be.

    Raises
    ------
    FileRejected
        Anything is not as it should be; nothing is repaired or left out.
    OSError
        There is no such file, or it may not be read.
    """
    named = with_known_names(read_cells(source, name=name, bounds=bounds), UNIT_COLUMNS)
    cells = recognised(named, UNIT_NAMES)
    text = named_columns(cells, known=UNIT_COLUMNS, required=_REQUIRED)
    text = bare_keys(text, _KEYS, cells.complaints, own="code")
    rows = read_rows(text, UNIT_COLUMNS, cells, key="code", required=_FILLED)
    literal = cells.literal(_KEYS)
    if "code" in literal.columns:
        require_own(rows, "code", cells.complaints, literal=literal["code"], form=caseless)
    if cells.whole and {"code", "parent_code"} <= set(literal.columns):
        rows = _with_parents(rows, cells)
    cells.complaints.raise_any()
    note_spellings(rows, _KEYS, literal, cells.notices)
    units = rows.filter("active")
    return UnitFile(
        frame=units.select(_REQUIRED),
        inactive=tuple(rows.filter(~pl.col("active"))["code"]),
        notices=cells.notices.all(),
    )


def _with_parents(rows: pl.DataFrame, cells: Cells) -> pl.DataFrame:
    """Return units with parents as they are known; complain if they are no tree."""
    codes = rows.filter("active")["code"].drop_nulls().to_list()
    parents = without_floats(rows["parent_code"], known=set(codes))
    rows = rows.with_columns(respelled(parents, known=codes))
    rows = without_words_for_nothing(rows, "parent_code", codes, cells.notices)
    rows = _with_roots(rows, cells)
    _require_tree(rows.filter("active"), cells.complaints)
    return rows


def _with_roots(units: pl.DataFrame, cells: Cells) -> pl.DataFrame:
    """Return units without a parent for those that are their own, as some tools mark a root.

    If other roots have an empty parent, the file marks its roots so, and a unit that is its own
    parent is a mistake.
    """
    own = pl.col("parent_code") == pl.col("code")
    roots = units.filter(own)["code"]
    if roots.is_empty() or units.filter("active")["parent_code"].null_count():
        return units
    cells.notices.add("own_parent", keys=roots, count=len(roots))
    return units.with_columns(pl.when(~own).then(pl.col("parent_code")).alias("parent_code"))


def _require_tree(units: pl.DataFrame, complaints: Complaints) -> None:
    """Complain about parents that are no units, and about units above themselves."""
    own = units.filter(pl.col("parent_code") == pl.col("code"))
    others = units.filter(pl.col("parent_code").ne_missing(pl.col("code")))
    complaints.add_rows(
        own,
        column="parent_code",
        expected="another unit; the roots of this file have an empty cell here",
    )
    require_known(
        others,
        "parent_code",
        units["code"].drop_nulls(),
        complaints,
        expected="the code of a unit in this file, or an empty cell for a root",
    )
    known = others.drop_nulls("code").unique("code", keep="first", maintain_order=True)
    lines = dict(known.select("code", LINE).iter_rows())
    parents = dict(known.drop_nulls("parent_code").select("code", "parent_code").iter_rows())
    for circle in circles(parents):
        first = min(circle, key=lines.__getitem__)
        complaints.add(
            f"a parent that is not below the unit; {_spelled(circle, first)} is a circle",
            line=lines[first],
            column="parent_code",
            value=parents[first],
        )


def circles(parents: Mapping[str, str]) -> list[list[str]]:
    """Return each circle of a relation in which everyone has at most one parent.

    Every step follows a parent that no earlier walk has seen, so all walks together take as
    many steps as there are parents.
    """
    walk_of: dict[str, str] = {}
    found = []
    for start in parents:
        path = []
        at: str | None = start
        while at is not None and at not in walk_of:
            walk_of[at] = start
            path.append(at)
            at = parents.get(at)
        if at is not None and walk_of[at] == start:
            found.append(path[path.index(at) :])
    return found


def _spelled(circle: list[str], first: str) -> str:
    """Return ``A → B → A``, from child to parent, beginning with ``first``."""
    turn = circle.index(first)
    codes = [*circle[turn:], *circle[:turn]]
    shown = codes[:_NAMED_ON_CIRCLE] + ["…"] * (len(codes) > _NAMED_ON_CIRCLE)
    return " → ".join([*shown, first])
