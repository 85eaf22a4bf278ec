"""Whatever schemathesis asks, the server answers as its description promises.

``FUZZ_SEED`` and ``FUZZ_EXAMPLES`` ask other things and more of them: tests/README.md.
"""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.api.cli.installation import Installation, Server
from tests.api.fuzzing.company import Company, make_company
from tests.architecture.tracked import ROOT
from tests.databases import login_dsn
from tests.factories.server import KEYS, SERVER_KEY

pytestmark = pytest.mark.browser

CONFIG = Path(__file__).with_name("schemathesis.toml")
SCHEMATHESIS = Path(sys.executable).with_name("schemathesis")
SEED = os.environ.get("FUZZ_SEED", "1")
EXAMPLES = os.environ.get("FUZZ_EXAMPLES", "10")
PATIENCE_S = float(os.environ.get("FUZZ_PATIENCE_S", "300"))
AUTH = """
[auth.openapi.apiKey]
bearer = "${FUZZ_KEY}"

[auth.openapi.invitation]
bearer = "${FUZZ_TOKEN}"
"""
UNLIMITED = "1000000"


@pytest.fixture(scope="module")
async def company(database: str) -> Company:
    """Give a company that requests may change."""
    return await make_company()


@pytest.fixture(scope="module")
def served(database: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Run a server that limits nobody."""
    installation = Installation(
        tmp_path_factory.mktemp("installation"),
        DATABASE_URL=login_dsn(database),
        DATABASE_OWNER_URL=database,
        OPMODEL_KEYS=str(KEYS.folder),
        OPMODEL_SECRET_KEY=SERVER_KEY.decode(),
        OPMODEL_API_KEY_LIMIT=UNLIMITED,
        OPMODEL_API_FORM_LIMIT=UNLIMITED,
    )
    with installation.serving() as running:
        yield running


def let_ask(company: Company, served: Server, home: Path, **credentials: str) -> None:
    """Let schemathesis ask in all its phases; fail with what it finds."""
    config = home / "schemathesis.toml"
    auth = AUTH if credentials else ""
    config.write_text(CONFIG.read_text() + auth + company.dictionaries())
    ended = subprocess.run(
        [SCHEMATHESIS, "--no-color", "--config-file", config, "run",
         f"{served.client.base_url}/schema/openapi.json",
         "--seed", SEED, "--max-examples", EXAMPLES],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT)} | company.environment | credentials,
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE_S,
    )  # fmt: skip
    if ended.returncode:
        pytest.fail(ended.stdout + ended.stderr, pytrace=False)


def test_with_a_key_nothing_is_found(company: Company, served: Server, tmp_path: Path) -> None:
    let_ask(
        company,
        served,
        tmp_path,
        FUZZ_KEY=company.key,
        FUZZ_IMPORT_KEY=company.import_key,
        FUZZ_TOKEN=company.token,
    )


def test_without_a_key_nothing_is_found(
    company: Company, served: Server, tmp_path: Path
) -> None:
    let_ask(company, served, tmp_path)
