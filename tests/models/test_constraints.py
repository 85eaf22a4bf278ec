"""Every constraint of the database refuses a row that breaks it."""

from typing import Any
from uuid import UUID, uuid4

import asyncpg
import pytest
from piccolo.table import Table

from models.access import ApiKey, ApiKeyIndex, Idempotency, TokenIndex
from models.audit import AuditEvent
from models.campaign import Campaign, CampaignUnit, CampaignWording
from models.catalogue import Catalogue
from models.channel import Channel
from models.decision import Decision
from models.engine import connection, operator_transaction, transaction
from models.instrument import Instrument
from models.invitation import Delivery, DeliveryCount, Invitation
from models.job import Job
from models.organisation import BusinessUnit, Organisation, Person
from models.piccolo_app import APP_CONFIG
from models.release import (
    Finding,
    Release,
    ReleaseUnit,
    Score,
)
from models.response import Comment, Envelope, ImportedFile, ImportedRows, Response
from models.use_case import UseCase
from tests.factories.server import NOW
from tests.models.rows import Rows, insert, store_response, stored

KEYS = {"public_key": b"k", "public_key_mark": b"m"}
NO_FIGURES = {"n": None, "mean": None, "low": None, "high": None, "level": None}

# Table, columns that break one constraint, and the constraint.
BROKEN: list[tuple[type[Table], dict[str, Any], str]] = [
    (BusinessUnit, {"code": ""}, "business_unit_code_not_empty"),
    (BusinessUnit, {"headcount": -1}, "business_unit_headcount_not_negative"),
    (Person, {"external_id": ""}, "person_external_id_not_empty"),
    (Person, {"role": "boss"}, "person_role_is_known"),
    (Instrument, {"version": 0}, "instrument_version_is_positive"),
    (Instrument, {"state": "gone"}, "instrument_state_is_known"),
    (Instrument, {"checksum": "F" * 64}, "instrument_checksum_is_sha256"),
    (Instrument, {"state": "published"}, "instrument_published_has_a_time"),
    (Instrument, {"published_at": NOW}, "instrument_published_has_a_time"),
    (Catalogue, {"kind": "jokes"}, "catalogue_kind_is_known"),
    (Catalogue, {"version": ""}, "catalogue_version_not_empty"),
    (CampaignWording, {"kind": "farewell"}, "campaign_wording_kind_is_known"),
    (Channel, {"kind": ""}, "channel_kind_not_empty"),
    (Channel, {"settings": "[]"}, "channel_settings_are_an_object"),
    (Campaign, {"name": ""}, "campaign_name_not_empty"),
    (Campaign, {"wave": 0}, "campaign_wave_is_positive"),
    (Campaign, {"mode": "public"}, "campaign_mode_is_known"),
    (Campaign, {"state": "gone", "opened_at": NOW}, "campaign_state_is_known"),
    (Campaign, {"min_group": 3}, "campaign_min_group_in_range"),
    (Campaign, {"min_group": 51, "min_comments": 51}, "campaign_min_group_in_range"),
    (Campaign, {"min_comments": 4}, "campaign_min_comments_covers_group"),
    (Campaign, {"min_drivers": 4}, "campaign_min_drivers_covers_group"),
    (Campaign, {"opens_at": NOW, "closes_at": NOW}, "campaign_closes_after_it_opens"),
    (Campaign, {"state": "open"} | KEYS, "campaign_opened_has_a_time"),
    (Campaign, {"state": "scheduled", "opens_at": NOW}, "campaign_scheduled_has_a_time"),
    (Campaign, {"state": "scheduled", "channel": "email"}, "campaign_scheduled_has_a_time"),
    (Campaign, {"problem": "{}"}, "campaign_problem_only_when_scheduled"),
    (
        Campaign,
        {"problem": "1", "state": "scheduled", "opens_at": NOW, "channel": "email"},
        "campaign_problem_is_an_object",
    ),
    (Campaign, {"sending_window": "1"}, "campaign_sending_window_is_an_object"),
    (Campaign, {"reminders": [1, 2, 3, 4, 5, 6]}, "campaign_reminders_are_few"),
    (Campaign, {"reminder_hour": 24}, "campaign_reminder_hour_in_range"),
    (Campaign, {"opened_at": NOW}, "campaign_opened_has_a_time"),
    (Campaign, {"state": "closed", "opened_at": NOW}, "campaign_closed_has_a_time"),
    (
        ApiKey,
        {"scopes": ["responses:import", "comments:read"]},
        "api_key_import_reads_no_results",
    ),
    (CampaignUnit, {"headcount": -1}, "campaign_unit_headcount_not_negative"),
    (CampaignUnit, {"parent_code": "north"}, "campaign_unit_not_its_own_parent"),
    (CampaignUnit, {"managers": 3}, "campaign_unit_population_is_known_or_not"),
    (
        CampaignUnit,
        {"managers": -1, "contributors": 3},
        "campaign_unit_population_not_negative",
    ),
    (Invitation, {"role": "boss"}, "invitation_role_is_known"),
    (Invitation, {"generation": 0}, "invitation_generation_is_positive"),
    (Invitation, {"token_hash": b"short"}, "invitation_token_hash_is_sha256"),
    (Invitation, {"completed": True, "draft": b"x"}, "invitation_completed_keeps_no_draft"),
    (Invitation, {"fingerprint": b"x"}, "invitation_fingerprint_only_when_completed"),
    (Delivery, {"kind": "joke"}, "delivery_kind_is_known"),
    (Delivery, {"state": "lost"}, "delivery_state_is_known"),
    (Delivery, {"attempts": -1}, "delivery_attempts_not_negative"),
    (Delivery, {"number": 1}, "delivery_number_is_of_a_reminder"),
    (Delivery, {"number": 0, "kind": "reminder"}, "delivery_number_is_positive"),
    (DeliveryCount, {"kind": "joke"}, "delivery_count_kind_is_known"),
    (DeliveryCount, {"state": "lost"}, "delivery_count_state_is_known"),
    (DeliveryCount, {"messages": -1}, "delivery_count_not_negative"),
    (Campaign, KEYS, "campaign_answers_are_sealed"),
    (Envelope, {"mark": b"short"}, "envelope_mark_is_sha256"),
    (Comment, {"text": ""}, "comment_text_not_empty"),
    (ImportedFile, {"sha256": "x"}, "imported_file_sha256_is_hex"),
    (ImportedFile, {"rows": -1}, "imported_file_rows_not_negative"),
    (ImportedRows, {"respondents": b"R00001"}, "imported_rows_respondents_are_hashes"),
    (ImportedRows, {"sheets": bytes(33)}, "imported_rows_sheets_are_hashes"),
    (ApiKey, {"key_hash": b"short"}, "api_key_hash_is_sha256"),
    (Idempotency, {"status": 42}, "idempotency_status_is_http"),
    (Idempotency, {"request_hash": b""}, "idempotency_request_hash_is_sha256"),
    (TokenIndex, {"token_hash": b"short"}, "token_index_hash_is_sha256"),
    (ApiKeyIndex, {"key_hash": b"short"}, "api_key_index_hash_is_sha256"),
    (Score, {"cut": "sponsors"}, "score_cut_is_known"),
    (Score, NO_FIGURES | {"status": "secret"}, "score_status_is_known"),
    (Score, {"status": "suppressed"}, "score_has_all_figures_or_none"),
    (Score, NO_FIGURES | {"status": "suppressed", "n": 3}, "score_has_all_figures_or_none"),
    (Score, {"mean": None}, "score_has_all_figures_or_none"),
    (Score, {"high": 45.0}, "score_lies_on_its_scale"),
    (Score, {"low": 55.0}, "score_lies_on_its_scale"),
    (Score, {"mean": 101.0, "high": 102.0}, "score_lies_on_its_scale"),
    (Score, {"level": 6}, "score_level_in_range"),
    (ReleaseUnit, {"status": "secret"}, "release_unit_status_is_known"),
    (ReleaseUnit, {"status": "suppressed"}, "release_unit_suppressed_has_no_figure"),
    (Finding, {"kind": "gossip"}, "finding_kind_is_known"),
    (Finding, {"status": "firm"}, "finding_status_fits_its_kind"),
    (Finding, {"kind": "recommendation"}, "finding_status_fits_its_kind"),
    (Finding, {"kind": "constraint", "status": "lean"}, "finding_status_fits_its_kind"),
    (Finding, {"kind": "sponsorship", "status": "tied"}, "finding_status_fits_its_kind"),
    (Finding, {"status": "suppressed"}, "finding_suppressed_is_empty"),
    (
        Finding,
        {"content": '{"status": "suppressed", "n": 3}'},
        "finding_says_no_more_than_its_status",
    ),
    (Decision, {"verdict": "ignored"}, "decision_verdict_is_known"),
    (Decision, {"revision": 0}, "decision_counts_from_one"),
    (Decision, {"verdict": "accepted"}, "decision_accepts_what_is_recommended"),
    (Decision, {"model": "hub"}, "decision_overrides_with_another_model"),
    (Decision, {"model": None}, "decision_overrides_with_another_model"),
    (Decision, {"reason": None}, "decision_overrides_with_a_reason"),
    (Decision, {"reason": "  "}, "decision_reason_fits"),
    (Decision, {"reason": "x" * 2001}, "decision_reason_fits"),
    (UseCase, {"state": "lost"}, "use_case_state_is_known"),
    (UseCase, {"title": " "}, "use_case_title_not_empty"),
    (UseCase, {"description": "x" * 5001}, "use_case_description_fits"),
    (UseCase, {"scores": "[]"}, "use_case_scores_are_an_object"),
    (UseCase, {"scores": '{"a": 5}'}, "use_case_scores_on_their_scale"),
    (UseCase, {"scores": '{"a": -1}'}, "use_case_scores_on_their_scale"),
    (UseCase, {"scores": '{"a": 1.5}'}, "use_case_scores_on_their_scale"),
    (UseCase, {"scores": '{"a": "high"}'}, "use_case_scores_on_their_scale"),
    (UseCase, {"deferrals": "[]"}, "use_case_deferrals_are_an_object"),
    (UseCase, {"deferrals": '{"a": 1}'}, "use_case_deferrals_hold_or_not"),
    (UseCase, {"revision": 0}, "use_case_counts_changes_from_one"),
    (AuditEvent, {"action": "looked"}, "audit_event_action_is_known"),
    (AuditEvent, {"principal_name": None}, "audit_event_names_its_principal"),
    (AuditEvent, {"actor": "somebody"}, "audit_event_actor_is_known"),
    (AuditEvent, {"actor": "platform"}, "audit_event_principal_is_a_key"),
    (AuditEvent, {"number": 0}, "audit_event_number_is_positive"),
    (AuditEvent, {"subjects": []}, "audit_event_has_subjects"),
    (AuditEvent, {"mac": b"short", "key_mark": b"m"}, "audit_event_mac_is_sha256"),
    (AuditEvent, {"mac": bytes(32)}, "audit_event_mac_has_its_key"),
    (AuditEvent, {"facts": "[]"}, "audit_event_facts_are_an_object"),
    (Job, {"state": "lost"}, "job_state_is_known"),
    (Job, {"progress": 1.1}, "job_progress_is_a_share"),
    (Job, {"progress": -0.1}, "job_progress_is_a_share"),
    (Job, {"state": "succeeded"}, "job_succeeded_has_a_result"),
    (Job, {"result": "/v1/releases/1"}, "job_succeeded_has_a_result"),
    (Job, {"state": "failed"}, "job_failed_has_a_problem"),
    (Job, {"problem": "{}"}, "job_failed_has_a_problem"),
    (Job, {"state": "failed", "problem": "[]"}, "job_problem_is_an_object"),
]

