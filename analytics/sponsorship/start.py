"""Which of a sponsor's behaviours to work on first, and how certain that is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from analytics.inference.naming import most_probable
from analytics.results.sponsorship import Start, StartBasis, StartStatus
from analytics.sponsorship.scope import Contrast
from analytics.vocabulary import ROLE_OF, Cut

__all__ = ["Chooser", "within_correlation"]

_DRAWS = 2000
_JITTER = 1e-12
_STATUS: tuple[StartStatus, ...] = (
    "cannot_tell",
    "identified",
    "tied",
)
"""By how many behaviours are named."""


def within_correlation(
    people: pl.DataFrame, columns: Sequence[str], shown: Mapping[str, Cut]
) -> NDArray[np.float64]:
    """Return the correlations between one person's views of several measures, within units.

    Parameters
    ----------
    people : polars.DataFrame
        ``unit``, ``role`` and the measures, one row per person.
    columns : sequence of str
        The measures.
    shown : mapping of str to Cut
        Units whose own figure is shown, with the cut of that figure; nobody else enters.

    Returns
    -------
    ndarray of shape (n_columns, n_columns)
        Pooled within-unit correlations of the people who answered all; the identity if a
        measure does not vary. Rows are sorted before they are summed.
    """
    if not columns:
        return np.eye(0)
    roles = pl.DataFrame(
        {"unit": list(shown), "cut": [ROLE_OF[cut] for cut in shown.values()]},
        schema={"unit": pl.String, "cut": pl.String},
    )
    answered = (
        people.select("unit", "role", *columns)
        .drop_nulls(columns)
        .join(roles, on="unit", how="inner")
        .filter(pl.col("cut").is_null() | (pl.col("cut") == pl.col("role")))
        .sort("unit", *columns)
    )
    if answered.is_empty():
        return np.eye(len(columns))
    scores = answered.select(columns).to_numpy().astype(np.float64)
    n = answered["unit"].rle().struct.field("len").to_numpy().astype(np.int64)
    starts = np.cumsum(n) - n
    means = np.add.reduceat(scores, starts, axis=0) / n[:, None]
    deviations = scores - np.repeat(means, n, axis=0)
    products = np.einsum("ij,ik->jk", deviations, deviations)
    spread = np.sqrt(np.diag(products))
    if not (spread > 0.0).all():
        return np.eye(len(columns))
    return np.asarray(products / np.outer(spread, spread))


@dataclass(frozen=True)
class Chooser:
    """Compares a group's behaviours with one another.

    Attributes
    ----------
    correlation : ndarray of shape (n_behaviours, n_behaviours)
        Correlations between one person's views of the behaviours.
    item_errors : ndarray of shape (n_behaviours,)
        Variance that each mean owes to the choice of its items, squared points.
    noise : ndarray of shape (n_behaviours, n_draws)
        Standard normal draws, the same for every group.
    """

    correlation: NDArray[np.float64]
    item_errors: NDArray[np.float64]
    noise: NDArray[np.float64]

    @classmethod
    def of(
        cls,
        correlation: NDArray[np.float64],
        item_errors: Sequence[float],
        *,
        seed: int,
    ) -> "Chooser":
        """Draw the noise from a seed."""
        noise = np.random.default_rng(seed).standard_normal((_DRAWS, len(correlation)))
        return cls(correlation, np.array(item_errors, dtype=np.float64), noise.T.copy())

    def choose(
        self, behaviours: Mapping[str, Contrast], supported: Sequence[str]
    ) -> Start | None:
        """Name the behaviour with the largest gap, or the one that is perceived as the lowest.

        Parameters
        ----------
        behaviours : mapping of str to Contrast
            All behaviours, in the order of the correlation; with fewer there is no answer.
        supported : sequence of str
            Those whose gap is significant. If there is none, the lowest perceived counts: what
            nobody sees is where to begin, whatever is claimed.

        Returns
        -------
        Start or None
            ``identified`` from a probability of .80, ``tied`` from .85 for two together, else
            ``cannot_tell``; only a supported behaviour is named for its gap.

        Notes
        -----
        Normal draws around the four estimates. Two behaviours are seen by the same people, so
        their errors correlate as the people's views do: the covariance of sponsors' errors is
        R_qr sqrt(V_q V_r), and so is that of the others. The choice of items is one more source
        of error of a level but not of a gap, because both sides answered the same. O(draws).
        """
        if not behaviours or len(behaviours) != len(self.correlation):
            return None
        contrasts = behaviours.values()
        basis: StartBasis = "gap" if supported else "perceived"
        seen = self._errors([one.seen.variance for one in contrasts])
        if basis == "gap":
            claimed = self._errors([one.claimed.variance for one in contrasts])
            centre = np.array([one.claimed.mean - one.seen.mean for one in contrasts])
            shares = self._largest(centre, claimed + seen)
        else:
            centre = np.array([one.seen.mean for one in contrasts])
            shares = self._largest(-centre, seen + np.diag(self.item_errors))
        chances = dict(zip(behaviours, shares.tolist(), strict=True))
        return _verdict(chances, supported or list(behaviours), basis)

    def _errors(self, variances: Sequence[float]) -> NDArray[np.float64]:
        spread = np.sqrt(np.array(variances))
        return np.asarray(self.correlation * np.outer(spread, spread))

    def _largest(
        self, centre: NDArray[np.float64], covariance: NDArray[np.float64]
    ) -> NDArray[np.float64]:
        """Return how often each of several correlated normal values is the largest."""
        root = np.linalg.cholesky(covariance + _JITTER * np.eye(len(centre)))
        best = np.argmax(centre[:, None] + root @ self.noise, axis=0)
        return np.bincount(best, minlength=len(centre)) / len(best)


def _verdict(
    chances: Mapping[str, float],
    eligible: Sequence[str],
    basis: StartBasis,
) -> Start:
    named = most_probable(chances, among=eligible)
    return Start(
        status=_STATUS[len(named)],
        basis=basis,
        behaviours=named,
        probabilities=dict(chances),
    )
