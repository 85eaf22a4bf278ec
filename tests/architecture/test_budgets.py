"""How long a file may become before it has to be split."""

from tests.architecture.tracked import python_files, shown

MOST_LINES = 300


def test_no_module_is_longer_than_300_lines() -> None:
    lengths = {shown(file): len(file.read_text().splitlines()) for file in python_files()}

    too_long = {name: lines for name, lines in lengths.items() if lines > MOST_LINES}

    assert too_long == {}
