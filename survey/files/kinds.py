"""What a cell may hold: how its text becomes a value, and what to say when it does not."""

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Literal, NamedTuple, get_args, get_type_hints

import msgspec
import polars as pl

from survey.directory.settings import known_time_zones
from survey.files.complaints import LINE, Complaints, Hint
from survey.files.keys import canonical_keys
from survey.files.notices import NoticeCode, Notices
from survey.files.words import (
    ACTIVE_WORDS,
    FUNCTION_WORDS,
    LANGUAGE_WORDS,
    ROLE_WORDS,
    folded,
)

__all__ = [
    "ACTIVE",
    "COUNT",
    "DATE",
    "EMAIL",
    "FUNCTION",
    "KEY",
    "LANGUAGE",
    "NAME",
    "ROLE",
    "SECONDS",
    "TEXT",
    "TIME_ZONE",
    "YES_OR_NO",
    "Cause",
    "Function",
    "Kind",
    "columns_of",
    "read_values",
    "require_known",
    "translated",
    "without_words_for_nothing",
]

Function = Literal["business", "it", "data", "risk", "other"]
"""What somebody works in; ``it`` is information technology."""

MAX_NAME = 200  # characters; what an index of the database takes with room to spare
MAX_LANGUAGE = 35  # characters, which is what BCP 47 advises to hold and the tables do
_TAG = r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8}){0,8}$"
_SUBTAG_CASE = {2: str.upper, 4: str.title}
"""How subtags of so many letters are written: regions and scripts (RFC 5646, section 2.1.1)."""
MAX_SECONDS = 100_000_000  # three years; a duration beyond is a mistake of units
MAX_COUNT = 999_999_999  # nine digits, which the database's integers hold

_MOMENT = (
    r"^([12]\d{3}[-/.]\d{1,2}[-/.]\d{1,2})"
    r"(?:(?:T| )\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?(?: ?[AaPp][Mm])?"
    r" ?(?:[A-Z]{1,5}[+-]?[\d:]*|[+-]\d{2}:?\d{0,2})?)?$"
)
_NOTHING = (
    "na", "n/a", "#n/a", "#na", "nan", "null", "#null!", "none", "<na>", "nil", "n.a.", ".",
    "-", "--", "nat", "\\n",
)  # fmt: skip
"""What programs write into a cell without content, in small letters."""


class Kind(NamedTuple):
    """What the cells of a column may hold; an empty cell is always understood, as null."""

    value: Callable[[pl.Expr], pl.Expr]
    """From text to the value; null if the text is not understood."""
    expected: str
    """What to say then."""
    dtype: pl.DataType = pl.String()
    """The type of the value."""
    causes: tuple["Cause", ...] = ()
    """Why the text may not be understood; without them, each column is a cause of its own."""
    other_value: Callable[[pl.Expr], pl.Expr] | None = None
    """From text to the value, for other conventions with one reading; they are noted."""
    notice: NoticeCode = "numbers"
    """What to note then."""
    is_free: bool = False
    """Whether any word may stand there, such as NA for North America."""


class Cause(NamedTuple):
    """A reason why cells are not understood, which holds for all columns of a kind at once."""

    pattern: str
    """What such cells look like; the first cause that fits counts."""
    hint: Hint
    """How to mend them."""


def columns_of(row: type[msgspec.Struct]) -> tuple[dict[str, Kind], tuple[str, ...]]:
    """Read the columns of a file off the record of one of its rows.

    Parameters
    ----------
    row
        A record whose fields are annotated with their `Kind`.

    Returns
    -------
    tuple of dict and tuple
        The kind of each column, in the order of the fields; and the columns whose cells are
        never empty, which are the fields without a default.
    """
    hints = get_type_hints(row, include_extras=True)
    kinds = {name: hints[name].__metadata__[0] for name in row.__struct_fields__}
    filled = tuple(field.name for field in msgspec.structs.fields(row) if field.required)
    return kinds, filled


def _one_of(words: Sequence[str], meanings: Mapping[str, str]) -> Kind:
    """Return the kind of a closed list of words, and of other words that mean them."""
    return Kind(
        translated({word: word for word in words}, pl.String()),
        _either(words),
        other_value=lambda text: translated(meanings, pl.String())(folded(text)),
        notice="words",
    )


def _either(words: Sequence[str]) -> str:
    return f"{', '.join(words[:-1])} or {words[-1]}"


def translated(words: Mapping[str, object], dtype: pl.DataType) -> Callable[[pl.Expr], pl.Expr]:
    """Return what turns the words of a closed list into their values."""
    return lambda text: text.replace_strict(words, default=None, return_dtype=dtype)


def _matching(pattern: str) -> Callable[[pl.Expr], pl.Expr]:
    return lambda text: pl.when(text.str.contains(pattern)).then(text)


def _language(text: pl.Expr) -> pl.Expr:
    short = (text.str.len_chars() <= MAX_LANGUAGE) & ~text.is_in(["NA", "NaN"])
    return pl.when(short).then(_matching(_TAG)(text))


