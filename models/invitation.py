"""Invitations to answer, and the messages that deliver them."""

from piccolo.columns import (
    UUID,
    Boolean,
    Bytea,
    ForeignKey,
    Integer,
    OnDelete,
    SmallInt,
    Timestamptz,
    Varchar,
)
from piccolo.constraints import Check, Unique
from piccolo.table import Table

from models.campaign import Campaign
from models.constraints import bytes_long, one_of
from models.engine import DB
from models.enums import DeliveryKind, DeliveryState, Role
from models.identifiers import TimeOrderedId
from models.organisation import Person

__all__ = ["Delivery", "DeliveryCount", "Invitation"]


class Invitation(Table, tablename="invitation", db=DB):
    """One person's right to answer once. It has no timestamp and no link to the response."""

    id = UUID(primary_key=True, default=TimeOrderedId())
    organisation = UUID(default=None)
    campaign = ForeignKey(Campaign, null=False, on_delete=OnDelete.restrict)
    person = ForeignKey(
        Person,
        null=True,
        default=None,
        index=True,
        on_delete=OnDelete.set_null,
        help_text="Null once the person has been erased, or for a link without a name.",
    )
    unit_code = Varchar(
        length=64, default=None, help_text="As it was when the campaign opened."
    )
    role = Varchar(length=16, default=None, help_text="As it was when the campaign opened.")
    function = Varchar(length=64, null=True, default=None)
    locale = Varchar(length=35, null=True, default=None)
    generation = SmallInt(default=1, help_text="Raising it revokes the token.")
    token_hash = Bytea(default=None, unique=True, help_text="SHA-256 of the token.")
    invited_late = Boolean(
        default=False, help_text="Invited after the campaign had opened: a joiner."
    )
    revoked = Boolean(
        default=False, help_text="The person left before an answer; the token is void."
    )
    link_exported = Boolean(
        default=False,
        help_text="The office has its link; a draft resumes only on the device that began it.",
    )
    opted_out = Boolean(default=False, help_text="Wants no more messages of this campaign.")
    started = Boolean(default=False)
    completed = Boolean(default=False, help_text="Token spent; the time is not recorded.")
    fingerprint = Bytea(
        null=True,
        default=None,
        help_text="HMAC(token, canonical body): distinguishes a repeat from a new answer.",
    )
    draft = Bytea(
        null=True,
        default=None,
        help_text="Saved answers, encrypted with a key from the token. Null once submitted.",
    )

    invitation_person_once = Unique(["campaign", "person"])
    invitation_role_is_known = one_of("role", Role)
    invitation_generation_is_positive = Check("generation >= 1")
    invitation_token_hash_is_sha256 = bytes_long("token_hash", 32)
    invitation_completed_keeps_no_draft = Check("NOT completed OR draft IS NULL")
    invitation_fingerprint_only_when_completed = Check("completed OR fingerprint IS NULL")


class Delivery(Table, tablename="delivery", db=DB):
    """One message to one invited person; replaced by counts when the campaign closes."""

    id = UUID(primary_key=True, default=TimeOrderedId())
    organisation = UUID(default=None)
    campaign = ForeignKey(Campaign, null=False, index=True, on_delete=OnDelete.restrict)
    invitation = ForeignKey(Invitation, null=False, index=True, on_delete=OnDelete.restrict)
    channel = Varchar(length=32, default=None, help_text="Such as folder or email.")
    kind = Varchar(length=16, default=None)
    state = Varchar(length=16, default=DeliveryState.QUEUED)
    number = SmallInt(
        null=True,
        default=None,
        help_text="Which reminder of the plan, from 1. Null: of no plan.",
    )
    attempts = SmallInt(default=0)
    reason = Varchar(
        length=64, null=True, default=None, help_text="Why it was not sent; a code."
    )
    dated_at = Timestamptz(
        null=True, default=None, help_text="First attempt, UTC: the date that it bears."
    )
    updated_at = Timestamptz(null=True, default=None, help_text="Last attempt, UTC.")

    delivery_kind_is_known = one_of("kind", DeliveryKind)
    delivery_state_is_known = one_of("state", DeliveryState)
    delivery_reminder_once = Unique(["invitation", "number"])
    delivery_number_is_of_a_reminder = Check("number IS NULL OR kind = 'reminder'")
    delivery_number_is_positive = Check("number >= 1")
    delivery_attempts_not_negative = Check("attempts >= 0")


class DeliveryCount(Table, tablename="delivery_count", db=DB):
    """Counts of the deliveries of a closed campaign."""

    id = UUID(primary_key=True, default=TimeOrderedId())
    organisation = UUID(default=None)
    campaign = ForeignKey(Campaign, null=False, on_delete=OnDelete.restrict)
    kind = Varchar(length=16, default=None)
    state = Varchar(length=16, default=None)
    messages = Integer(default=None, help_text="Number that ended in this state.")

    delivery_count_once = Unique(["campaign", "kind", "state"])
    delivery_count_kind_is_known = one_of("kind", DeliveryKind)
    delivery_count_state_is_known = one_of("state", DeliveryState)
    delivery_count_not_negative = Check("messages >= 0")
