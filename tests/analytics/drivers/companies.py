"""Companies of invented people whose outcome is made of known causes."""

from collections.abc import Mapping, Sequence

import numpy as np
import polars as pl

from analytics.disclosure.plan import plan_disclosure
from analytics.drivers import drivers
from analytics.instrument import Block, Construct, Instrument
from analytics.results import Thresholds
from analytics.results.drivers import Drivers
from analytics.study.study import Study
from tests.analytics.studies import construct, instrument

__all__ = ["CAUSES", "asked", "found_in", "people"]

CAUSES = ("problem_definition", "data_readiness", "governance")
OUTCOME = "value_realised"
FILLER = "domain_specificity"


def asked(
    causes: Sequence[str] = CAUSES, practices: Sequence[str] = (), *, outcome: bool = True
) -> Instrument:
    """Ask two items about every construct."""
    blocks: list[tuple[str, Block]] = [(key, "root_cause") for key in causes]
    blocks += [(key, "practice") for key in practices]
    blocks += [(OUTCOME, "outcome")] if outcome else []
    constructs: list[Construct] = [construct(key, 2, block=block) for key, block in blocks]
    return instrument(*constructs, construct(FILLER, len(constructs)))


def people(
    questions: Instrument,
    effects: Mapping[str, float],
    *,
    sizes: Sequence[int],
    seed: int = 0,
    levels: Mapping[str, float] | None = None,
) -> pl.DataFrame:
    """Let everybody answer; the outcome is 3, plus effects times distances from 3, plus noise.

    Between the constructs everybody answers an item of another with 1 and 5 in turn, so that
    nobody looks careless.
    """
    rng = np.random.default_rng(seed)
    unit_of = np.repeat(np.arange(len(sizes)), sizes)
    answers: dict[str, object] = {
        "unit": [f"U{unit:03}" for unit in unit_of],
        "role": ["contributor"] * len(unit_of),
    }
    outcome = 3.0 + rng.normal(0, 0.3, len(unit_of))
    for place, part in enumerate(questions.constructs[:-1], start=1):
        answers[f"{FILLER}_{place}"] = np.full(
            len(unit_of), 1 if place % 2 else 5, dtype=np.int8
        )
        if part.block == "outcome":
            felt = outcome
        else:
            level = (levels or {}).get(part.key, 3.0)
            deviation = rng.normal(0, 0.4, len(sizes))[unit_of]
            deviation = deviation + rng.normal(0, 0.7, len(unit_of))
            outcome = outcome + effects.get(part.key, 0.0) * deviation
            felt = level + deviation
        for item in part.items:
            noisy = felt + rng.normal(0, 0.3, len(unit_of))
            answers[item.key] = np.clip(np.rint(noisy), 1, 5).astype(np.int8)
    return pl.DataFrame(answers)


def found_in(
    responses: pl.DataFrame,
    questions: Instrument,
    *,
    units: pl.DataFrame | None = None,
    seed: int = 1,
    least: int = 100,
) -> Drivers | None:
    """Run the analysis of drivers on the responses."""
    study = Study.of(responses, questions, units)
    plan = plan_disclosure(study, k=5)
    return drivers(study, plan, thresholds=Thresholds(drivers=least), seed=seed)
