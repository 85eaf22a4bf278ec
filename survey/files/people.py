"""Files of people: one row per person who may be invited, each in a unit."""

from collections.abc import Collection
from pathlib import Path
from typing import Annotated

import msgspec
import polars as pl

from survey.files.cells import named_columns, read_cells
from survey.files.complaints import Complaints
from survey.files.header import with_known_names
from survey.files.keys import caseless
from survey.files.kinds import (
    EMAIL,
    FUNCTION,
    KEY,
    LANGUAGE,
    NAME,
    ROLE,
    columns_of,
    read_values,
    require_known,
)
from survey.files.notices import Notice
from survey.files.spellings import note_spellings, require_own, respelled

__all__ = ["PEOPLE_COLUMNS", "PeopleFile", "PersonRow", "read_people"]


class PersonRow(
    msgspec.Struct, frozen=True, kw_only=True, rename="camel", forbid_unknown_fields=True
):
    """A person who can be invited, of all of them."""

    external_id: Annotated[str, KEY]
    """Key in the customer's directory."""
    email: Annotated[str, EMAIL]
    """Mail address; each occurs once."""
    display_name: Annotated[str, NAME]
    """Name, for people."""
    unit_code: Annotated[str, KEY]
    """Code of the unit they belong to."""
    role: Annotated[str, ROLE]
    """sponsor, manager or contributor."""
    function: Annotated[str | None, FUNCTION] = None
    """business, it, data, risk or other; None if it is not known."""
    locale: Annotated[str | None, LANGUAGE] = None
    """Language (BCP 47); None is the organisation's."""
    manager_external_id: Annotated[str | None, KEY] = None
    """Key of the manager in the customer's directory; None if it is not known."""


PEOPLE_COLUMNS, _FILLED = columns_of(PersonRow)
"""The columns of the file, in the order of the frame."""

_KEYS = ("external_id", "email", "unit_code", "manager_external_id")


class PeopleFile(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """A file of people in which everything is as it should be."""

    frame: pl.DataFrame
    """One row per person, in the file's order; all columns String.

    - ``external_id``, ``email`` (each occurs once, whatever the case of the address),
      ``display_name``, ``unit_code``, ``role`` (sponsor, manager or contributor): never null.
    - ``function``, ``locale`` (BCP 47), ``manager_external_id`` (another person): null if
      the file says nothing.
    """
    sha256: str
    """The checksum of the bytes of the file, in hexadecimal."""
    notices: tuple[Notice, ...] = ()
    """How the file was read, if not as it literally stands."""


def read_people(
    source: str | Path | bytes,
    *,
    name: str,
    unit_codes: Collection[str],
    known_people: Collection[str] = (),
) -> PeopleFile:
    """Read a CSV or Parquet file of people, or say everything that is wrong with it.

    Parameters
    ----------
    source : str, Path or bytes
        Where the file is, or what is in it.
    name : str
        What to call the file in complaints.
    unit_codes : collection of str
        The units that a person may belong to.
    known_people : collection of str
        External ids of people who are not in the file and may be managers of those who are.

    Raises
    ------
    FileRejected
        Anything is not as it should be; nothing is repaired or left out.
    OSError
        There is no such file, or it may not be read.
    """
    cells = with_known_names(read_cells(source, name=name), PEOPLE_COLUMNS)
    text = named_columns(cells, known=PEOPLE_COLUMNS, required=_FILLED)
    values = read_values(
        text, PEOPLE_COLUMNS, cells.complaints, cells.notices, required=_FILLED
    )
    people = values.with_columns(
        pl.lit(None, dtype=kind.dtype).alias(column)
        for column, kind in PEOPLE_COLUMNS.items()
        if column not in values.columns
    )
    literal = cells.literal(_KEYS)
    for column, form in (("external_id", None), ("email", caseless)):
        if column in literal.columns:
            require_own(people, column, cells.complaints, literal=literal[column], form=form)
    people = people.with_columns(respelled(people["unit_code"], known=unit_codes))
    require_known(
        people,
        "unit_code",
        unit_codes,
        cells.complaints,
        expected="the code of a known unit; there is none with this code",
    )
    if cells.whole:
        _require_managers(people, known_people, cells.complaints)
    cells.complaints.raise_any()
    note_spellings(people, _KEYS, literal, cells.notices)
    return PeopleFile(
        frame=people.select(*PEOPLE_COLUMNS), sha256=cells.sha256, notices=cells.notices.all()
    )


def _require_managers(
    people: pl.DataFrame, known_people: Collection[str], complaints: Complaints
) -> None:
    """Complain about managers who are not known, and about people who manage themselves."""
    own = people.filter(pl.col("manager_external_id") == pl.col("external_id"))
    complaints.add_rows(
        own, column="manager_external_id", expected="another person; nobody manages themselves"
    )
    require_known(
        people,
        "manager_external_id",
        {*people["external_id"].drop_nulls(), *known_people},
        complaints,
        expected="the external_id of a person in this file or known already",
    )
