"""One valid row of every table, so that a test states only what it changes."""

from typing import Any
from uuid import UUID, uuid4

from piccolo.table import Table
from uuid_utils.compat import uuid7

from models.access import ApiKey, ApiKeyIndex, Idempotency, TokenIndex
from models.audit import AuditEvent
from models.campaign import Campaign, CampaignUnit, CampaignWording, ParticipationSteps
from models.catalogue import Catalogue
from models.channel import Channel
from models.decision import Decision
from models.engine import connection, insert_rows, operator_transaction, transaction
from models.instrument import Instrument
from models.invitation import Delivery, DeliveryCount, Invitation
from models.job import Job
from models.organisation import BusinessUnit, Person
from models.release import (
    Finding,
    Release,
    ReleaseUnit,
    Score,
)
from models.response import Comment, Envelope, ImportedFile, ImportedRows, Response
from models.use_case import UseCase
from tests.factories.server import NOW


class Rows:
    """Rows of one organisation that refer to each other; not inserted yet."""

    def __init__(self, organisation: UUID) -> None:
        self.organisation = organisation
        self.unit = uuid7()
        self.person = uuid7()
        self.instrument = uuid7()
        self.campaign = uuid7()
        self.invitation = uuid7()
        self.release = uuid7()
        self.api_key = uuid7()

    def row(self, table: type[Table], **columns: Any) -> Table:
        """Return a valid row of ``table``, with the given columns replaced."""
        return table(**self._valid()[table] | columns)

    def in_order(self) -> list[Table]:
        """Return a row of every tenant table, in an order in which they can be inserted."""
        return [self.row(table) for table in self._valid()]

    def _valid(self) -> dict[type[Table], dict[str, Any]]:
        mine = {"organisation": self.organisation}
        of_campaign = mine | {"campaign": self.campaign}
        of_release = mine | {"release": self.release, "unit_code": "north"}
        return {
            BusinessUnit: mine | {"id": self.unit, "code": "north", "name": "North"},
            Person: mine
            | {
                "id": self.person,
                "external_id": "p1",
                "email": "ann@example.com",
                "display_name": "Ann",
                "unit": self.unit,
                "role": "manager",
            },
            Instrument: mine
            | {
                "id": self.instrument,
                "key": "conditions",
                "version": 1,
                "definition": "{}",
                "checksum": "0" * 64,
            },
            Catalogue: mine | {"kind": "evidence", "version": "1", "content": "{}"},
            Campaign: mine
            | {
                "id": self.campaign,
                "name": "Baseline",
                "instrument": self.instrument,
                "mode": "anonymous",
                "created_at": NOW,
            },
            CampaignUnit: of_campaign | {"code": "north", "name": "North"},
            ParticipationSteps: of_campaign
            | {"as_of": NOW, "steps": '{"north": {"started": 9, "completed": 7}}'},
            CampaignWording: of_campaign
            | {"kind": "reminder", "locale": "en", "subject": "Two days", "text": "Please."},
            Channel: mine | {"kind": "email", "settings": "{}", "updated_at": NOW},
            Invitation: of_campaign
            | {
                "id": self.invitation,
                "person": self.person,
                "unit_code": "north",
                "role": "manager",
                "token_hash": uuid4().bytes * 2,
            },
            Delivery: of_campaign
            | {"invitation": self.invitation, "channel": "console", "kind": "invitation"},
            DeliveryCount: of_campaign | {"kind": "invitation", "state": "sent", "messages": 1},
            Envelope: of_campaign | {"sealed": b"\0", "mark": bytes(32)},
            Response: of_campaign
            | {"unit_code": "north", "role": "manager", "answers": [1, None, 5]},
            Comment: of_campaign | {"unit_code": "north", "item": "blockers", "text": "Time."},
            ImportedFile: of_campaign | {"sha256": "0" * 64, "rows": 1, "imported_at": NOW},
            ImportedRows: of_campaign | {"respondents": bytes(32), "sheets": bytes(64)},
            ApiKey: mine
            | {
                "id": self.api_key,
                "name": "export",
                "prefix": "omk_ab",
                "key_hash": uuid4().bytes * 2,
                "scopes": ["org:read"],
                "created_at": NOW,
                # Itself: a reference needs a row, and there is only one of each table.
                "made_by": self.api_key,
                "replaces": self.api_key,
            },
            Idempotency: mine
            | {
                "key": "k",
                "operation": "draftCampaign",
                "request_hash": bytes(32),
                "status": 201,
                "body": b"{}",
                "created_at": NOW,
            },
            TokenIndex: mine | {"token_hash": uuid4().bytes * 2},
            ApiKeyIndex: mine | {"key_hash": uuid4().bytes * 2},
            Release: of_campaign
            | {
                "id": self.release,
                "computed_at": NOW,
                "instrument": "conditions/1",
                "method": "1.0",
                "anchors": "1",
                "seed": 7,
                "lineage": "{}",
                "company": "{}",
            },
            Score: of_release
            | {
                "construct": "clarity",
                "cut": "all",
                "status": "reported",
                "n": 12,
                "mean": 50.0,
                "low": 40.0,
                "high": 60.0,
                "level": 3,
            },
            ReleaseUnit: of_release
            | {"name": "North", "status": "reported", "respondents": 12},
            Finding: of_release
            | {"kind": "readiness", "status": "reported", "content": '{"phase": 2}'},
            Decision: of_release
            | {
                "revision": 1,
                "verdict": "overridden",
                "model": "embedded",
                "recommended": "hub",
                "reason": "The units have the skill.",
                "decided_at": NOW,
                "decided_by": uuid7(),
                "decided_by_name": "board",
            },
            UseCase: mine
            | {
                "unit": self.unit,
                "title": "Sort invoices",
                "description": "",
                "scores": '{"measurable": 3}',
                "created_at": NOW,
                "changed_at": NOW,
            },
            AuditEvent: mine
            | {
                "number": 1,
                "at": NOW,
                "actor": "key",
                "principal": uuid7(),
                "principal_name": "board",
                "action": "recommendation.accepted",
                "subjects": ["/v1/releases/1"],
            },
            Job: mine
            | {
                "kind": "release",
                "subject": f"/v1/campaigns/{self.campaign}",
                "scope": "campaigns:write",
                "started_by": self.api_key,
                "created_at": NOW,
                "updated_at": NOW,
            },
        }


