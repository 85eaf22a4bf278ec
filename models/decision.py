"""Decisions on recommendations; every decision is kept, and the latest one is in force."""

from piccolo.columns import UUID, ForeignKey, Integer, OnDelete, Text, Timestamptz, Varchar
from piccolo.constraints import Check, Unique
from piccolo.table import Table

from models.constraints import one_of
from models.engine import DB
from models.enums import Verdict
from models.identifiers import TimeOrderedId
from models.release import Release

__all__ = ["Decision"]


class Decision(Table, tablename="decision", db=DB):
    """One decision on the recommendation for a unit; a later one supersedes it."""

    id = UUID(primary_key=True, default=TimeOrderedId())
    organisation = UUID(default=None)
    release = ForeignKey(Release, null=False, on_delete=OnDelete.restrict)
    unit_code = Varchar(length=64, default=None)
    revision = Integer(default=None, help_text="1 for a unit's first decision, then 2, 3, ...")
    verdict = Varchar(length=16, default=None)
    model = Varchar(length=64, null=True, default=None, help_text="Null: no model for now.")
    recommended = Varchar(
        length=64, null=True, default=None, help_text="At that time. Null: no clear model."
    )
    reason = Text(null=True, default=None)
    decided_at = Timestamptz(default=None, help_text="UTC.")
    decided_by = UUID(default=None, help_text="The API key.")
    decided_by_name = Varchar(length=200, default=None, help_text="Its name at that time.")

    decision_once = Unique(["release", "unit_code", "revision"])
    decision_verdict_is_known = one_of("verdict", Verdict)
    decision_counts_from_one = Check("revision >= 1")
    decision_accepts_what_is_recommended = Check(
        "verdict <> 'accepted' OR model IS NOT DISTINCT FROM recommended"
    )
    decision_overrides_with_another_model = Check(
        "verdict <> 'overridden' OR (model IS NOT NULL AND model IS DISTINCT FROM recommended)"
    )
    decision_overrides_with_a_reason = Check("verdict <> 'overridden' OR reason IS NOT NULL")
    decision_reason_fits = Check("reason ~ '\\S' AND length(reason) <= 2000")
