"""The compose file names commands, variables, ports and volumes that exist."""

import re
from typing import Any
from urllib.parse import urlsplit

import pytest

from api.cli import COMMANDS
from models.login import LOGIN_ROLE
from tests.architecture.code import command_of, settings_names
from tests.architecture.image import compose, environment, values

SERVICES: dict[str, Any] = compose()["services"]
DRIVERS_OWN = {"PGPASSWORD"}
OWNERS = {"DATABASE_OWNER_URL", "DATABASE_OWNER_PASSWORD"}


def test_the_services_are_database_migration_api_and_worker() -> None:
    assert list(SERVICES) == ["database", "migrate", "api", "worker"]


def test_the_database_is_postgresql_18_on_a_volume() -> None:
    database = SERVICES["database"]

    assert database["image"] == "postgres:18"
    assert database["volumes"] == ["database:/var/lib/postgresql"]
    assert database["healthcheck"]["test"][:2] == ["CMD", "pg_isready"]
    assert set(compose()["volumes"]) == {"database", "data"}


@pytest.mark.parametrize("name", ["migrate", "api", "worker"])
def test_each_service_starts_a_command_that_takes_its_arguments(name: str) -> None:
    arguments = SERVICES[name]["command"]

    assert arguments[0] in COMMANDS
    assert command_of(arguments).command.name == arguments[0]


@pytest.mark.parametrize("name", ["migrate", "api", "worker"])
def test_each_service_sets_only_variables_that_are_read(name: str) -> None:
    assert set(SERVICES[name]["environment"]) - DRIVERS_OWN <= settings_names()


@pytest.mark.parametrize("name", ["migrate", "api", "worker"])
def test_each_service_uses_the_database_service(name: str) -> None:
    address = urlsplit(SERVICES[name]["environment"]["DATABASE_URL"])

    assert (address.hostname, address.port) == ("database", 5432)
    assert address.username == LOGIN_ROLE
    assert address.path == f"/{SERVICES['database']['environment']['POSTGRES_DB']}"


@pytest.mark.parametrize("name", ["migrate", "worker"])
def test_migration_and_worker_know_the_owner_of_the_database(name: str) -> None:
    given = SERVICES[name]["environment"]
    address = urlsplit(given["DATABASE_OWNER_URL"])
    created = SERVICES["database"]["environment"]

    assert address.username == created["POSTGRES_USER"]
    assert given["DATABASE_OWNER_PASSWORD"] == created["POSTGRES_PASSWORD"]


def test_the_api_does_not_know_the_owner_of_the_database() -> None:
    given = SERVICES["api"]["environment"]

    assert OWNERS & given.keys() == set()
    assert "POSTGRES_PASSWORD" not in str(given)


@pytest.mark.parametrize("name", ["api", "worker"])
def test_servers_wait_for_the_migrations(name: str) -> None:
    assert SERVICES[name]["depends_on"] == {
        "database": {"condition": "service_healthy"},
        "migrate": {"condition": "service_completed_successfully"},
    }


def test_the_migration_runs_once_and_the_others_restart_after_a_crash() -> None:
    policies = {name: service["restart"] for name, service in SERVICES.items()}

    assert policies == {
        "database": "unless-stopped",
        "migrate": "no",
        "api": "unless-stopped",
        "worker": "unless-stopped",
    }


def test_ports_agree_from_the_host_to_the_health_check() -> None:
    api = SERVICES["api"]
    inside = environment()["OPMODEL_API_PORT"]

    assert values("EXPOSE") == [inside]
    assert api["environment"]["OPMODEL_API_PORT"] == inside
    assert [mapping.split(":")[-1] for mapping in api["ports"]] == [inside]


def test_data_is_mounted_at_the_folder_of_the_image() -> None:
    kept = environment()["OPMODEL_HOME"]

    assert values("VOLUME") == [kept]
    assert SERVICES["api"]["volumes"] == SERVICES["worker"]["volumes"] == [f"data:{kept}"]


def test_a_missing_secret_is_reported_by_its_variable() -> None:
    secret = re.compile(r"PASSWORD|SECRET|TOKEN|KEY\b")
    given = [
        (name, str(value))
        for service in SERVICES.values()
        for name, value in service["environment"].items()
        if secret.search(name)
    ]

    assert {name for name, _ in given} == {
        "POSTGRES_PASSWORD",
        "PGPASSWORD",
        "DATABASE_OWNER_PASSWORD",
        "OPMODEL_SECRET_KEY",
    }
    assert [one for one in given if not re.fullmatch(r"\$\{[A-Z_]+:\?.+\}", one[1])] == []
    assert [name for name in environment() if secret.search(name)] == []


def test_no_address_contains_a_password() -> None:
    addresses = [
        urlsplit(SERVICES[name]["environment"]["DATABASE_URL"])
        for name in ("migrate", "api", "worker")
    ]

    assert [address.password for address in addresses] == [None, None, None]
