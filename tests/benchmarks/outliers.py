"""How many sheets are outliers, and screened out: ``python -m tests.benchmarks.outliers``.

Attentive and careless people of simulated companies, and the people of given response files.
"""

import argparse
from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray

from analytics.study.screening import careless_rules, screen
from seed.content import standard_instrument
from tests.benchmarks.simulator import SCENARIOS, simulate

__all__ = ["main"]

_COMPANIES = {7: 40, 12: 40, 50: 12}
"""Companies drawn by their number of units; half of the people of a unit are 25 or fewer."""

_DOUBTFUL_S = 1.5
"""Seconds per answer at which a sheet is screened out exactly if it is an outlier."""

_SHOWN = "{:28} {:>6} people  {:.4f} (s.e. {:.4f}) outliers  {:.4f} screened out"


def main() -> None:
    """Print a line per group of people."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("responses", nargs="*", type=Path, help="response files")
    for path in asked.parse_args().responses:
        responses = pl.read_csv(path, infer_schema_length=None)
        _print_shares(
            path.parent.name, [_judged(responses.filter(pl.col("role") != "sponsor"))]
        )
    for scenario in ("baseline", "dirty_data"):
        for units, companies in _COMPANIES.items():
            drawn = [_simulated(scenario, units, seed) for seed in range(companies)]
            for name, careless in (("attentive", False), ("careless", True)):
                chosen = [found[:, who == careless] for found, who in drawn]
                _print_shares(f"{scenario}, {units} units, {name}", chosen)


def _simulated(
    scenario: str, units: int, seed: int
) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Return the verdicts on a company's people, and who of them is careless."""
    company = simulate(SCENARIOS[scenario], units=units, seed=seed)
    people = company.making.people
    sheets = pl.from_numpy(people.answers, schema=[item.key for item in company.making.items])
    seconds = pl.Series("duration_s", people.seconds.astype(np.float64))
    return _judged(sheets.fill_nan(None).with_columns(seconds)), people.careless


def _judged(sheets: pl.DataFrame) -> NDArray[np.bool_]:
    """Return who is an outlier, and who is screened out, shape (2, n_people)."""
    known = standard_instrument().measures().items
    items = tuple(item.key for item in known if item.key in sheets.columns)
    answered = pl.sum_horizontal(pl.col(items).is_not_null())
    doubtful = sheets.with_columns(duration_s=_DOUBTFUL_S * answered)
    outlier = careless_rules(doubtful, items)["two_families"]
    return np.stack([outlier, screen(sheets, items).careless])


def _print_shares(name: str, found: list[NDArray[np.bool_]]) -> None:
    verdicts = np.concatenate(found, axis=1)
    outliers, screened = verdicts.mean(axis=1)
    people = verdicts.shape[1]
    error = (outliers * (1 - outliers) / people) ** 0.5
    print(_SHOWN.format(name, people, outliers, error, screened))


if __name__ == "__main__":
    main()
