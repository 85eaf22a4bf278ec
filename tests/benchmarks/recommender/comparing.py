"""Two variants of the product on the same companies, unit by unit."""

import numpy as np
import polars as pl
from numpy.typing import NDArray

from tests.benchmarks.judges.measures import log_losses, true_places
from tests.benchmarks.recommender.tables import table
from tests.benchmarks.simulator.archetypes import MODELS

__all__ = ["comparison", "mean_by_company"]

_KEY = ("scenario", "sheet", "units", "company", "unit")


def mean_by_company(
    values: NDArray[np.float64], company: NDArray[np.int64]
) -> tuple[float, float]:
    """Return the mean over units and its standard error.

    Units of a company share its draws, so the standard error is the linearised, cluster-robust
    one of a ratio of company totals: with e_b = value - mean, se^2 = G / (G - 1)
    sum_g (sum_{b in g} e_b)^2 / n^2 over G companies.
    """
    mean = float(values.mean())
    _, group = np.unique(company, return_inverse=True)
    totals = np.bincount(group, weights=values - mean)
    count = len(totals)
    if count < 2:
        return mean, float("nan")
    variance = count / (count - 1) * (totals**2).sum() / len(values) ** 2
    return mean, float(np.sqrt(variance))


def comparison(before: pl.DataFrame, after: pl.DataFrame) -> str:
    """Return after minus before as Markdown: share right and log-loss with standard errors.

    Parameters
    ----------
    before, after
        Rows of two runs. Units with a true model are compared if both runs report them.
    """
    both = before.filter(pl.col("kind") == "pure", pl.col("status").is_not_null()).join(
        after.filter(pl.col("status").is_not_null()), on=_KEY, suffix="_after"
    )
    lines = [_line("all", both)]
    lines += [
        _line(f"{units} units", both.filter(units=units)) for units in _known(both, "units")
    ]
    lines += [_line(name, both.filter(scenario=name)) for name in _known(both, "scenario")]
    return table(("", "units", "right, change", "log-loss, change"), lines)


def _known(rows: pl.DataFrame, column: str) -> list[object]:
    return rows[column].unique(maintain_order=True).to_list()


def _line(name: object, rows: pl.DataFrame) -> tuple[str, ...]:
    true = true_places(rows)
    first = rows.select(MODELS).to_numpy()
    second = rows.select([f"{model}_after" for model in MODELS]).to_numpy()
    right = (second.argmax(axis=1) == true) * 1.0 - (first.argmax(axis=1) == true)
    loss = log_losses(second, true) - log_losses(first, true)
    cells = [mean_by_company(each, rows["company"].to_numpy()) for each in (right, loss)]
    return (str(name), str(rows.height), *(f"{mean:+.4f} ± {se:.4f}" for mean, se in cells))