# Table, and columns in which a second row may differ and still be a duplicate.
ONCE: list[tuple[type[Table], dict[str, Any], str]] = [
    (CampaignWording, {"text": "Other."}, "campaign_wording_once"),
    (Channel, {"settings": '{"a": 1}'}, "channel_kind_once"),
    (BusinessUnit, {"name": "Other"}, "business_unit_code_once"),
    (Person, {"display_name": "Other"}, "person_external_id_once"),
    (Person, {"external_id": "p2", "email": "ANN@example.com"}, "person_email_once"),
    (Instrument, {"definition": '{"a": 1}'}, "instrument_version_once"),
    (Catalogue, {"content": '{"a": 1}'}, "catalogue_version_once"),
    (Campaign, {"min_group": 6}, "campaign_wave_once"),
    (CampaignUnit, {"name": "Other"}, "campaign_unit_code_once"),
    (Invitation, {"token_hash": uuid4().bytes * 2}, "invitation_person_once"),
    (DeliveryCount, {"messages": 2}, "delivery_count_once"),
    (ImportedFile, {"rows": 2}, "imported_file_once"),
    (ImportedRows, {"respondents": b""}, "imported_rows_campaign_key"),
    (Idempotency, {"status": 409}, "idempotency_key_once"),
    (Release, {"seed": 8}, "release_campaign_key"),
    (Score, {"level": 2}, "score_once"),
    (ReleaseUnit, {"name": "Other"}, "release_unit_once"),
    (Finding, {}, "finding_once"),
    (Decision, {}, "decision_once"),
    (AuditEvent, {"actor": "key"}, "audit_event_number_once"),
    (Job, {"state": "running"}, "job_unfinished_once"),
]


