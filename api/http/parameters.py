"""The parameters of an operation: those that nobody knows, and those that cannot be read."""

from collections import Counter
from collections.abc import Iterator
from functools import cache
from typing import Annotated, Any
from urllib.parse import unquote_to_bytes

import msgspec
from litestar import Request
from litestar.enums import ParamType
from litestar.exceptions import ValidationException
from litestar.handlers import BaseRouteHandler
from litestar.params import ParameterKwarg
from litestar.typing import FieldDefinition
from litestar.utils.signature import ParsedSignature

from api.http.faults import expected, strange_text
from api.http.refusals import FieldError, Malformed, MalformedBody, MalformedParameter
from survey.errors import shown

__all__ = ["refused_parameters", "require_known_parameters"]


class Parameter(msgspec.Struct, frozen=True, kw_only=True):
    """A part of the address that a handler reads.

    Attributes
    ----------
    name
        Its name on the wire.
    expected
        What it takes, in words.
    source
        ``path`` or ``query``.
    repeatable
        Whether it may be given more than once.
    """

    name: str
    expected: str
    source: ParamType
    repeatable: bool


async def require_known_parameters(request: Request[Any, Any, Any]) -> None:
    """Check the address before it is read, in a documented operation.

    Raises
    ------
    MalformedParameter
        A query parameter is unknown, or is repeated and takes one value; the address is not
        UTF-8 or holds a NUL character.
    """
    if not request.route_handler.resolve_include_in_schema():
        return
    errors = list(_address_faults(request))
    if errors:
        raise MalformedParameter("A parameter is not as described.", errors)


def refused_parameters(
    request: Request[Any, Any, Any], error: ValidationException
) -> Malformed:
    """Say which parameters the framework refused; of bodies it only finds that none came."""
    found = error.extra if isinstance(error.extra, list) else []
    known = parameters_of(request.route_handler)
    refused = [known[entry["key"]] for entry in found if entry.get("key") in known]
    if not refused:
        return MalformedBody("This needs a body.")
    given = {**request.path_params, **request.query_params}
    return MalformedParameter(
        "A parameter is not as described.",
        [_fault(one.name, f"Expected {one.expected}.", given.get(one.name)) for one in refused],
    )


@cache
def parameters_of(handler: BaseRouteHandler) -> dict[str, Parameter]:
    """Return what a handler and what it depends on read of an address, by name in Python."""
    found: dict[str, Parameter] = {}
    waiting: list[ParsedSignature] = [handler.parsed_fn_signature]
    provided = handler.resolve_dependencies()
    while waiting:
        for name, field in waiting.pop().parameters.items():
            if name in provided:
                waiting.append(provided[name].parsed_fn_signature)
            elif isinstance(field.kwarg_definition, ParameterKwarg):
                found[name] = _parameter(name, field, field.kwarg_definition)
    return found


def _parameter(name: str, field: FieldDefinition, given: ParameterKwarg) -> Parameter:
    names = ("ge", "le", "min_length", "max_length")
    limits = {one: getattr(given, one) for one in names if getattr(given, one) is not None}
    inner = next((one for one in field.inner_types if not one.is_none_type), field)
    kind = inner.annotation if field.is_optional else field.annotation
    return Parameter(
        name=given.name or name,
        expected=expected(Annotated[kind, msgspec.Meta(**limits)]),
        source=given.param_type,
        repeatable=inner.is_non_string_sequence or field.is_non_string_sequence,
    )


def _address_faults(request: Request[Any, Any, Any]) -> Iterator[FieldError]:
    known = {
        one.name: one
        for one in parameters_of(request.route_handler).values()
        if one.source is ParamType.QUERY
    }
    given = request.query_params.multi_items()
    if not _is_utf8(request.scope["query_string"]):
        yield FieldError(code="not-text", detail="Expected a query in UTF-8.")
    for name, count in Counter(name for name, _ in given).items():
        if name not in known:
            yield _fault(shown(name) or "", f"There is no such parameter{_listed(known)}.")
        elif count > 1 and not known[name].repeatable:
            yield _fault(name, "Expected one value; it is given more than once.")
    for name, value in (*given, *request.path_params.items()):
        if isinstance(value, str) and strange_text(value):
            yield _fault(shown(name) or "", "Expected text without NUL characters.")


def _listed(known: dict[str, Parameter]) -> str:
    return f"; there are {', '.join(sorted(known))}" if known else "; there are none"


def _is_utf8(query: bytes) -> bool:
    try:
        unquote_to_bytes(query).decode()
    except UnicodeDecodeError:
        return False
    return True


def _fault(name: str, detail: str, value: Any = None) -> FieldError:
    return FieldError(
        parameter=name, code="not-as-described", detail=detail, value=shown(value)
    )
