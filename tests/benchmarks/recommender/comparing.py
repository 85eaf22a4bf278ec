"""Two variants of the product on the same companies, unit by unit."""

import polars as pl

from tests.benchmarks.judges.measures import log_losses, true_places
from tests.benchmarks.recommender.tables import mean_by_company, table
from tests.benchmarks.simulator.archetypes import MODELS

__all__ = ["comparison"]

_KEY = ("scenario", "sheet", "units", "company", "unit")


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
