"""Signatures of incoming reports, by the specification Standard Webhooks; pure."""

import hmac
from base64 import b64decode, b64encode
from binascii import Error
from datetime import datetime, timedelta

from survey.errors import FieldInvalid

__all__ = ["is_signed", "require_secret", "signature"]

PREFIX = "whsec_"
FEWEST_BYTES = 24
TOLERANCE = timedelta(minutes=5)
"""How far the time of a report may be from ours: a copy is of no use for longer."""
_VERSION = "v1,"


def require_secret(secret: str) -> None:
    """Check that a secret is one.

    Raises
    ------
    FieldInvalid
        It has no prefix, is no base64, or is too short.
    """
    if len(_key(secret)) < FEWEST_BYTES:
        expected = f"{PREFIX} and at least {FEWEST_BYTES} bytes in base64"
        raise FieldInvalid("bounce_secret", "(not shown)", expected=expected)


def signature(secret: str, *, message: str, timestamp: str, body: bytes) -> str:
    """Return the signature of a report: HMAC-SHA-256 of ``id.timestamp.body``."""
    signed = f"{message}.{timestamp}.".encode() + body
    return _VERSION + b64encode(hmac.digest(_key(secret), signed, "sha256")).decode()


def is_signed(
    secret: str, *, message: str, timestamp: str, signatures: str, body: bytes, now: datetime
) -> bool:
    """Tell whether one of the signatures of a report is right, and the report is new.

    Parameters
    ----------
    message, timestamp, signatures : str
        The headers ``webhook-id``, ``webhook-timestamp`` and ``webhook-signature``.
    now : datetime
        The present moment, UTC.
    """
    if not timestamp.isascii() or not timestamp.isdigit():
        return False
    if abs(now.timestamp() - int(timestamp)) > TOLERANCE.total_seconds():
        return False
    expected = signature(secret, message=message, timestamp=timestamp, body=body).encode()
    given = signatures.encode().split()
    return any(hmac.compare_digest(expected, one) for one in given)


def _key(secret: str) -> bytes:
    if not secret.startswith(PREFIX):
        return b""
    try:
        return b64decode(secret.removeprefix(PREFIX), validate=True)
    except (Error, ValueError):
        return b""
