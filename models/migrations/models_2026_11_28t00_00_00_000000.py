"""The schema of the first release: tables, tenancy, rights, guards and the queue.

The tables stand here as they were on that day; tables of ours are not imported, because they
will change. Safe while the application runs: nothing came before. Undo: drops every table and
its rows. The role stays, because other databases of the server may use it.
"""

from typing import Any

from pgqueuer.queries import Queries
from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.columns import (
    JSONB,
    UUID,
    Array,
    BigInt,
    Boolean,
    Bytea,
    Date,
    DoublePrecision,
    ForeignKey,
    Integer,
    OnDelete,
    SmallInt,
    Text,
    Timestamptz,
    Varchar,
)
from piccolo.constraints import Check, Unique
from piccolo.table import Table

from models.engine import DB, connection
from models.identifiers import RandomId, TimeOrderedId

ID = "2026-11-28T00:00:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Create the schema of the first release."


class Organisation(Table, tablename="organisation"):
    id = UUID(primary_key=True, default=TimeOrderedId())
    key = Varchar(unique=True, length=63, default=None)
    name = Varchar(length=200, default=None)
    default_locale = Varchar(length=35, default="en")
    min_group = SmallInt(default=5)
    created_at = Timestamptz(default=None)
    organisation_key_is_a_slug = Check("key ~ '^[a-z0-9]([a-z0-9-]*[a-z0-9])?$'")
    organisation_min_group_in_range = Check("min_group BETWEEN 4 AND 50")


class ApiKeyIndex(Table, tablename="api_key_index"):
    key_hash = Bytea(primary_key=True, default=None)
    organisation = UUID(default=None)
    api_key_index_hash_is_sha256 = Check('octet_length("key_hash") = 32')


class TokenIndex(Table, tablename="token_index"):
    token_hash = Bytea(primary_key=True, default=None)
    organisation = UUID(default=None)
    token_index_hash_is_sha256 = Check('octet_length("token_hash") = 32')


class BusinessUnit(Table, tablename="business_unit"):
    id = UUID(primary_key=True, default=TimeOrderedId())
    organisation = ForeignKey(Organisation, on_delete=OnDelete.restrict, null=False)
    code = Varchar(length=64, default=None)
    name = Varchar(length=200, default=None)
    parent: ForeignKey[Any] = ForeignKey("self", on_delete=OnDelete.restrict, index=True)
    headcount = Integer(default=0)
    active = Boolean(default=True)
    business_unit_code_once = Unique(["organisation", "code"])
    business_unit_code_not_empty = Check("code <> ''")
    business_unit_headcount_not_negative = Check("headcount >= 0")
    business_unit_not_its_own_parent = Check("parent <> id")


class Instrument(Table, tablename="instrument"):
    id = UUID(primary_key=True, default=TimeOrderedId())
    organisation = ForeignKey(Organisation, on_delete=OnDelete.restrict, null=False)
    key = Varchar(length=64, default=None)
    version = Integer(default=None)
    state = Varchar(length=16, default="draft")
    definition = JSONB(default=None)
    checksum = Varchar(length=64, default=None)
    published_at = Timestamptz(null=True, default=None)
    instrument_version_once = Unique(["organisation", "key", "version"])
    instrument_version_is_positive = Check("version >= 1")
    instrument_state_is_known = Check("\"state\" IN ('draft', 'published')")
    instrument_checksum_is_sha256 = Check("checksum ~ '^[0-9a-f]{64}$'")
    instrument_published_has_a_time = Check(
        "(state = 'published') = (published_at IS NOT NULL)"
    )


class Catalogue(Table, tablename="catalogue"):
    id = UUID(primary_key=True, default=TimeOrderedId())
    organisation = ForeignKey(Organisation, on_delete=OnDelete.restrict, null=False)
    kind = Varchar(length=32, default=None)
    version = Varchar(length=32, default=None)
    content = JSONB(default=None)
    catalogue_version_once = Unique(["organisation", "kind", "version"])
    catalogue_version_not_empty = Check("version <> ''")
    catalogue_kind_is_known = Check(
        "\"kind\" IN ('operating_models', 'evidence', 'phases', 'maturity_levels', 'use_case_criteria', 'diagnosis')"
    )


class ApiKey(Table, tablename="api_key"):
    id = UUID(primary_key=True, default=TimeOrderedId())
    organisation = ForeignKey(Organisation, on_delete=OnDelete.restrict, null=False, index=True)
    name = Varchar(length=200, default=None)
    prefix = Varchar(length=16, default=None)
    key_hash = Bytea(unique=True, default=None)
    scopes = Array(base_column=Text(), default=None)
    unit_code = Varchar(null=True, length=64, default=None)
    created_at = Timestamptz(default=None)
    expires_at = Timestamptz(null=True, default=None)
    last_used_on = Date(null=True, default=None)
    revoked_at = Timestamptz(null=True, default=None)
    api_key_hash_is_sha256 = Check('octet_length("key_hash") = 32')


