"""The description as a document and as a page, both without a word from another server."""

from pathlib import Path
from typing import Any

import litestar_offline_docs
import msgspec
from litestar import MediaType, Request, Router
from litestar.datastructures import CacheControlHeader
from litestar.openapi import OpenAPIConfig
from litestar.openapi.plugins import JsonRenderPlugin, SwaggerRenderPlugin
from litestar.openapi.spec import License
from litestar.static_files import create_static_files_router

from api.description.document import complete

__all__ = ["description_config", "page_files"]

PATH = "/schema"
FILES = "/schema-files"
_WEEK_S = 7 * 24 * 3600
_INTRODUCTION = (
    "AI-maturity surveys, operating-model recommendations and sponsorship gaps per business "
    "unit. Results are immutable releases: every reader sees the same figures."
)


class _Description:
    """The completed description, made when it is first asked for."""

    def __init__(self) -> None:
        self._made: dict[str, Any] | None = None

    def of(self, request: Request[Any, Any, Any], skeleton: dict[str, Any]) -> dict[str, Any]:
        """Return the description of the application that is asked."""
        if self._made is None:
            self._made = complete(request.app, skeleton)
        return self._made


class _Json(JsonRenderPlugin):
    """The document."""

    def __init__(self, description: _Description) -> None:
        super().__init__(path="/openapi.json", media_type=MediaType.JSON)
        self._description = description

    def render(self, request: Request[Any, Any, Any], openapi_schema: dict[str, Any]) -> bytes:
        """Return the document as JSON."""
        return msgspec.json.encode(self._description.of(request, openapi_schema))


class _Page(SwaggerRenderPlugin):
    """The page, whose scripts come with the program."""

    def __init__(self, description: _Description) -> None:
        super().__init__(
            path="/",
            js_url=f"{FILES}/swagger-ui-bundle.js",
            css_url=f"{FILES}/swagger-ui.css",
            standalone_preset_js_url=f"{FILES}/swagger-ui-standalone-preset.js",
            favicon='<link rel="icon" href="data:,">',
        )
        self._description = description

    def render(self, request: Request[Any, Any, Any], openapi_schema: dict[str, Any]) -> bytes:
        """Return the framework's page as HTML, with a language and a main landmark."""
        page = super().render(request, self._description.of(request, openapi_schema))
        return page.replace(b"<html>", b'<html lang="en">', 1).replace(
            b"<div id='swagger-container'/>", b"<main id='swagger-container'></main>", 1
        )


def description_config() -> OpenAPIConfig:
    """Return what makes the application describe itself under ``/schema``."""
    description = _Description()
    return OpenAPIConfig(
        title="opmodel",
        version="1",
        description=_INTRODUCTION,
        license=License(name="Apache License 2.0", identifier="Apache-2.0"),
        path=PATH,
        use_handler_docstrings=True,
        render_plugins=[_Page(description), _Json(description)],
    )


def page_files() -> Router:
    """Return the route that serves the scripts of the page."""
    folder = Path(litestar_offline_docs.__file__).parent / "static"
    return create_static_files_router(
        path=FILES,
        directories=[folder],
        cache_control=CacheControlHeader(max_age=_WEEK_S, public=True),
        include_in_schema=False,
    )
