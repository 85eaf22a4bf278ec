"""Settings of the server: named, checked, given on to worker processes."""

import pytest

from api.settings import ApiSettings, SettingsError


def test_nothing_set_listens_on_this_machine_alone() -> None:
    assert ApiSettings.from_env({}).host == "127.0.0.1"


def test_values_are_read_from_their_variables() -> None:
    settings = ApiSettings.from_env(
        {"OPMODEL_API_PORT": "9000", "OPMODEL_API_HOST": "::", "PATH": "/bin"}
    )

    assert settings == ApiSettings(port=9000, host="::")


@pytest.mark.parametrize(
    ("name", "value", "complaint"),
    [
        ("OPMODEL_API_PROT", "9000", "_PROT is not a setting. Did you mean OPMODEL_API_PORT"),
        ("OPMODEL_API_COLOUR_OF_THE_SKY", "1", "_SKY is not a setting. Known are"),
        ("OPMODEL_API_PORT", "many", "OPMODEL_API_PORT: "),
        ("OPMODEL_API_PORT", "70000", "OPMODEL_API_PORT: "),
        ("OPMODEL_API_WORKERS", "0", "OPMODEL_API_WORKERS: "),
        ("OPMODEL_API_LOG_LEVEL", "loud", "OPMODEL_API_LOG_LEVEL: "),
    ],
)
def test_what_is_misspelt_or_malformed_stops_the_start_by_name(
    name: str, value: str, complaint: str
) -> None:
    with pytest.raises(SettingsError, match=complaint):
        ApiSettings.from_env({name: value})


def test_worker_processes_get_the_same_settings() -> None:
    settings = ApiSettings(port=9001, key_limit=7, log_level="WARNING")

    assert ApiSettings.from_env(settings.as_environ()) == settings
