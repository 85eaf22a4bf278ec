"""One database server per test process, a migrated template in it, and one copy to work on."""

import os
from collections.abc import AsyncIterator, Iterator
from datetime import datetime
from uuid import UUID

import pytest
from hypothesis import HealthCheck, settings

from models.embedded import EmbeddedPostgres
from models.engine import start_engine, stop_engine
from models.migrate import migrate
from survey.access.audit import use_server_key
from tests.databases import create_database, login_dsn, query
from tests.factories.directory import make_organisation
from tests.factories.server import NOW, SERVER_KEY
from tests.folders import database_folder
from tests.tools import missing_tools

TEMPLATE = "opmodel_template"

# One thread for each of the processes that share the cores; who starts later inherits it.
for threads in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "POLARS_MAX_THREADS"):
    os.environ.setdefault(threads, "1")

# What matters is the answer, not when it comes; and whoever runs the tests sees the same ones.
settings.register_profile(
    "opmodel",
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("opmodel")


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Fail a test whose tools are missing, and say how to get them."""
    if item.get_closest_marker("browser") and (missing := missing_tools()):
        pytest.fail(f"Missing: {', '.join(missing)}. Run `make tools` first.", pytrace=False)


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    """Say in one line which tests were left out, and what they would need."""
    if "not slow" in config.option.markexpr:
        missing = missing_tools()
        first = f"; missing: {', '.join(missing)} (`make tools`)" if missing else ""
        terminalreporter.write_line(
            f"Left out: tests marked slow or browser, which `make slow` runs{first}."
        )


@pytest.fixture(scope="session")
def server() -> Iterator[EmbeddedPostgres]:
    """Run a server of this process alone, in a folder that goes with it."""
    with database_folder() as home:
        embedded = EmbeddedPostgres(home)
        embedded.start()
        yield embedded
        embedded.stop()


@pytest.fixture(scope="session")
async def template(server: EmbeddedPostgres) -> str:
    """Give the name of a migrated database that nobody is connected to."""
    # Nobody cuts the power of a test, so the operating system may write when it likes.
    await query(server.dsn, "ALTER SYSTEM SET fsync = off")
    await query(server.dsn, "SELECT pg_reload_conf()")
    await migrate(await create_database(server.dsn, TEMPLATE))
    return TEMPLATE


@pytest.fixture(scope="session")
async def database(server: EmbeddedPostgres, template: str) -> AsyncIterator[str]:
    """Start the engine on a database of this process; give the address of its owner.

    The engine logs in as the application does, and reaches the owner for the operator's work.
    """
    dsn = await create_database(server.dsn, "opmodel_test", template=template)
    use_server_key(lambda: SERVER_KEY)
    await start_engine(login_dsn(dsn), owner=dsn)
    yield dsn
    await stop_engine()


@pytest.fixture
async def organisation(database: str) -> UUID:
    """Make a new organisation, so that a test sees no rows but its own."""
    return await make_organisation()


@pytest.fixture
async def other_organisation(database: str) -> UUID:
    """Make a second organisation, whose rows must stay out of sight."""
    return await make_organisation()


@pytest.fixture
def now() -> datetime:
    """Give the moment at which tests happen."""
    return NOW
