"""The speed of an analysis: ``python -m tests.benchmarks.analysis_speed``.

Two measurements: the statistics of a large columnar copy, compared with only reading and
summing the same file, and a whole analysis of a company in a separate process.
"""

import argparse
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import polars as pl

from analytics.instrument import Instrument
from analytics.results import Thresholds
from seed.content import standard_instrument, theory
from survey.releases.of_files import analyse_files
from tests.benchmarks.large_copy import draw_copy, draw_tree, statistics_of
from tests.benchmarks.quiet import Watch
from tests.benchmarks.simulator import SCENARIOS, simulate

__all__ = ["main"]

_DISTURBED = 0.2
"""A round is disturbed if other processes use at least this many cores."""

_LEFT_OUT = "value_realised"
"""Its two items bring the standard instrument's 62 down to 60."""

_UNITS, _MEDIAN = 500, 102.0
"""Units of the company, and the median of their respondents: about 60 000 in all."""

_K = 5


@dataclass(frozen=True)
class _Spent:
    """Elapsed time and processor time, in seconds."""

    clock: float
    processors: float


@dataclass(frozen=True)
class _Round:
    limit: _Spent
    product: _Spent
    others: float
    """Cores used by other processes."""


def main() -> None:
    """Measure both and print them; with ``--company``, only analyse a folder's files."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--rounds", type=int, default=7)
    asked.add_argument("--people", type=int, default=1_000_000)
    asked.add_argument("--units", type=int, default=2_000)
    asked.add_argument("--company", type=Path, help="a folder with responses.csv and units.csv")
    given = asked.parse_args()
    if given.company:
        _analyse(given.company)
        return
    with tempfile.TemporaryDirectory() as scratch:
        rounds = _copy_rounds(
            Path(scratch) / "copy.parquet", given.people, given.units, given.rounds
        )
        print(f"{given.people} people, {given.units} units\n{_table(rounds)}")
        _measure_company(Path(scratch) / "company")


def _copy_rounds(path: Path, people: int, units: int, rounds: int) -> list[_Round]:
    """Time the plain sum and the statistics of the same copy, alternately."""
    standard = standard_instrument().measures()
    kept = tuple(each for each in standard.constructs if each.key != _LEFT_OUT)
    instrument = Instrument(key=standard.key, version=standard.version, constructs=kept)
    tree = draw_tree(units)
    draw_copy(path, tree, instrument, people=people, seed=1)
    copy = pl.scan_parquet(path)
    items = [item.key for item in instrument.items]

    def limit() -> object:
        return copy.select(pl.col(items).sum()).collect()

    def product() -> object:
        return statistics_of(copy, instrument, tree, k=_K)

    limit()
    product()
    return [_round(limit, product) for _ in range(rounds)]


def _round(limit: Callable[[], object], product: Callable[[], object]) -> _Round:
    watch = Watch()
    return _Round(_spent(limit), _spent(product), watch.others())


def _spent(work: Callable[[], object]) -> _Spent:
    clock, processors = time.perf_counter(), time.process_time()
    work()
    return _Spent(time.perf_counter() - clock, time.process_time() - processors)


def _table(rounds: list[_Round]) -> str:
    """Return a table of the quiet rounds and of all rounds."""
    quiet = [each for each in rounds if each.others < _DISTURBED]
    rows = [
        "| rounds | limit, s | product, s | ratio by the clock | ratio of processor time |",
        "|---|---|---|---|---|",
    ]
    for name, chosen in (("quiet", quiet), ("all", rounds)):
        if not chosen:
            rows.append(f"| {name}: 0 | | | | |")
            continue
        columns = (
            [each.limit.clock for each in chosen],
            [each.product.clock for each in chosen],
            [each.product.clock / each.limit.clock for each in chosen],
            [each.product.processors / each.limit.processors for each in chosen],
        )
        cells = " | ".join(_summary(column) for column in columns)
        rows.append(f"| {name}: {len(chosen)} | {cells} |")
    return "\n".join(rows)


def _summary(values: list[float]) -> str:
    return f"{statistics.median(values):.2f} ({min(values):.2f} to {max(values):.2f})"


def _measure_company(folder: Path) -> None:
    """Draw a company and analyse its files in a separate process."""
    parameters = replace(SCENARIOS["baseline"], size_median=_MEDIAN)
    company = simulate(parameters, units=_UNITS, seed=7)
    company.write(folder)
    print(f"{company.responses.height} respondents, {company.units.height} units")
    own = [sys.executable, "-m", "tests.benchmarks.analysis_speed", "--company", str(folder)]
    watch = Watch()
    subprocess.run(own, check=True)
    print(f"others used {watch.others():.1f} of {os.cpu_count()} cores meanwhile")


def _analyse(folder: Path) -> None:
    """Analyse a folder's files and print time and memory."""
    started, used = time.perf_counter(), time.process_time()
    analyse_files(
        folder / "responses.csv",
        folder / "units.csv",
        instrument=standard_instrument(),
        theory=theory(),
        thresholds=Thresholds(scores=_K),
        seed=0,
    )
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"{time.perf_counter() - started:.1f} s by the clock, "
        f"{time.process_time() - used:.1f} s of processors, {peak:.0f} MiB at most"
    )


if __name__ == "__main__":
    main()
