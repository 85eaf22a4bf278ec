"""Problem details (RFC 9457) on the wire."""

from typing import Any

import msgspec

from api.schemas.wire import Wire
from survey.errors import MOST_ERRORS

__all__ = ["PROBLEM_SCHEMA", "ProblemKind"]

_CELL: dict[str, Any] = {
    "line": {
        "type": ["integer", "null"],
        "description": "Physical line, the header is 1; in Parquet the row.",
    },
    "column": {
        "type": ["string", "null"],
        "description": "Name of the column, as the header has it.",
    },
    "value": {
        "type": ["string", "null"],
        "description": "What was found, shortened; empty for an empty cell.",
    },
}

PROBLEM_SCHEMA: dict[str, Any] = {
    "title": "Problem",
    "description": "What went wrong (RFC 9457). Members beyond these are facts of the kind.",
    "type": "object",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {
            "type": "string",
            "format": "uri-reference",
            "description": "Which kind of problem; stable, and readable with GET.",
        },
        "title": {"type": "string", "description": "The kind in words."},
        "status": {"type": "integer", "description": "The HTTP status."},
        "detail": {"type": "string", "description": "This case, in words for people."},
        "total": {
            "type": "integer",
            "description": "How many things are wrong; `errors` lists the first 50.",
        },
        "errors": {
            "type": "array",
            "maxItems": MOST_ERRORS,
            "description": "One entry per thing that is wrong.",
            "items": {
                "type": "object",
                "required": ["code", "detail"],
                "properties": {
                    "pointer": {
                        "type": "string",
                        "description": "JSON pointer (RFC 6901) into the body.",
                    },
                    "parameter": {
                        "type": "string",
                        "description": "Query parameter, path parameter or header.",
                    },
                    "code": {"type": "string", "description": "Which rule; stable."},
                    "detail": {"type": "string", "description": "What was expected."},
                    "value": {"description": "What was found, if it is short."},
                },
            },
        },
        "complaints": {
            "type": "array",
            "description": "What is wrong with a file, one entry per cause; places count by "
            "`line` or `row`.",
            "items": {
                "type": "object",
                "required": ["file", "expected", "counted", "count", "columns", "others"],
                "properties": {
                    "file": {"type": "string", "description": "What the file is called."},
                    **_CELL,
                    "expected": {"type": "string", "description": "What would be right."},
                    "counted": {
                        "enum": ["line", "row"],
                        "description": "What counts: a physical `line`, in Parquet a `row`.",
                    },
                    "count": {
                        "type": "integer",
                        "description": "How many cells, rows or columns have this cause.",
                    },
                    "columns": {
                        "type": "array",
                        "items": {"type": "string"},
                        "description": "All columns concerned, if more than one.",
                    },
                    "others": {
                        "type": "array",
                        "description": "The first few further cells with this cause.",
                        "items": {"type": "object", "properties": _CELL},
                    },
                    "hint": {
                        "type": ["string", "null"],
                        "description": "How to mend it, in words for people.",
                    },
                },
            },
        },
    },
}
"""The schema of all problems."""


class ProblemKind(Wire, frozen=True, kw_only=True):
    """One kind of problem."""

    type_: str = msgspec.field(name="type")
    """Which kind of problem; stable."""
    title: str
    """The kind in words."""
    status: int
    """The HTTP status of such answers."""
    description: str
    """What it means, in words for people."""
