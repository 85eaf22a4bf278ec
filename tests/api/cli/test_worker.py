"""A worker brings the messages that wait, wherever it runs, and ends in order."""

import re
import signal
import subprocess

import httpx

from tests.api.cli.installation import Installation, Server

LINK = re.compile(r"invitation for (\S+): (\S+)#([\w-]{43})\n")


def brought(process: "subprocess.Popen[bytes]", count: int) -> dict[str, str]:
    """Read the messages of a worker until there are so many: recipient to token."""
    assert process.stdout is not None
    tokens: dict[str, str] = {}
    while len(tokens) < count:
        line = process.stdout.readline().decode()
        assert line, "the worker ended"
        if found := LINK.fullmatch(line):
            tokens[found[1]] = found[3]
    return tokens


def opens(server: Server, token: str) -> int:
    """Ask for a form; return the status of the answer."""
    headers = {"Authorization": f"Bearer {token}"}
    asked = httpx.get(f"{server.address}/v1/form", headers=headers, trust_env=False)
    return asked.status_code


def test_invitations_reach_everybody_once(campaign: Installation) -> None:
    with campaign.started("worker") as process:
        tokens = brought(process, 2)
        process.send_signal(signal.SIGTERM)
        rest, _ = process.communicate()

    assert process.returncode == 0
    assert set(tokens) == {"p1@x.example", "p2@x.example"}
    assert LINK.findall(rest.decode()) == []


def test_the_worker_inside_the_server_brings_links_that_open_the_form(
    campaign: Installation,
) -> None:
    with campaign.serving() as server:
        tokens = brought(server.process, 2)

        assert [opens(server, token) for token in tokens.values()] == [200, 200]


def test_links_begin_where_the_form_is(campaign: Installation) -> None:
    elsewhere = Installation(campaign.home, OPMODEL_FORM_URL="https://ask.example/form")

    with elsewhere.started("worker") as process:
        assert process.stdout is not None
        line = process.stdout.readline().decode()

    assert " https://ask.example/form#" in line


def test_a_worker_beside_a_server_shares_its_database(campaign: Installation) -> None:
    with campaign.serving("--no-worker") as server, campaign.started("worker") as process:
        tokens = brought(process, 2)

        assert [opens(server, token) for token in tokens.values()] == [200, 200]
