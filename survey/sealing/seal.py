"""The seal of a campaign: what seals its answers, and what is derived from its secret.

The server key outlives a campaign, so nothing about answers is derived from it. Fingerprints,
keys of drafts and marks of imported rows come from the secret of the campaign: once it is
destroyed, they mean nothing.
"""

import hmac
from base64 import urlsafe_b64encode
from collections.abc import Iterable
from typing import NamedTuple, Self
from uuid import UUID

import msgspec
from uuid_utils.compat import uuid4

from survey.sealing.errors import EnvelopeRefused, KeyExchanged
from survey.sealing.key_pair import CannotOpen, PrivateKey, PublicKey
from survey.sealing.sheets import Comment, Contents, Layout, Sheet

__all__ = ["Envelope", "Seal", "mark_of_key"]

FORMAT = b"opmodel sealed answers 1"


class Envelope(NamedTuple):
    """Sheets that were stored together, as the database holds them."""

    id: UUID
    sealed: bytes
    mark: bytes
    """HMAC under the campaign's secret, 32 bytes: only who holds it can add an envelope."""


class Seal(msgspec.Struct, frozen=True, kw_only=True):
    """What a process needs to take answers to one campaign."""

    organisation: UUID
    campaign: UUID
    secret: bytes
    public_key: PublicKey
    layout: Layout

    @classmethod
    def of(
        cls,
        organisation: UUID,
        campaign: UUID,
        *,
        secret: bytes,
        public_key: bytes,
        mark: bytes,
        layout: Layout,
    ) -> Self:
        """Return the seal, having checked that the stored public key is the campaign's own.

        Raises
        ------
        KeyExchanged
            The key does not bear the mark of the secret: somebody has exchanged it.
        """
        if not hmac.compare_digest(mark, mark_of_key(secret, campaign, public_key)):
            raise KeyExchanged(campaign)
        return cls(
            organisation=organisation,
            campaign=campaign,
            secret=secret,
            public_key=PublicKey.from_bytes(public_key),
            layout=layout,
        )

    def close(self, sheets: Iterable[Sheet], comments: Iterable[Comment]) -> Envelope:
        """Seal sheets and the comments that came with them."""
        envelope = uuid4()
        content = self.layout.pack(sheets, comments)
        sealed = self.public_key.seal(content, bound_to=self._bound_to(envelope))
        return Envelope(envelope, sealed, self._mark(envelope, sealed))

    def open(self, envelope: Envelope, private_key: PrivateKey) -> Contents:
        """Return what is in an envelope.

        Raises
        ------
        EnvelopeRefused
            It does not bear the mark of the secret, or cannot be opened.
        """
        if not hmac.compare_digest(envelope.mark, self._mark(envelope.id, envelope.sealed)):
            raise EnvelopeRefused(self.campaign)
        try:
            content = private_key.open(envelope.sealed, bound_to=self._bound_to(envelope.id))
        except CannotOpen:
            raise EnvelopeRefused(self.campaign) from None
        return self.layout.unpack(content)

    def fingerprint(self, token: str, body: bytes) -> bytes:
        """Return what tells a repeat from a new answer; useless without secret and token."""
        return self._derived(b"fingerprint", token.encode(), body)

    def draft_key(self, token: str, device: str = "") -> bytes:
        """Return the key under which this token's saved answers are encrypted (Fernet).

        Parameters
        ----------
        device : str
            Resume code of the only device that may read them; empty if the token is enough.
        """
        parts = (token.encode(), device.encode()) if device else (token.encode(),)
        return urlsafe_b64encode(self._derived(b"draft", *parts))

    def row_key(self) -> bytes:
        """Return the key of the hashes that tell an imported row that is imported again."""
        return self._derived(b"row")

    def _bound_to(self, envelope: UUID) -> bytes:
        """Return what an envelope opens with only: its place, and the layout of its sheets."""
        place = self.organisation.bytes + self.campaign.bytes + envelope.bytes
        return FORMAT + place + self.layout.fingerprint

    def _mark(self, envelope: UUID, sealed: bytes) -> bytes:
        return self._derived(b"envelope", envelope.bytes, sealed)

    def _derived(self, purpose: bytes, *parts: bytes) -> bytes:
        return _hmac(self.secret, purpose, *parts)


def mark_of_key(secret: bytes, campaign: UUID, public_key: bytes) -> bytes:
    """Return the HMAC that shows a stored public key to be the campaign's own, 32 bytes."""
    return _hmac(secret, b"public key", campaign.bytes, public_key)


def _hmac(secret: bytes, *parts: bytes) -> bytes:
    """Return the HMAC-SHA-256 of parts that cannot run into one another."""
    message = b"".join(len(part).to_bytes(8, "big") + part for part in parts)
    return hmac.digest(secret, message, "sha256")
