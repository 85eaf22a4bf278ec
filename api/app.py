"""The composition root: settings and a database address become an application."""

import logging
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

from litestar import Controller, Litestar, Request, Router
from litestar.datastructures import State
from litestar.di import Provide

from api.controllers.audience import AudienceController
from api.controllers.audit import AuditController
from api.controllers.campaigns import CampaignController
from api.controllers.catalogues import CatalogueController
from api.controllers.channels import ChannelController
from api.controllers.findings import finding_router
from api.controllers.form import FormController
from api.controllers.health import HealthController
from api.controllers.instruments import InstrumentController
from api.controllers.invitations import InvitationController
from api.controllers.jobs import JobController
from api.controllers.keys import KeyController
from api.controllers.links import LinkController
from api.controllers.messages import MessageController
from api.controllers.opting_out import OptingOutController
from api.controllers.organisation import OrganisationController
from api.controllers.participation import ParticipationController
from api.controllers.people import PersonController
from api.controllers.previews import PreviewController
from api.controllers.privacy import PrivacyController
from api.controllers.problems import ProblemController
from api.controllers.recommendations import RecommendationController
from api.controllers.releases import ReleaseController
from api.controllers.results import ResultController
from api.controllers.units import UnitController
from api.controllers.uploads import UploadController
from api.controllers.use_cases import UseCaseController
from api.description.page import description_config, page_files
from api.http.apart import Apart, Limits
from api.http.application import Application
from api.http.auth import principal_of
from api.http.deadlines import ReadDeadline
from api.http.errors import HANDLERS
from api.http.express import ExpressLane
from api.http.idempotency import once
from api.http.limits import Buckets
from api.http.origins import Origins
from api.http.paging import page_request
from api.http.parameters import require_known_parameters
from api.http.request import StrictRequest
from api.http.services import Clock, Services, services_of
from api.pages.form_pages import FormPages, form_asset
from api.pages.preview_pages import PreviewPages
from api.settings import ApiSettings
from models.engine import start_engine, stop_engine
from models.location import OWNER_VARIABLE
from models.login import LOGIN_ROLE, is_owner
from models.patience import REQUEST
from survey.access.audit import use_server_key
from survey.access.keys import Principal
from survey.capture.queue import Capture
from survey.database import ReadinessProbe
from survey.jobs.standstill import QueueWatch
from survey.messages.message import Channel
from survey.sealing.key_folder import KeyFolder
from survey.sealing.seals import Seals

__all__ = ["DEPENDENCIES", "create_app"]

_log = logging.getLogger(__name__)
_KB = 1_000
_MB = 1_000_000
_V1: tuple[type[Controller], ...] = (
    AuditController,
    CampaignController,
    PrivacyController,
    CatalogueController,
    ChannelController,
    FormController,
    InstrumentController,
    JobController,
    KeyController,
    LinkController,
    MessageController,
    OrganisationController,
    AudienceController,
    ParticipationController,
    InvitationController,
    PersonController,
    PreviewController,
    RecommendationController,
    ReleaseController,
    ResultController,
    UnitController,
    UseCaseController,
)


def create_app(
    settings: ApiSettings,
    *,
    dsn: str,
    server_key: bytes,
    keys: KeyFolder,
    clock: Clock | None = None,
    channels: Mapping[str, Channel] | None = None,
    form_url: str | None = None,
    own_engine: bool = True,
) -> Application:
    """Put the application together; nothing runs until its lifespan begins.

    Parameters
    ----------
    settings
        What the operator has set.
    dsn
        Address of the database.
    server_key
        From which invitation tokens are derived.
    keys
        The keys of open campaigns.
    clock
        Returns the present moment, UTC; the system's clock by default.
    channels
        Those that campaigns can be opened with, by their kinds; none by default.
    form_url
        Address below which the form is; by default this server's.
    own_engine
        Whether to start the database engine of this process, and to stop it at the end. False
        if somebody else in the process has started it.
    """
    seals, queue_watch = Seals(keys), QueueWatch()
    services = Services(
        settings=settings,
        server_key=server_key,
        form_url=form_url or settings.address,
        clock=clock or _system_clock,
        channels=channels or {},
        seals=seals,
        capture=Capture(clock or _system_clock, seals),
        apart=Apart(
            dsn,
            server_key,
            Limits(memory=settings.file_memory_mb * _MB, seconds=settings.file_seconds),
        ),
        readiness=ReadinessProbe(dsn, keys, queue_watch.reason),
        queue_watch=queue_watch,
        key_limits=Buckets("key", settings.key_limit),
        form_limits=Buckets("form", settings.form_limit),
        origins=Origins(settings.proxy_networks()),
    )

    @asynccontextmanager
    async def lifespan(_: Litestar) -> AsyncIterator[None]:
        use_server_key(lambda: server_key)
        if own_engine:
            await start_engine(dsn, pool_max=settings.pool_max, patience=REQUEST)
            await _remark_on_rights(dsn)
            queue_watch.start()
        await services.capture.start()
        try:
            yield
        finally:
            services.apart.close()
            await queue_watch.stop()
            await services.capture.stop()
            if own_engine:
                await stop_engine()

    uploads = type(
        "Uploads",
        (UploadController,),
        {"request_max_body_size": settings.max_file_mb * _MB},
    )
    app = Application(
        route_handlers=[
            HealthController,
            ProblemController,
            OptingOutController,
            Router("/v1", route_handlers=[*_V1, finding_router(), uploads]),
            page_files(),
            FormPages,
            PreviewPages,
            form_asset,
        ],
        before_request=require_known_parameters,
        dependencies=DEPENDENCIES,
        exception_handlers=HANDLERS,
        lifespan=[lifespan],
        middleware=[ReadDeadline()],
        request_class=StrictRequest,
        request_max_body_size=settings.max_body_kb * _KB,
        state=State({"services": services}),
        logging_config=None,
        openapi_config=description_config(),
    )
    app.express = ExpressLane(services)
    return app


async def _remark_on_rights(dsn: str) -> None:
    if await is_owner(dsn):
        _log.warning(
            "The application logs in as the owner of its tables, which is more than it needs: "
            "name %s in DATABASE_URL, and the owner in %s.",
            LOGIN_ROLE,
            OWNER_VARIABLE,
        )


def _system_clock() -> datetime:
    return datetime.now(UTC)


def _now(request: Request[Any, Any, Any]) -> datetime:
    return services_of(request).clock()


def _principal(request: Request[Any, Any, Any]) -> Principal:
    return principal_of(request)


DEPENDENCIES = {
    "now": Provide(_now, sync_to_thread=False),
    "principal": Provide(_principal, sync_to_thread=False),
    "page": Provide(page_request, sync_to_thread=False),
    "once": Provide(once),
}
