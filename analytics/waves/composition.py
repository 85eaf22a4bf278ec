"""How much of a change is another mix of roles, and how much other answers."""

import numpy as np
from numpy.typing import NDArray

from analytics.results.waves import RoleSplit

__all__ = ["role_split"]

Array = NDArray[np.float64]
_SHARE_PER_POINT = 25.0


def role_split(
    current: tuple[Array, Array], earlier: tuple[Array, Array], column: int
) -> RoleSplit | None:
    """Split the change of one construct into composition and change within roles.

    Parameters
    ----------
    current, earlier : pair of ndarray of shape (2, p)
        Shares and means (points) of the roles in each wave, see ``Wave.roles``.
    column : int
        Which construct.

    Returns
    -------
    RoleSplit or None
        None where a role has nobody with a score in one of the waves.

    Notes
    -----
    composition = sum over roles of (p' - p) (m' + m) / 2 and within = sum of (m' - m) (p' + p)
    / 2, with shares p, p' and means m, m' of the earlier and the current wave: they add up to
    the change, no residual is left.

    References
    ----------
    .. [1] Kitagawa 1955, Journal of the American Statistical Association 50(272).
    """
    share, mean = current[0][:, column], current[1][:, column]
    share_before, mean_before = earlier[0][:, column], earlier[1][:, column]
    if not (np.isfinite(mean).all() and np.isfinite(mean_before).all()):
        return None
    composition = ((share - share_before) * (mean + mean_before) / 2).sum()
    within = ((mean - mean_before) * (share + share_before) / 2).sum()
    return RoleSplit(
        composition=_SHARE_PER_POINT * float(composition),
        within_roles=_SHARE_PER_POINT * float(within),
    )
