"""What a request's header may say only once, the credential in it, and what answers carry.

If a header field comes twice, each reader may believe another one: a proxy the first, the rate
limit the second, the handler the first again. So every field that one value decides on comes
once, or the request is refused before anybody has read it.
"""

import re
from collections import Counter
from collections.abc import Iterable

from uuid_utils import uuid4

from api.http.refusals import FieldError

__all__ = ["API_POLICY", "NO_STORE", "SAFEGUARDS", "bearer", "header_faults", "request_id"]

Fields = Iterable[tuple[bytes, bytes]]
"""The header of a request as ASGI gives it: names in lower case, and values."""

SAFEGUARDS = (
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-resource-policy", b"same-origin"),
)
"""What every answer tells a browser."""
API_POLICY = (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'")
"""What every answer that is no page tells a browser."""
NO_STORE = (b"cache-control", b"no-store")
"""What every answer says that does not say otherwise."""

_ONCE = {
    b"authorization": "Authorization",
    b"content-type": "Content-Type",
    b"host": "Host",
    b"idempotency-key": "Idempotency-Key",
    b"transfer-encoding": "Transfer-Encoding",
}
"""Fields of one value. Lists, such as ``If-Match`` and ``Accept``, may be spread (RFC 9110).

Of lengths, the HTTP server refuses two that differ, and hands on one.
"""
_SCHEME = b"bearer "
_REQUEST_ID = re.compile(rb"[A-Za-z0-9._\-]{1,128}")


def header_faults(fields: Fields) -> list[FieldError]:
    """Return what is wrong with the header of a request; values are never repeated.

    Parameters
    ----------
    fields
        The header.
    """
    counted = [(name.lower(), value) for name, value in fields if name.lower() in _ONCE]
    names = {name for name, _ in counted}
    if len(names) < len(counted):
        times = Counter(name for name, _ in counted)
        return [_repeated(name, times[name]) for name in sorted(names) if times[name] > 1]
    if any(name == b"authorization" and _is_joined(value) for name, value in counted):
        detail = "Expected one credential, such as 'Bearer omk_...'; it holds several."
        return [FieldError(parameter="Authorization", code="repeated", detail=detail)]
    return []


def bearer(fields: Fields) -> str | None:
    """Return the bearer credential of a request that has no `header_faults`; None if none."""
    for name, value in fields:
        if name == b"authorization" and value[: len(_SCHEME)].lower() == _SCHEME:
            return value[len(_SCHEME) :].strip().decode("latin-1") or None
    return None


def request_id(given: bytes | None) -> bytes:
    """Return the caller's id if it is valid, or a new one; answers and log lines carry it."""
    if given is not None and _REQUEST_ID.fullmatch(given):
        return given
    return uuid4().hex.encode()


def _repeated(name: bytes, times: int) -> FieldError:
    detail = f"Expected this header once; the request has it {times} times."
    return FieldError(parameter=_ONCE[name], code="repeated", detail=detail)


def _is_joined(value: bytes) -> bool:
    """Tell whether a proxy may have joined two fields by a comma, which no bearer token has."""
    parts = value.lower().split(b",")
    return len(parts) > 1 and any(part.strip().startswith(_SCHEME) for part in parts)
