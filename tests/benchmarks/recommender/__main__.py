"""Print the recommender section of the measurements as Markdown.

``python -m tests.benchmarks.recommender`` measures every scenario at every number of units;
``--dump FILE`` keeps the verdict on each unit, and ``--compare FILE`` compares a later run with
it, unit by unit on the same companies. ``--means FILE`` measures only the mixture, on unit
means that are kept in the file from one run to the next.
"""

import argparse
from collections.abc import Iterator
from pathlib import Path
from time import perf_counter

import polars as pl

from tests.benchmarks.recommender import tables
from tests.benchmarks.recommender.companies import companies, sponsored_companies
from tests.benchmarks.recommender.comparing import comparison
from tests.benchmarks.recommender.gates import errors, gates, verdict_table
from tests.benchmarks.recommender.measuring import measure, spread
from tests.benchmarks.recommender.mixture import judged_by_mixture, kept_means, means_of
from tests.benchmarks.simulator import DISTURBANCES, SCENARIOS

__all__ = ["main"]

_NAMES = [*SCENARIOS, *DISTURBANCES]
_WHOLE = ("baseline", "dirty_data")
_WHOLE_UNITS = 900


def _options(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m tests.benchmarks.recommender", description=__doc__.split("\n")[0]
    )
    parser.add_argument("--units-per-cell", type=int, default=300, metavar="N")
    parser.add_argument("--whole-units", type=int, default=_WHOLE_UNITS, metavar="N")
    parser.add_argument("--scenario", action="append", choices=_NAMES)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--dump", type=Path, metavar="FILE", help="Parquet, one row per unit")
    parser.add_argument(
        "--compare", type=Path, metavar="FILE", help="the dump of an earlier run"
    )
    parser.add_argument("--means", type=Path, metavar="FILE", help="measure only the mixture")
    return parser.parse_args(arguments)


def _sections(rows: pl.DataFrame, sponsored: pl.DataFrame) -> Iterator[tuple[str, str]]:
    yield "Gates", verdict_table(gates(rows, sponsored), errors(rows, sponsored))
    yield "Units with a true model", tables.by_scenario(rows)
    yield "The twelve scenarios by number of units", tables.by_size(rows)
    yield "Log-loss above the oracle's, by number of units", tables.excess_loss(rows)
    yield "Units without one of the four models", tables.without_model(rows)
    if not sponsored.is_empty():
        yield "Whole sheets", tables.sheets(sponsored)
        yield "Sponsorship", tables.sponsorship(sponsored)


def _measured(options: argparse.Namespace) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return the units of the scenarios, and those with whole sheets."""
    scenarios = options.scenario or _NAMES
    drawn = companies(scenarios, units_per_cell=options.units_per_cell, seed=options.seed)
    if options.means:
        prepared = spread(means_of, drawn, jobs=options.jobs)
        means = kept_means(options.means, prepared)
        of_one = means.partition_by("scenario", "units", "company", maintain_order=True)
        rows = pl.concat(spread(judged_by_mixture, of_one, jobs=options.jobs))
        return rows, rows.clear()
    extra = sponsored_companies(
        [name for name in _WHOLE if name in scenarios],
        units_per_scenario=options.whole_units,
        seed=options.seed,
    )
    rows = measure([*drawn, *extra], jobs=options.jobs)
    is_extra = pl.col("company").is_in([company.seed for company in extra])
    return rows.filter(~is_extra), rows.filter(is_extra)


def main(arguments: list[str] | None = None) -> None:
    """Measure as the command line says and print the results."""
    options = _options(arguments)
    started = perf_counter()
    rows, sponsored = _measured(options)
    took = perf_counter() - started
    if options.dump:
        rows.write_parquet(options.dump)
    number = rows["company"].n_unique()
    print(f"{rows.height} units in {number} companies; {took:.0f} s on {options.jobs} jobs.")
    for head, text in _sections(rows, sponsored):
        print(f"\n### {head}\n\n{text}")
    if options.compare:
        print(f"\n### Against {options.compare.name}\n")
        print(comparison(pl.read_parquet(options.compare), rows))


if __name__ == "__main__":
    main()
