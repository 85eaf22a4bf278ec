"""Keys in a backup: nothing but the passphrase opens them, and nobody can exchange them."""

import secrets
from collections.abc import Callable
from typing import Any
from uuid import UUID

import msgspec
import pytest

from survey.sealing.key_export import (
    ExportedKeysRefused,
    exported_keys,
    opened_keys,
    require_passphrase,
)
from survey.sealing.key_folder import CampaignKeys

CAMPAIGN = UUID("018f0000-0000-7000-8000-000000000001")
KEYS = {CAMPAIGN: CampaignKeys(secrets.token_bytes(32), secrets.token_bytes(96))}
PASSPHRASE = "für alle Fälle, lang genug"


@pytest.fixture(scope="module")
def exported() -> bytes:
    return exported_keys(KEYS, PASSPHRASE)


def test_the_passphrase_opens_what_it_closed(exported: bytes) -> None:
    assert opened_keys(exported, PASSPHRASE) == KEYS


def test_letters_may_be_composed_in_another_way(exported: bytes) -> None:
    typed = PASSPHRASE.replace("ü", "u\N{COMBINING DIAERESIS}")

    assert opened_keys(exported, typed) == KEYS


def test_another_passphrase_opens_nothing(exported: bytes) -> None:
    with pytest.raises(ExportedKeysRefused, match=r"does not open.*--without-keys") as refused:
        opened_keys(exported, "another passphrase")

    assert "another passphrase" not in str(refused.value)


def test_nothing_of_the_keys_can_be_read(exported: bytes) -> None:
    document = msgspec.json.decode(exported)
    sealed = msgspec.convert(document["sealed"], bytes)

    for content in KEYS[CAMPAIGN]:
        assert content not in sealed
        assert msgspec.json.encode(content)[1:9] not in exported
    assert str(CAMPAIGN).encode() not in exported


def test_a_guess_costs_memory_and_that_is_told(exported: bytes) -> None:
    header = msgspec.json.decode(exported)["header"]

    assert 128 * header["n"] * header["r"] >= 128 << 20
    assert header["derivation"] == "scrypt"


def test_two_exports_have_nothing_in_common(exported: bytes) -> None:
    again = msgspec.json.decode(exported_keys(KEYS, PASSPHRASE))
    first = msgspec.json.decode(exported)

    assert again["header"]["salt"] != first["header"]["salt"]
    assert again["header"]["nonce"] != first["header"]["nonce"]


CHANGES: dict[str, Callable[[dict[str, Any]], object]] = {
    "keys": lambda export: export.update(sealed="AAAA" + export["sealed"][4:]),
    "cost": lambda export: export["header"].update(n=1 << 15),
    "salt": lambda export: export["header"].update(salt="A" * 22 + "=="),
    "a cost beyond bounds": lambda export: export["header"].update(n=1 << 30),
    "an odd cost": lambda export: export["header"].update(n=3),
    "another cipher": lambda export: export["header"].update(cipher="none"),
    "a later format": lambda export: export["header"].update(formatVersion=2),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES.keys())
def test_a_changed_export_is_refused(
    exported: bytes, change: Callable[[dict[str, Any]], object]
) -> None:
    export = msgspec.json.decode(exported)
    change(export)

    with pytest.raises(ExportedKeysRefused, match="--without-keys"):
        opened_keys(msgspec.json.encode(export), PASSPHRASE)


def test_keys_that_are_not_whole_are_refused() -> None:
    cut_off = {CAMPAIGN: CampaignKeys(bytes(31), bytes(96))}

    with pytest.raises(ExportedKeysRefused, match="not whole"):
        opened_keys(exported_keys(cut_off, PASSPHRASE), PASSPHRASE)


def test_a_short_passphrase_is_not_taken() -> None:
    with pytest.raises(ExportedKeysRefused, match="at least 12 characters"):
        require_passphrase("elevenchars")
