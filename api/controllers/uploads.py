"""Files of units, people and responses, which may be larger than other bodies.

Each may be the body itself or the only file of a form.
"""

from datetime import datetime
from typing import Annotated, Any

from litestar import Controller, Request, Response, post, put
from litestar.di import NamedDependency
from litestar.params import QueryParameter

from api.description.problems import problems
from api.description.traits import FILE_EXAMPLE, FILES, ROWS
from api.http.addresses import CampaignId
from api.http.auth import requires
from api.http.idempotency import Once
from api.http.services import services_of
from api.http.tables import CSV, PARQUET, RowsRejected, read_file, read_table
from survey.access.keys import Principal
from survey.access.scopes import IMPORT
from survey.campaigns.errors import CampaignNotFound
from survey.capture import importing as responses_import
from survey.capture.errors import CampaignClosing, CampaignNotOpen
from survey.capture.importing import FileAlreadyImported, ImportReport
from survey.directory import people, units
from survey.directory.errors import (
    AddressesTaken,
    KeysAlike,
    ManagersUnknown,
    UnexpectedDeactivations,
    UnitsInUse,
    UnitsUnknown,
    ValueTooLong,
)
from survey.directory.sync import SyncReport
from survey.files.complaints import FileRejected
from survey.files.kinds import MAX_COUNT
from survey.files.people import PersonRow, read_people
from survey.files.units import UnitRow, read_units
from survey.sealing.errors import KeyExchanged, KeysMissing

__all__ = ["UploadController"]

_UNITS = "code,name,parent_code,headcount\nC,Example Group,,0\nD01,Operations,C,12\n"
_PEOPLE = (
    "external_id,email,display_name,unit_code,role,function,locale,manager_external_id\n"
    "e-1042,kim@example.com,Kim Example,D01,contributor,business,en,\n"
)
_RESPONSES = "unit,role,data_readiness_1,data_readiness_2\nD01,contributor,4,\n"

DryRun = Annotated[
    bool, QueryParameter(name="dryRun", description="Check and report, write nothing.")
]
DeactivateMissing = Annotated[
    bool,
    QueryParameter(name="deactivateMissing", description="Deactivate what is left out."),
]
ExpectDeactivated = Annotated[
    int | None,
    QueryParameter(
        name="expectDeactivated",
        ge=0,
        le=MAX_COUNT,
        # The framework leaves the limits of an optional value out of the description.
        schema_extra={"minimum": 0, "maximum": MAX_COUNT},
        description="How many people are expected to be deactivated, missing or marked as "
        "inactive. Required if they are more than 20 and more than a tenth of all who are "
        "active; must be right if it is given.",
    ),
]


class UploadController(Controller):
    """Take files, each as a whole or not at all."""

    @put(
        "/units",
        operation_id="SyncUnits",
        summary="Synchronise the tree with a file",
        tags=["Organisation"],
        guards=[requires("org:write", whole=True)],
        opt={FILES: (CSV, PARQUET), FILE_EXAMPLE: _UNITS, ROWS: UnitRow},
        responses=problems(FileRejected, RowsRejected, ValueTooLong, UnitsInUse, KeysAlike),
    )
    async def sync_units(
        self,
        request: Request[Any, Any, Any],
        principal: NamedDependency[Principal],
        dry_run: DryRun = False,  # noqa: FBT002 - a query parameter is given by name
        deactivate_missing: DeactivateMissing = False,  # noqa: FBT002 - the same
    ) -> SyncReport:
        """Take a whole tree, all of it or nothing; units that it leaves out stay by default."""
        file = await read_table(
            request,
            lambda data, name: read_units(data, name=name),
            row=UnitRow,
        )
        return await units.sync_units(
            principal.organisation,
            file,
            dry_run=dry_run,
            deactivate_missing=deactivate_missing,
            by=principal.actor,
        )

    @put(
        "/people",
        operation_id="SyncPeople",
        summary="Synchronise people with a file",
        tags=["Organisation"],
        guards=[requires("people:write", whole=True)],
        opt={FILES: (CSV, PARQUET), FILE_EXAMPLE: _PEOPLE, ROWS: PersonRow},
        responses=problems(
            FileRejected,
            RowsRejected,
            ValueTooLong,
            UnitsUnknown,
            ManagersUnknown,
            KeysAlike,
            AddressesTaken,
            UnexpectedDeactivations,
        ),
    )
    async def sync_people(
        self,
        request: Request[Any, Any, Any],
        principal: NamedDependency[Principal],
        dry_run: DryRun = False,  # noqa: FBT002 - a query parameter is given by name
        deactivate_missing: DeactivateMissing = False,  # noqa: FBT002 - the same
        expect_deactivated: ExpectDeactivated = None,
    ) -> SyncReport:
        """Take everybody, all or nothing; people whom it leaves out stay by default."""
        codes = await units.active_unit_codes(principal.organisation)
        known = await people.known_people(principal.organisation)
        file = await read_table(
            request,
            lambda data, name: read_people(
                data, name=name, unit_codes=codes, known_people=known
            ),
            row=PersonRow,
        )
        return await people.sync_people(
            principal.organisation,
            file,
            dry_run=dry_run,
            deactivate_missing=deactivate_missing,
            expect_deactivated=expect_deactivated,
            by=principal.actor,
        )

    @post(
        "/campaigns/{campaignId:uuid}/responses/import",
        operation_id="ImportResponses",
        summary="Import a file of responses",
        tags=["Campaigns"],
        status_code=200,
        guards=[requires(IMPORT, whole=True)],
        opt={FILES: (CSV, PARQUET), FILE_EXAMPLE: _RESPONSES},
        responses=problems(
            CampaignNotFound,
            CampaignNotOpen,
            CampaignClosing,
            FileRejected,
            FileAlreadyImported,
            KeysMissing,
            KeyExchanged,
        ),
    )
    async def import_responses(
        self,
        request: Request[Any, Any, Any],
        campaign_id: CampaignId,
        principal: NamedDependency[Principal],
        once: NamedDependency[Once],
        now: NamedDependency[datetime],
    ) -> Response[ImportReport]:
        """Store the respondents of a file, all of them or none.

        A file is read once. Rows whose `respondent_id` came with an earlier file are skipped
        and counted; without these ids, a file that brings rows again is refused.
        """
        file = await read_file(request)
        return await once(
            lambda: responses_import.import_responses(
                principal.organisation,
                campaign_id,
                file.data,
                name=file.name,
                seals=services_of(request).seals,
                now=now,
                by=principal.actor,
            )
        )
