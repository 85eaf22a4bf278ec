"""The demonstration, kept running: a key that works, addresses to open, and a worker."""

import re
import signal
import subprocess
from pathlib import Path

import httpx
import pytest

from api.demo import server
from api.failures import CommandFailed
from survey.sealing.key_folder import KeyFolder
from tests.api.cli.installation import Installation, free_port

INVITED = re.compile(r"invitation for \S+@\S+: (\S+/f/[\w-]{43})\n")


def lines_until(process: "subprocess.Popen[bytes]", wanted: re.Pattern[str]) -> list[str]:
    """Read what a program prints, up to the line that is wanted."""
    assert process.stdout is not None
    lines: list[str] = []
    while not (lines and wanted.fullmatch(lines[-1])):
        line = process.stdout.readline().decode()
        assert line, f"the demonstration ended, after {lines[-3:]}"
        lines.append(line)
    return lines


def client(address: str, key: str) -> httpx.Client:
    return httpx.Client(
        base_url=address,
        headers={"Authorization": f"Bearer {key}"},
        trust_env=False,
        timeout=30,
    )


def open_campaign(api: httpx.Client) -> httpx.Response:
    plan = {"name": "Spring", "instrumentKey": "ai-scaling-conditions", "instrumentVersion": 1}
    drafted = api.post("/v1/campaigns", json=plan)
    return api.post(f"/v1/campaigns/{drafted.json()['id']}/open", json={"channel": "console"})


PROGRESS_IN_GERMAN = (
    "Ein eigenes PostgreSQL ist bereit",
    "API unter http://127.0.0.1:",
    "Welle 1 ist offen",
    "antworten auf den Seiten oder über die API",
    "Geschlossen: ",
    "Freigegeben: ",
    "Alles zusammen hat ",
)


@pytest.mark.slow
def test_a_demonstration_in_german_says_how_far_it_is_in_german(
    installation: Installation,
) -> None:
    arguments = ("demo", "--serve", "--port", str(free_port()), "--locale", "de")
    with installation.started(*arguments, errors=subprocess.PIPE) as process:
        printed = lines_until(process, re.compile(r"Nachrichten von Befragungen.*\n"))
        process.send_signal(signal.SIGTERM)
        _, errors = process.communicate()

    progress = " ".join(errors.decode().split())
    assert [step for step in PROGRESS_IN_GERMAN if step not in progress] == []
    assert "Ein Schlüssel für die API, einen Tag gültig:\n" in printed


@pytest.mark.slow
def test_a_demonstration_that_stays_can_be_entered_and_sends_what_is_due(
    installation: Installation,
) -> None:
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    with installation.started("demo", "--serve", "--port", str(port)) as process:
        printed = lines_until(process, re.compile(r"Messages of campaigns.*\n"))
        key = next(line.strip() for line in printed if line.startswith("omk_"))
        latest = next(iter(re.findall(rf"{address}/v1/\S+", "".join(printed))))

        with client(address, key) as api:
            links = re.findall(rf"{address}/f/\S+", "".join(printed))
            forms = [api.get(link, params={"lang": "en"}) for link in links]
            release = api.get(latest)
            campaign = open_campaign(api)
        (*_, invitation) = lines_until(process, INVITED)
        process.send_signal(signal.SIGTERM)
        process.communicate()

    assert [form.status_code for form in forms] == [200, 200]
    assert ["eight statements about what you" in form.text for form in forms] == [False, True]
    assert release.status_code == 200
    assert campaign.status_code == 200
    assert f"{address}/schema" in "".join(printed)
    assert invitation.split(": ")[1].startswith(f"{address}/f/")
    assert process.returncode == 0


def test_a_server_that_ends_before_it_is_ready_is_said_with_its_log(tmp_path: Path) -> None:
    """It finds no database, and the folder of the log is not there yet."""
    log = tmp_path / "home" / "server.log"
    dsn = "not an address"

    with (
        pytest.raises(CommandFailed, match="The server ended before it was ready"),
        server.running_server(
            dsn, keys=KeyFolder(tmp_path / "keys"), log=log, slow=lambda: None
        ),
    ):
        pass

    assert log.read_text()


def test_a_slow_start_is_said_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[str] = []
    monkeypatch.setattr(server, "_SLOW_S", 0)
    dsn = "not an address"

    with (
        pytest.raises(CommandFailed),
        server.running_server(
            dsn,
            keys=KeyFolder(tmp_path / "keys"),
            log=tmp_path / "log",
            slow=lambda: said.append("slow"),
        ),
    ):
        pass

    assert said == ["slow"]
