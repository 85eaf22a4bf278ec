"""Files of an organisation, its units and its people."""

from datetime import UTC, datetime
from pathlib import Path

import click

from api.cli.environment import on_database
from api.cli.import_options import deactivate_option, dry_run_option, file_argument, show
from api.cli.organisation_choice import chosen_organisation, organisation_option
from api.terminal.changes import organisation_lines, sync_lines
from seed.loader import load_standard_content
from survey.directory.organisation_import import (
    OrganisationFile,
    OrganisationReport,
    import_organisation,
)
from survey.directory.organisations import organisation_by_key
from survey.directory.people import known_people, sync_people
from survey.directory.sync import SyncReport
from survey.directory.units import active_unit_codes, sync_units
from survey.files.documents import read_document
from survey.files.people import read_people
from survey.files.units import read_units

__all__ = ["organisation", "people", "units"]


@click.command("organisation", short_help="An organisation and its settings.")
@file_argument
@dry_run_option
def organisation(*, file: Path, dry_run: bool) -> None:
    """Make or change the organisation that FILE, in TOML or JSON, describes.

    \b
        key = "north"           short name, which the other commands take
        name = "Company North"
        default_locale = "en"   language of people of whom none is known
        min_group = 5           fewest respondents behind a figure, 4 to 50

    The last two may be left out. It gets the standard instrument, published, and the operating
    models, unless it has them.
    """  # noqa: D301 - click's mark of lines that stay as they are
    given = read_document(file, OrganisationFile, name=str(file))
    now = datetime.now(UTC)

    async def work() -> OrganisationReport:
        report = await import_organisation(given, dry_run=dry_run, now=now)
        if not dry_run:
            made = await organisation_by_key(given.key)
            await load_standard_content(made.id, now=now)
        return report

    show(organisation_lines(on_database(work)))


@click.command("units", short_help="The tree of business units.")
@file_argument
@organisation_option
@dry_run_option
@deactivate_option
def units(
    *, file: Path, organisation: str | None, dry_run: bool, deactivate_missing: bool
) -> None:
    """Bring the tree of business units to what FILE says, a CSV or Parquet file.

    Units that the file does not name are reported and left as they are. `opmodel template
    units` writes a blank file.
    """
    given = read_units(file, name=str(file))

    async def work() -> SyncReport:
        owner = await chosen_organisation(organisation)
        return await sync_units(
            owner.id, given, dry_run=dry_run, deactivate_missing=deactivate_missing
        )

    show(sync_lines(on_database(work), what="units"))


@click.command("people", short_help="The people who can be invited.")
@file_argument
@organisation_option
@dry_run_option
@deactivate_option
def people(
    *, file: Path, organisation: str | None, dry_run: bool, deactivate_missing: bool
) -> None:
    """Bring the people to what FILE says, a CSV or Parquet file.

    Their units must be there; people whom the file does not name are reported and left as they
    are. Campaigns that are open keep the people they began with. `opmodel template people`
    writes a blank file.
    """

    async def work() -> SyncReport:
        owner = await chosen_organisation(organisation)
        given = read_people(
            file,
            name=str(file),
            unit_codes=await active_unit_codes(owner.id),
            known_people=await known_people(owner.id),
        )
        return await sync_people(
            owner.id, given, dry_run=dry_run, deactivate_missing=deactivate_missing
        )

    show(sync_lines(on_database(work), what="people"))
