"""Tables of other tools and of other shapes, which are named for what they are."""

import re
from collections.abc import Collection

import polars as pl

from survey.files.cells import Cells
from survey.files.complaints import LINE
from survey.files.header import name_form
from survey.files.keys import canonical

__all__ = ["refuse_foreign_shapes"]

_WIDE = "one row per respondent, and one column per item named by its key"

_TOOLS = {
    "Qualtrics": {"startdate", "enddate", "recordeddate", "responseid", "distributionchannel"},
    "SurveyMonkey": {"respondent_id", "collector_id", "collectorid", "respondentid"},
    "LimeSurvey": {
        "submitdate", "lastpage", "startlanguage", "date_submitted", "last_page",
        "start_language", "datum_abgeschickt", "letzte_seite", "start_sprache",
    },
    "Microsoft Forms": {"start_time", "completion_time", "startzeit", "fertigstellungszeit"},
    "Typeform": {"submit_date_(utc)", "network_id", "start_date_(utc)"},
    "REDCap": {"record_id", "redcap_event_name", "redcap_survey_identifier"},
}  # fmt: skip
"""Columns by which an export is known, in their usual form; two of them are enough."""
_TWO = 2

_STAMPS = {"timestamp", "zeitstempel", "horodateur", "marca_temporal", "carimbo_de_data/hora"}
"""The first column of an export of Google Forms, by language."""

_IMPORT_ID = '{"ImportId"'
_ANSWER_HEADS = re.compile(
    r"(open-ended response|response|antwort|offene antwort)", re.IGNORECASE
)

_SHARE_OF_KEYS = 0.8
_ROWS_COMPARED = 20
_CELLS_COMPARED = 500


def refuse_foreign_shapes(cells: Cells, items: Collection[str]) -> None:
    """Refuse a table that is no table of respondents, with one complaint that names it.

    Parameters
    ----------
    cells : Cells
        The file; its complaints are added to.
    items : collection of str
        The keys of the items.

    Raises
    ------
    FileRejected
        The table is in long format, lies on its side, has a further header line, or is an
        export of another tool as that tool writes it.
    """
    for find in (_extra_header_line, _long_format, _other_tool):
        find(cells, frozenset(items))
        cells.complaints.raise_any()


def _extra_header_line(cells: Cells, items: frozenset[str]) -> None:
    """Complain about lines between header and answers that are no answers."""
    for line, *texts in cells.frame.head(_TWO).iter_rows():
        filled = [text.strip() for text in texts if text]
        if any(text.startswith(_IMPORT_ID) for text in filled):
            cells.complaints.add(
                "answers below one header line; this is an export of Qualtrics, which has "
                "three",
                line=line,
                value=next(text for text in filled if text.startswith(_IMPORT_ID)),
                hint="Delete the lines of question texts and of ImportId, and keep the line of "
                "column names; name the columns of items by their keys.",
            )
            return
        if sum(bool(_ANSWER_HEADS.fullmatch(text)) for text in filled) >= _TWO:
            cells.complaints.add(
                "answers below one header line; this looks like an export of SurveyMonkey, "
                "which has two",
                line=line,
                value=next(text for text in filled if _ANSWER_HEADS.fullmatch(text)),
                hint="Delete the second line, and name the columns of items by their keys.",
            )
            return
    _question_texts(cells, items)


def _question_texts(cells: Cells, items: frozenset[str]) -> None:
    """Complain about a first row of words above rows of numbers."""
    places = [str(i) for i, name in enumerate(cells.header) if name in items]
    compared = cells.frame.select(LINE, *places).head(_ROWS_COMPARED)
    if not places or compared.height < _TWO:
        return
    words = compared.select(pl.col(places).str.contains(r"\p{L}{2}").fill_null(value=False))
    counts = words.select(pl.sum_horizontal(pl.all())).to_series().to_list()
    if counts[0] >= _TWO and counts[0] > len(places) / 2 and max(counts[1:]) < counts[0] / 2:
        first = next(name for name in places if words[name][0])
        cells.complaints.add(
            "answers below one header line; this line holds words above rows of numbers, as a "
            "second header line does",
            line=compared[LINE][0],
            column=cells.header[int(first)],
            value=compared[first][0],
            hint="Delete this line.",
        )


def _long_format(cells: Cells, items: frozenset[str]) -> None:
    """Complain about item keys that stand in rows instead of the header."""
    if any(name in items for name in cells.header):
        return
    for place, name in enumerate(cells.header):
        values = _column(cells, place)
        if values is None or not len(values):
            continue
        looked_at = [canonical(value) for value in values.head(_CELLS_COMPARED)]
        if sum(value in items for value in looked_at) < _SHARE_OF_KEYS * len(looked_at):
            continue
        if values.n_unique() == len(values):
            shape, mend = "lies on its side: items are its rows", "Transpose it."
        else:
            shape = "is in long format: one row per answer"
            mend = "Pivot it, so that each respondent is a row and each item a column."
        cells.complaints.add(
            f"{_WIDE}; this table {shape}",
            line=cells.header_line,
            column=name,
            value=values[0].strip(),
            hint=mend,
        )
        return


def _other_tool(cells: Cells, items: frozenset[str]) -> None:
    """Complain about a header as another tool writes it, if no column is called by a key."""
    if any(name in items for name in cells.header):
        return
    names = {name_form(_before_text(name)): name for name in cells.header}
    for tool, signs in _TOOLS.items():
        if len(signs & names.keys()) >= _TWO:
            _complain_of_tool(cells, tool, next(names[one] for one in names if one in signs))
            return
    if names and next(iter(names)) in _STAMPS:
        _complain_of_tool(cells, "Google Forms", cells.header[0])


def _before_text(name: str) -> str:
    """Return the code that stands before the text of a question: ``Q1. How …``."""
    return re.split(r"[.:] ", name, maxsplit=1)[0]


def _complain_of_tool(cells: Cells, tool: str, column: str) -> None:
    cells.complaints.add(
        f"{_WIDE}; this looks like an export of {tool}",
        line=cells.header_line,
        column=column,
        hint="Name the columns of items by their keys, add unit and role, and call the day of "
        "the answer submitted_on; put x_ before the names of columns that are not needed. "
        "`opmodel template respondents` writes a blank file.",
    )


def _column(cells: Cells, place: int) -> pl.Series | None:
    column = str(place)
    return cells.frame[column].drop_nulls() if column in cells.frame.columns else None
