"""Schemas and examples of bodies, taken from the structs that read and write them."""

from typing import Any, get_args, get_origin

import msgspec
from litestar import Response
from litestar.handlers import HTTPRouteHandler

from api.schemas.catalogue import OperatingModelsRead
from api.schemas.company_findings import COMPANY_EXAMPLES, CompanyResult, FullResults
from api.schemas.form import SAVED_EXAMPLE, SUBMISSION_EXAMPLE
from api.schemas.instruments import DEFINITION_EXAMPLE
from api.schemas.releases import ReleaseRead, Results
from api.schemas.wire import Page, Wire
from survey.capture.forms import SavedAnswers
from survey.capture.submission import Submission
from survey.catalogue.operating_models import OperatingModels
from survey.instruments.definition import InstrumentDefinition

__all__ = ["example_of", "request_type", "response_type", "schemas_of"]

_EXAMPLES: dict[Any, dict[str, Any]] = {
    SavedAnswers: SAVED_EXAMPLE,
    Submission: SUBMISSION_EXAMPLE,
    InstrumentDefinition: DEFINITION_EXAMPLE,
    OperatingModels: OperatingModelsRead.example,
    **COMPANY_EXAMPLES,
}
"""Of bodies that are the use cases' own."""
REF = "#/components/schemas/{name}"


def request_type(handler: HTTPRouteHandler) -> Any:
    """Return what a handler reads as JSON; None where it reads nothing, or a file."""
    data = handler.parsed_fn_signature.parameters.get("data")
    return None if data is None else data.annotation


def response_type(handler: HTTPRouteHandler) -> Any:
    """Return what a handler answers with as JSON; None where that has no body."""
    kind = handler.parsed_fn_signature.return_type.annotation
    if get_origin(kind) is not None and issubclass(get_origin(kind), Response):
        kind = get_args(kind)[0]
    return None if kind in {None, type(None), bytes, Response} else kind


def schemas_of(kinds: list[Any]) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """Return a schema per type, and the named schemas that they refer to."""
    schemas, components = msgspec.json.schema_components(kinds, ref_template=REF)
    return list(schemas), components


def example_of(kind: Any) -> Any:
    """Return an example of a body, as JSON.

    Raises
    ------
    LookupError
        The type has none: a mistake that a test catches.
    """
    if get_origin(kind) is not None:
        return _example_with(get_origin(kind), *map(example_of, get_args(kind)))
    if isinstance(kind, type) and issubclass(kind, Wire):
        return kind.example
    return _EXAMPLES[kind]


def _example_with(kind: Any, one: Any, company: Any = None) -> Any:
    """Return an example of a body that holds examples of others."""
    listed = {"items": [one], "nextCursor": None}
    examples = {
        Page: listed,
        Results: {"release": ReleaseRead.example, **listed},
        CompanyResult: {"release": ReleaseRead.example, "company": one},
        FullResults: {"release": ReleaseRead.example, "company": company, **listed},
        list: [one],
    }
    return examples[kind]
