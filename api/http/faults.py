"""What is wrong with a body, all of it, in the words of JSON; asked only if it was refused.

The decoder stops at the first fault and names Python's types. This walks the description of the
body beside what was sent.
"""

import re
from collections.abc import Iterator
from datetime import date, datetime
from enum import Enum
from functools import cache
from typing import Any
from uuid import UUID

import msgspec
from msgspec import inspect

from api.http.refusals import FieldError
from models.moments import held_moment
from survey.errors import shown

__all__ = [
    "MAX_DEPTH",
    "Members",
    "expected",
    "faults_of",
    "is_too_deep",
    "strange_text",
    "text_faults",
]

MAX_DEPTH = 32
"""Levels of objects and lists inside each other; no body here has more than ten."""
_LONGEST_NAME = 200  # characters of a member's name that a pointer repeats
_TEXT = "text without NUL characters and lone surrogates"
_STRANGE = re.compile("[\0\ud800-\udfff]")

_LISTS = inspect.CollectionType | inspect.TupleType
_READ_FROM_TEXT: dict[type[inspect.Type], tuple[type, str]] = {
    inspect.DateTimeType: (
        datetime,
        "a moment from 1900 to 2200 with its distance to UTC, such as 2026-11-23T09:00:00Z",
    ),
    inspect.DateType: (date, "a day such as 2026-11-23"),
    inspect.UUIDType: (UUID, "an id (UUID)"),
}
_PLAIN: dict[type[inspect.Type], tuple[tuple[type, ...], str]] = {
    inspect.StrType: ((str,), "text"),
    inspect.IntType: ((int,), "a whole number"),
    inspect.FloatType: ((int, float), "a number"),
    inspect.BoolType: ((bool,), "true or false"),
    inspect.NoneType: ((type(None),), "null"),
}


class Members(dict[str, Any]):
    """An object as it was sent, with the names that it has more than once."""

    repeated: tuple[str, ...] = ()


def faults_of(kind: Any, value: Any) -> Iterator[FieldError]:
    """Yield every difference between a value and its type, each with its place.

    Parameters
    ----------
    kind : type
        What was asked for.
    value
        What was sent, as plain values; objects are `Members`.
    """
    yield from text_faults(value)
    yield from _differences(_described(kind), value, "")


def text_faults(value: Any) -> Iterator[FieldError]:
    """Yield the texts that cannot be stored, and the names that an object has twice."""
    waiting: list[tuple[Any, str]] = [(value, "")]
    while waiting:
        value, at = waiting.pop()
        if isinstance(value, str) and strange_text(value):
            yield FieldError(pointer=at, code="not-text", detail=f"Expected {_TEXT}.")
        elif isinstance(value, dict):
            for name in getattr(value, "repeated", ()):
                detail = "The object has this member more than once."
                yield FieldError(pointer=_below(at, name), code="repeated", detail=detail)
            for name, member in value.items():
                if strange_text(name):
                    detail = f"Expected names that are {_TEXT}."
                    yield FieldError(pointer=at, code="not-text", detail=detail)
                waiting.append((member, _below(at, name)))
        elif isinstance(value, list):
            waiting.extend((entry, f"{at}/{place}") for place, entry in enumerate(value))


def strange_text(text: str) -> bool:
    """Tell whether a text holds what no column takes and no answer can repeat."""
    return _STRANGE.search(text) is not None


@cache
def _described(kind: Any) -> inspect.Type:
    return inspect.type_info(kind)


def _differences(kind: inspect.Type, value: Any, at: str) -> Iterator[FieldError]:
    kind = _plain(kind)
    if isinstance(kind, inspect.UnionType):
        likely = [one for one in kind.types if _is_sent_as(_plain(one), value)]
        if not likely:
            yield _fault(at, "not-as-described", _expected(kind), value)
            return
        kind = _plain(likely[0])
    if not _is_sent_as(kind, value):
        yield _fault(at, "not-as-described", _expected(kind), value)
    elif isinstance(kind, inspect.StructType):
        yield from _member_differences(kind, value, at)
    elif isinstance(kind, inspect.DictType):
        yield from _entry_differences(kind, value, at)
    elif isinstance(kind, _LISTS):
        yield from _list_differences(kind, value, at)
    elif not _fits(kind, value):
        yield _fault(at, "not-as-described", _expected(kind), value)


def _member_differences(kind: inspect.StructType, value: Any, at: str) -> Iterator[FieldError]:
    fields = {field.encode_name: field for field in kind.fields}
    for name, member in value.items():
        if name in fields:
            yield from _differences(fields[name].type, member, _below(at, name))
        elif kind.forbid_unknown_fields:
            detail = f"There is no such member; there are {', '.join(fields)}."
            yield FieldError(pointer=_below(at, name), code="unknown-member", detail=detail)
    for name, field in fields.items():
        if field.required and name not in value:
            detail = f"This member is required: {_expected(field.type)}."
            yield FieldError(pointer=_below(at, name), code="missing-member", detail=detail)


def _entry_differences(kind: inspect.DictType, value: Any, at: str) -> Iterator[FieldError]:
    if not _within(kind, len(value)):
        yield _fault(at, "not-as-described", _expected(kind), value)
    for name, member in value.items():
        for fault in _differences(kind.key_type, name, _below(at, name)):
            yield msgspec.structs.replace(fault, detail=f"The name: {fault.detail}")
        yield from _differences(kind.value_type, member, _below(at, name))


