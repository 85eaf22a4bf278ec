"""How often the diagnosis is right: gates and phases, and the hidden constraint.

``python -m tests.benchmarks.diagnosis`` draws companies of 24 units, runs the diagnosis on
whole answer sheets, and prints the tables of README.md, "Diagnosis".
"""

from argparse import ArgumentParser
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from analytics.diagnosis.phase_progress import phase_progress
from analytics.diagnosis.phases import Phases
from analytics.diagnosis.unit_constraints import constraint_verdicts
from analytics.disclosure.plan import plan_disclosure
from analytics.results import Thresholds, UnitResult
from analytics.study.study import Study
from analytics.study.tree import COMPANY
from seed.content import phases, standard_instrument
from survey.report.constraint import starting_point
from tests.benchmarks.judges.measures import calibration_error
from tests.benchmarks.judges.verdicts import ROOT_CAUSES, lowest_root_cause
from tests.benchmarks.oracle.answers import expected_answers
from tests.benchmarks.recommender.tables import figure, table
from tests.benchmarks.simulator import SCENARIOS, Parameters, SimulatedCompany, simulate

__all__ = [
    "DiagnosedCompany",
    "constraint_rows",
    "constraint_table",
    "gate_rows",
    "gate_table",
    "start_row",
]

Array = NDArray[np.float64]

UNITS = 24
SIZES = {"all": (0, 501), "below 15": (0, 15), "15 to 29": (15, 30), "30 or more": (30, 501)}
"""Classes of respondents per unit: from, below."""
_RESAMPLES = 100
_CAUSES = {"constraint.start": "cause", "constraint.compete": "causes"}


@dataclass(frozen=True)
class DiagnosedCompany:
    """A simulated company with the study of its answers."""

    parameters: Parameters
    drawn: SimulatedCompany
    study: Study

    @classmethod
    def of(cls, parameters: Parameters, seed: int) -> "DiagnosedCompany":
        """Draw a company of 24 units."""
        drawn = simulate(parameters, units=UNITS, seed=seed)
        instrument = standard_instrument().measures()
        return cls(parameters, drawn, Study.of(drawn.responses, instrument, drawn.units))

    def latent(self, item: int) -> Array:
        """Return the units' true levels with the item's difficulty, without style or ends."""
        making = self.drawn.making
        return making.truth.scales[:, making.items[item].scale] + making.difficulty[item]

    def expected(self, item: int) -> Array:
        """Return what many careful people of each unit answer on average, after reversal."""
        making = self.drawn.making
        style = zip(making.truth.acquiescence, making.truth.extremity, strict=True)
        found = [
            expected_answers(
                level,
                self.parameters,
                turned=making.items[item].reversed,
                acquiescence=float(acquiescence),
                extremity=float(extremity),
            )
            for level, (acquiescence, extremity) in zip(
                self.latent(item)[:, None], style, strict=True
            )
        ]
        return np.concatenate(found)


def gate_rows(company: DiagnosedCompany) -> pl.DataFrame:
    """Return one row per shown gate, and per measured phase, of every unit.

    Columns: ``unit``, ``size``, ``kind`` (gate or phase), ``probability``, ``passed`` (by the
    expected answers to the items), ``meant`` (by their latent levels).
    """
    ladder = phases().measures()
    k = Thresholds().scores
    found = phase_progress(company.study, plan_disclosure(company.study, k=k), ladder, k=k)
    passed, meant = (
        _passed(company, ladder, level) for level in (company.expected, company.latent)
    )
    rows = []
    for at, size in enumerate(company.drawn.making.truth.sizes.tolist()):
        unit = f"U{at + 1:03d}"
        for phase in found[unit].phases if unit in found else ():
            keys = [gate.gate for gate in phase.gates if gate.probability is not None]
            for kind, members, chance in (
                *(("gate", [gate.gate], gate.probability) for gate in phase.gates),
                ("phase", keys, phase.probability),
            ):
                if chance is not None:
                    true = [all(level[key][at] for key in members) for level in (passed, meant)]
                    rows.append((unit, size, kind, chance, *true))
    heads = ("unit", "size", "kind", "probability", "passed", "meant")
    return pl.DataFrame(rows, schema=heads, orient="row")


def _passed(
    company: DiagnosedCompany, ladder: Phases, level: Callable[[int], Array]
) -> dict[str, NDArray[np.bool_]]:
    place = {item.key: at for at, item in enumerate(company.drawn.making.items)}
    return {
        gate.key: np.mean([level(place[item]) for item in gate.items], axis=0)
        >= ladder.threshold
        for gate in ladder.gates
        if gate.items
    }


def constraint_rows(company: DiagnosedCompany) -> pl.DataFrame:
    """Return one row per unit with a verdict.

    Columns: ``unit``, ``size``, ``status``, ``probability`` (of the likeliest root cause),
    ``together`` (of the two likeliest), ``right`` (the likeliest is the lowest), ``in_pair``.
    """
    k = Thresholds().scores
    found = constraint_verdicts(company.study, plan_disclosure(company.study, k=k))
    lowest = lowest_root_cause(company.drawn.truth).to_list()
    rows = []
    for at, size in enumerate(company.drawn.making.truth.sizes.tolist()):
        unit = f"U{at + 1:03d}"
        chances = found[unit].probabilities if unit in found else None
        if not chances:
            continue
        first, second = sorted(chances, key=lambda key: -chances[key])[:2]
        together = chances[first] + chances[second]
        pair = (first, second)
        right = (lowest[at] == first, lowest[at] in pair)
        rows.append((unit, size, found[unit].status, chances[first], together, *right))
    heads = ("unit", "size", "status", "probability", "together", "right", "in_pair")
    return pl.DataFrame(rows, schema=heads, orient="row")


