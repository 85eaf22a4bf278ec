"""Every path and module that a Markdown document names exists."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.architecture.tracked import ROOT, shown, tracked_files

ROOMS = "analytics|api|models|seed|survey|tests"
QUOTED = re.compile(r"`([^`\n]+)`")
PATH = re.compile(r"[\w.-]+(/[\w.*-]+)+/?")
DEFINITION = re.compile(r"^(?:\s*(?:async )?(?:def|class) |(?=\w+ ?[:=]))(\w+)", re.MULTILINE)
MODULE = re.compile(rf"({ROOMS})(\.\w+)+(\(\))?")


def documents() -> list[Path]:
    return [file for file in tracked_files() if file.suffix == ".md"]


def quoted(text: str) -> Iterator[str]:
    """Yield the texts in backticks outside code blocks."""
    prose = re.sub(r"^```.*?^```", "", text, flags=re.MULTILINE | re.DOTALL)
    yield from (found.group(1) for found in QUOTED.finditer(prose))


def path_exists(name: str, document: Path) -> bool:
    """Return whether a path exists, relative to the root or to the document's folder."""
    return any(any(folder.glob(name.rstrip("/"))) for folder in (ROOT, document.parent))


def module_exists(name: str) -> bool:
    """Return whether a dotted name is a module, or a name that a module defines."""
    parts = name.removesuffix("()").split(".")
    for length in range(len(parts), 0, -1):
        place = ROOT.joinpath(*parts[:length])
        file = place.with_suffix(".py")
        if file.is_file() or place.is_dir():
            source = file if file.is_file() else place / "__init__.py"
            defined = set(DEFINITION.findall(source.read_text(encoding="utf-8")))
            return set(parts[length:]) <= defined
    return False


def missing(text: str, document: Path) -> list[str]:
    """Return the paths and modules in backticks that do not exist."""
    return [
        name
        for name in quoted(text)
        if (MODULE.fullmatch(name) and not module_exists(name))
        or (_is_path_of_ours(name) and not path_exists(name, document))
    ]


def _is_path_of_ours(name: str) -> bool:
    """Return whether a text looks like one of our paths: a file, or below one of the rooms."""
    is_file = bool(re.search(r"\.(py|md|toml|csv|json|yml|ini)$", name))
    return bool(PATH.fullmatch(name)) and (is_file or bool(re.match(rf"({ROOMS})/", name)))


@pytest.mark.parametrize("document", documents(), ids=shown)
def test_every_path_and_module_in_a_document_exists(document: Path) -> None:
    assert missing(document.read_text(encoding="utf-8"), document) == []


@pytest.mark.parametrize(
    "name", ["api/nothing.py", "survey/nothing", "models.nothing", "models.engine.nothing"]
)
def test_a_name_that_does_not_exist_is_found(name: str) -> None:
    assert missing(f"See `{name}`.", ROOT / "README.md") == [name]
