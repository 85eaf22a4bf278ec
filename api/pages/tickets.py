"""What the pages sign with the server key: tickets of a form, receipts, addresses of previews.

None of it says anything about answers, because the server key outlives a campaign.
"""

import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as NotBase64
from datetime import timedelta
from typing import TypeVar
from uuid import UUID

import msgspec

from survey.capture.submission import MAX_DURATION_S

__all__ = [
    "PREVIEW_LASTS",
    "PreviewTicket",
    "Ticket",
    "read_preview",
    "read_ticket",
    "receipt_mark",
    "sign_preview",
    "sign_ticket",
]

TICKET_S = 7 * 24 * 3600
"""How long a page may lie open before it has to be confirmed again, in seconds."""
PREVIEW_LASTS = timedelta(hours=1)
"""How long the address of a preview is valid."""
_LONGEST = 2_000  # characters
_MARK_BYTES = 16


class Ticket(msgspec.Struct, frozen=True, kw_only=True, array_like=True):
    """Travels with the pages of one form from its beginning; no cookie is needed for it.

    It protects the form against being sent by another site, and measures how long the
    respondent takes, so that the server need not keep when anybody began.
    """

    since_s: int
    """When this sitting began, in seconds since 1970."""
    before_s: int = 0
    """How long earlier sittings took, in seconds."""
    device: str = ""
    """Resume code of the device that began; empty on the opening page."""

    def seconds(self, now_s: float) -> int:
        """Return how long the respondent has been at it."""
        return min(self.before_s + max(int(now_s) - self.since_s, 0), MAX_DURATION_S)


class PreviewTicket(msgspec.Struct, frozen=True, kw_only=True, array_like=True):
    """Names what may be previewed, and until when."""

    until_s: int
    """In seconds since 1970."""
    organisation: UUID
    campaign: UUID | None = None
    """None for an instrument."""
    instrument: str = ""
    """Key of the instrument; empty for a campaign."""
    version: int = 0


def sign_ticket(key: bytes, token: str, ticket: Ticket) -> str:
    """Return a ticket that is valid with one token, as text for fields and addresses."""
    return _signed(key, f"form {token}", ticket)


def read_ticket(key: bytes, token: str, text: str, *, now_s: float) -> Ticket | None:
    """Return a ticket; None if it is not one of this token, or too old."""
    ticket = _read(key, f"form {token}", text, Ticket)
    if ticket is None or not 0 <= now_s - ticket.since_s <= TICKET_S:
        return None
    return ticket


def sign_preview(key: bytes, ticket: PreviewTicket) -> str:
    """Return the part of an address that opens a preview."""
    return _signed(key, "preview", ticket)


def read_preview(key: bytes, text: str, *, now_s: float) -> PreviewTicket | None:
    """Return what may be previewed; None if the address is forged or too old."""
    ticket = _read(key, "preview", text, PreviewTicket)
    return ticket if ticket is not None and now_s < ticket.until_s else None


def receipt_mark(key: bytes, token: str) -> str:
    """Return what the device that has submitted keeps, and nobody else can make."""
    return _text(_mac(key, "receipt", token.encode()))


Payload = TypeVar("Payload", bound=msgspec.Struct)


def _signed(key: bytes, purpose: str, payload: msgspec.Struct) -> str:
    plain = msgspec.json.encode(payload)
    return f"{_text(plain)}.{_text(_mac(key, purpose, plain))}"


def _read(key: bytes, purpose: str, text: str, kind: type[Payload]) -> Payload | None:
    payload, _, mark = text.partition(".")
    if len(text) > _LONGEST or not text.isascii():
        return None
    try:
        plain = urlsafe_b64decode(payload + "=" * (-len(payload) % 4))
        if not hmac.compare_digest(mark, _text(_mac(key, purpose, plain))):
            return None
        return msgspec.json.decode(plain, type=kind)
    except (NotBase64, ValueError):
        return None


def _mac(key: bytes, purpose: str, message: bytes) -> bytes:
    named = f"opmodel pages {purpose}".encode()
    framed = len(named).to_bytes(4, "big") + named + message
    return hmac.digest(key, framed, "sha256")[:_MARK_BYTES]


def _text(raw: bytes) -> str:
    return urlsafe_b64encode(raw).rstrip(b"=").decode()
