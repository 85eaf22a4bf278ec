"""Which channels a campaign opens with, and what becomes of messages whose channel is gone."""

import signal
import subprocess
from pathlib import Path

import httpx
import pytest

from tests.api.cli.installation import Installation
from tests.api.cli.test_worker import brought

pytestmark = pytest.mark.slow

PRODUCTION = {"OPMODEL_ENV": "production"}


def draft(api: httpx.Client) -> str:
    plan = {"name": "Spring", "instrumentKey": "ai-scaling-conditions", "instrumentVersion": 1}
    return str(api.post("/v1/campaigns", json=plan).headers["Location"])


def with_key(installation: Installation, client: httpx.Client) -> httpx.Client:
    key = installation.done("key", "create", "--name", "office", "--all-scopes").strip()
    client.headers["Authorization"] = f"Bearer {key}"
    return client


@pytest.mark.parametrize("environment", [PRODUCTION, {"OPMODEL_ENV": ""}])
def test_outside_development_no_campaign_opens_by_the_console(
    campaign: Installation, environment: dict[str, str], tmp_path: Path
) -> None:
    outbox = tmp_path / "outbox"
    production = Installation(campaign.home, OPMODEL_OUTBOX=str(outbox), **environment)

    with production.serving("--no-worker") as server:
        api = with_key(production, server.client)
        address = draft(api)
        refused = api.post(f"{address}/open", json={"channel": "console"})
        state = api.get(address).json()["state"]
        opened = api.post(f"{address}/open", json={"channel": "folder"})

    assert (refused.status_code, refused.json()["configured"]) == (
        422,
        ["folder", "link"],
    )
    assert "OPMODEL_ENV=development" in refused.json()["detail"]
    assert (state, opened.status_code) == ("draft", 200)
    assert list(outbox.iterdir()) == []


def test_a_worker_without_the_console_prints_no_link_and_loses_none(
    campaign: Installation,
) -> None:
    production = Installation(campaign.home, **PRODUCTION)

    with production.started("worker", errors=subprocess.PIPE) as process:
        assert process.stderr is not None
        while b"the channel console, which is not configured" not in process.stderr.readline():
            assert process.poll() is None, "the worker ended"
        process.send_signal(signal.SIGTERM)
        said, _ = process.communicate()
    with campaign.started("worker") as process:
        links = brought(process, 2)

    assert said == b""
    assert set(links) == {"p1@x.example", "p2@x.example"}
