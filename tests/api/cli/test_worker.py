"""A worker brings the messages that wait, wherever it runs, and ends in order."""

import re
import signal
import subprocess

import pytest

from tests.api.cli.installation import Installation, Server

pytestmark = pytest.mark.slow

LINK = re.compile(r"invitation for (\S+): (\S+)/f/([\w-]{43})\n")


def brought(process: "subprocess.Popen[bytes]", count: int) -> dict[str, tuple[str, str]]:
    """Read the messages of a worker until there are so many: recipient to place and token."""
    assert process.stdout is not None
    links: dict[str, tuple[str, str]] = {}
    while len(links) < count:
        line = process.stdout.readline().decode()
        assert line, "the worker ended"
        if found := LINK.fullmatch(line):
            links[found[1]] = (found[2], found[3])
    return links


def opens(server: Server, token: str) -> int:
    """Ask for a form; return the status of the answer."""
    headers = {"Authorization": f"Bearer {token}"}
    return server.client.get("/v1/form", headers=headers).status_code


def test_invitations_reach_everybody_once_with_a_link_to_the_form(
    campaign: Installation,
) -> None:
    elsewhere = Installation(campaign.home, OPMODEL_FORM_URL="https://ask.example")

    with elsewhere.started("worker") as process:
        links = brought(process, 2)
        process.send_signal(signal.SIGTERM)
        rest, _ = process.communicate()

    assert process.returncode == 0
    assert set(links) == {"p1@x.example", "p2@x.example"}
    assert {place for place, _ in links.values()} == {"https://ask.example"}
    assert LINK.findall(rest.decode()) == []


def test_the_worker_inside_the_server_brings_links_that_open_the_form(
    campaign: Installation,
) -> None:
    with campaign.serving() as server:
        links = brought(server.process, 2)

        assert [opens(server, token) for _, token in links.values()] == [200, 200]
