"""Whether an answer is one that the description promises."""

import re
from typing import Any

import httpx

__all__ = ["Promises"]

PROBLEM = "application/problem+json"


class Promises:
    """Compares answers with a description.

    Parameters
    ----------
    description : dict
        An OpenAPI document.
    """

    def __init__(self, description: dict[str, Any]) -> None:
        self._operations = [
            (re.compile(re.sub(r"{[^}]+}", "[^/]+", path)), method.upper(), operation)
            for path, methods in description["paths"].items()
            for method, operation in methods.items()
        ]

    async def hold(self, answer: httpx.Response) -> None:
        """Fail if an operation answers what it does not promise."""
        operation = self._operation(answer.request)
        if operation is None:
            return
        name, status = operation["operationId"], str(answer.status_code)
        assert status in operation["responses"], f"{name} does not promise {status}"
        if answer.headers.get("content-type") == PROBLEM and status != "500":
            await answer.aread()
            promised = _kinds(operation["responses"][status])
            kind = answer.json()["type"]
            assert kind in promised, f"{name} does not promise {kind}"

    def _operation(self, request: httpx.Request) -> dict[str, Any] | None:
        method = "GET" if request.method == "HEAD" else request.method
        found = [
            operation
            for path, verb, operation in self._operations
            if verb == method and path.fullmatch(request.url.path)
        ]
        # An address without a variable part comes before one with.
        return min(found, key=lambda one: len(one.get("parameters", ())), default=None)


def _kinds(response: dict[str, Any]) -> list[str]:
    content = response["content"][PROBLEM]["schema"]["allOf"][1]
    return list(content["properties"]["type"]["enum"])
