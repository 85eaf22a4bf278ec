"""`opmodel import`: files in, a report of changes out; a broken file changes nothing."""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from api.cli.environment import configured_keys, on_database
from api.cli.organisation_choice import chosen_organisation, organisation_option
from api.cli.text_option import Text
from api.terminal.changes import (
    instrument_lines,
    operating_model_lines,
    organisation_lines,
    response_lines,
    sync_lines,
)
from models.edges import GREATEST_SMALLINT, MAX_NAME
from models.engine import rehearsed
from seed.loader import load_standard_content
from survey.access.actors import COMMAND_LINE
from survey.campaigns.read import find_campaign
from survey.capture.importing import ImportReport, import_responses
from survey.catalogue.loading import load_operating_models
from survey.catalogue.operating_models import OperatingModels
from survey.directory.organisation_import import (
    OrganisationFile,
    OrganisationReport,
    import_organisation,
)
from survey.directory.organisations import organisation_by_key
from survey.directory.people import known_people, sync_people
from survey.directory.sync import SyncReport
from survey.directory.units import active_unit_codes, sync_units
from survey.files.bounds import LOCAL
from survey.files.documents import read_document
from survey.files.people import read_people
from survey.files.units import read_units
from survey.instruments.definition import InstrumentDefinition
from survey.instruments.importing import InstrumentReport, import_definition
from survey.sealing.seals import Seals

__all__ = [
    "command",
    "deactivate_option",
    "dry_run_option",
    "file_argument",
    "instrument",
    "operating_models",
    "organisation",
    "people",
    "responses",
    "show",
    "units",
]

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


@click.command("instrument", short_help="A version of an instrument.")
@file_argument
@organisation_option
@click.option("--publish", is_flag=True, help="Publish it; from then on it never changes.")
@dry_run_option
def instrument(*, file: Path, organisation: str | None, publish: bool, dry_run: bool) -> None:
    """Load the version of an instrument that FILE, in JSON or TOML, defines.

    It is a draft until it is published, and a draft may be loaded again. The fields are those
    of the API's instruments.
    """
    given = read_document(file, InstrumentDefinition, name=str(file))

    async def work() -> InstrumentReport:
        return await import_definition(
            (await chosen_organisation(organisation)).id,
            given,
            publish=publish,
            dry_run=dry_run,
            now=datetime.now(UTC),
        )

    show(instrument_lines(on_database(work)))


@click.command("operating-models", short_help="Operating models of your own.")
@file_argument
@organisation_option
@dry_run_option
def operating_models(*, file: Path, organisation: str | None, dry_run: bool) -> None:
    """Load the version of operating models that FILE, in TOML or JSON, describes.

    Every anchor has a value from 1 to 5 and a reason. Releases from then on use this version
    and name it; a version is never changed, so a change is a new version.
    """
    given = read_document(file, OperatingModels, name=str(file))

    async def work() -> bool:
        owner = await chosen_organisation(organisation)
        async with rehearsed(owner.id, dry_run=dry_run):
            return await load_operating_models(owner.id, given, by=COMMAND_LINE)

    show(operating_model_lines(given.version, new=on_database(work), dry_run=dry_run))


@click.command("responses", short_help="Responses collected by another tool.")
@file_argument
@organisation_option
@click.option(
    "--campaign",
    type=Text(MAX_NAME),
    required=True,
    help="The open campaign, by its name or id.",
)
@click.option(
    "--wave",
    type=click.IntRange(1, GREATEST_SMALLINT),
    help="Which wave, if there are several.",
)
@dry_run_option
def responses(
    *, file: Path, organisation: str | None, campaign: str, wave: int | None, dry_run: bool
) -> None:
    """Store the respondents of FILE, collected by another tool, as responses to a campaign.

    FILE is CSV or Parquet, one row per respondent. A row whose respondent_id came with an
    earlier file is skipped, so an export may be cumulative. Without these ids, a file that
    brings rows again is refused. `opmodel template respondents` writes a blank one.
    """
    source, seals = file.read_bytes(), Seals(configured_keys())

    async def work() -> tuple[ImportReport, str]:
        owner = await chosen_organisation(organisation)
        found = await find_campaign(owner.id, campaign, wave=wave)
        async with rehearsed(owner.id, dry_run=dry_run):
            report = await import_responses(
                owner.id,
                found.id,
                source,
                name=str(file),
                seals=seals,
                now=datetime.now(UTC),
                bounds=LOCAL,
            )
        return report, f"{found.name}, wave {found.wave}"

    report, named = on_database(work)
    show(response_lines(report, campaign=named, dry_run=dry_run))


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
        time_zone = "UTC"       of people of whom none is known, such as "Europe/Berlin"

    The last three may be left out. It gets the standard instrument, published, and the
    operating models, unless it has them.
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
    given = read_units(file, name=str(file), bounds=LOCAL)

    async def work() -> SyncReport:
        owner = await chosen_organisation(organisation)
        return await sync_units(
            owner.id, given, dry_run=dry_run, deactivate_missing=deactivate_missing
        )

    show(sync_lines(on_database(work), one="unit", many="units"))


@click.command("people", short_help="The people who can be invited.")
@file_argument
@organisation_option
@dry_run_option
@deactivate_option
@click.option(
    "--expect-deactivated",
    type=click.IntRange(min=0),
    metavar="N",
    help="How many people are expected to be deactivated; required if they are many.",
)
def people(
    *,
    file: Path,
    organisation: str | None,
    dry_run: bool,
    deactivate_missing: bool,
    expect_deactivated: int | None,
) -> None:
    """Bring the people to what FILE says, a CSV or Parquet file.

    Their units must be there; people whom the file does not name are reported and left as they
    are, and people whom its column `active` marks as inactive are deactivated. Campaigns that
    are open keep the people they began with. `opmodel template people` writes a blank file.
    """

    async def work() -> SyncReport:
        owner = await chosen_organisation(organisation)
        given = read_people(
            file,
            name=str(file),
            unit_codes=await active_unit_codes(owner.id),
            known_people=await known_people(owner.id),
            bounds=LOCAL,
        )
        return await sync_people(
            owner.id,
            given,
            dry_run=dry_run,
            deactivate_missing=deactivate_missing,
            expect_deactivated=expect_deactivated,
        )

    show(sync_lines(on_database(work), one="person", many="people"))


@click.group("import")
def command() -> None:
    """Load what an organisation is made of, instruments, models or responses from files.

    A file is taken whole or not at all. One that is not right changes nothing: each complaint
    names line, column, value and what was expected, and the exit code is 2. --dry-run does and
    checks everything, reports it, and undoes it.
    """


for one in (organisation, units, people, instrument, operating_models, responses):
    command.add_command(one)
