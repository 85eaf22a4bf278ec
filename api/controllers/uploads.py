"""Files of units, people and responses, which may be larger than other bodies.

Each may be the body itself or the only file of a form.
"""

from datetime import datetime
from functools import partial
from typing import Annotated, Any

from litestar import Controller, Request, Response, post, put
from litestar.di import NamedDependency
from litestar.params import QueryParameter

from api.controllers import file_work
from api.description.problems import problems
from api.description.traits import FILE_EXAMPLE, FILES, ROWS
from api.http.addresses import CampaignId
from api.http.apart import UploadsBusy
from api.http.auth import requires
from api.http.idempotency import Once, response_of
from api.http.services import services_of
from api.http.tables import CSV, JSON, PARQUET, RowsRejected, uploaded
from survey.access.keys import Principal
from survey.access.scopes import IMPORT
from survey.campaigns.errors import CampaignNotFound
from survey.capture.errors import CampaignClosing, CampaignNotOpen
from survey.capture.importing import FileAlreadyImported, ImportReport
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
from survey.files.people import PersonRow
from survey.files.units import UnitRow
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
        responses=problems(
            FileRejected, RowsRejected, ValueTooLong, UnitsInUse, KeysAlike, UploadsBusy
        ),
    )
    async def sync_units(
        self,
        request: Request[Any, Any, Any],
        principal: NamedDependency[Principal],
        dry_run: DryRun = False,  # noqa: FBT002 - a query parameter is given by name
        deactivate_missing: DeactivateMissing = False,  # noqa: FBT002 - the same
    ) -> SyncReport:
        """Take a whole tree, all of it or nothing; units that it leaves out stay by default."""
        upload = await uploaded(request, JSON)
        work = partial(
            file_work.sync_units,
            upload,
            principal,
            dry_run=dry_run,
            deactivate_missing=deactivate_missing,
        )
        return await services_of(request).apart.do(work, named=upload.name)

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
            UploadsBusy,
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
        upload = await uploaded(request, JSON)
        work = partial(
            file_work.sync_people,
            upload,
            principal,
            dry_run=dry_run,
            deactivate_missing=deactivate_missing,
            expect_deactivated=expect_deactivated,
        )
        return await services_of(request).apart.do(work, named=upload.name)

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
            UploadsBusy,
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
        upload = await uploaded(request)
        services = services_of(request)
        work = partial(
            file_work.import_responses,
            upload,
            principal,
            campaign_id,
            once=once,
            keys=services.seals.keys,
            now=now,
        )
        return response_of(await services.apart.do(work, named=upload.name))
