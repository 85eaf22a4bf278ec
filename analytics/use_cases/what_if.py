"""What other weights would change in the order: one weight at a time, and all at once."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.stats import qmc

from analytics.use_cases.criteria import HIGHEST_SCORE
from analytics.use_cases.totals import LEVEL, Rated

__all__ = ["Acceptability", "Reach", "acceptability", "weight_reach"]

DRAWS = 4096
"""Weight vectors, a power of two as Sobol points require. They are spread evenly: shares are
accurate to about .005; with as many independent draws the error would be up to .015."""

_TINY = 1e-12


@dataclass(frozen=True)
class Reach:
    """How far one weight may move before another candidate is first.

    Attributes
    ----------
    low, high : float
        Least and greatest share of all weights.
    first_below, first_above : int or None
        Row of the candidate that leads just beyond; None if no other one does.
    """

    low: float
    high: float
    first_below: int | None
    first_above: int | None


@dataclass(frozen=True)
class Acceptability:
    """How the space of all weights divides among the candidates.

    Attributes
    ----------
    first : ndarray of shape (n_candidates,)
        Share of weight vectors for which each is first, summing to 1.
    central : ndarray of shape (n_candidates, n_criteria)
        Mean of those weight vectors; NaN if there are none.
    """

    first: NDArray[np.float64]
    central: NDArray[np.float64]


def weight_reach(
    scores: NDArray[np.float64], shares: NDArray[np.float64], first: int, criterion: int
) -> Reach:
    """Return how far the weight of one criterion may move while ``first`` stays first.

    Parameters
    ----------
    scores : ndarray of shape (n_candidates, n_criteria)
        From 0 to 4.
    shares : ndarray of shape (n_criteria,)
        The weights, summing to 1.
    first : int
        Row of the candidate with the greatest total.
    criterion : int
        Column whose weight moves.

    Notes
    -----
    The other weights keep their proportions (equal ones if all are zero), so the lead of
    ``first`` over another candidate is the straight line t own + (1 - t) rest in the weight t
    of the criterion, with ``own`` their difference on it and ``rest`` that on all others. The
    line meets zero at t = rest / (rest - own); the nearest such t on either side of today's
    weight bounds the interval. "Stays first" includes a tie with another.
    """
    t = float(shares[criterion])
    others = np.delete(shares, criterion)
    others = others if others.sum() > _TINY else np.ones(len(others))
    others = others / others.sum()
    lead = scores[first] - scores
    own = lead[:, criterion]
    rest = (np.delete(lead, criterion, axis=1) * others).sum(axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        crossing = rest / (rest - own)
    # A lead that grows with t ends below today's weight; one that shrinks ends above it.
    below = np.where(own - rest > _TINY, np.clip(crossing, 0.0, t), 0.0)
    above = np.where(rest - own > _TINY, np.clip(crossing, t, 1.0), 1.0)
    low_row, high_row = int(below.argmax()), int(above.argmin())
    return Reach(
        low=float(below[low_row]) + 0.0,  # no minus zero
        high=float(above[high_row]),
        first_below=low_row if below[low_row] > _TINY else None,
        first_above=high_row if above[high_row] < 1 - _TINY else None,
    )


def acceptability(scores: Rated, *, seed: int) -> Acceptability:
    """Return the share of all possible weights for which each candidate is first.

    Parameters
    ----------
    scores : Rated
        Scores of n candidates on c criteria.
    seed : int
        Seed of the scrambling.

    Notes
    -----
    Stochastic multicriteria acceptability analysis [1]_: the rank-1 acceptability index and
    the central weight vector. Weights are uniform over all shares that sum to 1 (Dirichlet
    with every parameter 1: exponentials over their sum, from scrambled Sobol points); an
    unknown score takes each of its values 0 to 4 equally often (a Latin hypercube).
    Tied candidates share a draw. Time O(draws x candidates x criteria), memory
    O(draws x candidates).

    References
    ----------
    .. [1] R. Lahdelma & P. Salminen (2001), SMAA-2: Stochastic multicriteria acceptability
       analysis for group decision making, Operations Research 49, 444-454.
    """
    weights = _even_weights(scores.known.shape[1], seed=seed)
    # Not a matrix product: its last digits depend on the number of threads.
    value = np.einsum("dc,nc->dn", weights, scores.middle)
    rng = np.random.default_rng(seed)
    for row, column in np.argwhere(~scores.known):
        value[:, row] += weights[:, column] * (_even_scores(rng) - scores.middle[row, column])
    leading = value >= value.max(axis=1, keepdims=True) - LEVEL
    votes = leading / leading.sum(axis=1, keepdims=True)
    held = votes.sum(axis=0)
    with np.errstate(invalid="ignore"):
        central = np.einsum("dn,dc->nc", votes, weights) / held[:, None]
    return Acceptability(first=held / DRAWS, central=central)


def _even_weights(criteria: int, *, seed: int) -> NDArray[np.float64]:
    """Spread weight vectors evenly over all shares that sum to 1, shape (draws, criteria)."""
    uniform = qmc.Sobol(criteria, rng=seed).random(DRAWS)
    spread = _TINY - np.log1p(-np.minimum(uniform, 1 - _TINY))
    return np.asarray(spread / spread.sum(axis=1, keepdims=True), dtype=np.float64)


def _even_scores(rng: np.random.Generator) -> NDArray[np.float64]:
    """Draw every score from 0 to 4 equally often, in random order, shape (draws,)."""
    return np.floor((HIGHEST_SCORE + 1) * (rng.permutation(DRAWS) + 0.5) / DRAWS)