class Idempotency(Table, tablename="idempotency"):
    id = UUID(primary_key=True, default=TimeOrderedId())
    organisation = ForeignKey(Organisation, on_delete=OnDelete.restrict, null=False)
    key = Varchar(length=255, default=None)
    operation = Varchar(length=64, default=None)
    request_hash = Bytea(default=None)
    status = SmallInt(default=None)
    body = Bytea(default=None)
    headers = JSONB(null=True, default=None)
    created_at = Timestamptz(default=None)
    idempotency_key_once = Unique(["organisation", "key", "operation"])
    idempotency_status_is_http = Check("status BETWEEN 100 AND 599")
    idempotency_request_hash_is_sha256 = Check('octet_length("request_hash") = 32')


class AuditEvent(Table, tablename="audit_event"):
    id = UUID(primary_key=True, default=TimeOrderedId())
    organisation = ForeignKey(Organisation, on_delete=OnDelete.restrict, null=False)
    at = Timestamptz(default=None)
    principal = UUID(null=True, default=None)
    principal_name = Varchar(null=True, length=200, default=None)
    action = Varchar(length=64, default=None)
    subject = Varchar(length=255, default=None)
    facts = JSONB(default="{}")
    audit_event_action_is_known = Check(
        "\"action\" IN ('recommendation_accepted', 'recommendation_overridden', 'use_case_created', 'use_case_changed', 'operating_models_loaded')"
    )
    audit_event_names_its_principal = Check("num_nulls(principal, principal_name) IN (0, 2)")
    audit_event_facts_are_an_object = Check("jsonb_typeof(facts) = 'object'")


class Person(Table, tablename="person"):
    id = UUID(primary_key=True, default=TimeOrderedId())
    organisation = ForeignKey(Organisation, on_delete=OnDelete.restrict, null=False)
    external_id = Varchar(length=128, default=None)
    email = Text(null=True, default=None)
    display_name = Text(default=None)
    unit = ForeignKey(BusinessUnit, on_delete=OnDelete.restrict, null=False, index=True)
    role = Varchar(length=16, default=None)
    function = Varchar(null=True, length=64, default=None)
    locale = Varchar(null=True, length=35, default=None)
    manager_external_id = Varchar(null=True, length=128, default=None)
    active = Boolean(default=True)
    person_external_id_once = Unique(["organisation", "external_id"])
    person_external_id_not_empty = Check("external_id <> ''")
    person_role_is_known = Check("\"role\" IN ('sponsor', 'manager', 'contributor')")


class UseCase(Table, tablename="use_case"):
    id = UUID(primary_key=True, default=TimeOrderedId())
    organisation = ForeignKey(Organisation, on_delete=OnDelete.restrict, null=False)
    unit = ForeignKey(BusinessUnit, on_delete=OnDelete.restrict)
    title = Varchar(length=200, default=None)
    description = Text(default=None)
    scores = JSONB(default="{}")
    deferrals = JSONB(default="{}")
    state = Varchar(length=16, default="candidate")
    revision = Integer(default=1)
    created_at = Timestamptz(default=None)
    changed_at = Timestamptz(default=None)
    use_case_state_is_known = Check("\"state\" IN ('candidate', 'chosen', 'dropped')")
    use_case_title_not_empty = Check("title ~ '\\S'")
    use_case_description_fits = Check("length(description) <= 5000")
    use_case_scores_are_an_object = Check("jsonb_typeof(scores) = 'object'")
    use_case_scores_on_their_scale = Check(
        "NOT jsonb_path_exists(scores, '$.* ? (@.type() != \"number\" || @ < 0 || @ > 4 || @ != @.floor())')"
    )
    use_case_deferrals_are_an_object = Check("jsonb_typeof(deferrals) = 'object'")
    use_case_deferrals_hold_or_not = Check(
        "NOT jsonb_path_exists(deferrals, '$.* ? (@.type() != \"boolean\")')"
    )
    use_case_counts_changes_from_one = Check("revision >= 1")


