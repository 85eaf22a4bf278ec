"""What is believed of a company's centroids before its units are seen."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analytics.recommender.parameters import REACH, Trust

__all__ = ["Prior", "prior_of"]

_REACH_SD, _ELEVATION_SD = 0.16, 0.28


@dataclass(frozen=True)
class Prior:
    """A normal prior on vec(mu_1, ..., mu_m), model after model.

    Attributes
    ----------
    mean : ndarray of shape (m, p)
        Where the centroids are expected, points.
    directions : ndarray of shape (m, p)
        How each model differs from the centre of the anchors (D), points: further reach moves
        all centroids along them.
    trust : Trust
        The trust in the theory from which a company's own is learned.
    """

    mean: NDArray[np.float64]
    directions: NDArray[np.float64]
    trust: Trust

    def covariance(self, trust: Trust) -> NDArray[np.float64]:
        """Return Lambda, shape (m p, m p), points squared.

        Lambda = sd_c² vec(D) vec(D)' + 11' (x) (sd_u² 11' + sd_o² I) + sd_d² I: how far units
        reach, the company's elevation, its offset per construct, and errors of single cells.

        References
        ----------
        .. [1] method.md 1.4.
        """
        m, p = self.directions.shape
        reach = self.directions.ravel()
        shared = _ELEVATION_SD**2 + trust.offsets**2 * np.eye(p)
        return np.asarray(
            _REACH_SD**2 * np.outer(reach, reach)
            + np.kron(np.ones((m, m)), shared)
            + trust.cells**2 * np.eye(m * p),
            dtype=np.float64,
        )


def prior_of(anchors: NDArray[np.float64], earlier: NDArray[np.float64] | None = None) -> Prior:
    """Build the prior of a theory, or of a company whose last wave is known.

    Parameters
    ----------
    anchors : ndarray of shape (m, p)
        Profiles of the models, points.
    earlier : ndarray of shape (m, p), optional
        Centroids learned in the wave before. They become the mean, and single cells are
        trusted twice as much.

    References
    ----------
    .. [1] method.md 1.4 and the last rule of 1.9.
    """
    centre = anchors.mean(axis=0)
    directions = anchors - centre
    if earlier is None:
        return Prior(centre + REACH * directions, directions, Trust())
    return Prior(earlier, directions, Trust(cells=Trust().cells / 2))
