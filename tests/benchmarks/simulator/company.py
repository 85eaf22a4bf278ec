"""A simulated company in the file formats of the product, with its truth."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl
from numpy.random import Generator
from numpy.typing import NDArray

from tests.benchmarks.simulator.archetypes import MODELS
from tests.benchmarks.simulator.disturbances import FIFTH
from tests.benchmarks.simulator.people import (
    People,
    difficulties,
    draw_people,
    draw_sponsors,
)
from tests.benchmarks.simulator.scenarios import Parameters
from tests.benchmarks.simulator.sheet import BEHAVIOURS, MATURITY, Item, items_of
from tests.benchmarks.simulator.truth import Kind, Truth, draw_truth

__all__ = ["Making", "SimulatedCompany", "simulate"]

_UNITS_PER_DIVISION = 6


@dataclass(frozen=True, kw_only=True)
class Making:
    """Everything that was drawn for a company, before it became files.

    Attributes
    ----------
    truth
        The units.
    people
        Managers and contributors in the order of their units.
    items
        The columns of their answers.
    difficulty
        By how much each item is easier to agree with, in points.
    """

    truth: Truth
    people: People
    items: tuple[Item, ...]
    difficulty: NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class SimulatedCompany:
    """Answers, organisation and truth of one company.

    Attributes
    ----------
    responses
        The respondent file: one row per person, answers as given (1 to 5, null = missing).
    units
        The unit file: company, divisions, leaf units.
    truth
        One row per leaf unit: ``model`` ("none" unless pure), ``kind`` (pure, centre, midway,
        fifth, split),
        ``respondents``, ``sponsors``, and true means in Likert points.
    making
        All the draws, for the oracle.
    """

    responses: pl.DataFrame
    units: pl.DataFrame
    truth: pl.DataFrame
    making: Making

    def write(self, folder: Path) -> None:
        """Write ``responses.csv``, ``units.csv`` and ``truth_units.csv`` into a folder."""
        folder.mkdir(parents=True, exist_ok=True)
        self.responses.write_csv(folder / "responses.csv")
        self.units.write_csv(folder / "units.csv")
        self.truth.write_csv(folder / "truth_units.csv")


def _codes(units: int) -> list[str]:
    return [f"U{unit:03d}" for unit in range(1, units + 1)]


def _responses(
    rng: Generator, groups: tuple[People, ...], codes: list[str], items: tuple[Item, ...]
) -> pl.DataFrame:
    """Return everybody's rows in random order, as answers arrive in a survey."""
    unit = np.concatenate([people.unit for people in groups])
    order = rng.permutation(len(unit))
    answers = np.concatenate([people.answers for people in groups])[order]
    head = pl.DataFrame(
        {
            "respondent_id": [f"R{number:05d}" for number in range(1, len(unit) + 1)],
            "unit": np.array(codes)[unit[order]],
            "role": np.concatenate([people.role for people in groups])[order],
            "duration_s": np.concatenate([people.seconds for people in groups])[order],
        }
    )
    sheet = pl.from_numpy(answers, schema=[item.key for item in items])
    return head.hstack(sheet.select(pl.all().fill_nan(None).cast(pl.Int64)))


def _units(rng: Generator, sizes: NDArray[np.int64], codes: list[str]) -> pl.DataFrame:
    """Return the tree; the headcount of a leaf unit exceeds its respondents."""
    rates = rng.beta(7, 3, len(sizes))
    heads = np.maximum(sizes + 1, np.rint(sizes / rates)).astype(np.int64)
    divisions = max(2, len(codes) // _UNITS_PER_DIVISION)
    names = [f"{number + 1:02d}" for number in range(divisions)]
    rows: list[tuple[str, str, str | None, int]] = [("C", "Company", None, 0)]
    rows += [(f"D{name}", f"Division {name}", "C", 0) for name in names]
    rows += [
        (code, f"Unit {code[1:]}", f"D{names[at % divisions]}", int(heads[at]))
        for at, code in enumerate(codes)
    ]
    return pl.DataFrame(rows, schema=["code", "name", "parent_code", "headcount"], orient="row")


def _named(kind: Kind, *, split: bool) -> tuple[str, str]:
    if split:
        return "none", "split"
    if kind == FIFTH:
        return "none", "fifth"
    if len(kind) == 1:
        return MODELS[kind[0]], "pure"
    return "none", "midway" if kind else "centre"


def _truth(truth: Truth, codes: list[str], sponsors: People) -> pl.DataFrame:
    split = (truth.other_camp != 0).any(axis=1).tolist()
    named = [_named(kind, split=at) for kind, at in zip(truth.kinds, split, strict=True)]
    means = dict(zip((f"mean_{key}" for key in MATURITY), truth.maturity.T, strict=True))
    seen = dict(zip((f"behaviour_{b}" for b in BEHAVIOURS), truth.behaviours.T, strict=True))
    return pl.DataFrame(
        {
            "unit": codes,
            "model": [model for model, _ in named],
            "kind": [kind for _, kind in named],
            "respondents": truth.sizes,
            "sponsors": np.bincount(sponsors.unit, minlength=len(codes)),
            **means,
            **seen,
            "inflation": truth.inflation,
        }
    ).with_columns(pl.selectors.float().round(4))


def simulate(parameters: Parameters, *, units: int, seed: int) -> SimulatedCompany:
    """Draw one company; the same parameters, units and seed give the same company."""
    rng = np.random.default_rng(seed)
    items = items_of(
        per_context=parameters.items, reversed_per_context=parameters.reversed_per_scale
    )
    codes = _codes(units)
    truth = draw_truth(rng, parameters, units)
    difficulty = difficulties(rng, parameters, items)
    people = draw_people(rng, parameters, truth, items, difficulty)
    sponsors = draw_sponsors(rng, parameters, truth, items)
    return SimulatedCompany(
        responses=_responses(rng, (people, sponsors), codes, items),
        units=_units(rng, truth.sizes, codes),
        truth=_truth(truth, codes, sponsors),
        making=Making(truth=truth, people=people, items=items, difficulty=difficulty),
    )
