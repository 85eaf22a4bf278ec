"""Files of an instrument, of operating models, and of responses to a campaign."""

from datetime import UTC, datetime
from pathlib import Path

import click

from api.cli.environment import on_database
from api.cli.import_options import dry_run_option, file_argument, show
from api.cli.organisation_choice import chosen_organisation, organisation_option
from api.terminal.changes import instrument_lines, operating_model_lines, response_lines
from survey.campaigns.find import find_campaign
from survey.capture.importing import ImportReport, import_responses
from survey.catalogue.loading import load_operating_models
from survey.catalogue.operating_models import OperatingModels
from survey.files.documents import read_document
from survey.instruments.definition import InstrumentDefinition
from survey.instruments.importing import InstrumentReport, import_definition
from survey.rehearsal import rehearsed

__all__ = ["instrument", "operating_models", "responses"]


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
            return await load_operating_models(owner.id, given, by=None, now=datetime.now(UTC))

    show(operating_model_lines(given.version, new=on_database(work), dry_run=dry_run))


@click.command("responses", short_help="Responses collected by another tool.")
@file_argument
@organisation_option
@click.option("--campaign", required=True, help="The open campaign, by its name or id.")
@click.option("--wave", type=click.IntRange(min=1), help="Which wave, where there are several.")
@dry_run_option
def responses(
    *, file: Path, organisation: str | None, campaign: str, wave: int | None, dry_run: bool
) -> None:
    """Store the respondents of FILE, collected by another tool, as responses to a campaign.

    FILE is CSV or Parquet, one row per respondent. The same file is taken once. `opmodel
    template respondents` writes a blank one.
    """
    source = file.read_bytes()

    async def work() -> tuple[ImportReport, str]:
        owner = await chosen_organisation(organisation)
        found = await find_campaign(owner.id, campaign, wave=wave)
        async with rehearsed(owner.id, dry_run=dry_run):
            report = await import_responses(
                owner.id, found.id, source, name=str(file), now=datetime.now(UTC)
            )
        return report, f"{found.name}, wave {found.wave}"

    report, named = on_database(work)
    show(response_lines(report, campaign=named, dry_run=dry_run))