class Campaign(Table, tablename="campaign"):
    id = UUID(primary_key=True, default=TimeOrderedId())
    organisation = ForeignKey(Organisation, on_delete=OnDelete.restrict, null=False)
    name = Varchar(length=200, default=None)
    wave = SmallInt(default=1)
    instrument = ForeignKey(Instrument, on_delete=OnDelete.restrict, null=False, index=True)
    mode = Varchar(length=16, default="anonymous")
    state = Varchar(length=16, default="draft")
    min_group = SmallInt(default=5)
    min_comments = SmallInt(default=10)
    min_drivers = SmallInt(default=100)
    opens_at = Timestamptz(null=True, default=None)
    closes_at = Timestamptz(null=True, default=None)
    opened_at = Timestamptz(null=True, default=None)
    closed_at = Timestamptz(null=True, default=None)
    revision = Integer(default=1)
    created_at = Timestamptz(default=None)
    campaign_wave_once = Unique(["organisation", "name", "wave"])
    campaign_name_not_empty = Check("name <> ''")
    campaign_wave_is_positive = Check("wave >= 1")
    campaign_mode_is_known = Check("\"mode\" IN ('anonymous', 'confidential')")
    campaign_state_is_known = Check("\"state\" IN ('draft', 'open', 'closing', 'closed')")
    campaign_min_group_in_range = Check("min_group BETWEEN 4 AND 50")
    campaign_min_comments_covers_group = Check("min_comments >= min_group")
    campaign_min_drivers_covers_group = Check("min_drivers >= min_group")
    campaign_closes_after_it_opens = Check("closes_at > opens_at")
    campaign_opened_has_a_time = Check("(state = 'draft') = (opened_at IS NULL)")
    campaign_closed_has_a_time = Check("(state = 'closed') = (closed_at IS NOT NULL)")


class Job(Table, tablename="job"):
    id = UUID(primary_key=True, default=TimeOrderedId())
    organisation = ForeignKey(Organisation, on_delete=OnDelete.restrict, null=False)
    kind = Varchar(length=32, default=None)
    subject = Varchar(length=255, default=None)
    scope = Varchar(length=64, default=None)
    started_by = ForeignKey(ApiKey, on_delete=OnDelete.restrict)
    state = Varchar(length=16, default="queued")
    progress = DoublePrecision(default=0.0)
    result = Varchar(null=True, length=255, default=None)
    problem = JSONB(null=True, default=None)
    created_at = Timestamptz(default=None)
    updated_at = Timestamptz(default=None)
    job_state_is_known = Check("\"state\" IN ('queued', 'running', 'succeeded', 'failed')")
    job_progress_is_a_share = Check("progress BETWEEN 0 AND 1")
    job_succeeded_has_a_result = Check("(state = 'succeeded') = (result IS NOT NULL)")
    job_failed_has_a_problem = Check("(state = 'failed') = (problem IS NOT NULL)")
    job_problem_is_an_object = Check("jsonb_typeof(problem) = 'object'")


class CampaignUnit(Table, tablename="campaign_unit"):
    id = UUID(primary_key=True, default=TimeOrderedId())
    organisation = UUID(default=None)
    campaign = ForeignKey(Campaign, on_delete=OnDelete.restrict, null=False)
    code = Varchar(length=64, default=None)
    name = Varchar(length=200, default=None)
    parent_code = Varchar(null=True, length=64, default=None)
    headcount = Integer(default=0)
    campaign_unit_code_once = Unique(["campaign", "code"])
    campaign_unit_headcount_not_negative = Check("headcount >= 0")
    campaign_unit_not_its_own_parent = Check("parent_code <> code")


class Invitation(Table, tablename="invitation"):
    id = UUID(primary_key=True, default=TimeOrderedId())
    organisation = UUID(default=None)
    campaign = ForeignKey(Campaign, on_delete=OnDelete.restrict, null=False)
    person = ForeignKey(Person, on_delete=OnDelete.set_null, index=True)
    unit_code = Varchar(length=64, default=None)
    role = Varchar(length=16, default=None)
    function = Varchar(null=True, length=64, default=None)
    locale = Varchar(null=True, length=35, default=None)
    generation = SmallInt(default=1)
    token_hash = Bytea(unique=True, default=None)
    started = Boolean(default=False)
    completed = Boolean(default=False)
    fingerprint = Bytea(null=True, default=None)
    draft = Bytea(null=True, default=None)
    invitation_person_once = Unique(["campaign", "person"])
    invitation_role_is_known = Check("\"role\" IN ('sponsor', 'manager', 'contributor')")
    invitation_generation_is_positive = Check("generation >= 1")
    invitation_token_hash_is_sha256 = Check('octet_length("token_hash") = 32')
    invitation_completed_keeps_no_draft = Check("NOT completed OR draft IS NULL")
    invitation_fingerprint_only_when_completed = Check("completed OR fingerprint IS NULL")


class DeliveryCount(Table, tablename="delivery_count"):
    id = UUID(primary_key=True, default=TimeOrderedId())
    organisation = UUID(default=None)
    campaign = ForeignKey(Campaign, on_delete=OnDelete.restrict, null=False)
    kind = Varchar(length=16, default=None)
    state = Varchar(length=16, default=None)
    messages = Integer(default=None)
    delivery_count_once = Unique(["campaign", "kind", "state"])
    delivery_count_kind_is_known = Check("\"kind\" IN ('invitation')")
    delivery_count_state_is_known = Check("\"state\" IN ('queued', 'sent', 'failed')")
    delivery_count_not_negative = Check("messages >= 0")


