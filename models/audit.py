"""Who did what and when: a chain of entries without personal data, kept permanently."""

from piccolo.columns import (
    JSONB,
    UUID,
    Array,
    BigInt,
    Bytea,
    ForeignKey,
    OnDelete,
    Text,
    Timestamptz,
    Varchar,
)
from piccolo.constraints import Check, Unique
from piccolo.table import Table

from models.constraints import bytes_long, one_of
from models.engine import DB
from models.enums import ActorKind, AuditAction
from models.identifiers import TimeOrderedId
from models.organisation import Organisation

__all__ = ["AuditEvent"]


class AuditEvent(Table, tablename="audit_event", db=DB):
    """One action, recorded in the transaction that performed it; added, and never changed."""

    id = UUID(primary_key=True, default=TimeOrderedId())
    organisation = ForeignKey(Organisation, null=False, on_delete=OnDelete.restrict)
    number = BigInt(default=None, help_text="1, 2, 3, ... in the organisation, without gaps.")
    at = Timestamptz(default=None, help_text="UTC, by the clock of the database.")
    actor = Varchar(length=16, default=None)
    principal = UUID(null=True, default=None, help_text="The API key, if one did it.")
    principal_name = Varchar(length=200, null=True, default=None, help_text="Its name then.")
    address = Varchar(length=45, null=True, default=None, help_text="IP address of the caller.")
    action = Varchar(length=64, default=None)
    subjects = Array(
        base_column=Text(), default=None, help_text="Addresses; the first changed."
    )
    facts = JSONB(default="{}")
    mac = Bytea(null=True, default=None, help_text="HMAC over the entry and the one before.")
    key_mark = Bytea(null=True, default=None, help_text="Tells which key made the MAC.")

    audit_event_number_once = Unique(["organisation", "number"])
    audit_event_number_is_positive = Check("number > 0")
    audit_event_actor_is_known = one_of("actor", ActorKind)
    audit_event_action_is_known = one_of("action", AuditAction)
    audit_event_names_its_principal = Check("num_nulls(principal, principal_name) IN (0, 2)")
    audit_event_principal_is_a_key = Check("(actor = 'key') = (principal IS NOT NULL)")
    audit_event_has_subjects = Check("cardinality(subjects) BETWEEN 1 AND 10")
    audit_event_facts_are_an_object = Check("jsonb_typeof(facts) = 'object'")
    audit_event_mac_is_sha256 = bytes_long("mac", 32)
    audit_event_mac_has_its_key = Check("num_nulls(mac, key_mark) IN (0, 2)")
