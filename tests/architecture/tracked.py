"""The files of the project: those that git tracks."""

import shutil
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

__all__ = ["ROOT", "python_files", "shown", "text_lines", "tracked_files"]

ROOT = Path(__file__).parents[2]


@cache
def tracked_files() -> tuple[Path, ...]:
    """List what git keeps and is still there; skip the test if there is no git to ask."""
    if shutil.which("git") is None:
        pytest.skip("git is not installed")
    # Accept a checkout of any owner: reading its index runs no code from it.
    listing = subprocess.run(
        ["git", "-c", "safe.directory=*", "-C", ROOT, "ls-files", "-z"],
        capture_output=True,
        text=True,
        check=False,
    )
    if listing.returncode != 0:
        pytest.skip("this is not a checkout")
    files = (ROOT / name for name in listing.stdout.split("\0") if name)
    return tuple(file for file in files if file.is_file())


def python_files() -> Iterator[Path]:
    """Yield all Python files except migrations, which a generator writes in part."""
    for file in tracked_files():
        if file.suffix == ".py" and "migrations" not in file.parts:
            yield file


def text_lines(file: Path) -> Iterator[tuple[int, str]]:
    """Yield the lines of a file, numbered from 1; none if it is not text."""
    try:
        text = file.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return
    yield from enumerate(text.splitlines(), start=1)


def shown(file: Path) -> str:
    """Return the path of a file relative to the root of the project."""
    return file.relative_to(ROOT).as_posix()
