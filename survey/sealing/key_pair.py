"""The pair of keys of a campaign: ML-KEM-768 with X25519, sealed by HPKE (RFC 9180).

The hybrid protects answers that somebody records today against computers of a later day.
"""

from dataclasses import dataclass
from typing import Self

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hpke
from cryptography.hazmat.primitives.asymmetric.mlkem import (
    MLKEM768PrivateKey,
    MLKEM768PublicKey,
)
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey

__all__ = ["PRIVATE_KEY_BYTES", "CannotOpen", "PrivateKey", "PublicKey", "new_private_key"]

_SUITE = hpke.Suite(hpke.KEM.MLKEM768_X25519, hpke.KDF.HKDF_SHA256, hpke.AEAD.AES_128_GCM)
_SEED = 64  # bytes of an ML-KEM private key
_LATTICE = 1184  # bytes of an ML-KEM public key
PRIVATE_KEY_BYTES = _SEED + 32


class CannotOpen(Exception):  # noqa: N818 - an error is named for what happened
    """Sealed with another key, bound to something else, or changed."""


@dataclass(frozen=True, slots=True)
class PublicKey:
    """What seals."""

    _lattice: MLKEM768PublicKey
    _curve: X25519PublicKey

    def seal(self, content: bytes, *, bound_to: bytes) -> bytes:
        """Return the content as ciphertext that opens only with the same ``bound_to``."""
        key = hpke.MLKEM768X25519PublicKey(self._lattice, self._curve)
        return _SUITE.encrypt(content, key, bound_to)

    def to_bytes(self) -> bytes:
        """Return the key as it is stored."""
        return self._lattice.public_bytes_raw() + self._curve.public_bytes_raw()

    @classmethod
    def from_bytes(cls, stored: bytes) -> Self:
        """Return the key that was stored."""
        return cls(
            MLKEM768PublicKey.from_public_bytes(stored[:_LATTICE]),
            X25519PublicKey.from_public_bytes(stored[_LATTICE:]),
        )


@dataclass(frozen=True, slots=True)
class PrivateKey:
    """What opens."""

    _lattice: MLKEM768PrivateKey
    _curve: X25519PrivateKey

    def public_key(self) -> PublicKey:
        """Return the key that seals for this one."""
        return PublicKey(self._lattice.public_key(), self._curve.public_key())

    def open(self, sealed: bytes, *, bound_to: bytes) -> bytes:
        """Return the content.

        Raises
        ------
        CannotOpen
            It was sealed for another key or bound to something else, or was changed.
        """
        try:
            key = hpke.MLKEM768X25519PrivateKey(self._lattice, self._curve)
            return _SUITE.decrypt(sealed, key, bound_to)
        except (InvalidTag, ValueError):
            raise CannotOpen from None

    def to_bytes(self) -> bytes:
        """Return the key as it is stored."""
        return self._lattice.private_bytes_raw() + self._curve.private_bytes_raw()

    @classmethod
    def from_bytes(cls, stored: bytes) -> Self:
        """Return the key that was stored."""
        return cls(
            MLKEM768PrivateKey.from_seed_bytes(stored[:_SEED]),
            X25519PrivateKey.from_private_bytes(stored[_SEED:]),
        )


def new_private_key() -> PrivateKey:
    """Make a pair of keys."""
    return PrivateKey(MLKEM768PrivateKey.generate(), X25519PrivateKey.generate())
