"""Starting the HTTP server: processes with a pool, capture and limits of their own each."""

import gc
import os

from granian import Granian
from granian.constants import HTTPModes, Interfaces, Loops
from granian.http import HTTP1Settings

from api.http.application import Application
from api.serving.logs import configure_logs, log_config
from api.serving.parentage import end_with_parent
from api.settings import ApiSettings, form_address
from models.location import data_directory
from survey.access.server_key import server_key
from survey.messages.channels import configured_channels
from survey.sealing.key_folder import key_folder

__all__ = ["application", "serve"]

KILL_TIMEOUT_S = 10
"""A process that has not ended its requests by then is ended."""
_ALLOCATIONS_A_LOOK = 20_000
HEADERS_S = 30
"""How long the head of a request may take to arrive, in seconds."""


def serve(settings: ApiSettings, *, dsn: str) -> None:
    """Serve until a signal ends it.

    The worker processes read what they need from the environment, which this completes.

    Parameters
    ----------
    settings
        Where to listen, and with how many processes.
    dsn
        Address of the database, migrated.
    """
    os.environ.update(settings.as_environ())
    os.environ["DATABASE_URL"] = dsn
    Granian(
        "api.serving.server:application",
        factory=True,
        interface=Interfaces.ASGI,
        loop=Loops.uvloop,
        address=settings.host,
        port=settings.port,
        workers=settings.workers,
        # Granian knows deadlines for the headers of HTTP/1 alone; proxies speak nothing else.
        http=HTTPModes.http1,
        http1_settings=HTTP1Settings(header_read_timeout=HEADERS_S * 1_000),
        workers_kill_timeout=KILL_TIMEOUT_S,
        respawn_failed_workers=True,
        websockets=False,
        log_access=False,
        log_dictconfig=log_config(settings.log_level),
    ).serve()


def application() -> Application:
    """Make the application of a worker process from its environment.

    Raises
    ------
    SettingsError
        A variable is misspelt or malformed.
    KeyError
        ``DATABASE_URL`` is not set.
    """
    # Granian forks its worker processes, and Polars must not have been loaded before a fork.
    from api.app import create_app  # noqa: PLC0415 - only after the fork

    # A worker process that outlived Granian would keep the port from the next one.
    end_with_parent(os.getppid())
    settings = ApiSettings.from_env(os.environ)
    configure_logs(settings.log_level)
    home = data_directory(os.environ)
    made = create_app(
        settings,
        dsn=os.environ["DATABASE_URL"],
        server_key=server_key(os.environ, home=home),
        channels=configured_channels(os.environ, home=home),
        keys=key_folder(os.environ, home=None),
        form_url=form_address(settings, os.environ),
    )
    # What is loaded by now stays: without this the collector would walk all of it, libraries of
    # the analysis included, every few thousand requests.
    gc.collect()
    gc.freeze()
    # Requests leave hardly any cycles behind, and each look costs as much as a submission.
    gc.set_threshold(_ALLOCATIONS_A_LOOK)
    return made
