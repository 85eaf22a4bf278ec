"""What the analyses of a release find beside its scores and recommendations, written once."""

from piccolo.columns import JSONB, UUID, ForeignKey, OnDelete, Varchar
from piccolo.constraints import Check, Unique
from piccolo.table import Table

from models.constraints import one_of
from models.engine import DB
from models.enums import FindingKind, ReportStatus
from models.identifiers import TimeOrderedId
from models.release import Release

__all__ = ["Finding"]


class Finding(Table, tablename="finding", db=DB):
    """One kind of finding about one unit, or about the company as a whole."""

    id = UUID(primary_key=True, default=TimeOrderedId())
    organisation = UUID(default=None)
    release = ForeignKey(Release, null=False, on_delete=OnDelete.restrict)
    kind = Varchar(length=32, default=None)
    unit_code = Varchar(length=64, null=True, default=None, help_text="Null: the company.")
    status = Varchar(length=16, default=None)
    content = JSONB(default="{}")

    finding_once = Unique(["release", "kind", "unit_code"], nulls_distinct=False)
    finding_kind_is_known = one_of("kind", FindingKind)
    finding_status_is_known = one_of("status", ReportStatus)
    finding_suppressed_is_empty = Check("status <> 'suppressed' OR content = '{}'::jsonb")
    finding_says_no_more_than_its_status = Check(
        "status = 'suppressed' OR content ->> 'status' IS DISTINCT FROM 'suppressed'"
    )
