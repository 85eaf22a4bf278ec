"""How long a file may become before it has to be split."""

from tests.architecture.tracked import python_files, shown

MOST_LINES = 300
MOST_LINES_OF_TESTS = 500


def test_no_module_is_longer_than_its_budget() -> None:
    lengths = {shown(file): len(file.read_text().splitlines()) for file in python_files()}

    too_long = {name: lines for name, lines in lengths.items() if lines > budget(name)}

    assert too_long == {}


def budget(name: str) -> int:
    """Return the lines a file may have; tests lay out their data, and may be longer."""
    return MOST_LINES_OF_TESTS if name.startswith("tests/") else MOST_LINES
