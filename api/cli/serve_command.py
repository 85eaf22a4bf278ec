"""`opmodel serve`: the API and a worker, on a database that is looked after."""

import asyncio
import os

import click

from api.cli.environment import (
    configured_keys,
    configured_server_key,
    reach_database,
    require_owner,
    see_to_tables,
)
from api.serving.http_process import require_free_port
from api.serving.logs import configure_logs
from api.serving.running import run
from api.serving.working import configured_workload
from api.settings import ApiSettings

__all__ = ["command"]


@click.command("serve")
@click.option("--host", help="Where to listen; 127.0.0.1 by default, this machine alone.")
@click.option(
    "--port", type=click.IntRange(1, 65_535), help="Where to listen; 8000 by default."
)
@click.option("--workers", type=click.IntRange(min=1), help="Server processes; 1 by default.")
@click.option(
    "--no-worker", is_flag=True, help="Leave messages and long jobs to `opmodel worker`."
)
@click.option(
    "--migrate",
    "migrating",
    is_flag=True,
    help="Bring the database of DATABASE_URL to the current tables first.",
)
def command(
    *,
    host: str | None,
    port: int | None,
    workers: int | None,
    no_worker: bool,
    migrating: bool,
) -> None:
    """Serve the API, with a worker inside.

    The database is the one that DATABASE_URL names, or else one of opmodel's own, which is
    started, migrated and kept running. Further settings are OPMODEL_API_HOST, _PORT, _WORKERS,
    _POOL_MAX, _MAX_BODY_KB, _MAX_FILE_MB, _FILE_MEMORY_MB, _FILE_SECONDS, _KEY_LIMIT,
    _FORM_LIMIT, _TRUSTED_PROXIES and _LOG_LEVEL; links in invitations begin with
    OPMODEL_FORM_URL.

    A request that has been acknowledged is in the database. Ctrl-C or SIGTERM lets requests
    and jobs end that have begun, and then ends everything.
    """
    settings = _settings(host=host, port=port, workers=workers)
    configure_logs(settings.log_level)
    key, keys = configured_server_key(), configured_keys()
    jobs = () if no_worker else configured_workload(settings, server_key=key, keys=keys)
    require_free_port(settings)
    with reach_database() as database:
        asyncio.run(see_to_tables(database, migrating=migrating))
        if jobs:
            asyncio.run(require_owner(database))
        asyncio.run(run(database, http=settings, jobs=jobs, keys=keys))


def _settings(**given: object) -> ApiSettings:
    """Read the settings; what the command line gives wins."""
    named = {
        f"OPMODEL_API_{name.upper()}": str(value)
        for name, value in given.items()
        if value is not None
    }
    return ApiSettings.from_env(os.environ | named)
