"""Requests whose JSON bodies are read strictly: a number in quotes is not a number."""

from collections.abc import Sequence
from typing import Any

from litestar import Request

from api.http.bodies import read_json
from api.http.refusals import NotAcceptable, UnsupportedMedia

__all__ = ["JSON", "OFFERED", "StrictRequest", "best_media", "media_type", "wanted_media"]

JSON = "application/json"
OFFERED = "offered"
"""In the options of a handler whose answer is a text: its media types, each with an example."""


class StrictRequest(Request[Any, Any, Any]):
    """A request that decodes a body straight into what its handler asks for."""

    async def body(self) -> bytes:
        """Return the body; an empty object if there is none and none is needed."""
        given = await super().body()
        wanted = self.route_handler.parsed_fn_signature.parameters.get("data")
        if not given and wanted and getattr(wanted.annotation, "may_be_left_out", False):
            return b"{}"
        return given

    async def json(self) -> Any:
        """Return the body as the type of the handler's ``data``.

        The framework would read it as plain values and then convert them leniently.

        Raises
        ------
        UnsupportedMedia
            It is called something other than JSON.
        MalformedBody
            It is not JSON, or not of that type.
        """
        if media_type(self) not in {JSON, ""}:
            raise UnsupportedMedia([JSON])
        wanted = self.route_handler.parsed_fn_signature.parameters["data"].annotation
        return read_json(wanted, await self.body())


def media_type(request: Request[Any, Any, Any]) -> str:
    """Return the media type of the body without its parameters; "" if none is named."""
    return request.headers.get("content-type", "").partition(";")[0].strip().lower()


def wanted_media(request: Request[Any, Any, Any]) -> str:
    """Return the media type for the answer: of those that the handler offers, the most wanted.

    See `best_media`.

    Raises
    ------
    NotAcceptable
        The client takes none of them.
    """
    return best_media(request, [*request.route_handler.opt[OFFERED]])


def best_media(request: Request[Any, Any, Any], offered: Sequence[str]) -> str:
    """Return the media type that a client wants most.

    Parameters
    ----------
    offered
        Those there are; the first one answers clients that take anything.

    Raises
    ------
    NotAcceptable
        The client takes none of them.
    """
    wanted = request.accept.best_match([*offered])
    if wanted is None:
        raise NotAcceptable(offered)
    return wanted
