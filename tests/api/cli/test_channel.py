"""Channels are set up, listed and removed at the command line; secrets are never printed."""

import json

import pytest

from api.cli.channel_command import BOUNCE_SECRET_VARIABLE, PASSWORD_VARIABLE
from tests.api.cli.installation import Installation

pytestmark = pytest.mark.slow

SET = ("channel", "set", "email", "--sender", "Office <office@example.com>", "--url")
SECRET = "correct horse"
URL = "smtp://office@mail.example.com:587?starttls=1"


def with_secrets(company: Installation) -> Installation:
    secrets = {
        PASSWORD_VARIABLE: SECRET,
        BOUNCE_SECRET_VARIABLE: "whsec_" + "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=",
    }
    return Installation(company.home, **secrets)


def test_a_password_comes_from_the_environment_and_is_printed_nowhere(
    company: Installation,
) -> None:
    ended = with_secrets(company).run(*SET, URL)
    listed = company.done("channel", "list", "--format", "json")

    (view,) = json.loads(listed)
    assert ended.returncode == 0, ended.stderr
    assert (view["url"], view["secrets"]) == (URL, ["bounceSecret", "password"])
    assert "horse" not in ended.stdout + ended.stderr + listed + company.done("channel", "list")


def test_a_password_in_the_address_is_taken_out_of_it(company: Installation) -> None:
    printed = company.done(
        *SET, "smtps://office:correct%20horse@mail.example.com", "--rate", "60"
    )

    assert "smtps://office@mail.example.com:465" in printed
    assert "60 a minute" in printed
    assert "horse" not in printed


def test_nobody_to_ask_for_a_password_is_a_fault_of_the_call(company: Installation) -> None:
    ended = company.run(*SET, URL)

    assert ended.returncode == 2
    assert PASSWORD_VARIABLE in ended.stderr


def test_plain_mail_through_a_net_is_refused(company: Installation) -> None:
    ended = company.run(*SET, "smtp://mail.example.com")

    assert ended.returncode == 2
    assert "add ?starttls=1" in ended.stderr


def test_a_channel_is_removed_once(company: Installation) -> None:
    company.done(*SET, "smtps://mail.example.com")

    assert company.done("channel", "remove", "email") == "Removed: email.\n"
    assert company.done("channel", "list") == "No channel has been set up.\n"
    assert company.run("channel", "remove", "email").returncode != 0


def test_trying_out_a_channel_that_is_not_there_names_those_that_are(
    company: Installation,
) -> None:
    ended = company.run("channel", "test", "pigeon", "--person", "p1")

    assert ended.returncode != 0
    assert "Configured: " in ended.stderr