def _list_differences(kind: Any, value: Any, at: str) -> Iterator[FieldError]:
    if isinstance(kind, inspect.TupleType):
        wanted: Any = kind.item_types
        if len(wanted) != len(value):
            yield _fault(at, "not-as-described", f"a list of {len(wanted)} entries", value)
            return
    else:
        wanted = [kind.item_type] * len(value)
        if not _within(kind, len(value)):
            yield _fault(at, "not-as-described", _expected(kind), value)
    for place, (one, entry) in enumerate(zip(wanted, value, strict=True)):
        yield from _differences(one, entry, f"{at}/{place}")


def _is_sent_as(kind: inspect.Type, value: Any) -> bool:
    """Tell whether a value has the JSON type that a type is written as."""
    sent = type(value)
    if isinstance(kind, inspect.StructType | inspect.DictType):
        return issubclass(sent, dict)
    if isinstance(kind, _LISTS):
        return sent is list
    if isinstance(kind, inspect.EnumType | inspect.LiteralType):
        return sent in {type(one) for one in _values(kind)}
    if type(kind) in _READ_FROM_TEXT:
        return sent is str
    return sent in _PLAIN.get(type(kind), ((sent,), ""))[0]


def _fits(kind: inspect.Type, value: Any) -> bool:
    """Tell whether a single value of the right JSON type is one that its type takes."""
    if isinstance(kind, inspect.EnumType | inspect.LiteralType):
        return value in _values(kind)
    if type(kind) in _READ_FROM_TEXT:
        return _is_readable(value, _READ_FROM_TEXT[type(kind)][0])
    if isinstance(kind, inspect.StrType):
        return _within(kind, len(value)) and (
            kind.pattern is None or re.search(kind.pattern, value) is not None
        )
    if isinstance(kind, inspect.IntType | inspect.FloatType):
        return abs(value) != float("inf") and (
            (kind.ge is None or value >= kind.ge)
            and (kind.gt is None or value > kind.gt)
            and (kind.le is None or value <= kind.le)
            and (kind.lt is None or value < kind.lt)
        )
    return True


def _is_readable(value: str, kind: type) -> bool:
    try:
        read: object = msgspec.convert(value, kind)
        if isinstance(read, datetime):
            held_moment(read)
    except ValueError:
        return False
    return True


def expected(kind: Any) -> str:
    """Say in the words of JSON what a type takes."""
    return _expected(_described(kind))


def _expected(kind: inspect.Type) -> str:
    kind = _plain(kind)
    if isinstance(kind, inspect.UnionType):
        return " or ".join(dict.fromkeys(_expected(one) for one in kind.types))
    if isinstance(kind, inspect.EnumType | inspect.LiteralType):
        return f"one of {', '.join(str(one) for one in _values(kind))}"
    if type(kind) in _READ_FROM_TEXT:
        return _READ_FROM_TEXT[type(kind)][1]
    if isinstance(kind, inspect.StructType | inspect.DictType):
        return "an object" + _sizes(kind, "members")
    if isinstance(kind, _LISTS):
        return "a list" + _sizes(kind, "entries")
    words = _PLAIN[type(kind)][1] if type(kind) in _PLAIN else "what the description says"
    return words + (
        _sizes(kind, "characters") if isinstance(kind, inspect.StrType) else _range(kind)
    )


def _sizes(kind: Any, unit: str) -> str:
    least, most = getattr(kind, "min_length", None), getattr(kind, "max_length", None)
    if most is None:
        return f" of {least} {unit} or more" if least else ""
    return f" of {least} to {most} {unit}" if least else f" of at most {most} {unit}"


def _range(kind: Any) -> str:
    low, high = getattr(kind, "ge", None), getattr(kind, "le", None)
    if low is not None and high is not None:
        return f" from {low} to {high}"
    return (
        ""
        if low is None and high is None
        else (f" of at most {high}" if low is None else f" of {low} or more")
    )


def _within(kind: Any, length: int) -> bool:
    return (kind.min_length or 0) <= length and (
        kind.max_length is None or length <= kind.max_length
    )


def _plain(kind: inspect.Type) -> inspect.Type:
    return _plain(kind.type) if isinstance(kind, inspect.Metadata) else kind


def _values(kind: Any) -> list[Any]:
    if isinstance(kind, inspect.LiteralType):
        return list(kind.values)
    return [one.value if isinstance(one, Enum) else one for one in kind.cls]


def is_too_deep(value: Any) -> bool:
    """Tell whether objects and lists lie inside each other more than `MAX_DEPTH` levels."""
    waiting = [(value, 1)]
    while waiting:
        outer, level = waiting.pop()
        if level > MAX_DEPTH:
            return True
        inner = outer.values() if isinstance(outer, dict) else outer
        if isinstance(outer, dict | list):
            waiting.extend((one, level + 1) for one in inner)
    return False


def _fault(at: str, code: str, expected: str, value: Any) -> FieldError:
    detail = f"Expected {expected}, got {_found(value)}."
    repeated = None if isinstance(value, str) and strange_text(value) else shown(value)
    return FieldError(pointer=at, code=code, detail=detail, value=repeated)


def _found(value: Any) -> str:
    if isinstance(value, str):
        return _counted("text", len(value), "character", "characters")
    if isinstance(value, dict):
        return _counted("an object", len(value), "member", "members")
    if isinstance(value, list):
        return _counted("a list", len(value), "entry", "entries")
    if value is None or shown(value) is not None:
        return msgspec.json.encode(value).decode()
    return "a number out of range"


def _counted(what: str, count: int, one: str, several: str) -> str:
    return f"{what} of {count} {one if count == 1 else several}"


def _below(at: str, name: str) -> str:
    """Return the pointer to a member (RFC 6901); to its object if the name is no short text."""
    if len(name) > _LONGEST_NAME or strange_text(name):
        return at
    return f"{at}/{name.replace('~', '~0').replace('/', '~1')}"
