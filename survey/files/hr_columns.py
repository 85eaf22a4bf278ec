"""The columns of usual HR exports: which of ours they are, or what they hold.

Names are compared without case, blanks and punctuation, so ``Employee ID``, ``employee_id``
and ``employeeId`` are one. They are those of Workday, SAP SuccessFactors, BambooHR, Personio
and Active Directory. A column that could be read in two ways is never guessed.
"""

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import msgspec
import polars as pl

from survey.files.cells import Cells, is_ignored
from survey.files.complaints import IGNORED_PREFIX
from survey.files.keys import canonical
from survey.files.words import LEAVER_WORDS, YES_AND_NO, folded

__all__ = ["PEOPLE_NAMES", "UNIT_NAMES", "recognised"]

PEOPLE_NAMES: Mapping[str, str] = {
    "external_id": "id, employee id, employee number, employee no, employee #, "
    "employee code, emp id, emp no, worker id, workday id, person id, person id external, "
    "personnel number, personnel no, staff id, staff number, user id, personalnummer, "
    "mitarbeiternummer, mitarbeiter id",
    "email": "email address, e mail, e mail address, mail, work email, work e mail, "
    "work email address, email work, email primary work, primary work email, primary email, "
    "business email, business email address, email business, company email, "
    "user principal name, "
    "upn, e mail adresse",
    "display_name": "worker, name, full name, employee name, worker name, preferred name, "
    "display name, legal name, employee",
    "unit_code": "unit, supervisory organization, supervisory organisation, organization, "
    "organisation, organizational unit, organisational unit, org unit, business unit, "
    "business unit code, department, department code, department id, division, division code, "
    "cost center, cost centre, team, abteilung, kostenstelle, organisationseinheit",
    "role": "job level, management level, career level, role level, leadership role, rolle",
    "function": "job family, job family group, job function, funktion",
    "locale": "language, preferred language, work language, default locale, preferred locale, "
    "sprache",
    "manager_external_id": "manager id, manager employee id, manager user id, manager number, "
    "managers employee id, supervisor id, supervisor eid, supervisor employee id, "
    "line manager id, "
    "reports to id",
    "time_zone": "timezone, time zone name, tz, zeitzone",
    "active": "is active, status, employment status, employee status, worker status, "
    "user status, "
    "account status, active status, enabled, account enabled, is enabled, empl status, "
    "beschäftigungsstatus, mitarbeiterstatus, aktiv",
}
"""Each column of a file of people to other names for it."""

UNIT_NAMES: Mapping[str, str] = {
    "code": "id, unit code, unit id, organization id, organisation id, org id, department id, "
    "department code, org unit id, cost center id, cost centre id",
    "name": "unit name, organization name, organisation name, org unit name, department name, "
    "department, supervisory organization",
    "parent_code": "parent, parent id, parent unit, parent unit code, parent organization, "
    "parent organization id, superior organization, superior organization id, "
    "parent department, "
    "parent department id",
    "headcount": "head count, employees, number of employees, staff count, worker count",
    "active": "is active, status, unit status, organization status, enabled, aktiv",
}
"""Each column of a file of units to other names for it."""

_INVERSE_NAMES = "terminated, is terminated, inactive, is inactive, leaver, is leaver, disabled"
"""Columns that say yes about people who have left."""

_MEANINGS: Mapping[str, str] = {
    "job titles": "business title, job title, title, position, position title, "
    "job profile, job",
    "the day somebody began": "hire date, original hire date, start date, eintrittsdatum",
    "places": "location, work location, office, city, country, region, site, standort",
    "kinds of contract": "employment type, employee type, worker type, contract type, "
    "time type",
    "legal entities": "company, company code, legal entity, employer",
    "telephone numbers": "phone, mobile, work phone, telephone, telefon",
    "private addresses": "home email, personal email, private email, email home",
    "names of managers": "manager, manager name, managers name, line manager, supervisor, "
    "supervisor name, reports to, reporting to",
    "names for signing in": "username, user name, login, sam account name, "
    "distinguished name, dn",
    "parts of names": "first name, given name, vorname, last name, surname, family name, "
    "nachname, sn, middle name",
    "personal details": "gender, date of birth, birth date, age, nationality, salary, "
    "base salary, marital status",
}
"""What other columns of HR exports hold, and their names; no file of people takes them."""

_LEAVING_DAYS = (
    "termination date, end date, employment end date, exit date, leaving date, last day, "
    "last day of work, last working day, contract end, contract end date, termination day, "
    "austrittsdatum, austritt, vertragsende"
)
_PARTS_OF_NAMES = (
    "first name, given name, vorname",
    "last name, surname, family name, nachname, sn",
)

_NO_SIGN = re.compile(r"[\W_]+")
_LEFT_OUT = (
    "begin its name with x_ to leave it out, or give it the name of the column that it is"
)
_UNDECIDED = {
    "active": "keep one, called active, that says no about everybody who has left",
}


class _Column(NamedTuple):
    position: int
    header: str

    @property
    def bare(self) -> str:
        return _bare(self.header)


def _bare(name: str) -> str:
    return _NO_SIGN.sub("", canonical(name).casefold().replace("#", "number"))


def _bared(names: str) -> frozenset[str]:
    return frozenset(map(_bare, names.split(", ")))


_INVERSE, _DAYS, _FIRST, _LAST = map(_bared, (_INVERSE_NAMES, _LEAVING_DAYS, *_PARTS_OF_NAMES))
_MEANS = {bare: meaning for meaning, names in _MEANINGS.items() for bare in _bared(names)}


