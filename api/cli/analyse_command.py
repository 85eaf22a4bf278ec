"""`opmodel analyse`: a respondent file in, the analysis out, as text or JSON."""

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any

import click
import msgspec

from analytics.results import Thresholds
from api.cli.destination import destination
from api.cli.report_options import report_options, require_units, view_of
from api.terminal.report import View, print_report
from models.edges import GREATEST_INTEGER
from seed.content import standard_instrument, theory, vocabulary
from survey.releases.of_files import EarlierFiles, FileAnalysis, analyse_files
from survey.report.document import say
from survey.report.notices import notice_lines

__all__ = ["command"]

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@dataclass(frozen=True, kw_only=True)
class _Options:
    """What the command line asks for."""

    responses: Path
    units: Path | None
    view: View
    earlier: Path | None
    earlier_units: Path | None
    same_units: bool
    style: str
    output: Path | None
    min_group: int
    seed: int


@click.command("analyse")
@click.argument("responses", type=_FILE)
@click.option("--units", type=_FILE, help="Unit file: the tree and its head-counts.")
@report_options
@click.option("--earlier", type=_FILE, help="Respondents of the last wave, to compare with.")
@click.option("--earlier-units", type=_FILE, help="Unit file of the last wave.")
@click.option(
    "--same-units",
    is_flag=True,
    help="Compare units whose names differ between the waves.",
)
@click.option(
    "--format",
    "style",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="A report for people, or JSON for programs.",
)
@click.option(
    "--output",
    type=click.Path(dir_okay=False, writable=True, path_type=Path),
    help="Write to this file instead of the terminal.",
)
@click.option(
    "--min-group",
    type=click.IntRange(4, 50),
    default=5,
    show_default=True,
    help="Fewest respondents behind a figure.",
)
@click.option(
    "--seed",
    type=click.IntRange(0, GREATEST_INTEGER),
    default=0,
    show_default=True,
    help="Seed of the draws.",
)
def command(**given: Any) -> None:
    """Analyse RESPONSES, a CSV or Parquet file with one row per respondent.

    Exit code 0: the analysis was written. Exit code 2: the input was refused, and nothing was
    written; the message names file, line, column, value and what was expected.
    """
    options = _Options(view=view_of(given), **given)
    if options.earlier_units and not options.earlier:
        raise click.UsageError("--earlier-units goes with --earlier, the file of respondents.")
    result = analyse_files(
        options.responses,
        options.units,
        instrument=standard_instrument(),
        theory=theory(),
        thresholds=Thresholds(scores=options.min_group),
        seed=options.seed,
        today=datetime.now(UTC).date(),
        earlier=_earlier(options),
    )
    units = {unit.unit for unit in result.findings.analysis.units}
    require_units(options.view.units, units)
    with destination(options.output) as file:
        _write(result, options, file)


def _earlier(options: _Options) -> EarlierFiles | None:
    if options.earlier is None:
        return None
    return EarlierFiles(options.earlier, options.earlier_units, options.same_units)


def _write(result: FileAnalysis, options: _Options, file: IO[str]) -> None:
    if options.style == "json":
        document = msgspec.to_builtins(result.findings.analysis) | {
            "notices": notice_lines(result.notices)
        }
        file.write(msgspec.json.format(msgspec.json.encode(document)).decode() + "\n")
    else:
        print_report(
            result.findings.analysis,
            result.unit_names,
            vocabulary(),
            file=file,
            view=options.view,
            remarks=(say("remark.consent"),),
            notices=result.notices,
        )
