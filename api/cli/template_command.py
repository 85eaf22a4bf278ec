"""`opmodel template`: a blank file whose columns are those that are read."""

from pathlib import Path

import click

from api.cli.destination import destination
from seed.content import standard_instrument
from survey.files.templates import FileKind, blank_file

__all__ = ["command"]


@click.command("template")
@click.argument("kind", type=click.Choice(["respondents", "units", "people"]))
@click.option(
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write to this new file instead of the terminal.",
)
def command(kind: FileKind, output: Path | None) -> None:
    """Write a blank CSV file to fill in, one row per respondent, unit or person.

    \b
    respondents  what `opmodel analyse` and `opmodel import responses` read
    units        the tree of business units with its head-counts
    people       who can be invited, with unit and role
    """  # noqa: D301 - click's mark of lines that stay as they are
    if output is not None and output.exists():
        msg = f"{output} exists already; a file that was filled in is not overwritten."
        raise click.BadParameter(msg, param_hint="--output")
    instrument = standard_instrument()
    with destination(output) as file:
        file.write(
            blank_file(
                kind,
                instrument.measures(),
                comment_keys=[comment.key for comment in instrument.comments],
            )
        )