async def insert_until(rows: Rows, table: type[Table], last: Table) -> None:
    """Insert the rows before those of ``table``, then ``last``, in one transaction."""
    async with transaction(rows.organisation):
        for row in rows.in_order():
            if isinstance(row, table):
                break
            if isinstance(row, Response):
                continue
            await insert(row)
        await insert(last)


def named(case: tuple[type[Table], dict[str, Any], str]) -> str:
    return f"{case[2]}-{'-'.join(case[1])}"


@pytest.mark.parametrize("case", BROKEN, ids=named)
async def test_refuses_a_row_that_breaks(
    case: tuple[type[Table], dict[str, Any], str], organisation: UUID
) -> None:
    table, columns, rule = case
    rows = Rows(organisation)

    with pytest.raises(asyncpg.CheckViolationError) as refusal:
        await insert_until(rows, table, rows.row(table, **columns))

    assert refusal.value.constraint_name == rule


@pytest.mark.parametrize("case", ONCE, ids=named)
async def test_refuses_a_second_row_of_the_same(
    case: tuple[type[Table], dict[str, Any], str], organisation: UUID
) -> None:
    table, columns, rule = case
    rows = Rows(organisation)
    first = rows.row(table)
    columns = {"id": uuid4()} | columns

    async def insert_both() -> None:
        async with transaction(organisation):
            await insert_until(rows, table, first)
            await table.insert(rows.row(table, **columns))

    with pytest.raises(asyncpg.UniqueViolationError) as refusal:
        await insert_both()

    assert refusal.value.constraint_name == rule


