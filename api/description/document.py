"""The whole description: the framework's skeleton, completed with what handlers do."""

from collections.abc import Iterator
from typing import Any

import msgspec
from litestar import Litestar
from litestar.handlers import HTTPRouteHandler
from litestar.routes import HTTPRoute

from api.description.bodies import example_of, request_type, response_type, schemas_of
from api.description.problems import ProblemSpec
from api.description.responses import (
    internal_error,
    problem_examples,
    problem_responses,
    success_headers,
)
from api.description.traits import FILE_EXAMPLE, Traits, declared, traits_of
from api.http.conditional import IF_MATCH_HEADER, IF_NONE_MATCH_HEADER
from api.http.exports import NDJSON
from api.http.idempotency import KEY_HEADER, KEY_PATTERN
from api.http.multipart import MULTIPART
from api.http.request import JSON, OFFERED
from api.schemas.examples import PARAMETERS
from api.schemas.problem import PROBLEM_SCHEMA
from survey.access.scopes import SCOPES

__all__ = ["complete"]

_TEXT = {"schema": {"type": "string"}}
_IF_NEW: dict[str, Any] = {
    "name": IF_NONE_MATCH_HEADER,
    "in": "header",
    "required": False,
    "description": "`*`, instead of If-Match, if there is nothing yet.",
    "example": "*",
    **_TEXT,
}

_HEADERS: dict[str, Any] = {
    "X-Request-Id": {"description": "The caller's, or one made here.", **_TEXT},
    "RateLimit": {"description": 'Left now: `"key";r=1199;t=1`.', **_TEXT},
    "RateLimit-Policy": {"description": 'The limit: `"key";q=1200;w=60`.', **_TEXT},
    "Retry-After": {"description": "Seconds to wait.", "schema": {"type": "integer"}},
    "WWW-Authenticate": {"description": "Which credential is wanted.", **_TEXT},
    "Link": {"description": 'The next page: `<...>; rel="next"`; absent at the end.', **_TEXT},
    "ETag": {"description": "The version of what was read.", **_TEXT},
    "Location": {"description": "The address of what was made.", **_TEXT},
    "Idempotency-Replayed": {
        "description": "`true` if the answer is that of an earlier request.",
        **_TEXT,
    },
}

_TAGS = {
    "API keys": "Keys for programs: what each may do, and until when.",
    "Audit": "What was done, by whom, and when.",
    "Campaigns": "Waves of an instrument: drafted, opened, watched and closed.",
    "Catalogues": "Published figures and the operating models that results refer to.",
    "Channels": "How messages reach people.",
    "Findings": "What the analyses of a release find.",
    "Form": "What one respondent is asked, saves and submits.",
    "Health": "Whether the server lives and can serve.",
    "Instruments": "Questionnaires and their versions.",
    "Jobs": "Work that takes longer than a request.",
    "Organisation": "The organisation, its tree of units and its people.",
    "Problems": "What each kind of problem means.",
    "Recommendations": "The operating model of each unit, and what people decided on it.",
    "Releases": "Results of a campaign, computed once for every reader.",
    "Results": "Scores and sponsorship gaps of a release.",
    "Use cases": "Candidates for AI: rated, ranked and chosen.",
}

_ONCE = (
    "Makes a repeat safe: it gets the first answer, for 24 hours. 1 to 200 visible ASCII "
    "characters."
)
_PATTERNS: dict[str, dict[str, str]] = {KEY_HEADER: {"pattern": KEY_PATTERN}}

_SECURITY: dict[str, Any] = {
    "apiKey": {
        "type": "http",
        "scheme": "bearer",
        "bearerFormat": "omk_<prefix>_<secret>",
        "description": "An API key. Its scopes:\n\n"
        + "\n".join(f"- `{scope}`: {meaning}" for scope, meaning in SCOPES.items()),
        "x-scopes": dict(SCOPES),
    },
    "invitation": {
        "type": "http",
        "scheme": "bearer",
        "description": "The token of one invitation; it opens one form and nothing else.",
    },
}


