"""Shares of people with Wilson's interval, and differences of shares with Newcombe's."""

from math import sqrt

from scipy import special

__all__ = ["newcombe", "wilson"]

_Z = float(special.ndtri(0.975))


def wilson(share: float, n: float) -> tuple[float, float]:
    """Return the ends of the 95 % score interval of a share.

    Parameters
    ----------
    share : float
        0 to 1.
    n : float
        People behind it, above zero; an effective number need not be whole.

    References
    ----------
    .. [1] Wilson 1927, Journal of the American Statistical Association 22(158).
    """
    centre = share + _Z**2 / (2 * n)
    half = _Z * sqrt(share * (1 - share) / n + _Z**2 / (4 * n**2))
    scale = 1 + _Z**2 / n
    return max((centre - half) / scale, 0.0), min((centre + half) / scale, 1.0)


def newcombe(
    one: tuple[float, float], other: tuple[float, float]
) -> tuple[float, float, float]:
    """Return the difference of two shares with its 95 % interval, -1 to 1.

    Parameters
    ----------
    one, other : pair of float
        Share, 0 to 1, and (effective) number of people behind it, above zero.

    Returns
    -------
    difference, low, high : float
        Of ``one`` less ``other``.

    Notes
    -----
    Hybrid score interval, method 10, from the Wilson limits of both shares: with d = p - q,
    the low limit is d - sqrt((p - l_p)² + (u_q - q)²), the high one
    d + sqrt((u_p - p)² + (q - l_q)²).

    References
    ----------
    .. [1] Newcombe 1998, Statistics in Medicine 17(8), 873-890.
    """
    (p, n), (q, m) = one, other
    (low_p, high_p), (low_q, high_q) = wilson(p, n), wilson(q, m)
    difference = p - q
    below = sqrt((p - low_p) ** 2 + (high_q - q) ** 2)
    above = sqrt((high_p - p) ** 2 + (q - low_q) ** 2)
    return difference, difference - below, difference + above
