"""`opmodel worker`: what need not be done while somebody waits for an answer."""

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
from api.serving.logs import configure_logs
from api.serving.running import run
from api.serving.working import configured_workload
from api.settings import ApiSettings

__all__ = ["command"]


@click.command("worker")
def command() -> None:
    """Send what is due and run long jobs, until Ctrl-C or SIGTERM.

    As many workers as needed share the work; each job is taken by one of them. Jobs that have
    begun are finished before the worker ends, and those of a worker that was killed are begun
    again by another. Links in invitations begin with OPMODEL_FORM_URL.
    """
    settings = ApiSettings.from_env(os.environ)
    configure_logs(settings.log_level)
    keys = configured_keys()
    jobs = configured_workload(settings, server_key=configured_server_key(), keys=keys)
    with reach_database() as database:
        asyncio.run(see_to_tables(database))
        asyncio.run(require_owner(database))
        click.echo("opmodel works on what is due. Ctrl-C ends it.", err=True)
        asyncio.run(run(database, http=None, jobs=jobs, keys=keys))
