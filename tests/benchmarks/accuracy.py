"""Print the accuracy of the product and of the toy on companies with known truth.

``python -m tests.benchmarks.accuracy FOLDER...`` judges given companies (each folder holds
``responses.csv``, ``units.csv`` and ``truth_units.csv``); ``--companies N`` draws N companies
for each scenario, with 4, 8, 12, 24 and 60 units in turn.
"""

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import polars as pl

from tests.benchmarks.judges import Judgement, judge, report, toy_models, verdicts
from tests.benchmarks.simulator import SCENARIOS, simulate
from tests.benchmarks.simulator.scenarios import UNTRUE

__all__ = ["analyse", "judged", "main"]

_SIZES = (4, 8, 12, 24, 60)
_LEARNABLE = 12
"""Smallest number of units at which companies without true models are judged, as by gates."""
_OPMODEL = Path(sys.executable).with_name("opmodel")


def analyse(folder: Path) -> dict[str, Any]:
    """Run ``opmodel analyse`` on a folder's files and return its JSON.

    Raises
    ------
    RuntimeError
        The command failed; the message contains its output.
    """
    with tempfile.TemporaryDirectory() as scratch:
        output = Path(scratch) / "result.json"
        command: list[str | Path] = [_OPMODEL, "analyse", folder / "responses.csv"]
        command += ["--units", folder / "units.csv", "--format", "json", "--output", output]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            msg = f"opmodel analyse ended with {done.returncode} on {folder}:\n{done.stderr}"
            raise RuntimeError(msg)
        result: dict[str, Any] = json.loads(output.read_text(encoding="utf-8"))
    return result


def judged(folder: Path) -> pl.DataFrame:
    """Return the verdicts of the product and the toy on a company, and its truth."""
    truth = pl.read_csv(folder / "truth_units.csv")
    responses = pl.read_csv(folder / "responses.csv", infer_schema_length=None)
    toy = toy_models(responses)
    said = verdicts(analyse(folder), truth)
    return said.with_columns(
        pl.col("unit").replace_strict(toy, default=None, return_dtype=pl.String).alias("toy")
    )


def _simulated(scenario: str, companies: int, seed: int) -> pl.DataFrame:
    """Return the verdicts on several companies of one scenario."""
    sizes = [size for size in _SIZES if scenario not in UNTRUE or size >= _LEARNABLE]
    found = []
    for number in range(companies):
        units = sizes[number % len(sizes)]
        company = simulate(SCENARIOS[scenario], units=units, seed=seed + number)
        with tempfile.TemporaryDirectory() as folder:
            company.write(Path(folder))
            found.append(judged(Path(folder)))
    return pl.concat(found)


def _judgements(options: argparse.Namespace) -> Iterator[tuple[str, Judgement]]:
    """Yield a name and a judgement per company or scenario, then one for all with a truth."""
    for folder in options.folders:
        yield folder.resolve().name, judge(judged(folder))
    if not options.companies:
        return
    true = []
    for place, scenario in enumerate(SCENARIOS):
        if scenario in (options.scenario or SCENARIOS):
            found = _simulated(scenario, options.companies, options.seed + 1000 * place)
            true += [found] if scenario not in UNTRUE else []
            yield scenario, judge(found)
    if len(true) > 1:
        yield "together", judge(pl.concat(true))


def main(arguments: list[str] | None = None) -> None:
    """Judge the companies named on the command line and print a table."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.accuracy")
    parser.add_argument("folders", nargs="*", type=Path, metavar="FOLDER")
    parser.add_argument(
        "--companies", type=int, default=0, help="simulated companies per scenario"
    )
    parser.add_argument("--scenario", action="append", choices=list(SCENARIOS))
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args(arguments)
    if not options.folders and not options.companies:
        parser.error("give a folder or --companies")
    print(report(dict(_judgements(options))))


if __name__ == "__main__":
    main()
