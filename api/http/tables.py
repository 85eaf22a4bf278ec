"""Bodies that are tables: CSV, Parquet, or a JSON list that is read by the rules of a file."""

import asyncio
import csv
from bisect import bisect_left
from collections.abc import Callable, Iterable, Sequence
from io import StringIO
from typing import Any, TypeVar

import msgspec
from litestar import Request

from api.http.bodies import read_json
from api.http.refusals import UnsupportedMedia, camel
from api.http.request import JSON, media_type
from survey.errors import Invalid
from survey.files.complaints import ComplainedCell, Complaint, FileRejected

__all__ = ["CSV", "PARQUET", "RowsRejected", "read_file", "read_table"]

CSV = "text/csv"
PARQUET = "application/vnd.apache.parquet"
NAME = "body"
"""What the body is called in complaints."""

Read = TypeVar("Read")


class RowsRejected(Invalid):
    """Rows of a list break the rules of the file that they replace; nothing was written."""

    code = "rows-rejected"

    def __init__(self, errors: Sequence[dict[str, object]], *, total: int) -> None:
        super().__init__(
            f"{total} values are not as they should be.", errors=list(errors), total=total
        )


async def read_file(request: Request[Any, Any, Any]) -> bytes:
    """Return the body of a request, which must be called CSV or Parquet.

    Raises
    ------
    UnsupportedMedia
        It is called something else.
    """
    if media_type(request) not in {CSV, PARQUET}:
        raise UnsupportedMedia([CSV, PARQUET])
    return await request.body()


async def read_table(
    request: Request[Any, Any, Any],
    read: Callable[[bytes], Read],
    *,
    row: type[msgspec.Struct],
) -> Read:
    """Read the body of a request as a table, away from the event loop.

    Parameters
    ----------
    read
        Reads the bytes of a CSV or Parquet file.
    row
        The record of an entry of a JSON list; its fields are the columns of the file.

    Raises
    ------
    UnsupportedMedia
        The body is something else.
    FileRejected
        The file is not as it should be.
    RowsRejected
        The same, for rows that came as JSON.
    MalformedBody
        It is no JSON list of such entries.
    """
    kind = media_type(request)
    body = await request.body()
    if kind in {CSV, PARQUET}:
        return await asyncio.to_thread(read, body)
    if kind != JSON:
        raise UnsupportedMedia([CSV, PARQUET, JSON])
    rows = await asyncio.to_thread(read_json, list[row], body)  # type: ignore[valid-type]  # a type at run time
    return await asyncio.to_thread(_read_rows, rows, row.__struct_fields__, read)


def _read_rows(
    rows: Iterable[msgspec.Struct], columns: Sequence[str], read: Callable[[bytes], Read]
) -> Read:
    text, last_lines = _as_csv(rows, columns)
    try:
        return read(text.encode())
    except FileRejected as rejected:
        errors = [
            _error(cell, complaint, last_lines)
            for complaint in rejected.complaints
            for cell in complaint.cells
        ]
        raise RowsRejected(errors, total=rejected.cells) from None


def _as_csv(rows: Iterable[msgspec.Struct], columns: Sequence[str]) -> tuple[str, list[int]]:
    """Return the rows as CSV, and the last physical line of each; the header is line 1."""
    text = StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    last_lines: list[int] = []
    line = 1
    for row in rows:
        values = [getattr(row, column) for column in columns]
        writer.writerow(values)
        line += 1 + sum(str(value).count("\n") for value in values)
        last_lines.append(line)
    return text.getvalue(), last_lines


def _error(
    cell: ComplainedCell, complaint: Complaint, last_lines: Sequence[int]
) -> dict[str, object]:
    place = "" if cell.line is None else f"/{bisect_left(last_lines, cell.line)}"
    field = "" if cell.column is None else f"/{camel(cell.column)}"
    error: dict[str, object] = {
        "pointer": place + field,
        "code": "not-as-described",
        "detail": " ".join(filter(None, (f"Expected {complaint.expected}.", complaint.hint))),
    }
    return error if cell.value is None else error | {"value": cell.value}