def _other_language(text: pl.Expr) -> pl.Expr:
    return text.map_batches(_languages, return_dtype=pl.String())


def _languages(texts: pl.Series) -> pl.Series:
    read = {text: _language_of(text) for text in texts.drop_nulls().unique()}
    return texts.replace_strict(read, default=None, return_dtype=pl.String())


def _language_of(text: str) -> str | None:
    """Return ``de-CH`` for ``de_ch.UTF-8``, and ``de`` for the language's name."""
    named = LANGUAGE_WORDS.get(text.strip().lower())
    tag = re.sub(r"[.@].*$", "", text.strip()).replace("_", "-")
    if named or len(tag) > MAX_LANGUAGE or not re.match(_TAG, tag):
        return named
    first, *others = tag.split("-")
    return "-".join([first.lower(), *(_SUBTAG_CASE.get(len(one), str)(one) for one in others)])


def _date(text: pl.Expr) -> pl.Expr:
    return _matching(r"^[12][0-9]{3}-[0-9]{2}-[0-9]{2}$")(text).str.to_date(
        "%Y-%m-%d", strict=False
    )


def _day_of_moment(text: pl.Expr) -> pl.Expr:
    """Return the day of a moment, or of a date in an order that can be told."""
    year_first = text.str.extract(_MOMENT, 1).str.replace_all(r"[/.]", "-")
    day_first = text.str.extract(r"^(\d{1,2}\.\d{1,2}\.[12]\d{3})(?: .*)?$", 1)
    return pl.coalesce(
        year_first.str.to_date("%Y-%m-%d", strict=False),
        day_first.str.to_date("%d.%m.%Y", strict=False),
    )


def _other_seconds(text: pl.Expr) -> pl.Expr:
    """Return the seconds of ``00:08:49``, or of a number with a decimal comma."""
    hours, minutes, seconds = (
        text.str.extract(r"^(\d{1,4}):([0-5]\d):([0-5]\d(?:\.\d+)?)$", part).cast(pl.Float64)
        for part in (1, 2, 3)
    )
    comma = _matching(r"^\d+,\d{1,2}$")(text).str.replace(",", ".", literal=True)
    return pl.coalesce(3600 * hours + 60 * minutes + seconds, _seconds(comma))


def _seconds(text: pl.Expr) -> pl.Expr:
    number = _matching(r"^-?[0-9]+(\.[0-9]*)?([eE]-?[0-9]+)?$")(text).cast(
        pl.Float64, strict=False
    )
    return pl.when(number.is_between(0, MAX_SECONDS)).then(number)


def _count(text: pl.Expr) -> pl.Expr:
    digits = _matching(r"^[0-9]{1,9}(\.0)?$")(text).str.strip_suffix(".0")
    return digits.cast(pl.Int64, strict=False)


TEXT = Kind(
    _matching(r"^[^\x00]*$"),
    "text without NUL characters, which no table holds",
    is_free=True,
)
NAME = Kind(
    _matching(rf"^\P{{Cc}}{{1,{MAX_NAME}}}$"),
    f"text of 1 to {MAX_NAME} characters, none a control character",
    is_free=True,
)
KEY = Kind(
    lambda text: NAME.value(text.map_batches(canonical_keys, return_dtype=pl.String())),
    NAME.expected,
    is_free=True,
)
"""A unit's code, or somebody's id: a name in its canonical form."""
EMAIL = Kind(_matching("[@\uff20\ufe6b]"), "an e-mail address, such as kim@example.com")
"""Any text with an @; `survey.files.addresses` reads the address in it."""
LANGUAGE = Kind(
    _language,
    "a BCP 47 language, such as de or de-CH",
    other_value=_other_language,
    notice="words",
)
TIME_ZONE = Kind(
    lambda text: pl.when(text.is_in(sorted(known_time_zones()))).then(text),
    "a time zone of the IANA database, such as Europe/Berlin",
    other_value=lambda text: translated(
        {name.lower(): name for name in known_time_zones()}, pl.String()
    )(text.str.to_lowercase().str.replace_all(" ", "_", literal=True)),
    notice="words",
)
DATE = Kind(
    _date,
    "a date as YYYY-MM-DD",
    pl.Date(),
    causes=(
        Cause(
            r"^\d{1,2}/\d{1,2}/\d{2,4}",
            "In 3/4/2026 nobody can tell the month from the day: write the year first.",
        ),
        Cause(
            r"^[1-9]\d{4}(\.\d+)?$",
            "This is a spreadsheet's number for a day: give the column a date format.",
        ),
    ),
    other_value=_day_of_moment,
    notice="days",
)
SECONDS = Kind(
    _seconds,
    f"a number of seconds, not negative and at most {MAX_SECONDS}",
    pl.Float64(),
    other_value=_other_seconds,
)
COUNT = Kind(
    _count,
    f"a whole number from 0 to {MAX_COUNT}",
    pl.Int64(),
    causes=(
        Cause(
            r"^\d{1,3}([.,'\u00a0 ]\d{3})+$",
            "Write thousands without a separator: 1200, not 1,200, which may be 1.2.",
        ),
    ),
    other_value=lambda text: _count(text.str.replace(r"[.,]0{1,2}$", "")),
)
ROLE = _one_of(("sponsor", "manager", "contributor"), ROLE_WORDS)
FUNCTION = _one_of(get_args(Function), FUNCTION_WORDS)
ACTIVE = Kind(
    lambda text: translated(ACTIVE_WORDS, pl.Boolean())(folded(text)),
    "yes or no; active, terminated and other usual words are understood",
    pl.Boolean(),
    causes=(
        Cause(
            r"(?i)leave|suspend|furlough|onboard|pending|dormant|elternzeit",
            "Such people may be invited or not: write yes or no.",
        ),
    ),
)
YES_OR_NO = Kind(
    translated({"yes": True, "no": False}, pl.Boolean()),
    "yes or no",
    pl.Boolean(),
    other_value=lambda text: translated(
        {"yes": True, "true": True, "no": False, "false": False}, pl.Boolean()
    )(text.str.to_lowercase()),
    notice="words",
)