def recognised(cells: Cells, names: Mapping[str, str]) -> Cells:
    """Return a file whose header has our names for those of HR exports.

    Columns that the file must not have, or that could be read in two ways, are complained about
    and ignored afterwards.

    Parameters
    ----------
    cells : Cells
        Its complaints and notices are added to.
    names : mapping of str to str
        Each column that may be there to other names for it, separated by commas.
    """
    found = _found(cells, names)
    if "display_name" in names and "display_name" not in found:
        cells = _with_joined_names(cells)
    header = list(cells.header)
    for column, (first, *others) in found.items():
        _complain_of_several(cells, column, (first, *others))
        for one in others:
            header[one.position] = IGNORED_PREFIX + one.header
        header[first.position] = column
    cells.notices.add_names(
        {
            first.header: column
            for column, (first, *_) in found.items()
            if first.header != column
        }
    )
    renamed = msgspec.structs.replace(cells, header=tuple(header))
    explained = _explain(renamed) if "email" in names else renamed
    is_inverse = "active" in found and found["active"][0].bare in _INVERSE
    return _inverted(explained, found["active"][0].position) if is_inverse else explained


def _found(cells: Cells, names: Mapping[str, str]) -> dict[str, list[_Column]]:
    """Return the columns of the file for each of ours; one with our own name beats others."""
    named = [_Column(place, name) for place, name in enumerate(cells.header) if name]
    found = {}
    for column, others in names.items():
        own = [one for one in named if one.bare == _bare(column)]
        known = _bared(others) | (_INVERSE if column == "active" else frozenset())
        if some := own or [one for one in named if one.bare in known]:
            exact = [one for one in some if one.header == column]
            found[column] = exact[:1] or some
    return found


def _complain_of_several(cells: Cells, column: str, some: Sequence[_Column]) -> None:
    if len(some) == 1:
        return
    each = " and ".join(f"'{one.header}'" for one in some)
    advice = _UNDECIDED.get(
        column,
        f"call the right one {column}, and begin the others' names with {IGNORED_PREFIX}",
    )
    cells.complaints.add(
        f"one column for {column}; {each} could each be it: {advice}", line=cells.header_line
    )


def _with_joined_names(cells: Cells) -> Cells:
    """Add a column of first and last names, if a file has both and no whole ones."""
    parts = []
    for wanted in (_FIRST, _LAST):
        parts += [place for place, name in enumerate(cells.header) if _bare(name) in wanted][:1]
    if len(parts) != 2:
        return cells
    whole = pl.concat_str(
        [pl.col(str(place)).str.strip_chars() for place in parts],
        separator=" ",
        ignore_nulls=True,
    )
    header = [
        IGNORED_PREFIX + name if place in parts else name
        for place, name in enumerate(cells.header)
    ]
    joined = " ".join(cells.header[place] for place in parts)
    cells.notices.add_names({joined: "display_name"})
    return msgspec.structs.replace(
        cells,
        header=(*header, "display_name"),
        frame=cells.frame.with_columns(
            pl.when(whole.str.len_chars() > 0).then(whole).alias(str(len(header)))
        ),
    )


def _explain(cells: Cells) -> Cells:
    """Say what other columns hold, and ignore them; never advise to ignore who has left."""
    header = list(cells.header)
    for position, name in enumerate(cells.header):
        if not name or name in PEOPLE_NAMES:
            continue
        if is_ignored(name):
            if "active" not in cells.header and _marks_leavers(name):
                cells.notices.add("ignored_leavers", columns=[name], count=1)
            continue
        leaver = None if "active" in cells.header else _leaver_in(cells, position)
        if said := _said_of(_bare(name), leaver, has_active="active" in cells.header):
            cells.complaints.add(said, line=cells.header_line, column=name)
            header[position] = IGNORED_PREFIX + name
    return msgspec.structs.replace(cells, header=tuple(header))


def _marks_leavers(ignored: str) -> bool:
    """Tell whether the name of an ignored column says that it marks people who have left."""
    bare = _bare(ignored.strip()[len(IGNORED_PREFIX) :])
    return bare in _INVERSE | _DAYS | _bared(PEOPLE_NAMES["active"]) | {"active"}


def _said_of(bare: str, leaver: str | None, *, has_active: bool) -> str | None:
    """Return what would have been right instead of a column; None if nothing is known of it."""
    if leaver:
        return (
            f"a column active with yes or no; this one holds '{leaver}', as if it marked "
            "people who have left: call it active if it does"
        )
    if bare in _DAYS and not has_active:
        return (
            ""
            "a column active with no for everybody who has left; this one holds the days on "
            f"which people left: add active, then begin this name with {IGNORED_PREFIX}"
        )
    meaning = "days on which people left" if bare in _DAYS else _MEANS.get(bare)
    return (
        meaning
        and f"no column of {meaning}, which HR exports hold under this name: {_LEFT_OUT}"
    )


def _leaver_in(cells: Cells, position: int) -> str | None:
    """Return the first cell of a column that marks somebody who has left."""
    cell = pl.col(str(position))
    marks = folded(cell).is_in(pl.Series(sorted(LEAVER_WORDS)).implode())
    marked = cells.frame.filter(marks).select(cell).head(1)
    return str(marked.item()).strip() if marked.height else None


def _inverted(cells: Cells, position: int) -> Cells:
    """Return a file whose column of leavers says instead who is active."""
    opposite = {word: "no" if says else "yes" for word, says in YES_AND_NO.items()} | {
        "x": "no"
    }
    cell = pl.col(str(position))
    words = folded(cell)
    turned = (
        pl.when(cell.is_null())
        .then(pl.lit("yes"))
        .otherwise(words.replace_strict(opposite, default=cell))
    )
    return msgspec.structs.replace(
        cells, frame=cells.frame.with_columns(turned.alias(str(position)))
    )
