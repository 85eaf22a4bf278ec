"""How certain a recommendation is: bands, sets, blends, and the answers that are missing."""

from functools import lru_cache
from typing import get_args

import numpy as np
from numpy.typing import NDArray
from scipy.stats import chi2

from analytics.recommender.parameters import Components
from analytics.recommender.predictive import Predictive
from analytics.results.recommendation import Band

__all__ = [
    "band_of",
    "is_unlike_all",
    "leading_blend",
    "lowered",
    "more_answers",
    "set90",
    "with_error",
]

LEAN, FIRM = 0.50, 0.70
_BANDS: tuple[Band, ...] = get_args(Band)[::-1]
"""From the weakest to the strongest."""
_SET = 0.90
_UNLIKE = 0.95
_MOST_CANDIDATES = 400


def band_of(probability: float) -> Band:
    """Say how far to trust a model of this posterior probability (method 1.5)."""
    if probability >= FIRM:
        return "firm"
    return "lean" if probability >= LEAN else "no_clear_model"


def lowered(band: Band, steps: int) -> Band:
    """Return the band some steps below, at worst "no clear model"."""
    return _BANDS[max(_BANDS.index(band) - steps, 0)]


def set90(conditional: NDArray[np.float64]) -> NDArray[np.intp]:
    """Return the fewest models that hold 90 % of the probability of the models.

    Parameters
    ----------
    conditional : ndarray of shape (m,)
        Probability of each model given that it is one of them; sums to 1.

    Returns
    -------
    ndarray of int
        Indices, the most probable first.
    """
    order = np.argsort(-conditional, kind="stable")
    # .9 is not a binary number, so sums that round to just below it count.
    enough = np.cumsum(conditional[order]) >= _SET - 1e-12
    return np.asarray(order[: int(enough.argmax()) + 1], dtype=np.intp)


def leading_blend(
    probabilities: NDArray[np.float64], components: Components
) -> tuple[int, int] | None:
    """Return the two models of the leading blend, unless "none" is more probable.

    Parameters
    ----------
    probabilities : ndarray of shape (c,)
        Posterior of the components.

    Returns
    -------
    pair of int or None
        Indices of the models, the more probable first; None if "none" leads.
    """
    leader = int(probabilities[components.models :].argmax())
    if leader == 0:
        return None
    one, other = components.blends[leader - 1]
    return (one, other) if probabilities[one] >= probabilities[other] else (other, one)


def is_unlike_all(distances: NDArray[np.float64], constructs: int) -> bool:
    """Tell whether a unit lies further from every component than 95 % of its units.

    Parameters
    ----------
    distances : ndarray of shape (c,)
        Squared Mahalanobis distances d²_bc.
    constructs : int
        How many constructs the unit has: the degrees of freedom.
    """
    return bool(distances.min() > _unlike_from(constructs))


@lru_cache(maxsize=64)
def _unlike_from(constructs: int) -> float:
    return float(chi2.ppf(_UNLIKE, constructs))


def more_answers(
    x: NDArray[np.float64],
    unit_cov: NDArray[np.float64],
    respondents: int,
    predictive: Predictive,
    *,
    models: int,
) -> int | None:
    """Return about how many more answers would settle on a model.

    Parameters
    ----------
    x : ndarray of shape (p,)
        Unit means in points, assumed to stay the same.
    unit_cov : ndarray of shape (p, p)
        V_b of the ``respondents`` so far; shrinks as 1 / n.
    predictive : Predictive
        What is expected of this one unit.
    models : int
        m, how many of the components are models.

    Returns
    -------
    int or None
        The smallest number, up to three times the respondents, with which some model reaches
        .70; in 400 steps if the number is large. None if four times the answers would not
        suffice.
    """
    if respondents == 0:
        return None
    steps = np.linspace(1, 3 * respondents, min(3 * respondents, _MOST_CANDIDATES))
    extra = np.unique(steps.round()).astype(np.int64)

    def settled(candidates: NDArray[np.int64]) -> NDArray[np.bool_]:
        shares = respondents / (respondents + candidates)
        best = with_error(x, unit_cov, shares, predictive)[:, :models].max(axis=1)
        return np.asarray(best >= FIRM, dtype=np.bool_)

    # Most unclear units stay unclear: checking the last candidate first saves the search.
    if not settled(extra[-1:])[0]:
        return None
    return int(extra[settled(extra).argmax()])


def with_error(
    x: NDArray[np.float64],
    unit_cov: NDArray[np.float64],
    shares: NDArray[np.float64],
    predictive: Predictive,
) -> NDArray[np.float64]:
    """Return the posterior if the sampling covariance were these shares of V_b.

    Parameters
    ----------
    x : ndarray of shape (p,)
    unit_cov : ndarray of shape (p, p)
    shares : ndarray of shape (s,)
        Half stands for twice the answers, a quarter for four times.
    predictive : Predictive
        What is expected of this one unit.

    Returns
    -------
    ndarray of shape (s, c)
    """
    rows = np.broadcast_to(x, (len(shares), len(x)))
    errors = unit_cov * shares[:, None, None]
    return predictive.repeated(len(shares)).posterior(rows, errors).probabilities
