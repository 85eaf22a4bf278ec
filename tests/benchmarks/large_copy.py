"""A columnar copy of a large campaign, drawn at random, and the statistics of its sums."""

from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray

from analytics.disclosure.figures import cut_table
from analytics.disclosure.plan import disclosure_of_sums, open_cells
from analytics.inference.anova import Groups, anova
from analytics.inference.variance_components import mean_reliability, variance_components
from analytics.instrument import Instrument
from analytics.quality.agreement import (
    answer_spread,
    awg,
    lindell_agreement,
    uniform_variance,
    within_group_agreement,
)
from analytics.quality.omega import omega_total
from analytics.quality.reliability import cronbach_alpha, feldt_interval
from analytics.study.answer_sums import AnswerSums, sum_answers
from analytics.study.group_scores import scores_of_sums
from analytics.study.moments import item_covariance, score_moments
from analytics.study.roll_up import unit_weights
from analytics.study.scale_sums import ScaleSums
from analytics.study.tree import UnitTree

__all__ = ["draw_copy", "draw_tree", "statistics_of"]

_MANAGERS, _MISSING, _UNITS_OF_DIVISION = 0.12, 0.03, 49


def draw_tree(units: int) -> UnitTree:
    """Return a company, its divisions and the units below them: ``units`` nodes in total."""
    divisions = max(1, (units - 1) // (_UNITS_OF_DIVISION + 1))
    parents: dict[str, str | None] = {"C": None}
    parents |= {f"D{number:03d}": "C" for number in range(divisions)}
    for number in range(units - divisions - 1):
        parents[f"U{number:04d}"] = f"D{number % divisions:03d}"
    return UnitTree(parents, {})


def draw_copy(
    path: Path, tree: UnitTree, instrument: Instrument, *, people: int, seed: int
) -> None:
    """Write the answers of many people as Parquet, in random order.

    Units have log-normal sizes; 12 % of the people are managers and 3 % of the answers missing.
    Unit, person and item shift an answer, so that agreement and reliability are not trivial.
    """
    rng = np.random.default_rng(seed)
    leaves = np.array([code for code in tree.codes if not tree.is_parent(code)])
    size = rng.lognormal(0.0, 1.0, len(leaves))
    unit = rng.choice(len(leaves), people, p=size / size.sum())
    person = rng.normal(0.0, 0.6, people)
    answers = {}
    for item in instrument.items:
        shift = rng.normal(3.0, 0.4, len(leaves))[unit] + person
        sign = -1.0 if item.reversed else 1.0
        raw = 3.0 + sign * (shift - 3.0) + rng.normal(0.0, 0.8, people)
        answer = pl.Series(np.clip(np.rint(raw), 1, 5).astype(np.int8))
        answers[item.key] = answer.set(pl.Series(rng.random(people) < _MISSING), None)
    role = np.where(rng.random(people) < _MANAGERS, "manager", "contributor")
    pl.DataFrame({"unit": leaves[unit], "role": role} | answers).write_parquet(path)


def statistics_of(
    responses: pl.LazyFrame, instrument: Instrument, tree: UnitTree, *, k: int
) -> dict[str, object]:
    """Return scores with intervals, suppression, agreement and reliability of all units."""
    sums = sum_answers(responses, instrument, tree.codes)
    respondents = dict(zip(tree.codes, sums.respondents.sum(axis=1).tolist(), strict=True))
    keys = [construct.key for construct in instrument.constructs]
    plan = disclosure_of_sums([sums], instrument.constructs, tree, k=k)
    lowest = open_cells(plan, tree, keys)
    scores = scores_of_sums(
        sums,
        keys,
        tree,
        unit_weights(tree, respondents),
        open_cells=lowest,
    )
    return {
        "plan": plan,
        "scores": scores,
        "table": cut_table(scores, plan, tree),
        "agreement": {key: _agreement(sums, key) for key in keys},
        "reliability": {key: _reliability(sums.scales[key]) for key in keys},
        "units": {
            key: _unit_reliability(sums.scales[key], shown)
            for key, shown in zip(keys, lowest["all"].T, strict=True)
        },
    }


def _agreement(sums: AnswerSums, key: str) -> dict[str, object]:
    """Return r_wg(j) under the uniform null, r*_wg(j), a_wg(j) and AD_M of every unit."""
    scale = sums.scales[key]
    spread = answer_spread(scale.chosen.sum(axis=1))
    null = uniform_variance(sums.options)
    variance = spread.mean_variance
    return {
        "rwg": within_group_agreement(variance, items=scale.items, null_variance=null),
        "lindell": lindell_agreement(variance, null_variance=null),
        "awg": awg(spread, options=sums.options),
        "deviation": spread.mean_deviation,
    }


def _reliability(scale: ScaleSums) -> dict[str, object]:
    """Return alpha with its interval and omega in the company, and alpha of every unit."""
    company = scale.map(lambda part: part.sum(axis=(0, 1)))
    covariance = item_covariance(company)
    if scale.items == 1:
        return {}
    alpha = float(cronbach_alpha(covariance))
    units = item_covariance(scale.map(lambda part: part.sum(axis=1)))
    return {
        "alpha": alpha,
        "interval": feldt_interval(alpha, people=int(company.complete), items=scale.items),
        "omega": omega_total(covariance) if scale.items > 2 else None,
        "units": cronbach_alpha(units),
    }


def _unit_reliability(scale: ScaleSums, shown: NDArray[np.bool_]) -> dict[str, object]:
    """Return ICC by analysis of variance and by REML, and the reliability of every mean."""
    own = score_moments(scale)
    groups = Groups(own.n[shown], own.mean[shown], own.squares[shown])
    components = variance_components(groups)
    return {
        "anova": anova(groups),
        "components": components,
        "means": None if components is None else mean_reliability(components, groups.n),
    }
