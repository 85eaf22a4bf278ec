"""Which organisation a command is about: the one named, or the only one there is."""

from collections.abc import Callable
from typing import Any

import click

from api.cli.text_option import Text
from models.edges import MAX_NAME
from survey.directory.organisations import (
    OrganisationView,
    list_organisations,
    organisation_by_key,
)

__all__ = ["chosen_organisation", "organisation_option"]

organisation_option: Callable[[Any], Any] = click.option(
    "--organisation",
    type=Text(MAX_NAME),
    metavar="KEY",
    help="Short name of the organisation; may be left out if there is only one.",
)


async def chosen_organisation(key: str | None) -> OrganisationView:
    """Return the organisation of this key, or the only one of the installation.

    Raises
    ------
    OrganisationNotFound
        None has this key.
    click.UsageError
        None was named, and there is not exactly one.
    """
    if key is not None:
        return await organisation_by_key(key)
    found = await list_organisations()
    if len(found) == 1:
        return found[0]
    if not found:
        msg = "There is no organisation yet; begin with `opmodel import organisation FILE`."
    else:
        msg = f"Name one with --organisation: {', '.join(one.key for one in found)}."
    raise click.UsageError(msg)
