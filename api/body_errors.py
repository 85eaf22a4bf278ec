"""Where a request differs from its description, in the words of our problems."""

import re

import msgspec
from litestar.exceptions import ValidationException

from api.http.refusals import FieldError, Malformed, MalformedBody, MalformedParameter

__all__ = ["from_framework", "from_msgspec"]

_PLACE = re.compile(r"^(?P<what>.*?)(?: - at `(?:key in )?\$(?P<path>.*)`)?$", re.DOTALL)
_STEP = re.compile(r"\.([^.\[\]]+)|\[(\d+|\.\.\.)\]")


def from_msgspec(error: msgspec.DecodeError) -> Malformed:
    """Say where a JSON body differs from its description."""
    if not isinstance(error, msgspec.ValidationError):
        return MalformedBody("The body is not valid JSON.")
    match = _PLACE.match(str(error))
    what = match["what"] if match else "Not as described"
    path = (match["path"] if match else None) or ""
    return MalformedBody(
        "The body is not as described.",
        [FieldError(pointer=_pointer(path), code="not-as-described", detail=f"{what}.")],
    )


def from_framework(error: ValidationException) -> Malformed:
    """Say which parameter the framework refused; of a body it only finds that there is none."""
    found = error.extra if isinstance(error.extra, list) else []
    errors = [
        FieldError(
            parameter=str(entry["key"]),
            code="not-as-described",
            detail=f"{entry['message']}.",
        )
        for entry in found
        if entry["key"] != "data"
    ]
    if not errors:
        return MalformedBody("This needs a body.")
    return MalformedParameter("A parameter is not as described.", errors)


def _pointer(path: str) -> str:
    """Turn msgspec's ``.a[0].b`` into the JSON pointer ``/a/0/b``; ``...`` is any member."""
    steps = [name or number for name, number in _STEP.findall(path)]
    return "".join(
        "/" + step.replace("~", "~0").replace("/", "~1") for step in steps if step != "..."
    )
