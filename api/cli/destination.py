"""Where a command writes: the terminal, or a file that appears only when it is complete."""

import contextlib
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

__all__ = ["destination", "write_whole"]


def write_whole(output: Path, content: bytes) -> None:
    """Write a file that only its owner can read, and that appears only when it is complete.

    Raises
    ------
    OSError
        The file cannot be written.
    """
    if output.exists() and not output.is_file():
        output.write_bytes(content)
        return
    output = output.resolve()
    draft = tempfile.NamedTemporaryFile(  # noqa: SIM115 - closed below, before it is moved
        dir=output.parent, prefix=f".{output.name}.", delete=False
    )
    with _moved(draft, output):
        draft.write(content)


@contextlib.contextmanager
def destination(output: Path | None) -> Iterator[IO[str]]:
    """Open the terminal, or a file that takes its place when everything has been written.

    Parameters
    ----------
    output
        The file, or ``None`` for the terminal. A file that was there is replaced. A device or a
        pipe (``/dev/null``, ``/dev/stdout``) is written to and stays what it is.

    Raises
    ------
    OSError
        The file cannot be written.
    """
    if output is None:
        yield sys.stdout
        return
    if output.exists() and not output.is_file():
        with output.open("w", encoding="utf-8") as stream:
            yield stream
        return
    output = output.resolve()  # replace what a link leads to, not the link
    draft = tempfile.NamedTemporaryFile(  # noqa: SIM115 - closed below, before it is moved
        "w", encoding="utf-8", dir=output.parent, prefix=f".{output.name}.", delete=False
    )
    with _moved(draft, output):
        yield draft


@contextlib.contextmanager
def _moved(draft: Any, output: Path) -> Iterator[None]:
    """Let a draft take the place of a file once it is written; remove it if that fails."""
    try:
        with draft:
            yield
        Path(draft.name).replace(output)
    except BaseException:
        Path(draft.name).unlink(missing_ok=True)
        raise
