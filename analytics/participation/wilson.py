"""Wilson's interval of a share, for whole and for effective numbers of people."""

from math import sqrt

from scipy import special

__all__ = ["wilson"]

_Z = float(special.ndtri(0.975))


def wilson(share: float, n: float) -> tuple[float, float]:
    """Return the ends of the 95 % score interval of a share.

    Parameters
    ----------
    share : float
        0 to 1.
    n : float
        People behind it, above zero; not a whole number where it is an effective one.

    References
    ----------
    .. [1] Wilson 1927, Journal of the American Statistical Association 22(158).
    """
    centre = share + _Z**2 / (2 * n)
    half = _Z * sqrt(share * (1 - share) / n + _Z**2 / (4 * n**2))
    scale = 1 + _Z**2 / n
    return max((centre - half) / scale, 0.0), min((centre + half) / scale, 1.0)
