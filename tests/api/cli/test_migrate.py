"""Migrations are applied once, and looked for without being applied."""

import pytest

from tests.api.cli.installation import Installation


def test_a_new_database_lacks_migrations_until_they_are_applied(
    installation: Installation,
) -> None:
    before = installation.run("migrate", "--check")
    applied = installation.done("migrate")
    after = installation.run("migrate", "--check")

    assert (before.returncode, after.returncode) == (1, 0)
    assert applied == before.stdout.replace("missing", "applied")
    assert after.stdout == "The database is up to date.\n"


@pytest.mark.slow
def test_applying_again_finds_nothing_to_do(installation: Installation) -> None:
    installation.done("migrate")

    assert installation.done("migrate") == "The database is up to date.\n"
