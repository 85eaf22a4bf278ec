"""Bayes' rule with everything known except the units' models.

The oracle knows the company's true profiles (with its elevation, offsets, reach and errors of
the theory), the SDs between units, the careless people, and the model of answering. It takes
the four models as equally likely. Like any method it observes the mean of a unit's careful
people. It maps this mean to a latent one by the company's ``answer_curves`` and compares it
with

    N(profile_k, s² (halo² 11' + diag tau_k²) + J^-1 (W / n + sd_a² a a' + sd_l² l l') J^-1)

where J, a and l are the slopes of the answers in truth, acquiescence and extremity at the
latent mean, W is the covariance of careful people within a unit in a reference sample with the
same parameters, and n is the unit's mean number of scores per construct. For t-distributed
units the scale s² is integrated over its distribution. There are two approximations: the curves
are linear over the noise of one unit, and W is the same for all units.
"""

from dataclasses import replace
from functools import lru_cache

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy import stats
from scipy.special import logsumexp

from tests.benchmarks.oracle.answers import answer_curves
from tests.benchmarks.simulator.archetypes import MODELS
from tests.benchmarks.simulator.company import Making, SimulatedCompany, simulate
from tests.benchmarks.simulator.scenarios import Parameters
from tests.benchmarks.simulator.sheet import CONTEXT
from tests.benchmarks.simulator.truth import Kind, between_unit_sd

__all__ = ["oracle_posterior", "people_covariance"]

Array = NDArray[np.float64]

_REFERENCE_SEED = 20_261_125
_REFERENCE_UNITS, _REFERENCE_PEOPLE = 60, 120
_TAIL_QUANTILES = (np.arange(40) + 0.5) / 40
_PURE: list[Kind] = [(model,) for model in range(len(MODELS))]


def oracle_posterior(company: SimulatedCompany, parameters: Parameters) -> pl.DataFrame:
    """Return the oracle's posterior for every unit.

    Returns
    -------
    polars.DataFrame, one row per unit
        ``unit`` and the posterior of each model as ``oracle_<model>``; a quarter each if the
        unit has no careful people.
    """
    making = company.making
    means, scores = _observed(making, units=company.truth.height)
    given = np.full((len(means), len(MODELS)), 1 / len(MODELS))
    known = np.isfinite(means).all(axis=1)
    given[known] = _posterior(making, parameters, means[known], scores[known])
    columns = {f"oracle_{model}": given[:, at] for at, model in enumerate(MODELS)}
    return pl.DataFrame({"unit": company.truth["unit"], **columns})


def _posterior(making: Making, parameters: Parameters, means: Array, scores: Array) -> Array:
    curves = answer_curves(making, parameters)
    latent = curves.latent(means)
    by_truth, by_acquiescence, by_extremity = curves.slopes(latent)
    error = people_covariance(parameters) / scores[:, None, None]
    error = error + _style(by_acquiescence, parameters.unit_acq_sd)
    error = error + _style(by_extremity, parameters.unit_ext_sd)
    error = error / (by_truth[:, :, None] * by_truth[:, None, :])
    error += _silence(parameters)
    scales = _unit_scales(parameters.tail_freedom)
    found = np.empty((len(means), len(MODELS)))
    for model, sd in enumerate(between_unit_sd(parameters, _PURE)):
        between = parameters.unit_halo**2 + np.diag(sd**2)
        away = latent - making.truth.profiles[model]
        likely = [_log_normal(away, scale * between + error) for scale in scales]
        found[:, model] = logsumexp(likely, axis=0)
    return np.asarray(np.exp(found - logsumexp(found, axis=1, keepdims=True)))


def _style(slopes: Array, sd: float) -> Array:
    return sd**2 * slopes[:, :, None] * slopes[:, None, :]


def _silence(parameters: Parameters) -> float:
    """Return the variance between units of the shift by silent discontent."""
    widest = parameters.person_halo * np.sqrt(2 / np.pi) * parameters.silence
    return float(widest**2 / 12)


def _unit_scales(freedom: float | None) -> Array:
    """Return equally likely variances of a unit, relative to the normal one."""
    if freedom is None:
        return np.ones(1)
    return np.asarray((freedom - 2) / stats.chi2.ppf(_TAIL_QUANTILES, freedom))


def _log_normal(away: Array, covariance: Array) -> Array:
    """Return the log-density of each row up to a constant."""
    _, log_determinant = np.linalg.slogdet(covariance)
    solved = np.linalg.solve(covariance, away[:, :, None])[:, :, 0]
    return np.asarray(-0.5 * (log_determinant + (away * solved).sum(axis=1)))


def _person_scores(making: Making) -> Array:
    """Return careful people's means of each construct; NaN below half of its items."""
    answers = np.where(making.people.careless[:, None], np.nan, making.people.answers)
    turned = np.array([item.reversed for item in making.items])
    points = np.where(turned, 6 - answers, answers)
    scores = np.full((len(points), len(CONTEXT)), np.nan)
    for at, construct in enumerate(CONTEXT):
        own = points[:, [item.construct == construct for item in making.items]]
        count = np.isfinite(own).sum(axis=1)
        enough = 2 * count >= len(own.T)
        scores[enough, at] = np.nansum(own[enough], axis=1) / count[enough]
    return scores


def _observed(making: Making, *, units: int) -> tuple[Array, Array]:
    """Return the units' means (n_units, 9) and their scores per construct (n_units,)."""
    scores = _person_scores(making)
    known = np.isfinite(scores)
    total, count = np.zeros((2, units, len(CONTEXT)))
    np.add.at(total, making.people.unit, np.where(known, scores, 0.0))
    np.add.at(count, making.people.unit, known)
    with np.errstate(invalid="ignore"):
        return total / count, count.mean(axis=1)


@lru_cache(maxsize=64)
def people_covariance(parameters: Parameters) -> Array:
    """Return the covariance of careful people's scores within units, shape (9, 9).

    It comes from a sample of 7 200 people in units of 120, drawn with the same parameters.
    """
    large = replace(parameters, size_lo=_REFERENCE_PEOPLE, size_hi=_REFERENCE_PEOPLE)
    making = simulate(large, units=_REFERENCE_UNITS, seed=_REFERENCE_SEED).making
    means, _ = _observed(making, units=_REFERENCE_UNITS)
    away = _person_scores(making) - means[making.people.unit]
    complete = away[np.isfinite(away).all(axis=1)]
    covariance: Array = complete.T @ complete / (len(complete) - _REFERENCE_UNITS)
    return covariance
