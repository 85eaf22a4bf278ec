"""What is known of routes: which methods an address answers to, and which write no log."""

from uuid import UUID

from litestar import Litestar
from litestar.routes import HTTPRoute
from litestar.types.internal_types import PathParameterDefinition

__all__ = ["QUIET", "allowed_methods"]

QUIET = "quiet"
"""In the options of a handler: its requests write no line in the log."""


def allowed_methods(app: Litestar, path: str) -> list[str]:
    """Return the methods of an address, sorted; HEAD goes with GET.

    Asked only if a method was refused, or by OPTIONS.
    """
    steps = [step for step in path.split("/") if step]
    found = {
        str(method)
        for route in app.routes
        if isinstance(route, HTTPRoute) and _matches(route, steps)
        for method in route.methods
    }
    return sorted(found | ({"HEAD"} if "GET" in found else set()))


def _matches(route: HTTPRoute, steps: list[str]) -> bool:
    parts = route.path_components
    return len(parts) == len(steps) and all(
        _fits(part, step) for part, step in zip(parts, steps, strict=True)
    )


def _fits(part: str | PathParameterDefinition, step: str) -> bool:
    if isinstance(part, str):
        return part == step
    if part.type is UUID:
        try:
            UUID(step)
        except ValueError:
            return False
    return True
