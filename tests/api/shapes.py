"""Whether a JSON value has the shape of a schema of the description."""

import re
from collections.abc import Iterator
from typing import Any

__all__ = ["misshapen"]

KINDS: dict[str, tuple[type, ...]] = {
    "object": (dict,),
    "array": (list,),
    "string": (str,),
    "integer": (int,),
    "number": (int, float),
    "boolean": (bool,),
    "null": (type(None),),
}
INNER = {"properties", "additionalProperties", "propertyNames", "items", "prefixItems"}
"""Keywords about members of an object or entries of a list."""
SILENT = {"title", "description", "default", "format", "example", "examples", "discriminator"}
"""Keywords that say nothing about the shape."""


def misshapen(value: Any, schema: dict[str, Any], document: dict[str, Any]) -> list[str]:
    """Return every place at which a value is not what a schema says, with the reason.

    Parameters
    ----------
    document
        The OpenAPI document, in which references are looked up.

    Raises
    ------
    KeyError
        The schema uses a keyword that is not known here.
    """
    return list(_faults(value, schema, document, ""))


def _faults(value: Any, schema: dict[str, Any], document: Any, place: str) -> Iterator[str]:
    for keyword, wanted in schema.items():
        if keyword == "$ref":
            found = document["components"]["schemas"][wanted.rpartition("/")[2]]
            yield from _faults(value, found, document, place)
        elif keyword == "allOf":
            for part in wanted:
                yield from _faults(value, part, document, place)
        elif keyword in {"anyOf", "oneOf"}:
            tried = [list(_faults(value, part, document, place)) for part in wanted]
            if all(tried):
                yield from min(tried, key=len)
        elif keyword in INNER:
            yield from _inner_faults(value, keyword, schema, document, place)
        elif keyword not in SILENT and not HOLDS[keyword](value, wanted):
            yield f"{place}: {value!r} against {keyword} {wanted}"


def _inner_faults(
    value: Any, keyword: str, schema: dict[str, Any], document: Any, place: str
) -> Iterator[str]:
    """Look at members of an object, or entries of a list."""
    wanted, own = schema[keyword], schema.get("properties", {})
    members: list[tuple[object, Any, Any]] = []
    if isinstance(value, dict) and keyword == "properties":
        members = [(name, value[name], wanted[name]) for name in wanted.keys() & value.keys()]
    elif isinstance(value, dict) and keyword == "additionalProperties":
        members = [(name, value[name], wanted) for name in value.keys() - own.keys()]
    elif isinstance(value, dict) and keyword == "propertyNames":
        members = [(name, name, wanted) for name in value]
    elif isinstance(value, list) and keyword == "prefixItems":
        members = [(n, *pair) for n, pair in enumerate(zip(value, wanted, strict=False))]
    elif isinstance(value, list) and keyword == "items":
        start = len(schema.get("prefixItems", ()))
        members = [(n, entry, wanted) for n, entry in enumerate(value) if n >= start]
    for name, inner, inner_schema in members:
        if inner_schema is False:
            yield f"{place}/{name}: not expected"
        elif isinstance(inner_schema, dict):
            yield from _faults(inner, inner_schema, document, f"{place}/{name}")


def _is_of_type(value: Any, wanted: str | list[str]) -> bool:
    names = [wanted] if isinstance(wanted, str) else wanted
    if isinstance(value, bool):
        return "boolean" in names
    return any(isinstance(value, KINDS[name]) for name in names)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


HOLDS: dict[str, Any] = {
    "type": _is_of_type,
    "enum": lambda value, wanted: value in wanted,
    "const": lambda value, wanted: value == wanted,
    "required": lambda value, wanted: not isinstance(value, dict) or set(wanted) <= set(value),
    "minLength": lambda value, wanted: not isinstance(value, str) or len(value) >= wanted,
    "maxLength": lambda value, wanted: not isinstance(value, str) or len(value) <= wanted,
    "pattern": lambda value, wanted: (
        not isinstance(value, str) or re.search(wanted, value) is not None
    ),
    "minItems": lambda value, wanted: not isinstance(value, list) or len(value) >= wanted,
    "maxItems": lambda value, wanted: not isinstance(value, list) or len(value) <= wanted,
    "minProperties": lambda value, wanted: not isinstance(value, dict) or len(value) >= wanted,
    "maxProperties": lambda value, wanted: not isinstance(value, dict) or len(value) <= wanted,
    "minimum": lambda value, wanted: not _is_number(value) or value >= wanted,
    "maximum": lambda value, wanted: not _is_number(value) or value <= wanted,
    "exclusiveMinimum": lambda value, wanted: not _is_number(value) or value > wanted,
    "exclusiveMaximum": lambda value, wanted: not _is_number(value) or value < wanted,
}
