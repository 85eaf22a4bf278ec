"""What the commands that read files have in common."""

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import click

__all__ = ["deactivate_option", "dry_run_option", "file_argument", "show"]

file_argument: Callable[[Any], Any] = click.argument(
    "file", type=click.Path(exists=True, dir_okay=False, path_type=Path)
)
dry_run_option: Callable[[Any], Any] = click.option(
    "--dry-run", is_flag=True, help="Report what would change, and change nothing."
)
deactivate_option: Callable[[Any], Any] = click.option(
    "--deactivate-missing", is_flag=True, help="Deactivate those that the file does not name."
)


def show(lines: Iterable[str]) -> None:
    """Print the lines of a report."""
    for line in lines:
        click.echo(line)