class Response(Table, tablename="response"):
    id = UUID(primary_key=True, default=RandomId())
    organisation = UUID(default=None)
    campaign = ForeignKey(Campaign, on_delete=OnDelete.restrict, null=False, index=True)
    unit_code = Varchar(length=64, default=None)
    role = Varchar(length=16, default=None)
    function = Varchar(null=True, length=64, default=None)
    locale = Varchar(null=True, length=35, default=None)
    submitted_on = Date(null=True, default=None)
    duration_s = Integer(null=True, default=None)
    consent = Boolean(null=True, default=None)
    person = UUID(null=True, index=True, default=None)
    answers = Array(base_column=SmallInt(), default=None)
    response_role_is_known = Check("\"role\" IN ('sponsor', 'manager', 'contributor')")
    response_duration_not_negative = Check("duration_s >= 0")
    response_answers_are_one_row = Check(
        "cardinality(answers) > 0 AND array_ndims(answers) = 1"
    )
    response_consent_is_a_sponsors = Check("role = 'sponsor' OR consent IS NULL")


class Comment(Table, tablename="comment"):
    id = UUID(primary_key=True, default=RandomId())
    organisation = UUID(default=None)
    campaign = ForeignKey(Campaign, on_delete=OnDelete.restrict, null=False, index=True)
    unit_code = Varchar(length=64, default=None)
    item = Varchar(length=64, default=None)
    locale = Varchar(null=True, length=35, default=None)
    text = Text(default=None)
    comment_text_not_empty = Check("text <> ''")


class ImportedFile(Table, tablename="imported_file"):
    id = UUID(primary_key=True, default=TimeOrderedId())
    organisation = UUID(default=None)
    campaign = ForeignKey(Campaign, on_delete=OnDelete.restrict, null=False)
    sha256 = Varchar(length=64, default=None)
    rows = Integer(default=None)
    imported_at = Timestamptz(default=None)
    imported_file_once = Unique(["campaign", "sha256"])
    imported_file_sha256_is_hex = Check("sha256 ~ '^[0-9a-f]{64}$'")
    imported_file_rows_not_negative = Check('"rows" >= 0')


class Release(Table, tablename="release"):
    id = UUID(primary_key=True, default=TimeOrderedId())
    organisation = UUID(default=None)
    campaign = ForeignKey(Campaign, on_delete=OnDelete.restrict, null=False, unique=True)
    computed_at = Timestamptz(default=None)
    instrument = Varchar(length=80, default=None)
    method = Varchar(length=32, default=None)
    anchors = Varchar(length=64, default=None)
    seed = BigInt(default=None)
    lineage = JSONB(default=None)
    company = JSONB(default=None)


class Delivery(Table, tablename="delivery"):
    id = UUID(primary_key=True, default=TimeOrderedId())
    organisation = UUID(default=None)
    campaign = ForeignKey(Campaign, on_delete=OnDelete.restrict, null=False, index=True)
    invitation = ForeignKey(Invitation, on_delete=OnDelete.restrict, null=False, index=True)
    channel = Varchar(length=32, default=None)
    kind = Varchar(length=16, default=None)
    state = Varchar(length=16, default="queued")
    attempts = SmallInt(default=0)
    updated_at = Timestamptz(null=True, default=None)
    delivery_kind_is_known = Check("\"kind\" IN ('invitation')")
    delivery_state_is_known = Check("\"state\" IN ('queued', 'sent', 'failed')")
    delivery_attempts_not_negative = Check("attempts >= 0")


class Score(Table, tablename="score"):
    id = UUID(primary_key=True, default=TimeOrderedId())
    organisation = UUID(default=None)
    release = ForeignKey(Release, on_delete=OnDelete.restrict, null=False)
    unit_code = Varchar(length=64, default=None)
    construct = Varchar(length=64, default=None)
    cut = Varchar(length=16, default=None)
    status = Varchar(length=16, default=None)
    n = Integer(null=True, default=None)
    mean = DoublePrecision(null=True, default=None)
    low = DoublePrecision(null=True, default=None)
    high = DoublePrecision(null=True, default=None)
    level = SmallInt(null=True, default=None)
    score_once = Unique(["release", "unit_code", "construct", "cut"])
    score_cut_is_known = Check("\"cut\" IN ('all', 'managers', 'contributors')")
    score_status_is_known = Check("\"status\" IN ('reported', 'suppressed')")
    score_has_all_figures_or_none = Check(
        "num_nonnulls(n, mean, low, high, level) = CASE status WHEN 'reported' THEN 5 ELSE 0 END"
    )
    score_lies_on_its_scale = Check("mean BETWEEN 0 AND 100 AND low <= mean AND mean <= high")
    score_level_in_range = Check("level BETWEEN 1 AND 5")


