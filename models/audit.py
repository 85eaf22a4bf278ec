"""Who did what and when: facts without personal data, kept permanently and in order."""

from piccolo.columns import JSONB, UUID, ForeignKey, OnDelete, Timestamptz, Varchar
from piccolo.constraints import Check
from piccolo.table import Table

from models.constraints import one_of
from models.engine import DB
from models.enums import AuditAction
from models.identifiers import TimeOrderedId
from models.organisation import Organisation

__all__ = ["AuditEvent"]


class AuditEvent(Table, tablename="audit_event", db=DB):
    """One action, recorded in the transaction that performed it."""

    id = UUID(primary_key=True, default=TimeOrderedId())
    organisation = ForeignKey(Organisation, null=False, on_delete=OnDelete.restrict)
    at = Timestamptz(default=None, help_text="UTC.")
    principal = UUID(null=True, default=None, help_text="The API key. Null: the operator.")
    principal_name = Varchar(length=200, null=True, default=None, help_text="Its name then.")
    action = Varchar(length=64, default=None)
    subject = Varchar(length=255, default=None, help_text="What the action changed.")
    facts = JSONB(default="{}")

    audit_event_action_is_known = one_of("action", AuditAction)
    audit_event_names_its_principal = Check("num_nulls(principal, principal_name) IN (0, 2)")
    audit_event_facts_are_an_object = Check("jsonb_typeof(facts) = 'object'")