async def insert(row: Table) -> None:
    """Insert one row within the current transaction."""
    if isinstance(row, TokenIndex):
        # Piccolo asks for the key of what it has inserted, and nobody may read this table.
        columns = ("token_hash", "organisation")
        await insert_rows("token_index", columns, [(row.token_hash, row.organisation)])
        return
    await type(row).insert(row)


async def stored(organisation: UUID) -> Rows:
    """Insert a row into every tenant table and return the rows; the campaign is closed."""
    rows = Rows(organisation)
    closed = rows.row(Campaign, state="closed", opened_at=NOW, closed_at=NOW)
    async with transaction(organisation):
        for row in rows.in_order():
            if not isinstance(row, Response):
                await insert(closed if isinstance(row, Campaign) else row)
    await store_response(rows)
    return rows


async def store_response(rows: Rows, **columns: Any) -> None:
    """Store a response as the owner of the tables: the application cannot."""
    async with operator_transaction():
        part = f"response_{rows.campaign.hex}"
        if await connection().fetchval("SELECT to_regclass($1)", part) is None:
            await connection().execute(
                f"CREATE TABLE {part} PARTITION OF response FOR VALUES IN ('{rows.campaign}')"
            )
            await connection().execute("SELECT guard_responses($1)", part)
        await connection().execute(
            "SELECT set_config('opmodel.organisation', $1, true)", str(rows.organisation)
        )
        await insert(rows.row(Response, **columns))
