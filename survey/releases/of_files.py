"""The analysis of respondent files without a database, by the code behind every release."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path

import msgspec
import polars as pl

from analytics.analysis import Findings, analyse
from analytics.earlier_wave import EarlierWave
from analytics.quality.turned_items import items_against_their_scale
from analytics.results import Thresholds
from analytics.theory import Theory
from survey.files.bounds import LOCAL
from survey.files.keys import caseless
from survey.files.notices import Notice, Notices, Reading
from survey.files.respondents import RespondentFile, read_respondents
from survey.files.units import UnitFile, read_units
from survey.instruments.definition import InstrumentDefinition

__all__ = ["EarlierFiles", "FileAnalysis", "analyse_files"]

_EARLIER = " (earlier)"
"""What is added to the code of a unit that is another one by now."""
_RENAMED_SHOWN = 3


class EarlierFiles(msgspec.Struct, frozen=True):
    """The files of the last wave."""

    responses: Path
    """CSV or Parquet file of respondents."""
    units: Path | None = None
    """CSV or Parquet file of units."""
    same_units: bool = False
    """Compare units whose names differ between the waves; otherwise they are two units."""


class FileAnalysis(msgspec.Struct, frozen=True, kw_only=True):
    """What a file says, and what its units are called."""

    findings: Findings
    unit_names: dict[str, str]
    """Names from the unit file; empty without one."""
    notices: tuple[Notice, ...]
    """How the files were read, if not as they literally stand."""


class _Wave(msgspec.Struct, frozen=True):
    """The files of one wave as they were read."""

    name: str
    responses: RespondentFile
    units: UnitFile | None

    @property
    def unit_names(self) -> dict[str, str]:
        if self.units is None:
            return {}
        return dict(self.units.frame.select("code", "name").iter_rows())

    @property
    def notices(self) -> tuple[Notice, ...]:
        return (*(self.units.notices if self.units else ()), *self.responses.notices)


def analyse_files(
    responses: Path,
    units: Path | None,
    *,
    instrument: InstrumentDefinition,
    theory: Theory,
    thresholds: Thresholds,
    seed: int,
    today: date | None = None,
    earlier: EarlierFiles | None = None,
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
    today : date, optional
        Days after tomorrow and before 2000 are not used; without it all days are.
    earlier : EarlierFiles, optional
        The last wave, to compare with.

    Raises
    ------
    FileRejected
        A file is not as it should be; all complaints about it are in the error.
    AnalyticsError
        The file is sound, and there is nothing in it to analyse.
    OSError
        A file cannot be read.
    """
    measures = instrument.measures()

    def found(wave: _Wave, before: EarlierWave | None = None) -> Findings:
        return analyse(
            wave.responses.frame,
            measures,
            theory,
            units=None if wave.units is None else wave.units.frame,
            thresholds=thresholds,
            seed=seed,
            earlier=before,
        )

    wave = _read(responses, units, instrument, today)
    before, notices = None, wave.notices
    if earlier is not None:
        last = _read(earlier.responses, earlier.units, instrument, today)
        renamed = _renamed(last.unit_names, wave.unit_names)
        notices += last.notices + _of_renamed(renamed, last, same_units=earlier.same_units)
        before = found(
            last if earlier.same_units else _as_other_units(last, renamed)
        ).as_earlier()
    findings = found(wave, before)
    notices += _of_turned(wave, findings, instrument)
    return FileAnalysis(findings=findings, unit_names=wave.unit_names, notices=notices)


def _read(
    responses: Path, units: Path | None, instrument: InstrumentDefinition, today: date | None
) -> _Wave:
    unit_file = None if units is None else read_units(units, name=str(units), bounds=LOCAL)
    read = read_respondents(
        responses,
        name=str(responses),
        instrument=instrument.measures(),
        comment_keys=[comment.key for comment in instrument.comments],
        unit_codes=None if unit_file is None else unit_file.frame["code"].to_list(),
        today=today,
        bounds=LOCAL,
    )
    return _Wave(str(responses), read, unit_file)


def _renamed(before: Mapping[str, str], now: Mapping[str, str]) -> dict[str, tuple[str, str]]:
    """Return the units of both waves whose names differ: code to both names."""
    return {
        code: (name, now[code])
        for code, name in before.items()
        if code in now and caseless(name) != caseless(now[code])
    }


def _of_renamed(
    renamed: Mapping[str, tuple[str, str]], last: _Wave, *, same_units: bool
) -> tuple[Notice, ...]:
    if not renamed:
        return ()
    notices = Notices(last.name)
    shown = [Reading(f"{code} {old}", new) for code, (old, new) in renamed.items()]
    notices.add(
        "renamed_compared" if same_units else "renamed",
        count=len(renamed),
        examples=shown[:_RENAMED_SHOWN],
    )
    return notices.all()


def _as_other_units(wave: _Wave, renamed: Mapping[str, object]) -> _Wave:
    """Return a wave in which these units have codes that no other wave has."""
    if not renamed or wave.units is None:
        return wave
    codes = {code: f"{code}{_EARLIER}" for code in renamed}
    units = wave.units.frame.with_columns(pl.col("code", "parent_code").replace(codes))
    answers = wave.responses.frame.with_columns(pl.col("unit").replace(codes))
    return _Wave(
        wave.name,
        msgspec.structs.replace(wave.responses, frame=answers),
        msgspec.structs.replace(wave.units, frame=units),
    )


def _of_turned(
    wave: _Wave, findings: Findings, instrument: InstrumentDefinition
) -> tuple[Notice, ...]:
    items = items_against_their_scale(findings.study.screened.kept, instrument.measures())
    notices = Notices(wave.name)
    if items:
        notices.add("turned", columns=items, count=len(items))
    return notices.all()
