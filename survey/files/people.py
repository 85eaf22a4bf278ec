"""Files of people: one row per person who may be invited, each in a unit."""

from collections.abc import Collection, Mapping
from typing import Annotated

import msgspec
import polars as pl

from survey.files.addresses import address_key, read_addresses
from survey.files.bounds import UPLOAD, Bounds
from survey.files.cells import Cells, Source, named_columns, read_cells
from survey.files.collisions import differ_by_zeros, lookalikes, taken_addresses
from survey.files.complaints import LINE, Complaints
from survey.files.header import with_known_names
from survey.files.hr_columns import PEOPLE_NAMES, recognised
from survey.files.keys import visible
from survey.files.kinds import (
    ACTIVE,
    EMAIL,
    FUNCTION,
    KEY,
    LANGUAGE,
    NAME,
    ROLE,
    TIME_ZONE,
    columns_of,
    require_known,
    without_words_for_nothing,
)
from survey.files.leavers import read_rows
from survey.files.notices import Notice
from survey.files.spellings import note_spellings, require_own, respelled
from survey.files.spreadsheets import bare_keys, without_floats

__all__ = ["PEOPLE_COLUMNS", "PeopleFile", "PersonRow", "read_people"]


class PersonRow(
    msgspec.Struct, frozen=True, kw_only=True, rename="camel", forbid_unknown_fields=True
):
    """A person who can be invited, of all of them."""

    external_id: Annotated[str, KEY]
    """Key in the customer's directory."""
    email: Annotated[str | None, EMAIL] = None
    """Where invitations are sent, of nobody else; None waits for another channel."""
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
    time_zone: Annotated[str | None, TIME_ZONE] = None
    """Time zone (IANA) in which messages leave at a set time; None is the organisation's."""
    active: Annotated[bool, ACTIVE] = True
    """Whether the person is to be invited; if not, they are deactivated or not created."""


PEOPLE_COLUMNS, _FILLED = columns_of(PersonRow)
"""The columns of the file, in the order of the frame."""

_TWO = "If there really are two people, name both in the file."
_ZEROS_LOST = f"Format the ids as text in the spreadsheet and export the file again. {_TWO}"
_MOVE = "Name both people in the file to move an address from one to the other."
_KEYS = ("external_id", "unit_code", "manager_external_id")