@pytest.mark.parametrize(
    ("columns", "rule"),
    [
        ({"role": "boss"}, "response_role_is_known"),
        ({"duration_class": 5}, "response_duration_class_in_range"),
        ({"answers": []}, "response_answers_are_one_row"),
        ({"answers": [[1, 2], [3, 4]]}, "response_answers_are_one_row"),
        ({"consent": True}, "response_consent_is_a_sponsors"),
    ],
)
async def test_refuses_a_response_that_breaks(
    columns: dict[str, Any], rule: str, organisation: UUID
) -> None:
    rows = await stored(organisation)

    with pytest.raises(asyncpg.CheckViolationError) as refusal:
        await store_response(rows, id=uuid4(), **columns)

    assert refusal.value.constraint_name == rule


async def test_each_reminder_of_a_plan_is_queued_once(organisation: UUID) -> None:
    rows = await stored(organisation)

    async with transaction(organisation):
        await Delivery.insert(rows.row(Delivery, kind="reminder", number=1))
    with pytest.raises(asyncpg.UniqueViolationError) as refusal:
        async with transaction(organisation):
            await Delivery.insert(rows.row(Delivery, kind="reminder", number=1))

    assert refusal.value.constraint_name == "delivery_reminder_once"


async def test_every_rule_of_a_table_has_a_case() -> None:
    rules = {
        c._meta.name for table in APP_CONFIG.table_classes for c in table._meta.constraints
    }
    cases = {rule for _, _, rule in BROKEN + ONCE}

    # Constraints on the organisation itself, and on a row's own id, have tests below.
    below = {
        "organisation_key_is_a_slug",
        "organisation_min_group_in_range",
        "business_unit_not_its_own_parent",
        "delivery_reminder_once",
    }
    own = {rule for rule in rules if rule.startswith("response_")}
    assert rules - cases - own == below


