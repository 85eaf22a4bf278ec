"""The limit for comparison: a bare Litestar application that returns the body it receives."""

import sys
from typing import Any

from granian import Granian
from granian.constants import Interfaces, Loops
from litestar import Litestar, Request, post
from litestar.response import Response


@post("/", status_code=200)
async def echo(request: Request[Any, Any, Any]) -> Response[bytes]:
    return Response(await request.body(), media_type="application/json")


def application() -> Litestar:
    return Litestar([echo], openapi_config=None)


if __name__ == "__main__":
    Granian(
        "tests.benchmarks.echo:application",
        factory=True,
        interface=Interfaces.ASGI,
        loop=Loops.uvloop,
        address="127.0.0.1",
        port=int(sys.argv[1]),
        workers=int(sys.argv[2]),
        workers_kill_timeout=5,
        log_enabled=False,
    ).serve()