class ReleaseUnit(Table, tablename="release_unit"):
    id = UUID(primary_key=True, default=TimeOrderedId())
    organisation = UUID(default=None)
    release = ForeignKey(Release, on_delete=OnDelete.restrict, null=False)
    unit_code = Varchar(length=64, default=None)
    name = Varchar(length=200, default=None)
    parent_code = Varchar(null=True, length=64, default=None)
    status = Varchar(length=16, default=None)
    respondents = Integer(null=True, default=None)
    response_rate = DoublePrecision(null=True, default=None)
    release_unit_once = Unique(["release", "unit_code"])
    release_unit_status_is_known = Check("\"status\" IN ('reported', 'suppressed')")
    release_unit_suppressed_has_no_figure = Check(
        "status <> 'suppressed' OR num_nonnulls(respondents, response_rate) = 0"
    )


class Finding(Table, tablename="finding"):
    id = UUID(primary_key=True, default=TimeOrderedId())
    organisation = UUID(default=None)
    release = ForeignKey(Release, on_delete=OnDelete.restrict, null=False)
    kind = Varchar(length=32, default=None)
    unit_code = Varchar(null=True, length=64, default=None)
    status = Varchar(length=24, default=None)
    content = JSONB(default="{}")
    finding_once = Unique(["release", "kind", "unit_code"], nulls_distinct=False)
    finding_kind_is_known = Check(
        "\"kind\" IN ('readiness', 'governance', 'practices', 'quality', 'participation', 'change', 'portfolio', 'drivers', 'sponsorship', 'drift', 'constraint', 'recommendation')"
    )
    finding_status_fits_its_kind = Check(
        "status = 'suppressed' OR CASE kind WHEN 'constraint' THEN status IN ('identified', 'tied', 'insufficient_evidence') WHEN 'recommendation' THEN status IN ('firm', 'lean', 'no_clear_model') WHEN 'sponsorship' THEN status IN ('reported', 'no_sponsor') ELSE status = 'reported' END"
    )
    finding_suppressed_is_empty = Check("status <> 'suppressed' OR content = '{}'::jsonb")
    finding_says_no_more_than_its_status = Check(
        "status = 'suppressed' OR content ->> 'status' IS DISTINCT FROM 'suppressed'"
    )


class Decision(Table, tablename="decision"):
    id = UUID(primary_key=True, default=TimeOrderedId())
    organisation = UUID(default=None)
    release = ForeignKey(Release, on_delete=OnDelete.restrict, null=False)
    unit_code = Varchar(length=64, default=None)
    revision = Integer(default=None)
    verdict = Varchar(length=16, default=None)
    model = Varchar(null=True, length=64, default=None)
    recommended = Varchar(null=True, length=64, default=None)
    reason = Text(null=True, default=None)
    decided_at = Timestamptz(default=None)
    decided_by = UUID(default=None)
    decided_by_name = Varchar(length=200, default=None)
    decision_once = Unique(["release", "unit_code", "revision"])
    decision_verdict_is_known = Check("\"verdict\" IN ('accepted', 'overridden')")
    decision_counts_from_one = Check("revision >= 1")
    decision_accepts_what_is_recommended = Check(
        "verdict <> 'accepted' OR model IS NOT DISTINCT FROM recommended"
    )
    decision_overrides_with_another_model = Check(
        "verdict <> 'overridden' OR (model IS NOT NULL AND model IS DISTINCT FROM recommended)"
    )
    decision_overrides_with_a_reason = Check("verdict <> 'overridden' OR reason IS NOT NULL")
    decision_reason_fits = Check("reason ~ '\\S' AND length(reason) <= 2000")


_TABLES: tuple[type[Table], ...] = (
    Organisation,
    ApiKeyIndex,
    TokenIndex,
    BusinessUnit,
    Instrument,
    Catalogue,
    ApiKey,
    Idempotency,
    AuditEvent,
    Person,
    UseCase,
    Campaign,
    Job,
    CampaignUnit,
    Invitation,
    DeliveryCount,
    Response,
    Comment,
    ImportedFile,
    Release,
    Delivery,
    Score,
    ReleaseUnit,
    Finding,
    Decision,
)


