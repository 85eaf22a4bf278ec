"""Limits on the length and the number of modules."""

import ast
from collections import defaultdict
from pathlib import Path

from tests.architecture.tracked import ROOT, python_files, shown

MOST_LINES = 500
FEWEST_LINES_FOR_ONE_IMPORTER = 40
MOST_FILES_DIRECTLY_IN_SURVEY = 6

SHORT_FOR_A_REASON = {
    "api/__main__.py": "`python -m api` starts here",
    "api/cli/worker_command.py": "one file per command",
    "api/controllers/health.py": "one file per resource",
    "api/controllers/problems.py": "one file per resource",
    "api/serving/http_program.py": "a process starts here",
    "models/embedded/child.py": "a process starts here",
    "models/piccolo_conf.py": "Piccolo looks for it by this name",
    "survey/files/templates.py": "the blank files, looked up by name",
    "survey/messages/console.py": "one file per channel",
}


def test_no_module_is_longer_than_its_budget() -> None:
    lengths = {shown(file): lines_of(file) for file in python_files()}

    assert {name: lines for name, lines in lengths.items() if lines > MOST_LINES} == {}


def test_a_short_module_with_a_single_importer_has_a_reason() -> None:
    importers = importers_by_module()
    short = {
        shown(file)
        for file in product_files()
        if file.name != "__init__.py"
        and lines_of(file) < FEWEST_LINES_FOR_ONE_IMPORTER
        and len(importers[module_of(file)]) <= 1
    }

    assert short == set(SHORT_FOR_A_REASON)


def test_survey_is_made_of_packages() -> None:
    direct = [shown(file) for file in product_files() if file.parent == ROOT / "survey"]

    assert len(direct) <= MOST_FILES_DIRECTLY_IN_SURVEY, direct


def product_files() -> list[Path]:
    return [file for file in python_files() if not shown(file).startswith("tests/")]


def lines_of(file: Path) -> int:
    return len(file.read_text().splitlines())


def module_of(file: Path) -> str:
    return shown(file).removesuffix(".py").removesuffix("/__init__").replace("/", ".")


def importers_by_module() -> dict[str, set[str]]:
    """Map each module of the product to the modules of the product that import it."""
    modules = {module_of(file): file for file in product_files()}
    importers: dict[str, set[str]] = defaultdict(set)
    for importer, file in modules.items():
        for node in ast.walk(ast.parse(file.read_text())):
            for imported in imported_by(node) & modules.keys():
                importers[imported].add(importer)
    return importers


def imported_by(node: ast.AST) -> set[str]:
    """Return the names that a statement imports: modules, or names defined in one."""
    if isinstance(node, ast.ImportFrom) and node.module:
        return {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    if isinstance(node, ast.Import):
        return {alias.name for alias in node.names}
    return set()
