"""JSON bodies, read strictly: fast if all is well, and with every fault if something is not."""

import json
from collections import Counter
from collections.abc import Hashable, Iterator
from functools import cache
from itertools import islice
from typing import Any, NoReturn, TypeVar, cast

import msgspec

from api.http.faults import MAX_DEPTH, Members, faults_of, is_too_deep, text_faults
from api.http.refusals import FieldError, MalformedBody
from survey.errors import MOST_ERRORS

__all__ = ["decoder", "is_plain", "read_json"]

Body = TypeVar("Body")
_NUL = b"\\u0000"


@cache
def decoder(kind: Any) -> msgspec.json.Decoder[Any]:
    """Return the strict decoder of a type; one is enough for all requests."""
    return msgspec.json.Decoder(kind)


def read_json(kind: type[Body], body: bytes) -> Body:
    """Read a body as a type: a number in quotes is not a number.

    Raises
    ------
    MalformedBody
        It is not JSON or not of that type; an object has a member twice; a text holds a NUL
        character or a lone surrogate. It names every place, in wire names.
    """
    try:
        read: Body = decoder(cast(Hashable, kind)).decode(body)
    except (ValueError, RecursionError):
        value = _plain_values(body, [])
        if is_too_deep(value):
            raise _too_deep() from None
        _refuse(faults_of(kind, value))
    repeating: list[Members] = []
    value = _plain_values(body, repeating)
    if repeating or _NUL in body:
        faults = list(text_faults(value))
        if faults:  # else the body only spells a NUL out, behind a backslash of its own
            _refuse(iter(faults))
    return read


def is_plain(body: bytes, *, members: int) -> bool:
    """Tell at a glance that a body repeats no member and holds no NUL; False if unsure.

    Parameters
    ----------
    members : int
        How many different members its objects have at least: each takes a colon.
    """
    return body.count(b":") <= members and _NUL not in body


def _plain_values(body: bytes, repeating: list[Members]) -> Any:
    """Return a body as plain values, lone surrogates included.

    Parameters
    ----------
    repeating
        Gets the objects that have a member twice.

    Raises
    ------
    MalformedBody
        It is not JSON, or nested too deeply.
    """
    try:
        return json.loads(
            body.decode(),
            object_pairs_hook=lambda pairs: _members(pairs, repeating),
            parse_constant=_no_constant,
        )
    except UnicodeDecodeError as error:
        raise MalformedBody(f"The body is not UTF-8: byte {error.start + 1}.") from None
    except json.JSONDecodeError as error:
        place = f"line {error.lineno}, column {error.colno}"
        raise MalformedBody(f"The body is not valid JSON: {place}.") from None
    except ValueError:
        raise MalformedBody("A number in the body has too many digits.") from None
    except RecursionError:
        raise _too_deep() from None


def _members(pairs: list[tuple[str, Any]], repeating: list[Members]) -> Members:
    members = Members(pairs)
    if len(members) < len(pairs):
        counts = Counter(name for name, _ in pairs)
        members.repeated = tuple(name for name, count in counts.items() if count > 1)
        repeating.append(members)
    return members


def _no_constant(name: str) -> NoReturn:
    raise MalformedBody(f"The body is not valid JSON: {name} is not a number of JSON.")


def _too_deep() -> MalformedBody:
    detail = f"Expected at most {MAX_DEPTH} levels of objects and lists."
    return MalformedBody(
        "The body is nested too deeply.",
        [FieldError(pointer="", code="too-deep", detail=detail)],
    )


def _refuse(faults: Iterator[FieldError]) -> NoReturn:
    first = list(islice(faults, MOST_ERRORS))
    total = len(first) + sum(1 for _ in faults)
    raise MalformedBody("The body is not as described.", first, total=total)
