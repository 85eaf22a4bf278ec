"""How often the quadrant named for a unit is the true one, in simulated companies.

``python -m tests.benchmarks.quadrants`` prints the table of the README.
"""

import argparse
from dataclasses import replace
from math import sqrt

import numpy as np
import polars as pl
from numpy.typing import NDArray

from analytics.disclosure.plan import plan_disclosure
from analytics.results import Sponsorship, Thresholds
from analytics.sponsorship import study_sponsorship
from analytics.study.study import Study
from seed.content import standard_instrument
from tests.benchmarks.oracle.answers import expected_answers, mean_on_the_scale
from tests.benchmarks.recommender.companies import Company, companies
from tests.benchmarks.recommender.measuring import spread
from tests.benchmarks.simulator import SCENARIOS, SimulatedCompany, simulate
from tests.benchmarks.simulator.people import (
    MANAGER_SHARE,
    SEEN_INFLATION,
    SELF_ITEM_SD,
    SELF_VIEW_SD,
)
from tests.benchmarks.simulator.scenarios import UNTRUE, Parameters
from tests.benchmarks.simulator.sheet import CONTEXT, MATURITY, SPONSORSHIP

__all__ = ["QUADRANTS", "judged", "right_share", "table"]

Array = NDArray[np.float64]

QUADRANTS = {
    (True, True): "visible_sponsor",
    (False, True): "hidden_strength",
    (True, False): "blind_spot",
    (False, False): "acknowledged_gap",
}
"""By whether sponsors rate themselves high, and whether others rate them high."""
_SCHEMA = {
    "scenario": pl.String,
    "company": pl.Int64,
    "unit": pl.String,
    "sponsors": pl.Int64,
    "quadrant": pl.String,
    **dict.fromkeys(("claimed", "felt", "gap_low", "gap_high"), pl.Float64),
    **dict.fromkeys(QUADRANTS.values(), pl.Float64),
    "true": pl.String,
    "latent": pl.String,
}
_CUT_POINTS = 3.5
_POINTS_PER_SHARE = 1 / 25


def judged(company: Company) -> pl.DataFrame:
    """Draw one company and return what the product says of its units, beside the truth.

    Returns
    -------
    polars.DataFrame, one row per unit that shows a gap to sponsors of its own
        ``scenario``, ``company``, ``unit``, ``sponsors``, ``quadrant``, ``claimed``, ``felt``
        (points), ``gap_low``, ``gap_high`` (0 to 100), the probability of each quadrant;
        ``true``: the quadrant of both sides' expected answers; ``latent``: that of their views
        before they choose an answer.
    """
    drawn = simulate(company.parameters, units=company.units, seed=company.seed)
    said, felt = _said(drawn), _felt(drawn, company.parameters)
    rows = []
    for at, unit in enumerate(drawn.truth["unit"]):
        found = said[unit]
        if found.status != "reported" or found.sponsor_of != unit:
            continue
        seen = drawn.making.truth.behaviours[at]
        own = seen + drawn.making.truth.inflation[at]
        spread_of_self = sqrt(SELF_VIEW_SD**2 + SELF_ITEM_SD**2)
        claimed = float(mean_on_the_scale(own, spread_of_self).mean())
        head = {"scenario": company.scenario, "company": company.seed, "unit": unit}
        truth = {
            "true": _quadrant(claimed, felt[found.perceived_by or "all"][at]),
            "latent": _quadrant(own.mean(), seen.mean()),
        }
        rows.append(head | _row(found) | truth)
    return pl.DataFrame(rows, schema=_SCHEMA)


def table(rows: pl.DataFrame) -> str:
    """Return the named quadrants as Markdown, with Monte-Carlo errors over companies."""
    lines = [
        "| quadrant | truly | named | right (error) | right, latent |",
        "|---|---:|---:|---:|---:|",
    ]
    named = rows.filter(pl.col("quadrant") != "too_close_to_call")
    for name in QUADRANTS.values():
        truly = rows.filter(true=name).height
        lines.append(_line(name.replace("_", " "), truly, named.filter(quadrant=name)))
    lines.append(_line("**all four**", rows.height, named))
    return "\n".join(lines)