class PeopleFile(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """A file of people in which everything is as it should be."""

    frame: pl.DataFrame
    """One row per person, in the file's order.

    - ``external_id`` (String, never null): canonical, occurs once.
    - ``active`` (Boolean, never null): people who are not have nothing else.
    - ``display_name``, ``unit_code``, ``role`` (String: sponsor, manager or contributor): never
      null if the person is active.
    - ``email`` (String): clean, occurs once whatever its case; null if there is none.
    - ``function``, ``locale`` (BCP 47), ``manager_external_id`` (another person),
      ``time_zone`` (IANA; all String): null if the file says nothing.
    """
    notices: tuple[Notice, ...] = ()
    """How the file was read, if not as it literally stands."""


def read_people(
    source: Source,
    *,
    name: str,
    unit_codes: Collection[str],
    known_people: Mapping[str, str | None] | None = None,
    bounds: Bounds = UPLOAD,
) -> PeopleFile:
    """Read a CSV or Parquet file of people, or say everything that is wrong with it.

    Parameters
    ----------
    source : Source
        Where the file is, or what is in it.
    name : str
        What to call the file in complaints.
    unit_codes : collection of str
        The units that a person may belong to.
    known_people : mapping of str to str or None, optional
        External ids of people who are known, each with their address if they are active and
        have one. They may be managers, and their addresses are theirs.
    bounds : Bounds
        How large the file may be.

    Raises
    ------
    FileRejected
        Anything is not as it should be; nothing is left out.
    OSError
        There is no such file, or it may not be read.
    """
    known = known_people or {}
    named = with_known_names(read_cells(source, name=name, bounds=bounds), PEOPLE_COLUMNS)
    cells = recognised(named, PEOPLE_NAMES)
    text = named_columns(cells, known=PEOPLE_COLUMNS, required=_FILLED)
    if "email" not in text.columns:
        cells.complaints.add(
            "this column; its cells may be empty", line=cells.header_line, column="email"
        )
    text = bare_keys(text, _KEYS, cells.complaints, own="external_id")
    people = read_rows(text, PEOPLE_COLUMNS, cells, key="external_id", required=_FILLED)
    literal = cells.literal(_KEYS)
    people = _own_ids_and_addresses(people, cells)
    people = _references(people, cells, unit_codes, known)
    _require_free(people.filter("active"), set(people["external_id"]), known, cells.complaints)
    cells.complaints.raise_any()
    note_spellings(people, _KEYS, literal, cells.notices)
    return PeopleFile(frame=people.select(*PEOPLE_COLUMNS), notices=cells.notices.all())


def _own_ids_and_addresses(people: pl.DataFrame, cells: Cells) -> pl.DataFrame:
    """Return ids and addresses as they were meant; complain about those that occur twice."""
    people = people.with_columns(without_floats(people["external_id"]))
    literal = cells.literal(("external_id", "email"))
    if "external_id" in literal.columns:
        require_own(
            people, "external_id", cells.complaints, literal=literal["external_id"], form=None
        )
    if "email" not in literal.columns:
        return people
    people = _with_addresses(people, cells)
    require_own(people, "email", cells.complaints, literal=literal["email"], form=address_key)
    return people


def _with_addresses(people: pl.DataFrame, cells: Cells) -> pl.DataFrame:
    """Read the addresses; complain about texts that are none, note those that were cleaned."""
    found = read_addresses(people["email"].drop_nulls().unique())
    for line, text in people.select(LINE, "email").drop_nulls().iter_rows():
        if text in found.unclear:
            cells.complaints.add(
                EMAIL.expected,
                line=line,
                column="email",
                value=text,
                cause=("address", found.unclear[text].partition(":")[0]),
                hint=f"{found.unclear[text][:1].upper()}{found.unclear[text][1:]}.",
            )
    read = pl.col("email").replace_strict(
        dict(found.read), default=None, return_dtype=pl.String()
    )
    both = people.select(found="email", read_as=read).drop_nulls()
    odd = [_differs(one, other) for one, other in both.iter_rows()]
    cleaned = both.filter(pl.Series(odd, dtype=pl.Boolean))
    cells.notices.add_cells(
        "address", column="email", found=cleaned["found"], read_as=cleaned["read_as"]
    )
    return people.with_columns(read.alias("email"))


def _differs(text: str, address: str) -> bool:
    """Tell whether more than the case of a text was changed to read an address in it."""
    return text.lower() != address.lower()


def _references(
    people: pl.DataFrame,
    cells: Cells,
    unit_codes: Collection[str],
    known: Mapping[str, str | None],
) -> pl.DataFrame:
    """Return units and managers as they are known; complain about those that are not."""
    ids = {*people["external_id"].drop_nulls(), *known}
    units = respelled(without_floats(people["unit_code"], known=unit_codes), known=unit_codes)
    managers = without_floats(people["manager_external_id"], known=ids)
    people = people.with_columns(units, _ids_of_addresses(managers, people, known))
    people = without_words_for_nothing(people, "manager_external_id", ids, cells.notices)
    require_known(
        people,
        "unit_code",
        unit_codes,
        cells.complaints,
        expected="the code of a known unit; there is none with this code",
    )
    own = people.filter(pl.col("manager_external_id") == pl.col("external_id"))
    if own.height:
        cells.notices.add("own_manager", keys=own["external_id"], count=own.height)
    people = people.with_columns(
        pl.when(pl.col("manager_external_id") != pl.col("external_id")).then(
            pl.col("manager_external_id")
        )
    )
    if cells.whole:
        require_known(
            people,
            "manager_external_id",
            ids,
            cells.complaints,
            expected="the external_id of a person in this file or known already",
        )
    return people


def _ids_of_addresses(
    managers: pl.Series, people: pl.DataFrame, known: Mapping[str, str | None]
) -> pl.Series:
    """Return the ids of managers who are named by their address."""
    if not managers.str.contains("@", literal=True).any():
        return managers
    rows = people.select("external_id", "email").drop_nulls().iter_rows()
    id_of = {address_key(address): person for person, address in known.items() if address}
    id_of |= {address_key(address): person for person, address in rows}
    found = {
        text: id_of[address_key(text)]
        for text in managers.drop_nulls().unique()
        if address_key(text) in id_of
    }
    return managers.replace(found) if found else managers


def _require_free(
    people: pl.DataFrame,
    named: Collection[str],
    known: Mapping[str, str | None],
    complaints: Complaints,
) -> None:
    """Complain about addresses and ids that belong to somebody whom the file does not name."""
    lines = dict(people.select("external_id", LINE).iter_rows())
    addresses = dict(people.select("external_id", "email").drop_nulls().iter_rows())
    taken = taken_addresses(addresses, owners=known, named=named)
    for one in taken:
        zeros = differ_by_zeros(one.external_id, one.owner)
        complaints.add(
            f"an address of nobody else; {one.doubt}",
            line=lines[one.external_id],
            column="email",
            value=one.address,
            cause=("taken", zeros),
            hint=_ZEROS_LOST if zeros else _MOVE,
        )
    new = {*lines} - known.keys() - {one.external_id for one in taken} - {None}
    for person, old in lookalikes(new, known.keys() - set(named)).items():
        zeros = differ_by_zeros(person, old)
        how = "leading zeros, which may have got lost" if zeros else "case"
        complaints.add(
            f"an external_id of its own; '{visible(old)}' is known and differs only in {how}",
            line=lines[person],
            column="external_id",
            value=person,
            cause=("alike", zeros),
            hint=_ZEROS_LOST if zeros else _TWO,
        )
