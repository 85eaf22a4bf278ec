"""Schemas and examples of bodies, taken from the records that read and write them."""

import re
from collections.abc import Iterator
from typing import Any, get_args, get_origin

import msgspec
from litestar import Response
from litestar.handlers import HTTPRouteHandler
from msgspec.inspect import DictType, LiteralType, StructType

from api.description.meanings import meanings_of, summary_of
from api.schemas.company_findings import COMPANY_EXAMPLES, CompanyResult, FullResults
from api.schemas.examples import EXAMPLES
from api.schemas.releases import Results
from api.schemas.wire import Page
from survey.releases.store import ReleaseView

__all__ = ["example_of", "request_type", "response_type", "schemas_of"]

_EXAMPLES = EXAMPLES | COMPANY_EXAMPLES
_VIEW = re.compile(r"View(?=\W|_|$)")
REF = "#/components/schemas/{name}"


def request_type(handler: HTTPRouteHandler) -> Any:
    """Return what a handler reads as JSON; None if it reads nothing, or a file."""
    data = handler.parsed_fn_signature.parameters.get("data")
    return None if data is None else data.annotation


def response_type(handler: HTTPRouteHandler) -> Any:
    """Return what a handler answers with as JSON; None if that has no body or is a text."""
    kind = handler.parsed_fn_signature.return_type.annotation
    if get_origin(kind) is not None and issubclass(get_origin(kind), Response):
        kind = get_args(kind)[0]
    return None if kind in {None, type(None), bytes, str, Response} else kind


def schemas_of(kinds: list[Any]) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """Return a schema per type, and the named schemas that they refer to.

    What readers get is called a view in the code, beside the table of the same name; on the
    wire it goes by the plain name, unless another record has that.
    """
    records = list(_records(kinds))
    schemas, components = msgspec.json.schema_components(
        [*kinds, *(record.cls for record in records)], ref_template=REF
    )
    for record, reference in zip(records, schemas[len(kinds) :], strict=True):
        _describe(components[reference["$ref"].rpartition("/")[2]], record)
    plain = {name: _VIEW.sub("", name) for name in components}
    names = {
        name: name if name != short and short in components else short
        for name, short in plain.items()
    }
    return (
        [_renamed(schema, names) for schema in schemas[: len(kinds)]],
        {
            names[name]: _renamed(schema, names) | {"title": _VIEW.sub("", schema["title"])}
            for name, schema in components.items()
        },
    )


def _records(kinds: list[Any]) -> Iterator[StructType]:
    """Yield every record that these types hold, each once."""
    waiting: list[Any] = list(msgspec.inspect.multi_type_info(kinds))
    met = set()
    while waiting:
        found = waiting.pop()
        if isinstance(found, tuple):
            waiting.extend(found)
        elif isinstance(found, StructType):
            if found.cls not in met:
                met.add(found.cls)
                waiting.extend(field.type for field in found.fields)
                yield found
        elif isinstance(found, msgspec.inspect.Type):
            waiting.extend(getattr(found, part) for part in found.__struct_fields__)


def _describe(schema: dict[str, Any], record: StructType) -> None:
    """Say what a record is, what each of its members means, and which keys a mapping has."""
    schema["description"] = summary_of(record)
    for member, meaning in meanings_of(record).items():
        schema["properties"][member]["description"] = meaning
    for field in record.fields:
        keys = field.type.key_type if isinstance(field.type, DictType) else None
        if isinstance(keys, LiteralType):
            words = {"enum": sorted(map(str, keys.values))}
            schema["properties"][field.encode_name]["propertyNames"] = words


def _renamed(node: Any, names: dict[str, str]) -> Any:
    """Let a schema refer to components by their new names."""
    if isinstance(node, dict):
        if "$ref" in node:
            return node | {"$ref": REF.format(name=names[node["$ref"].rpartition("/")[2]])}
        return {key: _renamed(value, names) for key, value in node.items()}
    if isinstance(node, list):
        return [_renamed(value, names) for value in node]
    return node


def example_of(kind: Any) -> Any:
    """Return an example of a body, as JSON.

    Raises
    ------
    LookupError
        The type has none: a mistake that a test catches.
    """
    if kind in _EXAMPLES:
        return _EXAMPLES[kind]
    if get_origin(kind) is not None:
        return _example_with(get_origin(kind), *map(example_of, get_args(kind)))
    return kind.example


def _example_with(kind: Any, one: Any, company: Any = None) -> Any:
    """Return an example of a body that holds examples of others."""
    listed = {"items": [one], "nextCursor": None}
    examples = {
        Page: listed,
        Results: {"release": _EXAMPLES[ReleaseView], **listed},
        CompanyResult: {"release": _EXAMPLES[ReleaseView], "company": one},
        FullResults: {"release": _EXAMPLES[ReleaseView], "company": company, **listed},
        list: [one],
    }
    return examples[kind]