@pytest.mark.parametrize("key", ["", "Acme", "acme corp", "-acme", "acme-"])
async def test_the_key_of_an_organisation_is_a_slug(key: str, database: str) -> None:
    row = Organisation(key=key, name="Acme", created_at=NOW)

    with pytest.raises(asyncpg.CheckViolationError, match="organisation_key_is_a_slug"):
        await _insert_organisation(row)


@pytest.mark.parametrize("min_group", [3, 51])
async def test_min_group_of_an_organisation_is_between_4_and_50(
    min_group: int, database: str
) -> None:
    row = Organisation(key=f"k{uuid4()}", name="Acme", created_at=NOW, min_group=min_group)

    with pytest.raises(asyncpg.CheckViolationError, match="organisation_min_group_in_range"):
        await _insert_organisation(row)


async def test_the_key_of_an_organisation_is_unique(database: str) -> None:
    key = f"k{uuid4()}"
    await _insert_organisation(Organisation(key=key, name="Acme", created_at=NOW))

    with pytest.raises(asyncpg.UniqueViolationError):
        await _insert_organisation(Organisation(key=key, name="Acme", created_at=NOW))


async def test_a_unit_is_not_its_own_parent(organisation: UUID) -> None:
    rows = Rows(organisation)

    with pytest.raises(asyncpg.CheckViolationError, match="business_unit_not_its_own_parent"):
        await insert_until(rows, BusinessUnit, rows.row(BusinessUnit, parent=rows.unit))


@pytest.mark.parametrize("table", [BusinessUnit, Campaign, Response, Invitation])
async def test_every_required_column_must_be_given(table: type[Table], database: str) -> None:
    async with operator_transaction():
        defaults = await connection().fetch(
            "SELECT column_name, column_default FROM information_schema.columns "
            "WHERE table_name = $1 AND column_default LIKE '''''%'",
            table._meta.tablename,
        )

    # An empty text would pass for a value.
    assert defaults == []


async def test_a_token_belongs_to_one_invitation(organisation: UUID) -> None:
    rows = Rows(organisation)
    token_hash = uuid4().bytes * 2
    other = rows.row(Invitation, id=uuid4(), person=None, token_hash=token_hash)

    async def invite_twice() -> None:
        async with transaction(organisation):
            await insert_until(rows, Invitation, rows.row(Invitation, token_hash=token_hash))
            await Invitation.insert(other)

    with pytest.raises(asyncpg.UniqueViolationError, match="token_hash"):
        await invite_twice()


async def test_erasing_a_person_keeps_the_invitation_without_a_name(
    organisation: UUID,
) -> None:
    rows = Rows(organisation)
    await insert_until(rows, Invitation, rows.row(Invitation))

    async with transaction(organisation):
        await Person.delete().where(Person.id == rows.person)
        left = await Invitation.select(Invitation.person, Invitation.unit_code)

    assert left == [{"person": None, "unit_code": "north"}]


async def test_a_unit_with_people_cannot_be_deleted(organisation: UUID) -> None:
    rows = Rows(organisation)
    await insert_until(rows, Person, rows.row(Person))

    async def delete() -> None:
        async with transaction(organisation):
            await BusinessUnit.delete().where(BusinessUnit.id == rows.unit)

    with pytest.raises(asyncpg.RestrictViolationError):
        await delete()


async def _insert_organisation(row: Organisation) -> None:
    async with transaction(row.id):
        await Organisation.insert(row)


async def test_the_company_has_at_most_one_finding_of_a_kind(organisation: UUID) -> None:
    rows = Rows(organisation)

    async def find_twice() -> None:
        async with transaction(organisation):
            await insert_until(rows, Finding, rows.row(Finding, unit_code=None))
            await Finding.insert(rows.row(Finding, id=uuid4(), unit_code=None))

    with pytest.raises(asyncpg.UniqueViolationError, match="finding_once"):
        await find_twice()
