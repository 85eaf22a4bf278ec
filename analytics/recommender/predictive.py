"""What a company's mixture expects of a group before the group's own answers count."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from analytics.recommender.learning import mix_of
from analytics.recommender.parameters import CentroidPrior, Components, Parameters
from analytics.recommender.posterior import (
    CentroidPosterior,
    ComponentPosterior,
    posterior,
    precision,
    pull_of_units,
)

__all__ = [
    "Predictive",
    "believed_centroids",
    "leave_one_out",
    "plug_in",
    "with_centroid_error",
    "with_theory_error",
]


@dataclass(frozen=True)
class Predictive:
    """One normal distribution per group and component, without the group's sampling error.

    Attributes
    ----------
    means : ndarray of shape (g, c, p)
        Points.
    covariances : ndarray of shape (g, c, p, p)
        Points squared, without V_b.
    mix : ndarray of shape (g, c)
        Rows sum to 1.
    """

    means: NDArray[np.float64]
    covariances: NDArray[np.float64]
    mix: NDArray[np.float64]

    def posterior(
        self, X: NDArray[np.float64], unit_cov: NDArray[np.float64]
    ) -> ComponentPosterior:
        """Return the posterior given one mean per group, shape (g, p), NaN if missing."""
        spread = precision(unit_cov, np.isfinite(X), self.covariances)
        return posterior(X, spread, self.means, self.mix)

    def of(self, group: int) -> Self:
        """Return what is expected of one group only."""
        return self.taken([group])

    def taken(self, groups: Sequence[int]) -> Self:
        """Return what is expected of some of the groups, in the order asked for."""
        chosen = np.asarray(groups, dtype=np.intp)
        return type(self)(self.means[chosen], self.covariances[chosen], self.mix[chosen])

    def repeated(self, times: int) -> Self:
        """Return the expectation of one group, repeated."""
        return type(self)(
            np.broadcast_to(self.means, (times, *self.means.shape[1:])),
            np.broadcast_to(self.covariances, (times, *self.covariances.shape[1:])),
            np.broadcast_to(self.mix, (times, *self.mix.shape[1:])),
        )


def plug_in(groups: int, components: Components, parameters: Parameters) -> Predictive:
    """Treat the parameters as known: the same expectation for every group."""
    return Predictive(
        parameters.means(components)[None],
        parameters.covariances(components)[None],
        parameters.mix[None],
    ).repeated(groups)


def believed_centroids(
    X: NDArray[np.float64],
    unit_cov: NDArray[np.float64],
    components: Components,
    parameters: Parameters,
    prior: CentroidPrior,
) -> tuple[CentroidPosterior, CentroidPosterior, NDArray[np.float64]]:
    """Return the posterior of the centroids, each unit's contribution to it, and r_bc."""
    spread = precision(unit_cov, np.isfinite(X), parameters.covariances(components))
    found = posterior(X, spread, parameters.means(components), parameters.mix)
    pulls = pull_of_units(X, spread, found.probabilities, components)
    start = CentroidPosterior.of(prior.mean, prior.covariance(parameters.trust))
    return start.with_units(pulls), pulls, found.probabilities


def leave_one_out(
    X: NDArray[np.float64],
    unit_cov: NDArray[np.float64],
    components: Components,
    parameters: Parameters,
    prior: CentroidPrior,
) -> Predictive:
    """Expect of every unit what the other units lead one to expect.

    A unit does not contribute to its own centroid, and the error of the centroids widens the
    distribution: N(x_b; a_c mu_(b), T_c + V_b + a_c Cov_(b) a_c'), where H, its right side and
    the mix exclude the unit's own contribution.

    References
    ----------
    .. [1] method.md 1.4, "Leave-one-out posterior".
    """
    together, pulls, chances = believed_centroids(X, unit_cov, components, parameters, prior)
    mix = mix_of(chances.sum(axis=0) - chances, components)
    return _expect(together.without_each(pulls), mix, components, parameters)


def with_centroid_error(
    X: NDArray[np.float64],
    unit_cov: NDArray[np.float64],
    components: Components,
    parameters: Parameters,
    prior: CentroidPrior,
) -> Predictive:
    """Expect of one group outside the fit what all units lead one to expect."""
    together, _, _ = believed_centroids(X, unit_cov, components, parameters, prior)
    once = CentroidPosterior(together.precision[None], together.right[None])
    return _expect(once, parameters.mix[None], components, parameters)


def with_theory_error(
    expected: Predictive, components: Components, prior: CentroidPrior
) -> Predictive:
    """Widen what the theory leads one to expect by the error of the theory.

    A company of fewer than 8 units learns no profiles, so it takes those of the theory as
    certain. Their prior says how uncertain they are: reach and single cells
    (``CentroidPrior.theory_error``).
    """
    error = _of_components(components.weights, prior.theory_error(prior.trust)[None])
    return Predictive(expected.means, expected.covariances + error, expected.mix)


def _of_components(
    weights: NDArray[np.float64], covariance: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return a_c Cov a_c' of every component, shape (g, c, p, p), from Cov of vec(mu)."""
    m = weights.shape[1]
    p = covariance.shape[-1] // m
    blocks = covariance.reshape(-1, m, p, m, p)
    error = np.einsum("ck,bkilj,cl->bcij", weights, blocks, weights, optimize=True)
    return np.asarray(error, dtype=np.float64)


def _expect(
    centroids: CentroidPosterior,
    mix: NDArray[np.float64],
    components: Components,
    parameters: Parameters,
) -> Predictive:
    weights = components.weights
    m, p = weights.shape[1], components.scales.shape[1]
    mu = centroids.mean.reshape(-1, m, p)
    error = _of_components(weights, centroids.covariance)
    means = np.einsum("ck,bki->bci", weights, mu)
    return Predictive(means, parameters.covariances(components)[None] + error, mix)
