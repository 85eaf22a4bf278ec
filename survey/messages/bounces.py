"""Reports of mail that came back, signed by whoever watches the sender's mailbox.

Only a permanent failure of a message that we have sent counts. Out-of-office replies, delays
and reports of other messages are taken and change nothing.
"""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec

from models.engine import connection, reading, transaction
from survey.errors import Unauthenticated
from survey.messages.email import EMAIL
from survey.messages.mail import message_key
from survey.messages.secrets import SecretsUnreadableError, open_secrets
from survey.messages.signatures import is_signed
from survey.messages.smtp import is_fault_of_address

__all__ = ["BounceNotSigned", "BounceReport", "require_signed", "take_bounce"]

_PERMANENT = re.compile(r"5\.\d{1,3}\.\d{1,3}")
_SECRETS = "SELECT secrets FROM channel WHERE kind = $1"

# In the order in which everybody locks: campaign, person, message.
_FOUND = """
SELECT i.person FROM campaign c JOIN delivery d ON d.campaign = c.id
JOIN invitation i ON i.id = d.invitation
WHERE d.id = $1 AND d.channel = $2 AND c.state = 'open' FOR SHARE OF c
"""
_MARK = """
UPDATE person SET email_fault = $2
WHERE id = $1 AND email IS NOT NULL AND ($3::text IS NULL OR lower(email) = lower($3))
"""
_FAIL = """
UPDATE delivery SET state = 'failed', reason = $2
WHERE id = $1 AND state IN ('sending', 'sent', 'uncertain')
"""


class BounceNotSigned(Unauthenticated):
    """The report is not signed with the secret of the channel, or is too old."""

    code = "bounce-not-signed"

    def __init__(self) -> None:
        super().__init__(
            "The report is not signed with the bounceSecret of the channel email, or its "
            "webhook-timestamp is more than 5 minutes from now."
        )


class BounceReport(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename="camel"
):
    """What became of a mail after it had been handed over."""

    message_id: Annotated[str, msgspec.Meta(max_length=400)]
    """Its `Message-ID`, as it stands in the returned message."""
    status: Annotated[str, msgspec.Meta(max_length=16)]
    """Enhanced status code (RFC 3463) of the delivery report, such as `5.1.1`. Others than
    `5.x.x` are taken and change nothing."""
    recipient: Annotated[str, msgspec.Meta(max_length=400)] | None = None
    """Address that it was sent to. An address that a person has had since is not blamed."""


async def require_signed(
    organisation: UUID,
    headers: Mapping[str, str],
    body: bytes,
    *,
    server_key: bytes,
    now: datetime,
) -> None:
    """Check the signature of a report (Standard Webhooks).

    Parameters
    ----------
    headers
        ``webhook-id``, ``webhook-timestamp`` and ``webhook-signature``.
    body : bytes
        As it came.
    server_key : bytes
        Opens the secret of the channel.
    now : datetime
        The present moment, UTC.

    Raises
    ------
    BounceNotSigned
        The signature is wrong, the report is old, or there is no such channel.
    """
    async with reading(organisation):
        sealed = await connection().fetchval(_SECRETS, EMAIL.name)
    secret = _secret(sealed, server_key, organisation)
    if secret is None or not is_signed(
        secret,
        message=headers.get("webhook-id", ""),
        timestamp=headers.get("webhook-timestamp", ""),
        signatures=headers.get("webhook-signature", ""),
        body=body,
        now=now,
    ):
        raise BounceNotSigned


async def take_bounce(organisation: UUID, report: BounceReport) -> None:
    """Record that a message came back; do nothing unless it failed for good and was ours."""
    delivery = _delivery(report.message_id)
    if delivery is None or not _PERMANENT.fullmatch(report.status):
        return
    async with transaction(organisation):
        row = await connection().fetchrow(_FOUND, delivery, EMAIL.name)
        if row is None:
            return
        if row["person"] is not None and is_fault_of_address(report.status):
            await connection().execute(_MARK, row["person"], report.status, report.recipient)
        await connection().execute(_FAIL, delivery, report.status)


def _secret(sealed: bytes | None, server_key: bytes, organisation: UUID) -> str | None:
    if sealed is None:
        return None
    try:
        secrets = open_secrets(
            sealed, server_key=server_key, organisation=organisation, kind=EMAIL.name
        )
    except SecretsUnreadableError:
        return None
    return secrets.get("bounce_secret")


def _delivery(message_id: str) -> UUID | None:
    try:
        return UUID(message_key(message_id) or "")
    except ValueError:
        return None
