"""Saved answers, encrypted under a key that only the holder of the token can derive."""

from typing import TypeVar

import msgspec
from cryptography.fernet import Fernet, InvalidToken

from survey.access.tokens import draft_secret

__all__ = ["decrypt_draft", "encrypt_draft"]

Saved = TypeVar("Saved", bound=msgspec.Struct)


def encrypt_draft(saved: msgspec.Struct, token: str) -> bytes:
    """Return the saved answers as ciphertext; authenticated, with a fresh nonce each time."""
    return Fernet(draft_secret(token)).encrypt_at_time(msgspec.json.encode(saved), 0)


def decrypt_draft(ciphertext: bytes, token: str, kind: type[Saved]) -> Saved:
    """Return the saved answers, or none where they cannot be read with this token.

    The ciphertext carries no time: a draft must not tell when somebody answered.
    """
    try:
        plain = Fernet(draft_secret(token)).decrypt(ciphertext)
    except InvalidToken:
        return kind()
    return msgspec.json.decode(plain, type=kind)
