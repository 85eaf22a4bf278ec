"""`opmodel campaign links` and `letters`: personal links for people whom no message reaches."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple, get_args

import click

from api.cli.destination import destination, write_whole
from api.cli.environment import configured_server_key, on_database
from api.cli.organisation_choice import chosen_organisation, organisation_option
from api.cli.text_option import Text
from api.documents.letters import LetterSheet, Paper, print_letters, require_documents
from api.documents.link_table import link_lines
from api.settings import ApiSettings, form_address
from models.edges import MAX_CODE
from survey.access.actors import COMMAND_LINE
from survey.campaigns.links import (
    LinkFilter,
    LinkMaker,
    WithoutChannel,
    all_links,
    hand_out_links,
    letter_material,
    links_of,
)
from survey.campaigns.read import find_campaign

__all__ = ["letters", "links"]

_LETTERS_PER_FILE = 1_000
"""A thousand take some hundred MB while they are set."""

_of_unit: Callable[[Any], Any] = click.option(
    "--unit",
    type=Text(MAX_CODE),
    help="Code of a unit: only its people, and those of units below.",
)
_without: Callable[[Any], Any] = click.option(
    "--without",
    type=click.Choice(get_args(WithoutChannel)),
    help="email: only people without an address, or whose message failed.",
)
_wave: Callable[[Any], Any] = click.option(
    "--wave", type=click.IntRange(min=1), help="Which wave, if there are several."
)


@click.command("links", short_help="Write everybody's personal link to a file.")
@click.argument("campaign")
@organisation_option
@_wave
@_of_unit
@_without
@click.option(
    "--out",
    type=click.Path(dir_okay=False, path_type=Path),
    required=True,
    help="The file (CSV), which only you can read.",
)
def links(
    *,
    campaign: str,
    organisation: str | None,
    wave: int | None,
    unit: str | None,
    without: WithoutChannel | None,
    out: Path,
) -> None:
    """Write the personal links of everybody invited to CAMPAIGN, by its name or id.

    Whoever has a link can answer in the person's place. The export is in the audit trail, and
    answers saved under these links continue only on the device that began them. Links begin
    with OPMODEL_FORM_URL.
    """
    maker = _maker()

    async def work() -> int:
        owner = await chosen_organisation(organisation)
        found = await find_campaign(owner.id, campaign, wave=wave)
        wanted = LinkFilter(unit=unit, without=without)
        handed = await hand_out_links(owner.id, found.id, wanted, form="csv", by=COMMAND_LINE)
        rows = all_links(owner.id, handed, maker)
        with destination(out) as stream:
            async for line in link_lines(rows):
                stream.write(line)
        return len(handed.invitations)

    click.echo(f"{on_database(work):,} links written to {out}.")


@click.command("letters", short_help="Write letters with personal links, to print.")
@click.argument("campaign")
@organisation_option
@_wave
@_of_unit
@_without
@click.option(
    "--paper", type=click.Choice(get_args(Paper)), default="a4", show_default=True, help="Size."
)
@click.option("--contact", type=Text(200), help="Whom people may ask; by default the office.")
@click.option(
    "--out",
    type=click.Path(dir_okay=False, path_type=Path),
    required=True,
    help="The file (PDF), which only you can read.",
)
def letters(
    *,
    campaign: str,
    organisation: str | None,
    wave: int | None,
    unit: str | None,
    without: WithoutChannel | None,
    paper: Paper,
    contact: str | None,
    out: Path,
) -> None:
    """Write a letter with the personal link to everybody invited to CAMPAIGN, a page each.

    Name and unit stand where an envelope with a window shows them. A file holds a thousand
    letters; the next ones are in NAME-2.pdf, and so on. It needs the extra `documents`.
    """
    require_documents()
    maker = _maker()
    wanted = LinkFilter(unit=unit, without=without)

    async def work() -> list[_Printed]:
        owner = await chosen_organisation(organisation)
        found = await find_campaign(owner.id, campaign, wave=wave)
        material = await letter_material(owner.id, found.id, contact=contact)
        handed = await hand_out_links(
            owner.id, found.id, wanted, form="letters", by=COMMAND_LINE
        )
        written: list[_Printed] = []
        for start in range(0, len(handed.invitations), _LETTERS_PER_FILE):
            some = handed.invitations[start : start + _LETTERS_PER_FILE]
            people = await links_of(owner.id, some, maker)
            printed = print_letters(LetterSheet.of(material, paper), people)
            file = _numbered(out, len(written) + 1)
            write_whole(file, printed.pdf)
            written.append(_Printed(file, len(people), printed.nameless))
        return written

    for file, count, nameless in on_database(work):
        click.echo(f"{count:,} letters written to {file}.")
        if nameless:
            click.echo(f"  {nameless:,} show an id: no font here has the whole name.")


class _Printed(NamedTuple):
    file: Path
    letters: int
    nameless: int


def _numbered(out: Path, number: int) -> Path:
    return out if number == 1 else out.with_stem(f"{out.stem}-{number}")


def _maker() -> LinkMaker:
    settings = ApiSettings.from_env(os.environ)
    return LinkMaker(
        server_key=configured_server_key(), form_url=form_address(settings, os.environ)
    )