def right_share(named: pl.DataFrame, truth: str = "true") -> tuple[float, float]:
    """Return the share of rows whose quadrant is right, and its error over companies."""
    hit = pl.col("quadrant") == pl.col(truth)
    share = float(named.select(hit.mean()).item())
    off = named.group_by("company").agg((hit - share).sum().alias("off"))["off"].to_numpy()
    return share, sqrt(float(off @ off)) / named.height


def _line(name: str, truly: int, named: pl.DataFrame) -> str:
    if named.is_empty():
        return f"| {name} | {truly} | 0 | - | - |"
    (right, error), (latent, _) = right_share(named), right_share(named, "latent")
    return f"| {name} | {truly} | {named.height} | {right:.3f} ({error:.3f}) | {latent:.3f} |"


def _said(drawn: SimulatedCompany) -> dict[str, Sponsorship]:
    study = Study.of(drawn.responses, standard_instrument().measures(), drawn.units)
    k = Thresholds().scores
    found = study_sponsorship(study, plan_disclosure(study, k=k), k=k)
    assert found is not None
    return found.units


def _row(said: Sponsorship) -> dict[str, object]:
    felt = said.contributors if said.perceived is None else said.perceived
    assert said.claimed is not None
    assert felt is not None
    assert said.gap is not None
    return {
        "sponsors": said.sponsors,
        "quadrant": said.quadrant,
        "claimed": 1 + said.claimed * _POINTS_PER_SHARE,
        "felt": 1 + felt * _POINTS_PER_SHARE,
        "gap_low": said.gap.low,
        "gap_high": said.gap.high,
        **(said.quadrant_probabilities or {}),
    }


def _quadrant(claimed: float, felt: float) -> str:
    return QUADRANTS[bool(claimed >= _CUT_POINTS), bool(felt >= _CUT_POINTS)]


def _felt(drawn: SimulatedCompany, parameters: Parameters) -> dict[str, Array]:
    """Return, per cut, the mean answer of many people like those of each unit."""
    inflation = SEEN_INFLATION * drawn.making.truth.inflation
    contributors = _answers(drawn, parameters, np.zeros_like(inflation))
    managers = _answers(drawn, parameters, inflation)
    everyone = MANAGER_SHARE * managers + (1 - MANAGER_SHARE) * contributors
    return {"contributors": contributors, "all": everyone}


def _answers(drawn: SimulatedCompany, parameters: Parameters, excess: Array) -> Array:
    """Return the expected mean over the items about sponsors; nobody is lenient about them."""
    truth, making = drawn.making.truth, drawn.making
    first = len(CONTEXT) + len(MATURITY)
    about = [at for at, item in enumerate(making.items) if item.construct == SPONSORSHIP]
    behaviour = [making.items[at].scale - first for at in about]
    plain = replace(parameters, manager_bias=0.0)
    return np.array(
        [
            expected_answers(
                truth.behaviours[unit][behaviour] + making.difficulty[about] + more,
                plain,
                turned=False,
                acquiescence=float(truth.acquiescence[unit]),
                extremity=float(truth.extremity[unit]),
            ).mean()
            for unit, more in enumerate(excess)
        ]
    )


def main() -> None:
    """Measure as the command line says and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--units-per-cell", type=int, default=60)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--dump", help="keep the rows in this Parquet file")
    options = parser.parse_args()
    names = [name for name in SCENARIOS if name not in UNTRUE]
    drawn = companies(names, units_per_cell=options.units_per_cell, seed=options.seed)
    rows = pl.concat(spread(judged, drawn, jobs=options.jobs))
    if options.dump:
        rows.write_parquet(options.dump)
    print(f"{rows.height} units in {rows['company'].n_unique()} companies\n\n{table(rows)}")


if __name__ == "__main__":
    main()
