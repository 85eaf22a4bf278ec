"""Print the recommender section of the measurements as Markdown.

``python -m tests.benchmarks.recommender`` measures every scenario at every number of units;
``--dump FILE`` keeps what was said of each unit, and ``--compare FILE`` sets a later run
against it, unit by unit on the same companies.
"""

import argparse
from collections.abc import Iterator
from pathlib import Path
from time import perf_counter

import polars as pl

from tests.benchmarks.recommender import tables
from tests.benchmarks.recommender.companies import companies, sponsored_companies
from tests.benchmarks.recommender.comparing import comparison
from tests.benchmarks.recommender.gates import gates, verdict_table
from tests.benchmarks.recommender.measuring import measure
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
    parser.add_argument("--compare", type=Path, metavar="FILE", help="what an earlier run kept")
    return parser.parse_args(arguments)


def _sections(rows: pl.DataFrame, sponsored: pl.DataFrame) -> Iterator[tuple[str, str]]:
    yield "Gates", verdict_table(gates(rows, sponsored))
    yield "Units with a true model", tables.by_scenario(rows)
    yield "The twelve scenarios by number of units", tables.by_size(rows)
    yield "Log-loss above the oracle's, by number of units", tables.excess_loss(rows)
    yield "Units without one of the four models", tables.without_model(rows)
    if not sponsored.is_empty():
        yield "Whole sheets", tables.sheets(sponsored)
        yield "Sponsorship", tables.sponsorship(sponsored)


def main(arguments: list[str] | None = None) -> None:
    """Measure what the command line asks for and print it."""
    options = _options(arguments)
    scenarios = options.scenario or _NAMES
    whole = [name for name in _WHOLE if name in scenarios]
    started = perf_counter()
    drawn = companies(scenarios, units_per_cell=options.units_per_cell, seed=options.seed)
    extra = sponsored_companies(
        whole, units_per_scenario=options.whole_units, seed=options.seed
    )
    measured = measure([*drawn, *extra], jobs=options.jobs)
    took = perf_counter() - started
    sponsored_seeds = {company.seed for company in extra}
    of_extra = pl.col("company").is_in(list(sponsored_seeds))
    rows, sponsored = measured.filter(~of_extra), measured.filter(of_extra)
    if options.dump:
        measured.write_parquet(options.dump)
    print(
        f"{rows.height} units in {len(drawn)} companies; {took:.0f} s on {options.jobs} jobs."
    )
    for head, text in _sections(rows, sponsored):
        print(f"\n### {head}\n\n{text}")
    if options.compare:
        print(f"\n### Against {options.compare.name}\n")
        print(comparison(pl.read_parquet(options.compare), measured))


if __name__ == "__main__":
    main()
