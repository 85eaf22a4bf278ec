"""What a worker does, put together from the environment; and running it until told to stop."""

import asyncio
import os
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime
from typing import Any

from api.settings import FORM_URL_VARIABLE, ApiSettings, form_address
from models.engine import start_engine, stop_engine
from models.location import RunningDatabase, data_directory
from models.patience import JOB
from survey.access.audit import use_server_key
from survey.jobs.kind import Work
from survey.jobs.worker import run_worker
from survey.messages.channels import configured_channels
from survey.sealing.key_folder import KeyFolder
from survey.sealing.seals import Seals
from survey.workload import workload

__all__ = ["FORM_URL_VARIABLE", "configured_workload", "working"]

_POOL_MAX = 8
_STOP_S = 30.0


def configured_workload(
    settings: ApiSettings, *, server_key: bytes, keys: KeyFolder
) -> tuple[Work[Any], ...]:
    """Return what a worker of this installation does.

    Parameters
    ----------
    settings
        Say where the pages are, unless ``OPMODEL_FORM_URL`` does.
    server_key
        From which tokens are derived.
    keys
        The keys of open campaigns.
    """
    use_server_key(lambda: server_key)
    return workload(
        server_key=server_key,
        seals=Seals(keys),
        channels=configured_channels(os.environ, home=data_directory(os.environ)),
        form_url=form_address(settings, os.environ),
        clock=lambda: datetime.now(UTC),
    )


@asynccontextmanager
async def working(
    database: RunningDatabase, jobs: Sequence[Work[Any]]
) -> AsyncIterator[asyncio.Task[None]]:
    """Run a worker meanwhile; at the end it finishes the jobs that it has begun.

    Parameters
    ----------
    database
        A database that answers, migrated.
    jobs
        What the worker does.
    """
    stop = asyncio.Event()
    await start_engine(database.dsn, owner=database.owner, pool_max=_POOL_MAX, patience=JOB)
    try:
        worker = asyncio.create_task(run_worker(jobs, stop=stop), name="worker")
        try:
            yield worker
        finally:
            stop.set()
            # A job that is cut off here is begun again later, by another worker.
            with suppress(TimeoutError):
                await asyncio.wait_for(worker, _STOP_S)
    finally:
        await stop_engine()
