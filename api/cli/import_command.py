"""`opmodel import`: files in, a report of changes out; a broken file changes nothing."""

import click

from api.cli.import_directory import organisation, people, units
from api.cli.import_survey import instrument, operating_models, responses

__all__ = ["command"]


@click.group("import")
def command() -> None:
    """Load what an organisation is made of, instruments, models or responses from files.

    A file is taken whole or not at all. One that is not right changes nothing: each complaint
    names line, column, value and what was expected, and the exit code is 2. --dry-run does and
    checks everything, reports it, and undoes it.
    """


for one in (organisation, units, people, instrument, operating_models, responses):
    command.add_command(one)