# A foreign key is checked without row-level security, so a plain one would let a row name a
# parent of another organisation. Piccolo knows keys of one column only; each is replaced by one
# over (organisation, parent), which also makes a key of its own on ``organisation`` needless.
_PARENTS = (
    "business_unit",
    "person",
    "instrument",
    "campaign",
    "invitation",
    "release",
    "api_key",
)
_REFERENCES = (
    ("business_unit", "parent", "business_unit"),
    ("person", "unit", "business_unit"),
    ("campaign", "instrument", "instrument"),
    ("campaign_unit", "campaign", "campaign"),
    ("invitation", "campaign", "campaign"),
    ("invitation", "person", "person"),
    ("delivery", "campaign", "campaign"),
    ("delivery", "invitation", "invitation"),
    ("delivery_count", "campaign", "campaign"),
    ("response", "campaign", "campaign"),
    ("comment", "campaign", "campaign"),
    ("imported_file", "campaign", "campaign"),
    ("release", "campaign", "campaign"),
    ("score", "release", "release"),
    ("release_unit", "release", "release"),
    ("finding", "release", "release"),
    ("decision", "release", "release"),
    ("use_case", "unit", "business_unit"),
    ("job", "started_by", "api_key"),
)
_READ_IN_ORDER = ("audit_event", "use_case")
"""Read by organisation in the order of their ids, and no row's parent."""


def _on_delete(table: str, column: str) -> str:
    # Erasing a person leaves the invitation, without a name.
    if (table, column) == ("invitation", "person"):
        return "SET NULL (person)"
    return "RESTRICT"


async def _refer_within_the_organisation() -> None:
    for table in (*_PARENTS, *_READ_IN_ORDER):
        await DB.run_ddl(
            f"ALTER TABLE {table} ADD CONSTRAINT {table}_tenant_key UNIQUE (organisation, id)"
        )
    for table, column, parent in _REFERENCES:
        await DB.run_ddl(
            f"ALTER TABLE {table} DROP CONSTRAINT {table}_{column}_fkey, "
            f"ADD CONSTRAINT {table}_{column}_fkey FOREIGN KEY (organisation, {column}) "
            f"REFERENCES {parent} (organisation, id) ON DELETE {_on_delete(table, column)}"
        )


# The application's role may do what its use cases need, and no more. What a release holds is
# never changed. A response is removed and written anew at close, never updated. Unit and role
# of an invitation are frozen.
_GRANTS = {
    "organisation": "SELECT, INSERT, UPDATE",
    "business_unit": "SELECT, INSERT, UPDATE, DELETE",
    "person": "SELECT, INSERT, UPDATE, DELETE",
    "instrument": "SELECT, INSERT, UPDATE, DELETE",
    "catalogue": "SELECT, INSERT",
    "campaign": "SELECT, INSERT, UPDATE",
    "campaign_unit": "SELECT, INSERT",
    "invitation": "SELECT, INSERT, DELETE, UPDATE ("
    "person, function, locale, generation, token_hash, started, completed, fingerprint, draft)",
    "delivery": "SELECT, INSERT, UPDATE, DELETE",
    "delivery_count": "SELECT, INSERT",
    "response": "SELECT, INSERT, DELETE",
    "comment": "SELECT, INSERT, DELETE",
    "imported_file": "SELECT, INSERT",
    "api_key": "SELECT, INSERT, UPDATE",
    "idempotency": "SELECT, INSERT, DELETE",
    "release": "SELECT, INSERT",
    "score": "SELECT, INSERT",
    "release_unit": "SELECT, INSERT",
    "finding": "SELECT, INSERT",
    "decision": "SELECT, INSERT",
    "use_case": "SELECT, INSERT, UPDATE (unit, title, description, scores, deferrals, state, "
    "revision, changed_at)",
    "audit_event": "SELECT, INSERT",
    "job": "SELECT, INSERT, UPDATE (state, progress, result, problem, updated_at)",
}
_INDEXES = ("token_index", "api_key_index")
"""Read before the organisation is known, written within one."""

# The setting is empty after a transaction, not null. The sub-select is evaluated once per
# statement, not once per row.
_CURRENT = "(SELECT nullif(current_setting('opmodel.organisation', true), '')::uuid)"

# Roles belong to the whole server: the role may be there already, from another database or made
# by an administrator.
_ROLE = """
DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'opmodel_app') THEN
        CREATE ROLE opmodel_app NOLOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE;
    END IF;
EXCEPTION
    WHEN duplicate_object OR unique_violation THEN NULL;
END $$;

DO $$
BEGIN
    IF EXISTS (
        SELECT FROM pg_roles WHERE rolname = 'opmodel_app' AND (rolsuper OR rolbypassrls)
    ) THEN
        RAISE EXCEPTION 'role opmodel_app must be neither SUPERUSER nor BYPASSRLS';
    END IF;
    IF NOT pg_has_role(current_user, 'opmodel_app', 'SET') THEN
        EXECUTE format('GRANT opmodel_app TO %I WITH INHERIT FALSE, SET TRUE', current_user);
    END IF;
    IF NOT has_schema_privilege('opmodel_app', current_schema(), 'USAGE') THEN
        EXECUTE format('GRANT USAGE ON SCHEMA %I TO opmodel_app', current_schema());
    END IF;
END $$;
"""


