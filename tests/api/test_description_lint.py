"""Spectral lints the API description by its rules for OpenAPI; `.spectral.yaml` adapts them."""

import subprocess
from pathlib import Path

import httpx
import msgspec
import pytest

from tests.architecture.tracked import ROOT
from tests.tools import SPECTRAL

pytestmark = pytest.mark.browser


def lint(document: Path) -> "subprocess.CompletedProcess[str]":
    """Lint a document; a hint counts as an error does."""
    return subprocess.run(
        [SPECTRAL, "lint", document, "--ruleset", ".spectral.yaml", "--fail-severity", "hint"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )


async def test_spectral_finds_nothing(anybody: httpx.AsyncClient, tmp_path: Path) -> None:
    document = tmp_path / "openapi.json"
    document.write_bytes((await anybody.get("/schema/openapi.json")).content)

    linted = lint(document)

    assert linted.returncode == 0, linted.stdout + linted.stderr


async def test_spectral_would_find_a_parameter_that_is_not_described(
    anybody: httpx.AsyncClient, tmp_path: Path
) -> None:
    broken = (await anybody.get("/schema/openapi.json")).json()
    del broken["paths"]["/v1/keys/{keyId}"]["delete"]["parameters"]
    document = tmp_path / "openapi.json"
    document.write_bytes(msgspec.json.encode(broken))

    linted = lint(document)

    assert linted.returncode == 1
    assert "path-params" in linted.stdout