def read_values(
    cells: pl.DataFrame,
    kinds: Mapping[str, Kind],
    complaints: Complaints,
    notices: Notices,
    *,
    required: Collection[str] = (),
) -> pl.DataFrame:
    """Turn the columns of text into values, and note each cell that has none.

    Parameters
    ----------
    cells : polars.DataFrame
        `LINE`, and columns of text (String, null if empty).
    kinds : mapping of str to Kind
        What each column may hold.
    complaints, notices
        Added to.
    required : collection of str
        Columns in which no cell may be empty.

    Returns
    -------
    polars.DataFrame, the same rows and columns
        Values; null if the cell is empty or not understood.
    """
    names = [name for name in cells.columns if name in kinds]
    values = cells.select(
        LINE, *(kinds[name].value(pl.col(name)).alias(name) for name in names)
    )
    for name in names:
        wrong = cells[name].is_not_null() & values[name].is_null()
        if wrong.any() and not kinds[name].is_free:
            cells = _without_words_for_nothing(cells, name, wrong, notices)
            wrong &= cells[name].is_not_null()
        if wrong.any():
            others = _otherwise(cells.filter(wrong), name, kinds[name], notices)
            values = values.update(others, on=LINE)
            wrong = cells[name].is_not_null() & values[name].is_null()
        if name in required:
            wrong |= cells[name].is_null()
        if wrong.any():
            _complain(cells.filter(wrong), name, kinds[name], complaints)
    return values


def _without_words_for_nothing(
    cells: pl.DataFrame, column: str, wrong: pl.Series, notices: Notices
) -> pl.DataFrame:
    """Empty the cells that hold a program's word for nothing, and note them."""
    nothing = wrong & cells[column].str.to_lowercase().is_in(_NOTHING)
    found = cells[column].filter(nothing)
    empty = pl.repeat("", len(found), dtype=pl.String, eager=True)
    notices.add_cells("nothing", column=column, found=found, read_as=empty)
    return cells.with_columns(pl.when(~nothing).then(pl.col(column)).alias(column))


def without_words_for_nothing(
    values: pl.DataFrame, column: str, known: Collection[str], notices: Notices
) -> pl.DataFrame:
    """Empty the references that are a program's word for nothing and no known key."""
    listed = pl.Series(list(known), dtype=pl.String).implode()
    unknown = values.select(pl.col(column).is_not_null() & ~pl.col(column).is_in(listed))
    return _without_words_for_nothing(values, column, unknown.to_series(), notices)


def _otherwise(wrong: pl.DataFrame, column: str, kind: Kind, notices: Notices) -> pl.DataFrame:
    """Return the line and the value of cells that follow another convention, and note them."""
    if kind.other_value is None:
        return wrong.clear().select(LINE, pl.col(column).cast(kind.dtype))
    read = wrong.select(LINE, kind.other_value(pl.col(column)).alias(column), found=column)
    read = read.drop_nulls(column)
    notices.add_cells(kind.notice, column=column, found=read["found"], read_as=read[column])
    return read.select(LINE, column)


def _complain(wrong: pl.DataFrame, column: str, kind: Kind, complaints: Complaints) -> None:
    """Note each cause for which cells of a column are not understood."""
    for cause in kind.causes:
        fits = pl.col(column).str.contains(cause.pattern).fill_null(value=False)
        found, wrong = wrong.filter(fits), wrong.filter(~fits)
        if found.height:
            complaints.add_rows(
                found, column=column, expected=kind.expected, cause=cause, hint=cause.hint
            )
    if wrong.height:
        complaints.add_rows(
            wrong, column=column, expected=kind.expected, quoted=kind is not TEXT
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
