"""Options of every command that prints a report: how much of it, and in which language."""

from collections.abc import Callable, Collection
from typing import Any

import click

from api.terminal.report import View
from survey.report.wording import nearest_locale

__all__ = ["report_options", "require_units", "view_of"]


def report_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add ``--full``, ``--unit`` and ``--locale`` to a command."""
    options = (
        click.option("--full", is_flag=True, help="Print everything, not only two screens."),
        click.option(
            "--unit",
            "codes",
            multiple=True,
            metavar="CODE",
            help="Print all about this unit instead; may be repeated.",
        ),
        click.option(
            "--locale",
            default="en",
            show_default=True,
            callback=_known_locale,
            help="Language of the report: en or de.",
        ),
    )
    for option in reversed(options):
        command = option(command)
    return command


def view_of(given: dict[str, Any]) -> View:
    """Take the options of a report out of all that a command was given."""
    return View(full=given.pop("full"), units=given.pop("codes"), locale=given.pop("locale"))


def require_units(codes: Collection[str], known: Collection[str]) -> None:
    """Refuse units that a report cannot be about.

    Raises
    ------
    click.BadParameter
        A code is not among those known; the message names it.
    """
    for code in codes:
        if code not in known:
            msg = f"there is no unit {code!r} in the data; expected a code of a unit."
            raise click.BadParameter(msg, param_hint="--unit")


def _known_locale(_context: click.Context, _option: click.Parameter, value: str) -> str:
    try:
        nearest_locale(value)
    except ValueError as error:
        msg = f"{value!r} is no language; expected a tag such as de or de-AT."
        raise click.BadParameter(msg) from error
    return value
