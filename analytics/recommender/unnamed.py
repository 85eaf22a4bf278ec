"""Whether some units share a profile that none of the models describes.

The models are a theory; a company may run its AI in a way that no model describes. Such units
look, one by one, like noisy members of another model. Together they can be recognised, because
they lie in the same place.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import lgamma, log, pi

import numpy as np
from numpy.typing import NDArray
from sklearn.base import clone

from analytics.recommender.estimator import AnchoredUnitMixture

__all__ = ["FEWEST_UNITS", "UnnamedProfile", "unnamed_profile"]

FEWEST_UNITS = 12
"""Fewest units to search: with fewer, a profile can hardly be told from chance."""

_FEWEST_MEMBERS = 3
_LEAST_EVIDENCE = 1.0
"""Log Bayes factor from which a profile is named: 12 scenarios gave none by chance."""
_PROFILE_SD = 0.5
"""SD of the distance of such a profile from the company's centre, points: about as far as the
four models lie."""
_SPREAD_SCALE = 1.25
"""Variance between its units on a cell, relative to a cell that defines a model. Which cells
define the profile is unknown, so this lies half-way to the 1.5 of cells that do not."""
_SHARE_FOR, _SHARE_AGAINST = 1.0, 9.0
"""Beta prior on the share of its units: a tenth is expected."""
_ALIKE = 0.7
"""Cosine of its direction with a model's from which it counts as that model, moved."""
_STARTS, _ROUNDS, _REFITS = 12, 40, 3
_FIRST_SHARE, _FIRST_REACH = 0.1, 0.8
_TOLERANCE = 1e-4


@dataclass(frozen=True)
class UnnamedProfile:
    """A profile that several units share and no model describes.

    Attributes
    ----------
    members : ndarray of int
        Rows of the units that more probably follow it than any model.
    log_bayes_factor : float
        Natural logarithm of how much better the profile predicts the answers.
    """

    members: NDArray[np.intp]
    log_bayes_factor: float


@dataclass(frozen=True)
class _Found:
    """One optimum: the profile's centre, the units' chances to follow it, its evidence."""

    centre: NDArray[np.float64]
    chances: NDArray[np.float64]
    log_evidence: float

    @property
    def members(self) -> NDArray[np.bool_]:
        return np.asarray(self.chances > 0.5, dtype=np.bool_)


def unnamed_profile(
    mixture: AnchoredUnitMixture,
    X: NDArray[np.float64],
    unit_cov: NDArray[np.float64],
    rows: Sequence[int],
) -> UnnamedProfile | None:
    """Look for a profile beside those of the theory.

    Parameters
    ----------
    mixture : AnchoredUnitMixture
        Fitted on these units, and perhaps on others.
    X : ndarray of shape (n, p)
        Unit means in points, complete.
    unit_cov : ndarray of shape (n, p, p)
        V_b, points squared.
    rows : sequence of int
        Where each unit stood in the fit.

    Returns
    -------
    UnnamedProfile or None
        None if such a profile hardly improves the prediction (log Bayes factor below 1), if
        fewer than three units would share it, or below 12 units.

    Notes
    -----
    A further component N(mu, tau² 1.25 I + tau_a² 11' + V_b) with mu ~ N(company's centre,
    .5² I) and a Beta(1, 9) share stands against what the mixture expects of each unit by all
    others (leave-one-out densities). EM finds the most probable mu from each of the 12 least
    expected units; Laplace's approximation around it gives the evidence [1]_. The mixture is
    then fitted without the members, who had pulled it towards them, and the component judged
    again, as long as that raises the evidence. A profile whose direction from the centre has a
    cosine of .7 or more with that of a model counts as that model, moved. Otherwise, with five
    clusters and four names, it would be unclear which cluster is the unnamed one.
    Deterministic.

    References
    ----------
    .. [1] Kass & Raftery (1995), Bayes factors.
    """
    if not mixture.learned_ or len(X) < FEWEST_UNITS:
        return None
    expected = mixture.expected_.taken(rows)
    densities = expected.posterior(X, unit_cov).log_densities
    without = float(densities.sum())
    search = _Search(X, unit_cov, mixture, densities)
    optima = [one for one in search.optima() if search.is_unlike_all(one)]
    if not optima:
        return None
    found = max(optima, key=lambda one: one.log_evidence)
    for _ in range(_REFITS):
        fitted = _fitted_without(mixture, X, unit_cov, found.members)
        if fitted is None:
            break
        closer = _Search(X, unit_cov, *fitted)
        again = closer.climb(found.centre)
        if again.log_evidence <= found.log_evidence or not closer.is_unlike_all(again):
            break
        found = again
    factor = found.log_evidence - without
    members = np.flatnonzero(found.members)
    if factor < _LEAST_EVIDENCE or len(members) < _FEWEST_MEMBERS:
        return None
    return UnnamedProfile(members, factor)


