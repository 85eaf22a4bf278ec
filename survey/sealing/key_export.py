"""Keys of open campaigns on their way out of the key folder: encrypted under a passphrase.

The key for them is derived by scrypt (RFC 7914), which costs 128 MiB of memory per guess; the
cipher is AES-256-GCM. What was chosen for both stands in a header that is authenticated with
them, so that later versions may choose otherwise.
"""

import os
import unicodedata
from collections.abc import Mapping
from typing import Annotated, Literal
from uuid import UUID

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from survey.sealing.key_folder import CampaignKeys

__all__ = ["ExportedKeysRefused", "exported_keys", "opened_keys", "require_passphrase"]

_SHORTEST = 12  # characters of a passphrase
_SALT, _NONCE, _KEY = 16, 12, 32  # bytes
_COST = 1 << 17
_MOST_COST = 1 << 20
"""Of a file that is read: 1 GiB of memory."""


class ExportedKeysRefused(Exception):  # noqa: N818 - an error is named for what happened
    """Keys cannot be encrypted or opened with this passphrase; the message never quotes it."""


class _Header(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """How the keys are encrypted; authenticated with them."""

    format: Literal["opmodel-keys"] = "opmodel-keys"
    format_version: Literal[1] = 1
    derivation: Literal["scrypt"] = "scrypt"
    n: Annotated[int, msgspec.Meta(ge=2, le=_MOST_COST)] = _COST
    r: Annotated[int, msgspec.Meta(ge=1, le=8)] = 8
    p: Annotated[int, msgspec.Meta(ge=1, le=4)] = 1
    salt: Annotated[bytes, msgspec.Meta(min_length=_SALT, max_length=64)]
    cipher: Literal["AES-256-GCM"] = "AES-256-GCM"
    nonce: Annotated[bytes, msgspec.Meta(min_length=_NONCE, max_length=_NONCE)]

    def cipher_of(self, passphrase: str) -> AESGCM:
        """Return the cipher under a passphrase, however its letters are composed."""
        typed = unicodedata.normalize("NFC", passphrase).encode()
        derivation = Scrypt(salt=self.salt, length=_KEY, n=self.n, r=self.r, p=self.p)
        return AESGCM(derivation.derive(typed))


class _Export(msgspec.Struct, frozen=True, kw_only=True):
    header: _Header
    sealed: bytes


class _Entry(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    campaign: UUID
    secret: bytes
    private_key: bytes


def require_passphrase(passphrase: str) -> None:
    """Check that a passphrase is long enough to be chosen.

    Raises
    ------
    ExportedKeysRefused
        It has fewer than 12 characters.
    """
    if len(passphrase) < _SHORTEST:
        msg = f"The passphrase needs at least {_SHORTEST} characters."
        raise ExportedKeysRefused(msg)


def exported_keys(keys: Mapping[UUID, CampaignKeys], passphrase: str) -> bytes:
    """Return keys of campaigns, encrypted.

    Parameters
    ----------
    keys : mapping of campaign id to CampaignKeys
        What to encrypt.
    passphrase : str
        As `require_passphrase` wants it.

    Raises
    ------
    ExportedKeysRefused
        The passphrase is too short.
    """
    require_passphrase(passphrase)
    entries = [
        _Entry(campaign=campaign, secret=one.secret, private_key=one.private_key)
        for campaign, one in keys.items()
    ]
    header = _Header(salt=os.urandom(_SALT), nonce=os.urandom(_NONCE))
    sealed = header.cipher_of(passphrase).encrypt(
        header.nonce, msgspec.json.encode(entries), msgspec.json.encode(header)
    )
    return msgspec.json.encode(_Export(header=header, sealed=sealed))


def opened_keys(content: bytes, passphrase: str) -> dict[UUID, CampaignKeys]:
    """Return the keys of campaigns that were encrypted.

    Raises
    ------
    ExportedKeysRefused
        The passphrase is another one, the keys were changed, or their format is a later one.
    """
    try:
        export = msgspec.json.decode(content, type=_Export)
        opened = export.header.cipher_of(passphrase).decrypt(
            export.header.nonce, export.sealed, msgspec.json.encode(export.header)
        )
        entries = msgspec.json.decode(opened, type=list[_Entry])
    except InvalidTag:
        msg = (
            "The passphrase does not open the keys in the backup. Give the one that was chosen "
            "when it was made, or restore with --without-keys."
        )
        raise ExportedKeysRefused(msg) from None
    except (msgspec.DecodeError, ValueError) as error:
        msg = (
            f"This version of opmodel cannot read the keys in the backup: {error}. Restore "
            "with --without-keys, or with the version that wrote it."
        )
        raise ExportedKeysRefused(msg) from error
    keys = {one.campaign: CampaignKeys(one.secret, one.private_key) for one in entries}
    if not all(one.are_whole() for one in keys.values()):
        msg = "The keys in the backup are not whole. Restore with --without-keys."
        raise ExportedKeysRefused(msg)
    return keys
