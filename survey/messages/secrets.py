"""Secrets of channels, sealed with a key that only the server key leads to.

What is sealed for one organisation and kind opens for no other: whoever can write into the
database cannot move a password to a channel that would show it.
"""

import os
from collections.abc import Mapping
from uuid import UUID

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

__all__ = ["SecretsUnreadableError", "open_secrets", "seal_secrets"]

_PURPOSE = b"opmodel secrets of a channel 1\0"
_KEY_BYTES = 32
_NONCE_BYTES = 12


class SecretsUnreadableError(ValueError):
    """The secrets were sealed with another server key, or for another channel."""


def seal_secrets(
    secrets: Mapping[str, str], *, server_key: bytes, organisation: UUID, kind: str
) -> bytes:
    """Return secrets as they are stored: a nonce, and what AES-256-GCM makes of them.

    Parameters
    ----------
    secrets : mapping of str to str
        Name of each secret to the secret.
    server_key : bytes
        From which the key is derived (HKDF, RFC 5869), for this organisation and kind alone.
    organisation : UUID
        Whose channel.
    kind : str
        Kind of the channel.
    """
    nonce = os.urandom(_NONCE_BYTES)
    cipher = _cipher(server_key, organisation, kind)
    return nonce + cipher.encrypt(nonce, msgspec.json.encode(secrets), None)


def open_secrets(
    sealed: bytes, *, server_key: bytes, organisation: UUID, kind: str
) -> dict[str, str]:
    """Return what was sealed.

    Raises
    ------
    SecretsUnreadableError
        It was sealed with another server key, for another channel, or was changed.
    """
    nonce, rest = sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:]
    try:
        opened = _cipher(server_key, organisation, kind).decrypt(nonce, rest, None)
    except InvalidTag:
        msg = "The secrets of the channel do not open with this server key."
        raise SecretsUnreadableError(msg) from None
    return msgspec.json.decode(opened, type=dict[str, str])


def _cipher(server_key: bytes, organisation: UUID, kind: str) -> AESGCM:
    info = _PURPOSE + organisation.bytes + kind.encode()
    derived = HKDF(algorithm=SHA256(), length=_KEY_BYTES, salt=None, info=info)
    return AESGCM(derived.derive(server_key))
