"""Whole lists as NDJSON: a JSON object per line, sent in constant memory, and a last line.

The last line has the number of rows and a checksum of everything before it, so that a file that
was cut off is recognised.
"""

import hashlib
from collections.abc import AsyncIterator
from typing import Any

import msgspec
from litestar import Request
from litestar.response import Stream

from api.http.request import JSON, best_media

__all__ = ["NDJSON", "exported", "wants_export"]

NDJSON = "application/x-ndjson"


def wants_export(request: Request[Any, Any, Any]) -> bool:
    """Tell whether a caller asks for NDJSON; otherwise it is JSON.

    Raises
    ------
    NotAcceptable
        The caller accepts neither.
    """
    return best_media(request, [JSON, NDJSON]) == NDJSON


def exported(rows: AsyncIterator[msgspec.Struct], *, name: str) -> Stream:
    """Return an answer that holds all rows.

    Parameters
    ----------
    rows
        What to send, in its order; read while it is sent.
    name
        What to call the file.
    """
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Stream(_lines(rows), media_type=NDJSON, headers=headers)


async def _lines(rows: AsyncIterator[msgspec.Struct]) -> AsyncIterator[bytes]:
    digest, count = hashlib.sha256(), 0
    async for row in rows:
        line = msgspec.json.encode(row) + b"\n"
        digest.update(line)
        count += 1
        yield line
    yield msgspec.json.encode({"rows": count, "sha256": digest.hexdigest()}) + b"\n"