def complete(app: Litestar, skeleton: dict[str, Any]) -> dict[str, Any]:
    """Return the description of an application.

    Parameters
    ----------
    app
        The application, with all its routes.
    skeleton
        What the framework says of it: paths, parameters, summaries.
    """
    kinds: list[Any] = []
    paths: dict[str, Any] = {}
    for route, handler, method in _described(app):
        operation = dict(skeleton["paths"][route.path_format][method])
        traits = traits_of(route, handler, operation)
        paths.setdefault(route.path_format, {})[method] = _operation(
            operation, handler, traits, kinds
        )
    schemas, components = schemas_of(kinds)
    document = {
        **skeleton,
        "tags": [{"name": name, "description": _TAGS[name]} for name in sorted(_tags(paths))],
        "paths": paths,
        "components": {
            "schemas": {"Problem": PROBLEM_SCHEMA, **components},
            "headers": _HEADERS,
            "examples": problem_examples(_promised(paths)),
            "responses": {"InternalError": internal_error()},
            "securitySchemes": _SECURITY,
        },
    }
    found: dict[str, Any] = _with_schemas(document, schemas)
    _let_answers_grow(found)
    return found


def _tags(paths: dict[str, Any]) -> set[str]:
    return {
        tag
        for methods in paths.values()
        for operation in methods.values()
        for tag in operation["tags"]
    }


def _promised(paths: dict[str, Any]) -> set[str]:
    """Return the codes of the problems that some operation may answer with."""
    return {
        code
        for methods in paths.values()
        for operation in methods.values()
        for response in operation["responses"].values()
        for content in response.get("content", {}).values()
        for code in content.get("examples", ())
    }


def _described(app: Litestar) -> list[tuple[HTTPRoute, HTTPRouteHandler, str]]:
    return sorted(
        (
            (route, handler, str(method).lower())
            for route in app.routes
            if isinstance(route, HTTPRoute)
            for handler in route.route_handlers
            if handler.resolve_include_in_schema()
            for method in handler.http_methods
        ),
        key=lambda found: (found[0].path_format, found[2]),
    )


def _operation(
    operation: dict[str, Any], handler: HTTPRouteHandler, traits: Traits, kinds: list[Any]
) -> dict[str, Any]:
    status = handler.status_code
    errors = [*declared(handler), *traits.problems()]
    responses: dict[str, Any] = {
        str(status): _success(operation, handler, traits, kinds),
        **_not_modified(traits),
        **problem_responses(errors),
        **_declared_answers(handler, kinds),
    }
    found = {
        **{key: value for key, value in operation.items() if key != "deprecated"},
        "description": _described_with_scopes(operation, traits),
        "security": _security(traits),
        "responses": responses,
    }
    parameters = [*operation.get("parameters", ()), *_header_parameters(traits)]
    if parameters:
        found["parameters"] = [_plain(parameter) for parameter in parameters]
    body = _request_body(handler, traits, kinds)
    if body:
        found["requestBody"] = body
    return found


def _success(
    operation: dict[str, Any], handler: HTTPRouteHandler, traits: Traits, kinds: list[Any]
) -> dict[str, Any]:
    response = {
        "description": operation["responses"][str(handler.status_code)]["description"],
        "headers": success_headers(traits, handler.status_code),
    }
    kind = response_type(handler)
    if OFFERED in handler.opt:
        response["content"] = {
            media: _json(kind, kinds) if media == JSON else _TEXT | {"example": text}
            for media, text in handler.opt[OFFERED].items()
        }
    elif kind is not None:
        response["content"] = {JSON: _json(kind, kinds)}
        if traits.exports:
            response["content"][NDJSON] = _lines(kind)
    return response


def _lines(kind: Any) -> dict[str, Any]:
    """Describe a whole list: its entries, and a last line with their number and checksum."""
    rows = [*example_of(kind)["items"], {"rows": 1, "sha256": "9f2c1d7a" * 8}]
    return {
        "schema": {"type": "string", "description": "One JSON object per line."},
        "example": "".join(f"{msgspec.json.encode(row).decode()}\n" for row in rows),
    }


def _declared_answers(handler: HTTPRouteHandler, kinds: list[Any]) -> dict[str, Any]:
    """Return the further answers that are no problems."""
    return {
        str(status): {
            "description": spec.description,
            "headers": {"X-Request-Id": {"$ref": "#/components/headers/X-Request-Id"}},
            "content": {JSON: _json(spec.data_container, kinds)},
        }
        for status, spec in (handler.responses or {}).items()
        if not isinstance(spec, ProblemSpec)
    }


def _json(kind: Any, kinds: list[Any]) -> dict[str, Any]:
    kinds.append(kind)
    return {"schema": {"x-kind": len(kinds) - 1}, "example": example_of(kind)}


