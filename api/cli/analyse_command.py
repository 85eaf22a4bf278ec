"""`opmodel analyse`: a respondent file in, the analysis out, as text or JSON."""

from pathlib import Path
from typing import IO

import click
import msgspec

from analytics.results import Thresholds
from api.cli.destination import destination
from api.terminal.report import print_analysis
from seed.content import standard_instrument, theory
from survey.file_analysis import FileAnalysis, analyse_files

__all__ = ["command"]

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command("analyse")
@click.argument("responses", type=_FILE)
@click.option("--units", type=_FILE, help="Unit file: the tree and its head-counts.")
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
    type=click.IntRange(min=0),
    default=0,
    show_default=True,
    help="Seed of the draws.",
)
def command(
    responses: Path,
    units: Path | None,
    style: str,
    output: Path | None,
    min_group: int,
    seed: int,
) -> None:
    """Analyse RESPONSES, a CSV or Parquet file with one row per respondent.

    Exit code 0: the analysis was written. Exit code 2: the input was refused, and nothing was
    written; the message names file, line, column, value and what was expected.
    """
    result = analyse_files(
        responses,
        units,
        instrument=standard_instrument(),
        theory=theory(),
        thresholds=Thresholds(scores=min_group),
        seed=seed,
    )
    with destination(output) as file:
        _write(result, style, file)


def _write(result: FileAnalysis, style: str, file: IO[str]) -> None:
    if style == "json":
        document = msgspec.json.encode(result.findings.analysis)
        file.write(msgspec.json.format(document).decode() + "\n")
    else:
        print_analysis(
            result.findings.analysis,
            result.unit_names,
            file=file,
            notes=("The file's sponsors count as having consented to be shown.",),
        )
