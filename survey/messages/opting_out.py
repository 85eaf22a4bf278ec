"""Stopping messages: a signed address in each mail, which is not the link to the form."""

import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error
from typing import NamedTuple
from uuid import UUID

from models.engine import connection, reading, transaction
from survey.errors import NotFound

__all__ = ["OptOutUnknown", "opt_out", "opt_out_id", "opt_out_locale"]

_LABEL = b"opt-out of messages\0"
_ID_BYTES = 16
_MAC_BYTES = 16
_BYTES = 2 * _ID_BYTES + _MAC_BYTES

_LOCALE = "SELECT locale FROM invitation WHERE id = $1"
_OPT_OUT = "UPDATE invitation SET opted_out = true WHERE id = $1 AND NOT opted_out"


class OptOutUnknown(NotFound):
    """There are no messages to stop at this address."""

    code = "opt-out-unknown"

    def __init__(self) -> None:
        super().__init__("There are no messages to stop at this address.")


class _Invited(NamedTuple):
    organisation: UUID
    invitation: UUID


def opt_out_id(server_key: bytes, organisation: UUID, invitation: UUID) -> str:
    """Return what stands in the address that stops the messages to one invitation.

    It says whose messages to stop, and opens no form: 64 characters, of which the last third is
    a MAC that only a holder of the server key can make.
    """
    named = organisation.bytes + invitation.bytes
    return urlsafe_b64encode(named + _mac(server_key, named)).decode()


async def opt_out_locale(given: str, *, server_key: bytes) -> str | None:
    """Return the language of the person whose messages an address stops; changes nothing.

    Raises
    ------
    OptOutUnknown
        The id was not made here, or there is no such invitation.
    """
    invited = _read(given, server_key)
    async with reading(invited.organisation):
        row = await connection().fetchrow(_LOCALE, invited.invitation)
    if row is None:
        raise OptOutUnknown
    return None if row["locale"] is None else str(row["locale"])


async def opt_out(given: str, *, server_key: bytes) -> None:
    """Stop messages of one campaign to one person; it may be asked for again.

    Nothing shows whether the person has answered, or whether the campaign still runs.

    Raises
    ------
    OptOutUnknown
        The id was not made here.
    """
    invited = _read(given, server_key)
    async with transaction(invited.organisation):
        await connection().execute(_OPT_OUT, invited.invitation)


def _read(given: str, server_key: bytes) -> _Invited:
    try:
        found = urlsafe_b64decode(given.encode("ascii"))
    except (Error, ValueError):
        found = b""
    named, mac = found[:-_MAC_BYTES], found[-_MAC_BYTES:]
    if len(found) != _BYTES or not hmac.compare_digest(_mac(server_key, named), mac):
        raise OptOutUnknown
    return _Invited(UUID(bytes=named[:_ID_BYTES]), UUID(bytes=named[_ID_BYTES:]))


def _mac(server_key: bytes, named: bytes) -> bytes:
    key = hmac.digest(server_key, _LABEL, "sha256")
    return hmac.digest(key, named, "sha256")[:_MAC_BYTES]