def _fitted_without(
    mixture: AnchoredUnitMixture,
    X: NDArray[np.float64],
    unit_cov: NDArray[np.float64],
    members: NDArray[np.bool_],
) -> tuple[AnchoredUnitMixture, NDArray[np.float64]] | None:
    """Fit the other units again; return the mixture and the log density of every unit."""
    others = ~members
    if members.sum() < _FEWEST_MEMBERS or others.sum() < mixture.min_units:
        return None
    fitted = clone(mixture).fit(X[others], unit_cov=unit_cov[others])
    densities = np.empty(len(X))
    densities[others] = fitted.expected_.posterior(X[others], unit_cov[others]).log_densities
    outside = fitted.outside_.repeated(int(members.sum()))
    densities[members] = outside.posterior(X[members], unit_cov[members]).log_densities
    return fitted, densities


class _Search:
    """Searches for the profile, given the density of every unit without it."""

    def __init__(
        self,
        X: NDArray[np.float64],
        unit_cov: NDArray[np.float64],
        mixture: AnchoredUnitMixture,
        densities: NDArray[np.float64],
    ) -> None:
        p = X.shape[1]
        parameters = mixture.parameters_
        spread = parameters.spread**2 * _SPREAD_SCALE * np.eye(p) + parameters.unit_elevation**2
        total = spread + unit_cov
        self.X = X
        self.densities = densities
        self.precision = np.linalg.inv(total)
        self.constant = -(np.linalg.slogdet(total)[1] + p * log(2 * pi)) / 2
        self.centre = mixture.cluster_centers_.mean(axis=0)
        self.prior = np.eye(p) / _PROFILE_SD**2
        self.directions = mixture.prior_.directions

    def is_unlike_all(self, found: _Found) -> bool:
        """Tell whether the profile lies in a direction of its own from the centre."""
        away = found.centre - self.centre
        lengths = np.linalg.norm(self.directions, axis=1) * np.linalg.norm(away)
        cosines = (self.directions @ away) / np.maximum(lengths, np.finfo(float).tiny)
        return bool((cosines < _ALIKE).all())

    def optima(self) -> Iterator[_Found]:
        """Climb from each of the units that are least expected."""
        for row in np.argsort(self.densities, kind="stable")[:_STARTS]:
            yield self.climb(self.centre + _FIRST_REACH * (self.X[row] - self.centre))

    def climb(self, centre: NDArray[np.float64]) -> _Found:
        """Return the optimum that EM reaches from a centre."""
        n, share = len(self.X), _FIRST_SHARE
        for _ in range(_ROUNDS):
            chances = self._chances(centre, share)
            H = self.prior + np.einsum("b,bij->ij", chances, self.precision)
            right = np.einsum("b,bij,bj->i", chances, self.precision, self.X)
            moved = np.linalg.solve(H, self.prior @ self.centre + right)
            share = (chances.sum() + _SHARE_FOR) / (n + _SHARE_FOR + _SHARE_AGAINST)
            close = np.abs(moved - centre).max() < _TOLERANCE
            centre = moved
            if close:
                break
        return _Found(
            centre, self._chances(centre, share), self._log_evidence(centre, share, H)
        )

    def _log_densities(self, centre: NDArray[np.float64]) -> NDArray[np.float64]:
        gaps = self.X - centre
        distances = np.einsum("bi,bij,bj->b", gaps, self.precision, gaps)
        return np.asarray(self.constant - distances / 2, dtype=np.float64)

    def _chances(self, centre: NDArray[np.float64], share: float) -> NDArray[np.float64]:
        inside = np.log(share) + self._log_densities(centre)
        outside = np.log1p(-share) + self.densities
        return np.asarray(np.exp(inside - np.logaddexp(inside, outside)), dtype=np.float64)

    def _log_evidence(
        self, centre: NDArray[np.float64], share: float, H: NDArray[np.float64]
    ) -> float:
        """Return the log evidence by Laplace's approximation around the optimum."""
        together = np.logaddexp(
            np.log(share) + self._log_densities(centre), np.log1p(-share) + self.densities
        ).sum()
        away = centre - self.centre
        profile = -(away @ self.prior @ away) / 2
        profile += (np.linalg.slogdet(self.prior)[1] - np.linalg.slogdet(H)[1]) / 2
        return float(together + profile) + self._evidence_of_share(share)

    def _evidence_of_share(self, share: float) -> float:
        a, b = _SHARE_FOR, _SHARE_AGAINST
        prior = lgamma(a + b) - lgamma(a) - lgamma(b)
        prior += (a - 1) * log(share) + (b - 1) * log(1 - share)
        variance = share * (1 - share) / (len(self.X) + a + b)
        return prior + log(2 * pi * variance) / 2
