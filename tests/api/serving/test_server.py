"""What a worker process makes of its environment."""

import subprocess
import sys
from pathlib import Path

import pytest

from api.http.application import Application
from api.serving.server import application
from api.settings import SettingsError


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> pytest.MonkeyPatch:
    """Give an environment with what a worker process needs."""
    monkeypatch.setenv("DATABASE_URL", "postgresql://localhost/none")
    monkeypatch.setenv("OPMODEL_HOME", str(tmp_path))
    monkeypatch.setattr("api.serving.server.configure_logs", lambda _: None)
    return monkeypatch


def test_a_worker_makes_its_application_from_the_environment(
    environment: pytest.MonkeyPatch,
) -> None:
    environment.setenv("OPMODEL_API_MAX_BODY_KB", "7")

    made = application()

    assert isinstance(made, Application)
    assert made.state["services"].settings.max_body_kb == 7


def test_a_misspelt_variable_stops_the_worker(environment: pytest.MonkeyPatch) -> None:
    environment.setenv("OPMODEL_API_PROT", "8000")

    with pytest.raises(SettingsError, match="OPMODEL_API_PORT"):
        application()


def test_nothing_that_forks_has_loaded_polars() -> None:
    loaded = "import sys, api.serving.server; print('polars' in sys.modules)"

    ended = subprocess.run(
        [sys.executable, "-c", loaded], capture_output=True, text=True, check=True
    )

    assert ended.stdout == "False\n"
