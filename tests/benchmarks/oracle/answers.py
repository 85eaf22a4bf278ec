"""Maps a unit's true level to the mean answer of its people, and back.

Answers are stretched, shifted, rounded and clipped to five points, so the mean of many of them
is not the truth but a smooth increasing function of it. An item of a construct, in points after
reversal, is the rounded and clipped value of

    3 + e^l (theta + d + m b + h + v + e - 3) ± a,

with the item's difficulty d, a manager's leniency b (m is 0 or 1), halo h, view v, noise e,
log extremity l and acquiescence a, whose sign is reversed on a reversed item. Given l and m the
value before rounding is normal, so each step of the scale has a normal probability; l is
integrated by Gauss-Hermite quadrature. Nothing is simulated or fitted.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr

from tests.benchmarks.simulator.company import Making
from tests.benchmarks.simulator.people import MANAGER_SHARE, REVERSED_NOISE
from tests.benchmarks.simulator.scenarios import Parameters
from tests.benchmarks.simulator.sheet import CONTEXT

__all__ = ["AnswerCurves", "answer_curves", "expected_answers", "mean_on_the_scale"]

Array = NDArray[np.float64]

_GRID = np.linspace(-1.5, 7.5, 91)
_STEP = 0.01
_NODES, _WEIGHTS = np.polynomial.hermite_e.hermegauss(7)
_WEIGHTS = _WEIGHTS / _WEIGHTS.sum()


@dataclass(frozen=True)
class AnswerCurves:
    """The mean answer of a large unit as a function of its truth, one curve per construct.

    Attributes
    ----------
    truth : ndarray of shape (n_grid,)
        Latent means.
    answered : ndarray of shape (9, n_grid)
        Expected mean of the construct's items, points after reversal.
    by_acquiescence, by_extremity : ndarray of shape (9, n_grid)
        Slopes of the mean answer in the unit's own acquiescence and log extremity.
    """

    truth: Array
    answered: Array
    by_acquiescence: Array
    by_extremity: Array

    def latent(self, means: Array) -> Array:
        """Return the truths behind observed means, shape (n_units, 9)."""
        columns = zip(means.T, self.answered, strict=True)
        return np.stack([np.interp(x, curve, self.truth) for x, curve in columns], axis=1)

    def slopes(self, latent: Array) -> tuple[Array, Array, Array]:
        """Return slopes of the answers in truth, acquiescence and extremity at ``latent``."""

        def there(curve: Array) -> Array:
            columns = zip(latent.T, curve, strict=True)
            return np.stack([np.interp(at, self.truth, row) for at, row in columns], axis=1)

        by_truth = np.gradient(self.answered, self.truth, axis=1)
        return there(by_truth), there(self.by_acquiescence), there(self.by_extremity)


def answer_curves(making: Making, parameters: Parameters) -> AnswerCurves:
    """Compute the curves of one company from its item difficulties."""

    def curve(acquiescence: float, extremity: float) -> Array:
        return np.stack(
            [
                np.mean(
                    [
                        expected_answers(
                            _GRID + making.difficulty[column],
                            parameters,
                            turned=item.reversed,
                            acquiescence=acquiescence,
                            extremity=extremity,
                        )
                        for column, item in enumerate(making.items)
                        if item.construct == construct
                    ],
                    axis=0,
                )
                for construct in CONTEXT
            ]
        )

    answered = curve(0, 0)
    return AnswerCurves(
        truth=_GRID,
        answered=answered,
        by_acquiescence=(curve(_STEP, 0) - answered) / _STEP,
        by_extremity=(curve(0, _STEP) - answered) / _STEP,
    )


def expected_answers(
    easiness: Array,
    parameters: Parameters,
    *,
    turned: bool,
    acquiescence: float = 0.0,
    extremity: float = 0.0,
) -> Array:
    """Return the mean answer of many careful people, in points after reversal.

    Parameters
    ----------
    easiness
        Latent mean plus difficulty of the item, shape (n,).
    parameters
        The model of answering.
    turned
        Whether the item is reversed.
    acquiescence, extremity
        The unit's own, in addition to its people's.
    """
    noise = parameters.item_sd * (REVERSED_NOISE if turned else 1.0)
    lift, halo_variance = _contentment(parameters)
    spread = np.sqrt(halo_variance + parameters.person_sd**2 + noise**2)
    stretch = np.exp(extremity + parameters.ext_sd * _NODES)[None, :]
    shift = (-1 if turned else 1) * (parameters.acq_mean + acquiescence)
    sd = np.sqrt((stretch * spread) ** 2 + parameters.acq_sd**2)
    mean = np.zeros(len(easiness))
    for share, leniency in ((MANAGER_SHARE, parameters.manager_bias), (1 - MANAGER_SHARE, 0.0)):
        centre = 3 + stretch * (easiness[:, None] + leniency + lift - 3) + shift
        mean += share * (mean_on_the_scale(centre, sd, parameters.end_avoiders) @ _WEIGHTS)
    return mean


def mean_on_the_scale(centre: Array, sd: Array | float, avoiders: float = 0.0) -> Array:
    """Return the mean of a normal value after rounding and clipping it to the scale."""
    above = [ndtr((centre - step) / sd) for step in (1.5, 2.5, 3.5, 4.5)]
    avoiding, using = 2 + above[1] + above[2], 1 + sum(above)
    return np.asarray(avoiders * avoiding + (1 - avoiders) * using)


def _contentment(parameters: Parameters) -> tuple[float, float]:
    """Return mean and variance of the respondents' halo, pooled over units."""
    square = parameters.silence**2 / 3
    mean = parameters.person_halo * np.sqrt(2 / np.pi) * parameters.silence / 2
    variance = parameters.person_halo**2 * (1 - 2 / np.pi * square)
    return float(mean), float(variance)
