"""Bodies that are tables: CSV, Parquet, or a JSON list that is read by the rules of a file."""

from codecs import BOM_UTF8
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from typing import Any, TypeVar

import msgspec
from litestar import Request

from api.http.bodies import read_json
from api.http.multipart import MULTIPART, FilePart, file_part
from api.http.refusals import MalformedBody, UnsupportedMedia, camel
from api.http.request import JSON, media_type
from survey.errors import Invalid
from survey.files.cells import Source, table_of
from survey.files.complaints import ComplainedCell, Complaint, FileRejected

__all__ = ["CSV", "JSON", "PARQUET", "RowsRejected", "Upload", "read_table", "uploaded"]

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


class Upload(msgspec.Struct, frozen=True, kw_only=True):
    """A body that is or holds a file, as it was sent."""

    body: bytes
    content_type: str
    """The header, with the boundary of a form."""
    media_type: str
    """The header without its parameters; "" if there is none."""

    def file(self) -> FilePart:
        """Return the file that is the body, or the only one in its form.

        Raises
        ------
        MalformedBody
            The form does not hold exactly one file.
        """
        if self.media_type == MULTIPART:
            return file_part(self.body, self.content_type)
        return FilePart(NAME, self.media_type, self.body)

    def name(self) -> str:
        """Return what to call the file in complaints."""
        with suppress(MalformedBody):
            return self.file().name
        return NAME


async def uploaded(request: Request[Any, Any, Any], *others: str) -> Upload:
    """Return the body of a request that is or holds a file; nothing of it is read yet.

    Its media type only matters if it names something else: many programs give none, or one
    that fits every file.

    Parameters
    ----------
    *others
        Media types that are taken beside CSV, Parquet and forms.

    Raises
    ------
    UnsupportedMedia
        The body is called something else.
    RequestEntityTooLarge
        The body is larger than the handler takes.
    """
    kind = media_type(request)
    if kind not in {MULTIPART, CSV, PARQUET, *others, *_SAYS_NOTHING}:
        raise UnsupportedMedia([CSV, PARQUET, *others, MULTIPART])
    return Upload(
        body=await request.body(),
        content_type=request.headers.get("content-type", ""),
        media_type=kind,
    )


def read_table(
    upload: Upload, read: Callable[[Source, str], Read], *, row: type[msgspec.Struct]
) -> Read:
    """Read a body as a table; takes seconds if it is large.

    Parameters
    ----------
    read
        Reads the bytes of a CSV or Parquet file, or a list; it also gets the name of the file.
    row
        The record of an entry of a JSON list; its fields are the columns of the file.

    Raises
    ------
    MalformedBody
        The form does not hold exactly one file, or the body is no JSON list of such entries.
    FileRejected
        The file is not as it should be.
    RowsRejected
        The same, for rows that came as JSON.
    """
    given = upload.file()
    if not _is_json(given):
        return read(given.data, given.name)
    rows = read_json(list[row], given.data)  # type: ignore[valid-type]  # a type at run time
    return _read_rows(rows, row.__struct_fields__, read)


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
