"""Invitation tokens: derived, never stored; what is stored cannot be turned back into them."""

import hashlib
import hmac
from base64 import urlsafe_b64encode
from uuid import UUID

__all__ = ["derive_token", "token_hash"]


def derive_token(key: bytes, invitation: UUID, generation: int) -> str:
    """Return an invitation's token: 43 characters that only a holder of the key can make.

    Parameters
    ----------
    key : bytes
        The server key.
    invitation : UUID
        Whose token.
    generation : int
        Raising it gives another token and so revokes the one before.
    """
    message = b"invitation" + invitation.bytes + generation.to_bytes(4, "big")
    digest = hmac.digest(key, message, "sha256")
    return urlsafe_b64encode(digest).rstrip(b"=").decode()


def token_hash(token: str) -> bytes:
    """Return what the database stores of a token: its SHA-256."""
    return hashlib.sha256(token.encode()).digest()
