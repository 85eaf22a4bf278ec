"""Verdicts on simulated companies whose lowest root cause is known.

The generator draws as simulator.md says (maturity constructs, people, items that differ in
difficulty, five points) and shares no code with the analysis.
"""

import numpy as np
import pytest

from analytics.diagnosis.constraint import hidden_constraints
from analytics.inference.variance_components import item_sampling_variance
from analytics.study.unit_means import UnitMeans
from tests.analytics.diagnosis.constraint.groups import ROOT_CAUSES

Verdicts = list[tuple[str, tuple[str, ...], str]]

ITEMS = (4, 4, 8, 8, 4)
COMPANIES, UNITS = 40, 24


def simulated(rng: np.random.Generator) -> tuple[UnitMeans, dict[str, list[float]], list[str]]:
    maturity = rng.normal(0, 0.45, UNITS)
    truth = (
        3 + rng.normal(0, 0.15, 5) + 0.8 * maturity[:, None] + rng.normal(0, 0.3, (UNITS, 5))
    )
    difficulty = [rng.normal(0, 0.2, items) for items in ITEMS]
    sizes = np.clip(np.exp(rng.normal(np.log(25), 0.6, UNITS)), 5, 500).astype(int)
    scores, answers = [], [[] for _ in ROOT_CAUSES]
    for unit, size in enumerate(sizes):
        person = truth[unit] + rng.normal(0, 0.35, (size, 1)) + rng.normal(0, 0.6, (size, 5))
        for place, hard in enumerate(difficulty):
            latent = person[:, [place]] + hard + rng.normal(0, 0.8, (size, len(hard)))
            answers[place].append(np.clip(np.rint(latent), 1, 5))
        scores.append(np.column_stack([block[-1].mean(axis=1) for block in answers]))
    within = sum((n - 1) * np.cov(s.T) for s, n in zip(scores, sizes, strict=True))
    within = within / (sizes.sum() - UNITS)
    covariance = [
        (20 * within + (n - 1) * np.cov(s.T)) / (19 + n) / n
        for s, n in zip(scores, sizes, strict=True)
    ]
    units = UnitMeans(
        units=tuple(f"U{unit:02}" for unit in range(UNITS)),
        constructs=ROOT_CAUSES,
        n=np.repeat(sizes[:, None], 5, axis=1),
        means=np.stack([s.mean(axis=0) for s in scores]),
        within=within,
        covariance=np.stack(covariance),
    )
    item_means = {
        key: np.vstack(block).mean(axis=0).tolist()
        for key, block in zip(ROOT_CAUSES, answers, strict=True)
    }
    return units, item_means, [ROOT_CAUSES[place] for place in truth.argmin(axis=1)]


@pytest.fixture(scope="module")
def verdicts() -> Verdicts:
    rng = np.random.default_rng(20_241)
    found = []
    for seed in range(COMPANIES):
        units, item_means, lowest = simulated(rng)
        said = hidden_constraints(units, item_sampling_variance(item_means), seed=seed)
        found += [
            (said[unit].status, said[unit].dimensions, true)
            for unit, true in zip(units.units, lowest, strict=True)
        ]
    return found


def test_identified_root_causes_are_right_85_percent_of_the_time(verdicts: Verdicts) -> None:
    right = [true in named for status, named, true in verdicts if status == "identified"]

    assert len(right) > 200
    assert np.mean(right) >= 0.85


def test_one_of_two_tied_is_right_85_percent_of_the_time(verdicts: Verdicts) -> None:
    right = [true in named for status, named, true in verdicts if status == "tied"]

    assert len(right) > 100
    assert np.mean(right) >= 0.85