def _request_body(
    handler: HTTPRouteHandler, traits: Traits, kinds: list[Any]
) -> dict[str, Any] | None:
    kind = request_type(handler)
    content: dict[str, Any] = {
        media: {"schema": {"type": "string"}, "example": handler.opt[FILE_EXAMPLE]}
        for media in traits.files
    }
    if traits.files:
        content[MULTIPART] = _form(handler.opt[FILE_EXAMPLE])
    if traits.rows is not None:
        kind = list[traits.rows]  # type: ignore[name-defined]  # it is a type at run time
    if kind is not None:
        content[JSON] = _json(kind, kinds)
    required = not getattr(kind, "may_be_left_out", False)
    return {"required": required, "content": content} if content else None


def _form(file: str) -> dict[str, Any]:
    """Describe a form that holds nothing but the file; the name of its part is free."""
    part = {
        "type": "string",
        "format": "binary",
        "description": "The file, CSV or Parquet, with its name.",
    }
    return {
        "schema": {"type": "object", "properties": {"file": part}, "required": ["file"]},
        "encoding": {"file": {"contentType": "text/csv, application/vnd.apache.parquet"}},
        "example": {"file": file},
    }


def _not_modified(traits: Traits) -> dict[str, Any]:
    if not traits.revalidated:
        return {}
    return {"304": {"description": "The caller has the present version."}}


def _security(traits: Traits) -> list[dict[str, list[str]]]:
    if traits.scopes:
        return [{"apiKey": [scope]} for scope in traits.scopes]
    return [{"invitation": []}] if traits.invitation else []


def _described_with_scopes(operation: dict[str, Any], traits: Traits) -> str:
    """Return the description, with the scopes that a key needs."""
    wanted = " or ".join(f"`{scope}`" for scope in traits.scopes)
    needs = f"\n\nNeeds the scope {wanted}" if wanted else ""
    needs += ", for the whole organisation" if traits.whole else ""
    return str(operation.get("description", "")) + (f"{needs}." if needs else "")


def _header_parameters(traits: Traits) -> list[dict[str, Any]]:
    wanted = []
    if traits.once:
        wanted.append((KEY_HEADER, False, _ONCE))
    if traits.revalidated:
        wanted.append((IF_NONE_MATCH_HEADER, False, "The ETag of what the caller has."))
    if traits.if_match:
        text = "The ETag of what the caller has read, several of them, or `*` for any."
        wanted.append((IF_MATCH_HEADER, not traits.if_new, text))
    found = [
        {
            "name": name,
            "in": "header",
            "required": required,
            "description": text,
            "schema": {"type": "string"} | _PATTERNS.get(name, {}),
        }
        for name, required, text in wanted
    ]
    return [*found, *([_IF_NEW] if traits.if_new else [])]


def _plain(parameter: dict[str, Any]) -> dict[str, Any]:
    """Return a parameter with an example, without the framework's statements of the obvious."""
    obvious = {"deprecated", "allowEmptyValue", "allowReserved"}
    found = {key: value for key, value in parameter.items() if key not in obvious}
    name = parameter["name"]
    # An example of its own says more than the one that all parameters of the name share.
    return {"example": PARAMETERS[name], **found} if name in PARAMETERS else found


def _with_schemas(node: Any, schemas: list[dict[str, Any]]) -> Any:
    """Replace the numbers of schemas by the schemas."""
    if isinstance(node, dict):
        if "x-kind" in node:
            return schemas[node["x-kind"]]
        return {key: _with_schemas(value, schemas) for key, value in node.items()}
    if isinstance(node, list):
        return [_with_schemas(value, schemas) for value in node]
    return node


def _let_answers_grow(document: dict[str, Any]) -> None:
    """Allow further members in all that callers get and never send.

    Some records are also read from files, in which a field that nobody knows is a mistake.
    """
    components = document["components"]["schemas"]
    bodies = [
        operation.get("requestBody")
        for methods in document["paths"].values()
        for operation in methods.values()
    ]
    waiting, sent = list(_referred(bodies)), set[str]()
    while waiting:
        name = waiting.pop()
        if name not in sent:
            sent.add(name)
            waiting.extend(_referred(components[name]))
    for name in components.keys() - sent:
        if components[name].get("additionalProperties") is False:
            del components[name]["additionalProperties"]


def _referred(node: Any) -> Iterator[str]:
    """Yield the names of the schemas that a part of the document refers to."""
    if isinstance(node, dict):
        if "$ref" in node:
            yield str(node["$ref"]).rpartition("/")[2]
        node = list(node.values())
    if isinstance(node, list):
        for value in node:
            yield from _referred(value)