def start_row(company: DiagnosedCompany) -> pl.DataFrame:
    """Return with which causes to start, and whether the company's lowest is among them.

    Columns: ``most_frequent`` (the cause identified in most units is the lowest; null if none
    is identified), ``causes`` (1 if the report names one, else how many compete), ``right``
    (the lowest is among them). The lowest by latent levels, units weighted by head-count.
    """
    k = Thresholds().scores
    found = constraint_verdicts(company.study, plan_disclosure(company.study, k=k))
    units = [
        UnitResult(unit=unit, status="reported", constraint=verdict)
        for unit, verdict in found.items()
        if unit.startswith("U")
    ]
    true = company.drawn.truth.join(
        company.drawn.units.select("headcount", unit="code"), on="unit", maintain_order="left"
    )
    weighted = (pl.exclude("headcount") * pl.col("headcount")).sum() / pl.col("headcount").sum()
    levels = true.select(**ROOT_CAUSES, headcount=pl.col("headcount")).select(weighted)
    lowest = min(levels.columns, key=lambda cause: levels[cause].item())
    frequent = Counter(
        unit.constraint.dimensions[0]
        for unit in units
        if unit.constraint and unit.constraint.status == "identified"
    ).most_common(1)
    start = starting_point(found[COMPANY], units)
    causes = (
        []
        if start is None
        else [cause.key for cause in start.arguments[_CAUSES[start.key]].items]
    )
    return pl.DataFrame(
        {
            "most_frequent": [frequent[0][0] == lowest if frequent else None],
            "causes": [len(causes)],
            "right": [lowest in causes],
        },
        schema={"most_frequent": pl.Boolean, "causes": pl.Int64, "right": pl.Boolean},
    )


def gate_table(rows: pl.DataFrame) -> str:
    """Return calibration errors of gates and phases; rows with ``scenario`` and ``company``."""
    lines = []
    for name, part in _classes(rows):
        for kind in ("gate", "phase"):
            one = part.filter(pl.col("kind") == kind)
            answered, latent = (
                _spread(one, _calibration(column)) for column in ("passed", "meant")
            )
            excess = one["probability"].mean() - one["meant"].mean()
            lines.append(
                (f"{name}, {kind}s", str(one.height), answered, latent, figure(excess))
            )
    heads = ("", "cases", "calibration error", "against the latent truth", "stated less latent")
    return table(heads, lines)


def constraint_table(rows: pl.DataFrame) -> str:
    """Return how often identified and tied root causes are right; rows as above."""
    lines = []
    for name, part in _classes(rows):
        one = part.filter(pl.col("status") == "identified")
        pair = part.filter(pl.col("status") == "tied")
        lines.append(
            (
                name,
                str(part.height),
                str(one.height),
                _spread(one, lambda found: found["right"].mean()),
                figure(one["probability"].mean()),
                str(pair.height),
                _spread(pair, lambda found: found["in_pair"].mean()),
                figure(pair["together"].mean()),
            )
        )
    heads = ("", "units", "identified", "right", "stated", "tied", "in the pair", "stated")
    return table(heads, lines)


def _classes(rows: pl.DataFrame) -> list[tuple[str, pl.DataFrame]]:
    parts = [
        (f"{scenario}, {name}", rows.filter(pl.col("scenario") == scenario, _between(*ends)))
        for scenario in rows["scenario"].unique(maintain_order=True)
        for name, ends in SIZES.items()
    ]
    return [(name, part) for name, part in parts if part["company"].n_unique() > 1]


def _between(least: int, below: int) -> pl.Expr:
    return (pl.col("size") >= least) & (pl.col("size") < below)


def _calibration(truth: str) -> Callable[[pl.DataFrame], float]:
    return lambda rows: calibration_error(
        rows["probability"].to_numpy(), rows[truth].to_numpy()
    )


def _spread(rows: pl.DataFrame, of: Callable[[pl.DataFrame], float]) -> str:
    """Return a figure with its Monte-Carlo error, from resampled companies."""
    if rows["company"].n_unique() < 2:
        return "-"
    rng = np.random.default_rng(0)
    companies = rows.partition_by("company")
    found = [
        of(
            pl.concat(
                [companies[at] for at in rng.integers(len(companies), size=len(companies))]
            )
        )
        for _ in range(_RESAMPLES)
    ]
    return f"{figure(of(rows))} ({figure(float(np.std(found)))})"


def main() -> None:
    """Draw the companies of the named scenarios and print both tables."""
    parser = ArgumentParser(description="Judge gates, phases and hidden constraints.")
    parser.add_argument(
        "scenarios", nargs="*", default=["baseline", "tiny_units", "style_heavy"]
    )
    parser.add_argument("--companies", type=int, default=100)
    parser.add_argument("--seed", type=int, default=10_000)
    given = parser.parse_args()
    gates, constraints, starts = [], [], []
    for scenario in given.scenarios:
        for seed in range(given.seed, given.seed + given.companies):
            company = DiagnosedCompany.of(SCENARIOS[scenario], seed)
            named = {"scenario": pl.lit(scenario), "company": pl.lit(seed)}
            gates.append(gate_rows(company).with_columns(**named))
            constraints.append(constraint_rows(company).with_columns(**named))
            starts.append(start_row(company).with_columns(**named))
    print(gate_table(pl.concat(gates)), constraint_table(pl.concat(constraints)), sep="\n\n")
    print(pl.concat(starts).group_by("scenario", "causes").agg(pl.len(), pl.col("right").sum()))


if __name__ == "__main__":
    main()
