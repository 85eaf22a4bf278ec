"""Bodies that are tables: CSV, Parquet, or a JSON list that is read by the rules of a file."""

import asyncio
from codecs import BOM_UTF8
from collections.abc import Callable, Iterable, Sequence
from typing import Any, TypeVar

import msgspec
from litestar import Request

from api.http.bodies import read_json
from api.http.multipart import MULTIPART, FilePart, file_part
from api.http.refusals import UnsupportedMedia, camel
from api.http.request import JSON, media_type
from survey.errors import Invalid
from survey.files.cells import Source, table_of
from survey.files.complaints import ComplainedCell, Complaint, FileRejected

__all__ = ["CSV", "PARQUET", "RowsRejected", "read_file", "read_table"]

CSV = "text/csv"
PARQUET = "application/vnd.apache.parquet"
NAME = "body"
"""What a file without a name is called in complaints."""

# What programs call a file if nobody has told them; then its content tells.
_SAYS_NOTHING = frozenset(
    {
        "",
        "application/octet-stream",
        "application/x-www-form-urlencoded",  # curl --data-binary
        "application/vnd.ms-excel",  # a CSV file on a machine with a spreadsheet program
        "application/csv",
        "application/parquet",
        "application/x-parquet",
        "text/comma-separated-values",
        "text/plain",
        "text/tab-separated-values",
        "text/x-csv",
    }
)

Read = TypeVar("Read")


class RowsRejected(Invalid):
    """Rows of a list break the rules of the file that they replace; nothing was written."""

    code = "rows-rejected"

    def __init__(self, errors: Sequence[dict[str, object]], *, total: int) -> None:
        super().__init__(
            "1 value is not as it should be."
            if total == 1
            else f"{total} values are not as they should be.",
            errors=list(errors),
            total=total,
        )


async def read_file(request: Request[Any, Any, Any]) -> FilePart:
    """Return the file that is the body of a request, or the only one in its form.

    Its media type only matters if it names something else: many programs give none, or one
    that fits every file.

    Raises
    ------
    UnsupportedMedia
        The body is called something else than CSV, Parquet or a form.
    MalformedBody
        The form does not hold exactly one file.
    """
    return await _given(request, (CSV, PARQUET))


async def read_table(
    request: Request[Any, Any, Any],
    read: Callable[[Source, str], Read],
    *,
    row: type[msgspec.Struct],
) -> Read:
    """Read the body of a request as a table, away from the event loop.

    Parameters
    ----------
    read
        Reads the bytes of a CSV or Parquet file, or a list; it also gets the name of the file.
    row
        The record of an entry of a JSON list; its fields are the columns of the file.

    Raises
    ------
    UnsupportedMedia
        The body is something else.
    MalformedBody
        The form does not hold exactly one file.
    FileRejected
        The file is not as it should be.
    RowsRejected
        The same, for rows that came as JSON.
    MalformedBody
        It is no JSON list of such entries.
    """
    given = await _given(request, (CSV, PARQUET, JSON))
    if not _is_json(given):
        return await asyncio.to_thread(read, given.data, given.name)
    rows = await asyncio.to_thread(read_json, list[row], given.data)  # type: ignore[valid-type]  # a type at run time
    return await asyncio.to_thread(_read_rows, rows, row.__struct_fields__, read)


async def _given(request: Request[Any, Any, Any], accepted: Sequence[str]) -> FilePart:
    kind = media_type(request)
    if kind == MULTIPART:
        return await file_part(request)
    if kind not in {*accepted, *_SAYS_NOTHING}:
        raise UnsupportedMedia([*accepted, MULTIPART])
    return FilePart(NAME, kind, await request.body())


def _is_json(given: FilePart) -> bool:
    """Tell a JSON list from a file, by what it is called or else by how it begins."""
    if given.media_type in {CSV, PARQUET, JSON}:
        return given.media_type == JSON
    return given.data.removeprefix(BOM_UTF8).lstrip()[:1] == b"["


def _read_rows(
    rows: Iterable[msgspec.Struct], columns: Sequence[str], read: Callable[[Source, str], Read]
) -> Read:
    try:
        return read(table_of(rows, columns), NAME)
    except FileRejected as rejected:
        errors = [
            _error(cell, complaint)
            for complaint in rejected.complaints
            for cell in complaint.cells
        ]
        raise RowsRejected(errors, total=rejected.cells) from None


def _error(cell: ComplainedCell, complaint: Complaint) -> dict[str, object]:
    place = "" if cell.line is None else f"/{cell.line}"
    field = "" if cell.column is None else f"/{camel(cell.column)}"
    error: dict[str, object] = {
        "pointer": place + field,
        "code": "not-as-described",
        "detail": " ".join(filter(None, (f"Expected {complaint.expected}.", complaint.hint))),
    }
    return error if cell.value is None else error | {"value": cell.value}
