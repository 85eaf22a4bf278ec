"""Draw companies and run the product, the toy and the oracle on them, in several processes."""

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from typing import TypeVar

import polars as pl

from tests.benchmarks.judges import toy_models, verdicts
from tests.benchmarks.oracle import oracle_posterior
from tests.benchmarks.recommender.companies import Company
from tests.benchmarks.recommender.product import analysed
from tests.benchmarks.simulator import simulate

__all__ = ["measure", "measured", "spread"]

T = TypeVar("T")

_ONE_THREAD = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "POLARS_MAX_THREADS")
_AT_ONCE = 4


def measured(company: Company) -> pl.DataFrame:
    """Return one row per unit: the truth, and the verdicts of product, toy and oracle."""
    drawn = simulate(company.parameters, units=company.units, seed=company.seed)
    said = verdicts(analysed(drawn, whole=company.sheet == "whole"), drawn.truth)
    toy = toy_models(drawn.responses)
    return (
        said.join(oracle_posterior(drawn, company.parameters), on="unit", how="left")
        .join(drawn.truth.select("unit", "respondents", "sponsors"), on="unit", how="left")
        .sort("unit")
        .select(
            pl.lit(company.scenario).alias("scenario"),
            pl.lit(company.sheet).alias("sheet"),
            pl.lit(company.units, dtype=pl.Int64).alias("units"),
            pl.lit(company.seed, dtype=pl.Int64).alias("company"),
            pl.all(),
            pl.col("unit")
            .replace_strict(toy, default=None, return_dtype=pl.String)
            .alias("toy"),
        )
    )


def measure(drawn: Sequence[Company], *, jobs: int) -> pl.DataFrame:
    """Return the rows of all companies in the given order, for any number of jobs."""
    return pl.concat(spread(measured, drawn, jobs=jobs))


def spread(
    work: Callable[[T], pl.DataFrame], over: Sequence[T], *, jobs: int
) -> Iterator[pl.DataFrame]:
    """Yield the result of ``work`` for each, in order, from several processes.

    Every process has one thread, because the threads of two processes would compete for cores.
    """
    if jobs == 1:
        yield from map(work, over)
        return
    before = {name: os.environ.get(name) for name in _ONE_THREAD}
    os.environ.update(dict.fromkeys(_ONE_THREAD, "1"))
    try:
        with ProcessPoolExecutor(jobs, mp_context=get_context("spawn")) as pool:
            yield from pool.map(work, over, chunksize=_AT_ONCE)
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value
