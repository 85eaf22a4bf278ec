"""The top-level names are agreed with the customer."""

from tests.architecture.tracked import ROOT, tracked_files

ROOMS = {"api", "survey", "models", "analytics", "seed", "tests"}
PAPERS = {
    "docker-compose.yml",
    "pyproject.toml",
    "README.md",
    "Dockerfile",
    "Makefile",
    "LICENSE",
    "CHANGELOG.md",
    "requirements.lock",
    "requirements-tools.lock",
    "package.json",
    "package-lock.json",
}


def top_level() -> set[str]:
    return {file.relative_to(ROOT).parts[0] for file in tracked_files()}


def test_nothing_new_is_at_the_top_level() -> None:
    visible = {name for name in top_level() if not name.startswith(".")}

    assert visible - ROOMS - PAPERS == set()


def test_every_room_exists() -> None:
    assert top_level() >= ROOMS