async def _separate_organisations() -> None:
    """Let a transaction see and write the rows of its organisation; the owner's too."""
    for table in _GRANTS:
        column = "id" if table == "organisation" else "organisation"
        await _enforce(table)
        await DB.run_ddl(
            f"CREATE POLICY tenant ON {table} USING ({column} = {_CURRENT}) "
            f"WITH CHECK ({column} = {_CURRENT})"
        )
    # The login role lists the organisations: for scheduled work, which goes through all.
    await DB.run_ddl(
        "CREATE POLICY operator_lists ON organisation FOR SELECT TO CURRENT_USER USING (true)"
    )
    for table in _INDEXES:
        await _enforce(table)
        await DB.run_ddl(f"CREATE POLICY anyone_reads ON {table} FOR SELECT USING (true)")
        for verb, clause in (("INSERT", "WITH CHECK"), ("DELETE", "USING")):
            await DB.run_ddl(
                f"CREATE POLICY tenant_{verb.lower()}s ON {table} FOR {verb} "
                f"{clause} (organisation = {_CURRENT})"
            )


async def _enforce(table: str) -> None:
    await DB.run_ddl(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY")


async def _grant() -> None:
    await DB.run_ddl_script(_ROLE)
    for table, privileges in _GRANTS.items():
        await DB.run_ddl(f"GRANT {privileges} ON {table} TO opmodel_app")
    for table in _INDEXES:
        await DB.run_ddl(f"GRANT SELECT, INSERT, DELETE ON {table} TO opmodel_app")


# What no constraint can say, because it compares with the row before or with another table.
_PUBLISHED_IS_IMMUTABLE = """
CREATE FUNCTION refuse_change_of_published_instrument() RETURNS trigger
LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    RAISE EXCEPTION 'a published instrument never changes' USING
        ERRCODE = 'restrict_violation',
        TABLE = TG_TABLE_NAME,
        CONSTRAINT = 'instrument_published_is_immutable';
END $$;

CREATE TRIGGER instrument_published_is_immutable BEFORE UPDATE OR DELETE ON instrument
FOR EACH ROW WHEN (OLD.state = 'published')
EXECUTE FUNCTION refuse_change_of_published_instrument();
"""

_OPEN_CAMPAIGN_IS_LOCKED = """
CREATE FUNCTION refuse_change_of_locked_campaign() RETURNS trigger
LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    RAISE EXCEPTION 'mode, thresholds, instrument and wave lock when a campaign opens' USING
        ERRCODE = 'restrict_violation',
        TABLE = TG_TABLE_NAME,
        CONSTRAINT = 'campaign_locks_when_it_opens';
END $$;

CREATE TRIGGER campaign_locks_when_it_opens BEFORE UPDATE ON campaign
FOR EACH ROW WHEN (
    OLD.state <> 'draft'
    AND (OLD.mode, OLD.min_group, OLD.min_comments, OLD.min_drivers, OLD.instrument, OLD.wave)
        IS DISTINCT FROM
        (NEW.mode, NEW.min_group, NEW.min_comments, NEW.min_drivers, NEW.instrument, NEW.wave)
)
EXECUTE FUNCTION refuse_change_of_locked_campaign();
"""

_CAMPAIGN_GOES_FORWARDS = """
CREATE FUNCTION refuse_campaign_going_back() RETURNS trigger
LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    RAISE EXCEPTION 'a campaign that is % never becomes %', OLD.state, NEW.state USING
        ERRCODE = 'restrict_violation',
        TABLE = TG_TABLE_NAME,
        CONSTRAINT = 'campaign_goes_forwards';
END $$;

CREATE TRIGGER campaign_goes_forwards BEFORE UPDATE ON campaign
FOR EACH ROW WHEN (
    OLD.state <> NEW.state AND (OLD.state, NEW.state) NOT IN (
        ('draft', 'open'), ('open', 'closing'), ('closing', 'closed'))
)
EXECUTE FUNCTION refuse_campaign_going_back();
"""

# Costs nothing in anonymous campaigns: a response without a person does not call it.
_ANONYMOUS_NAMES_NOBODY = """
CREATE FUNCTION refuse_person_in_anonymous_campaign() RETURNS trigger
LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    IF EXISTS (SELECT FROM campaign WHERE id = NEW.campaign AND mode <> 'confidential') THEN
        RAISE EXCEPTION 'a response to an anonymous campaign names no person' USING
            ERRCODE = 'check_violation',
            TABLE = TG_TABLE_NAME,
            CONSTRAINT = 'response_anonymous_names_nobody';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER response_anonymous_names_nobody BEFORE INSERT OR UPDATE ON response
FOR EACH ROW WHEN (NEW.person IS NOT NULL)
EXECUTE FUNCTION refuse_person_in_anonymous_campaign();
"""

_WRITTEN_ONCE = ("finding", "decision", "audit_event")
_WRITTEN_ONCE_NEVER_CHANGES = """
CREATE FUNCTION refuse_change_of_what_is_written_once() RETURNS trigger
LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    RAISE EXCEPTION 'a row of % never changes', TG_TABLE_NAME USING
        ERRCODE = 'restrict_violation',
        TABLE = TG_TABLE_NAME,
        CONSTRAINT = TG_NAME;
END $$;
"""

_FUNCTIONS = (
    "refuse_change_of_published_instrument",
    "refuse_change_of_locked_campaign",
    "refuse_campaign_going_back",
    "refuse_person_in_anonymous_campaign",
    "refuse_change_of_what_is_written_once",
)


async def _guard() -> None:
    for script in (
        _PUBLISHED_IS_IMMUTABLE,
        _OPEN_CAMPAIGN_IS_LOCKED,
        _CAMPAIGN_GOES_FORWARDS,
        _ANONYMOUS_NAMES_NOBODY,
        _WRITTEN_ONCE_NEVER_CHANGES,
    ):
        await DB.run_ddl_script(script)
    # Piccolo has no word for an index over some of the rows.
    await DB.run_ddl(
        "CREATE UNIQUE INDEX job_unfinished_once ON job (organisation, kind, subject) "
        "WHERE state IN ('queued', 'running')"
    )
    for table in _WRITTEN_ONCE:
        await DB.run_ddl(
            f"CREATE TRIGGER {table}_is_immutable AFTER UPDATE OR DELETE ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION refuse_change_of_what_is_written_once()"
        )


# ``ANALYZE`` copies values of a column into ``pg_statistic``, where they would outlive the rows:
# a fingerprint that closing forgets, together with the server key, still leads from a person to
# a response. No query filters by these columns, so the planner misses nothing.
_WRITTEN_BY_PEOPLE = (
    ("invitation", "fingerprint"),
    ("invitation", "draft"),
    ("response", "answers"),
    ("response", "duration_s"),
    ("comment", "text"),
)


async def _keep_answers_out_of_the_statistics() -> None:
    for table, column in _WRITTEN_BY_PEOPLE:
        await DB.run_ddl(f"ALTER TABLE {table} ALTER COLUMN {column} SET STATISTICS 0")


async def _install_the_queue() -> None:
    """The application may put jobs in; the operator's worker takes them."""
    queue = Queries.from_asyncpg_connection(connection())
    await queue.install()
    names = queue.qbe.settings.qualified
    for table in (names.queue_table, names.queue_table_log):
        await DB.run_ddl(f"GRANT SELECT, INSERT ON {table} TO opmodel_app")
        sequence = await connection().fetchval("SELECT pg_get_serial_sequence($1, 'id')", table)
        await DB.run_ddl(f"GRANT USAGE ON SEQUENCE {sequence} TO opmodel_app")


class _TablesThenGuards(MigrationManager):
    """Piccolo runs steps of our own before it adds tables; these steps need the tables."""

    async def run(self, backwards: bool = False) -> None:  # noqa: FBT001, FBT002 - Piccolo's
        if backwards:
            await self._take_down()
            await super().run(backwards=True)
        else:
            await super().run()
            await self._put_up()

    async def _put_up(self) -> None:
        await _refer_within_the_organisation()
        await _separate_organisations()
        await _grant()
        await _guard()
        await _keep_answers_out_of_the_statistics()
        await _install_the_queue()

    async def _take_down(self) -> None:
        """Remove what does not go with its table."""
        await Queries.from_asyncpg_connection(connection()).uninstall()
        for function in _FUNCTIONS:
            await DB.run_ddl(f"DROP FUNCTION {function}() CASCADE")


async def forwards() -> MigrationManager:
    manager = _TablesThenGuards(migration_id=ID, app_name="models", description=DESCRIPTION)
    for table in _TABLES:
        _add(manager, table)
    return manager


def _add(manager: MigrationManager, table: type[Table]) -> None:
    name, tablename = table.__name__, table._meta.tablename
    manager.add_table(class_name=name, tablename=tablename)
    for column in table._meta.columns:
        manager.add_column(
            table_class_name=name,
            tablename=tablename,
            column_name=column._meta.name,
            column_class_name=type(column).__name__,
            column_class=type(column),
            params=column._meta.params,
        )
    for constraint in table._meta.constraints:
        names = (
            ("columns", "nulls_distinct") if isinstance(constraint, Unique) else ("condition",)
        )
        manager.add_constraint(
            table_class_name=name,
            tablename=tablename,
            constraint_name=constraint._meta.name,
            constraint_class=type(constraint),
            params={name: getattr(constraint, name) for name in names},
        )
