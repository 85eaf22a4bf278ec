"""The analysis of a respondent file without a database, by the code behind every release."""

from pathlib import Path

import msgspec

from analytics.analysis import Findings, analyse
from analytics.earlier_wave import EarlierWave
from analytics.results import Thresholds
from analytics.theory import Theory
from survey.files.notices import Notice
from survey.files.respondents import read_respondents
from survey.files.units import read_units
from survey.instruments.definition import InstrumentDefinition

__all__ = ["FileAnalysis", "analyse_files"]


class FileAnalysis(msgspec.Struct, frozen=True, kw_only=True):
    """What a file says, and what its units are called."""

    findings: Findings
    unit_names: dict[str, str]
    """Names from the unit file; empty without one."""
    notices: tuple[Notice, ...]
    """How the files were read, if not as they literally stand."""


def analyse_files(
    responses: Path,
    units: Path | None,
    *,
    instrument: InstrumentDefinition,
    theory: Theory,
    thresholds: Thresholds,
    seed: int,
    earlier: EarlierWave | None = None,
) -> FileAnalysis:
    """Analyse a respondent file, with a unit file if there is one.

    Parameters
    ----------
    responses : Path
        CSV or Parquet file of respondents. Its sponsors count as having consented.
    units : Path, optional
        CSV or Parquet file of units; without it units stand side by side.
    instrument : InstrumentDefinition
        What the item columns mean.
    theory : Theory
        Profiles of the operating models, phases and conditions.
    thresholds : Thresholds
        Smallest groups that are shown.
    seed : int
        Seed of the analysis.
    earlier : EarlierWave, optional
        The last wave, to compare with: ``findings.as_earlier()`` of its files.

    Raises
    ------
    FileRejected
        A file is not as it should be; all complaints about it are in the error.
    AnalyticsError
        The file is sound, and there is nothing in it to analyse.
    OSError
        A file cannot be read.
    """
    unit_file = None if units is None else read_units(units, name=str(units))
    tree = None if unit_file is None else unit_file.frame
    read = read_respondents(
        responses,
        name=str(responses),
        instrument=instrument.measures(),
        comment_keys=[comment.key for comment in instrument.comments],
        unit_codes=None if tree is None else tree["code"].to_list(),
    )
    findings = analyse(
        read.frame,
        instrument.measures(),
        theory,
        units=tree,
        thresholds=thresholds,
        seed=seed,
        earlier=earlier,
    )
    names = {} if tree is None else dict(tree.select("code", "name").iter_rows())
    notices = (*(unit_file.notices if unit_file else ()), *read.notices)
    return FileAnalysis(findings=findings, unit_names=names, notices=notices)
