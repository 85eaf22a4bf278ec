"""The passphrase for keys in a backup: from a file, the environment, or typed without echo."""

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

__all__ = ["PASSPHRASE_VARIABLE", "chosen_passphrase", "passphrase_option"]

PASSPHRASE_VARIABLE = "OPMODEL_BACKUP_PASSPHRASE"  # noqa: S105 - the name of a variable

passphrase_option: Callable[[Any], Any] = click.option(
    "--passphrase-file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help=f"The passphrase for the keys; else {PASSPHRASE_VARIABLE}, else it is asked for.",
)


def chosen_passphrase(file: Path | None, *, new: bool = False) -> str:
    """Return the passphrase that the operator gives. It is never an argument: others see those.

    Parameters
    ----------
    file
        A file that holds it, with or without an end of line.
    new
        Whether it is chosen now, and has to be typed twice.

    Raises
    ------
    click.UsageError
        The file is no text, or nobody can be asked.
    """
    if file is not None:
        return _from(file)
    if given := os.environ.get(PASSPHRASE_VARIABLE):
        return given
    if not sys.stdin.isatty():
        msg = (
            f"Give the passphrase for the keys in {PASSPHRASE_VARIABLE} or --passphrase-file: "
            "there is no terminal to ask at."
        )
        if not new:
            msg += " Or leave the keys in the file with --without-keys."
        raise click.UsageError(msg)
    asked: str = click.prompt(
        "Passphrase for the keys", hide_input=True, confirmation_prompt=new, err=True
    )
    return asked


def _from(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8").rstrip("\r\n")
    except UnicodeDecodeError:
        msg = f"{file} is no text in UTF-8."
        raise click.BadParameter(msg, param_hint="--passphrase-file") from None
