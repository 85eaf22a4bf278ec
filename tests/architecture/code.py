"""Variables and commands of the code, for comparison with the container files."""

import importlib
from typing import Any

import click

from api.serving.working import FORM_URL_VARIABLE
from api.settings import ApiSettings
from models.location import resolve_database
from survey.access.server_key import server_key
from survey.sealing.key_folder import key_folder

__all__ = ["command_of", "settings_names"]


class _Remembering(dict[str, str]):
    """An environment that records the variables that are read."""

    def __init__(self, **values: str) -> None:
        super().__init__(values)
        self.asked: set[str] = set()

    def get(self, name: str, default: Any = None) -> Any:
        """Record the name and look it up."""
        self.asked.add(name)
        return super().get(name, default)


def settings_names() -> set[str]:
    """List the variables that our own code reads."""
    address = "postgresql://localhost/db"
    seen = _Remembering(
        DATABASE_URL=address, DATABASE_OWNER_URL=address, OPMODEL_SECRET_KEY="k" * 32
    )
    server_key(seen, home=resolve_database(seen).home)
    key_folder(seen, home=resolve_database(seen).home)
    named = {*seen.asked, *ApiSettings().as_environ(), FORM_URL_VARIABLE}
    return named - {"HOME", "XDG_DATA_HOME"}


def command_of(arguments: list[str]) -> click.Context:
    """Parse the arguments as the command line does, without running the command."""
    module = importlib.import_module(f"api.cli.{arguments[0]}_command")
    context: click.Context = module.command.make_context(arguments[0], arguments[1:])
    return context
