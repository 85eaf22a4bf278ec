"""Raking: weights that make respondents add up to head-counts."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["Margin", "Raked", "design_effect", "rake"]

_TOLERANCE, _MOST_ROUNDS = 1e-8, 200
_LEAST, _GREATEST = 0.3, 3.0


@dataclass(frozen=True)
class Margin:
    """Head-counts that the weighted people of some cells must add up to.

    Attributes
    ----------
    group : ndarray of int, shape (n_cells,)
        Which of the margin's groups each cell belongs to; -1 for a cell outside the margin.
    target : ndarray of shape (n_groups,)
        Head-counts, above zero.
    """

    group: NDArray[np.intp]
    target: NDArray[np.float64]

    def factors(self, total: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the factor that each cell lacks to its head-count; 1 outside the margin."""
        inside = self.group >= 0
        reached = np.bincount(
            self.group[inside], weights=total[inside], minlength=len(self.target)
        )
        found = np.ones(len(total))
        found[inside] = (self.target / np.where(reached > 0, reached, self.target))[
            self.group[inside]
        ]
        return found


@dataclass(frozen=True)
class Raked:
    """The weight of one person in each cell.

    Attributes
    ----------
    weights : ndarray of shape (n_cells,)
        People that one respondent stands for.
    converged : bool
        False if no weights meet all margins, or not within 200 rounds.
    design_effect : float
        1 + cv² of the respondents' weights: the factor by which unequal weights increase a
        variance.
    """

    weights: NDArray[np.float64]
    converged: bool
    design_effect: float


def rake(people: NDArray[np.int64], margins: Sequence[Margin]) -> Raked:
    """Weight the respondents of every cell so that all margins are met.

    Parameters
    ----------
    people : ndarray of int, shape (n_cells,)
        Respondents of each cell, at least one.
    margins : sequence of Margin
        At least one; the targets of margins over the same cells have the same sum.

    Returns
    -------
    Raked
        Iterative proportional fitting from equal weights to a relative error of 1e-8, at most
        200 rounds; weights are then trimmed to [.3, 3] times their mean over respondents and
        raked once more. Weights are a product of one factor per group of each margin, except
        in cells that were trimmed. If a margin alone determines a cell, its weight meets that
        head-count, because the second raking undoes the trimming.

    References
    ----------
    .. [1] Deming & Stephan 1940, Annals of Mathematical Statistics 11(4).
    .. [2] Kish 1992, Journal of Official Statistics 8(2): design effect 1 + cv²; method.md 6.
    """
    weights, converged = _fit(np.ones(len(people)), people, margins)
    mean = (people * weights).sum() / people.sum()
    trimmed = np.clip(weights, _LEAST * mean, _GREATEST * mean)
    if not np.array_equal(trimmed, weights):
        weights, converged = _fit(trimmed, people, margins)
    return Raked(weights, converged, design_effect(weights, people))


def design_effect(weights: NDArray[np.float64], people: NDArray[np.int64]) -> float:
    """Return Kish's 1 + cv² over respondents, of whom ``people`` share each weight."""
    squares = (people * weights**2).sum() * people.sum()
    return float(squares / (people * weights).sum() ** 2)


def _fit(
    start: NDArray[np.float64], people: NDArray[np.int64], margins: Sequence[Margin]
) -> tuple[NDArray[np.float64], bool]:
    weights = start
    for _ in range(_MOST_ROUNDS):
        for margin in margins:
            weights = weights * margin.factors(weights * people)
        missing = max(np.abs(margin.factors(weights * people) - 1).max() for margin in margins)
        if missing <= _TOLERANCE:
            return weights, True
    return weights, False
