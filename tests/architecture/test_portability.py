"""The project works on any machine: no file names local folders or package registries."""

import json
import re

import pytest

from tests.architecture.tracked import ROOT, shown, text_lines, tracked_files

# Assembled from parts, so that this file does not contain the forbidden texts itself.
FOLDERS = ["work", "root", "home"]
HOSTS = ["py" + "pi", "python" + "hosted", "npm" + "js", "gh" + "cr.io", "docker" + ".io"]
OPTIONS = ["index" + "-url", "find" + "-links", "trusted" + "-host"]
SOMEBODYS_FOLDER = re.compile(rf"(?<![\w.$}}])/(?:{'|'.join(FOLDERS)})/[\w.]")
REGISTRY = re.compile("|".join(map(re.escape, HOSTS + OPTIONS)), re.IGNORECASE)
ALLOWED = re.compile(r"--no-emit-index-url")


def places(pattern: re.Pattern[str]) -> list[str]:
    return [
        f"{shown(file)}:{number}"
        for file in tracked_files()
        for number, line in text_lines(file)
        if pattern.search(ALLOWED.sub("", line))
    ]


def test_no_file_names_a_folder_of_somebodys_machine() -> None:
    assert places(SOMEBODYS_FOLDER) == []


def test_no_file_names_a_package_registry() -> None:
    assert places(REGISTRY) == []


@pytest.mark.parametrize("line", ["cd /ho" + "me/ada/opmodel", "'/ro" + "ot/.cache'"])
def test_a_folder_of_somebodys_machine_is_recognised(line: str) -> None:
    assert SOMEBODYS_FOLDER.search(line)


@pytest.mark.parametrize("name", ["requirements.lock", "requirements-tools.lock"])
def test_a_lock_of_python_holds_hashes_and_no_address(name: str) -> None:
    lock = (ROOT / name).read_text()
    pinned = re.findall(r"^[a-z0-9][\w.\[\]-]*==", lock, re.MULTILINE)

    assert "://" not in lock
    assert lock.count("--hash=sha256:") >= len(pinned) > 0


def test_the_lock_of_node_holds_hashes_and_no_address() -> None:
    lock = json.loads((ROOT / "package-lock.json").read_text())
    packages = [package for path, package in lock["packages"].items() if path]

    assert packages
    assert all(package["integrity"] for package in packages)
    assert not any("resolved" in package for package in packages)
