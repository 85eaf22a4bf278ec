"""Results of one campaign; the application writes them once and cannot change them."""

from piccolo.columns import (
    JSONB,
    UUID,
    BigInt,
    DoublePrecision,
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
from models.constraints import one_of
from models.engine import DB
from models.enums import Cut, FindingKind, ReportStatus
from models.identifiers import TimeOrderedId

__all__ = ["FINDING_STATUSES", "Finding", "Release", "ReleaseUnit", "Score"]


class Release(Table, tablename="release", db=DB):
    """One analysis of one closed campaign, with the versions of everything it depended on."""

    id = UUID(primary_key=True, default=TimeOrderedId())
    organisation = UUID(default=None)
    campaign = ForeignKey(Campaign, null=False, unique=True, on_delete=OnDelete.restrict)
    computed_at = Timestamptz(default=None, help_text="UTC.")
    instrument = Varchar(length=80, default=None, help_text="Key and version.")
    method = Varchar(length=32, default=None, help_text="Version of the method.")
    anchors = Varchar(length=64, default=None, help_text="Version of the operating models.")
    seed = BigInt(default=None)
    lineage = JSONB(default=None)
    company = JSONB(default=None, help_text="Results for the company as a whole.")


class Score(Table, tablename="score", db=DB):
    """Mean of one construct in one unit and cut, 0 to 100, with its 95 % interval."""

    id = UUID(primary_key=True, default=TimeOrderedId())
    organisation = UUID(default=None)
    release = ForeignKey(Release, null=False, on_delete=OnDelete.restrict)
    unit_code = Varchar(length=64, default=None)
    construct = Varchar(length=64, default=None)
    cut = Varchar(length=16, default=None)
    status = Varchar(length=16, default=None)
    n = Integer(null=True, default=None, help_text="Respondents behind the mean.")
    mean = DoublePrecision(null=True, default=None)
    low = DoublePrecision(null=True, default=None)
    high = DoublePrecision(null=True, default=None)
    level = SmallInt(null=True, default=None, help_text="Maturity level of the mean, 1 to 5.")

    score_once = Unique(["release", "unit_code", "construct", "cut"])
    score_cut_is_known = one_of("cut", Cut)
    score_status_is_known = one_of("status", ReportStatus)
    score_has_all_figures_or_none = Check(
        "num_nonnulls(n, mean, low, high, level) = "
        "CASE status WHEN 'reported' THEN 5 ELSE 0 END"
    )
    score_lies_on_its_scale = Check("mean BETWEEN 0 AND 100 AND low <= mean AND mean <= high")
    score_level_in_range = Check("level BETWEEN 1 AND 5")


class ReleaseUnit(Table, tablename="release_unit", db=DB):
    """A business unit in a release, and whether its figures may be shown."""

    id = UUID(primary_key=True, default=TimeOrderedId())
    organisation = UUID(default=None)
    release = ForeignKey(Release, null=False, on_delete=OnDelete.restrict)
    unit_code = Varchar(length=64, default=None)
    name = Varchar(length=200, default=None)
    parent_code = Varchar(length=64, null=True, default=None)
    status = Varchar(length=16, default=None)
    respondents = Integer(null=True, default=None)
    response_rate = DoublePrecision(null=True, default=None, help_text="0 to 1.")

    release_unit_once = Unique(["release", "unit_code"])
    release_unit_status_is_known = one_of("status", ReportStatus)
    release_unit_suppressed_has_no_figure = Check(
        "status <> 'suppressed' OR num_nonnulls(respondents, response_rate) = 0"
    )


FINDING_STATUSES = {
    FindingKind.CONSTRAINT: ("identified", "tied", "insufficient_evidence"),
    FindingKind.RECOMMENDATION: ("firm", "lean", "no_clear_model"),
    FindingKind.SPONSORSHIP: ("reported", "no_sponsor"),
}
"""Statuses of the kinds that say how sure they are; any finding may also be suppressed."""


def _status_fits_its_kind() -> Check:
    cases = "".join(
        f" WHEN '{kind}' THEN status IN ({', '.join(map(repr, statuses))})"
        for kind, statuses in FINDING_STATUSES.items()
    )
    return Check(f"status = 'suppressed' OR CASE kind{cases} ELSE status = 'reported' END")


class Finding(Table, tablename="finding", db=DB):
    """One kind of finding about one unit, or about the company as a whole."""

    id = UUID(primary_key=True, default=TimeOrderedId())
    organisation = UUID(default=None)
    release = ForeignKey(Release, null=False, on_delete=OnDelete.restrict)
    kind = Varchar(length=32, default=None)
    unit_code = Varchar(length=64, null=True, default=None, help_text="Null: the company.")
    status = Varchar(length=24, default=None)
    content = JSONB(default="{}")

    finding_once = Unique(["release", "kind", "unit_code"], nulls_distinct=False)
    finding_kind_is_known = one_of("kind", FindingKind)
    finding_status_fits_its_kind = _status_fits_its_kind()
    finding_suppressed_is_empty = Check("status <> 'suppressed' OR content = '{}'::jsonb")
    finding_says_no_more_than_its_status = Check(
        "status = 'suppressed' OR content ->> 'status' IS DISTINCT FROM 'suppressed'"
    )
