"""Keys are shown once, listed without themselves, and end when they are revoked."""

import json
import re

import msgspec
import pytest

from api.cli.key_command import key_lines
from api.schemas.examples import EXAMPLES
from survey.access.keys import KeyView
from survey.access.scopes import GENERAL_SCOPES
from tests.api.cli.installation import Installation
from tests.factories.server import NOW

pytestmark = pytest.mark.slow


def made(company: Installation, *options: str) -> str:
    return company.done("key", "create", "--name", "Reports", *options).strip()


def listed(company: Installation, key: str) -> dict[str, object]:
    prefix = key[: len("omk_") + 8]
    views = json.loads(company.done("key", "list", "--format", "json"))
    found: dict[str, object] = next(view for view in views if view["prefix"] == prefix)
    return found


def test_prints_the_key_and_nothing_else(company: Installation) -> None:
    ended = company.run("key", "create", "--name", "x", "--scope", "org:read")

    assert ended.returncode == 0
    assert re.fullmatch(r"omk_[0-9a-f]{8}_[\w-]{43}\n", ended.stdout)
    assert "cannot be shown again" in ended.stderr


def test_lists_what_a_key_may_do_and_never_the_key(company: Installation) -> None:
    key = made(company, "--scope", "org:read", "--scope", "analytics:read", "--unit", "D01")

    view = listed(company, key)

    assert (view["scopes"], view["unit"]) == (["analytics:read", "org:read"], "D01")
    assert key[-43:] not in company.done("key", "list")


def test_a_key_for_some_days_ends(company: Installation) -> None:
    view = listed(company, made(company, "--all-scopes", "--days", "30"))

    assert view["expiresAt"] is not None


def test_revokes_a_key_by_its_prefix(company: Installation) -> None:
    key = made(company, "--all-scopes")

    company.done("key", "revoke", key[: len("omk_") + 8])

    assert listed(company, key)["revokedAt"] is not None


def test_rotates_a_key_by_its_prefix_and_prints_the_new_one(company: Installation) -> None:
    old = made(company, "--scope", "org:read", "--unit", "D01")

    ended = company.run("key", "rotate", old[: len("omk_") + 8], "--overlap-hours", "24")

    new = ended.stdout.strip()
    assert re.fullmatch(r"omk_[0-9a-f]{8}_[\w-]{43}\n", ended.stdout)
    assert "The old key ends within 24 hours." in ended.stderr
    assert listed(company, new)["replaces"] == listed(company, old)["id"]
    assert listed(company, old)["expiresAt"] is not None
    assert f"replaces {old[:12]}" in company.done("key", "list")


def test_says_which_keys_end_with_the_one_that_is_revoked(company: Installation) -> None:
    old = made(company, "--scope", "org:read")
    new = company.done("key", "rotate", old[: len("omk_") + 8]).strip()

    said = company.done("key", "revoke", new[: len("omk_") + 8])
    again = company.done("key", "revoke", new[: len("omk_") + 8])

    assert said == (
        "The key is revoked.\nWith it, one other key, made with it or replaced by rotation:\n"
        f"    {old[:12]}  Reports\n"
    )
    assert again == "The key had been revoked before.\n"


def test_ends_the_last_key_that_can_make_keys(company: Installation) -> None:
    key = made(company, "--scope", "keys:write", "--scope", "org:read")

    assert company.done("key", "revoke", key[: len("omk_") + 8]) == "The key is revoked.\n"


def test_revoking_what_is_no_key_is_refused(company: Installation) -> None:
    ended = company.run("key", "revoke", "omk_00000000")

    assert ended.returncode == 2
    assert "no such key" in ended.stderr


def test_scopes_have_to_be_named(company: Installation) -> None:
    assert company.run("key", "create", "--name", "x").returncode == 2


def test_all_scopes_leave_out_what_brings_answers_in_or_carries_them_off(
    company: Installation,
) -> None:
    assert listed(company, made(company, "--all-scopes"))["scopes"] == sorted(GENERAL_SCOPES)


def test_a_key_that_imports_and_reads_results_is_refused(company: Installation) -> None:
    both = ("--scope", "responses:import", "--scope", "comments:read")

    ended = company.run("key", "create", "--name", "x", *both)

    assert ended.returncode == 2
    assert "responses:import reads no results" in ended.stderr
    assert "comments:read" in ended.stderr


def test_a_unit_that_is_not_there_is_refused(company: Installation) -> None:
    ended = company.run("key", "create", "--name", "x", "--all-scopes", "--unit", "nowhere")

    assert ended.returncode == 2
    assert "nowhere" in ended.stderr


def test_an_organisation_that_is_not_there_is_refused(company: Installation) -> None:
    ended = company.run("key", "list", "--organisation", "south")

    assert ended.returncode == 2
    assert "south" in ended.stderr


@pytest.mark.parametrize(
    ("day", "said"), [(None, "never used"), ("2026-11-23", "last used 2026-11-23")]
)
def test_a_list_says_when_a_key_was_last_used(day: str | None, said: str) -> None:
    shown = EXAMPLES[KeyView] | {"lastUsedOn": day, "madeBy": None}

    (line, *_) = key_lines([msgspec.convert(shown, KeyView)], now=NOW)

    assert said in line
