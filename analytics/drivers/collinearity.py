"""Which scales overlap so much that only their mean can be told apart from the rest."""

import numpy as np
from numpy.typing import NDArray

from analytics.drivers.cross_products import correlations

__all__ = ["MERGE_ABOVE", "merged_groups", "merging"]

MERGE_ABOVE = 5.0
"""Variance inflation factor beyond which scales are merged (method.md, section 8): four fifths
of a scale are then predicted by the others, and the rest is mostly error."""

_RIDGE = 1e-10


def merged_groups(covariance: NDArray[np.float64]) -> tuple[tuple[int, ...], ...]:
    """Group the predictors so that no group is predicted by the others.

    Parameters
    ----------
    covariance : ndarray of shape (p, p)
        Of the predictors, in any unit of measurement, up to a factor.

    Returns
    -------
    tuple of tuple of int
        Columns of each group, ascending; groups in the order of their first column.

    Notes
    -----
    While a variance inflation factor VIF_j = (R^-1)_jj exceeds 5, the group with the greatest
    is merged with the one it correlates with most; a merged scale is the mean of its scales.
    """
    groups: list[tuple[int, ...]] = [(j,) for j in range(len(covariance))]
    while len(groups) > 1:
        link = merging(tuple(groups), len(covariance))
        among = correlations(link.T @ covariance @ link)
        inflation = np.diagonal(np.linalg.inv(among + _RIDGE * np.eye(len(groups))))
        worst = int(inflation.argmax())
        if inflation[worst] <= MERGE_ABOVE:
            break
        closeness = np.abs(among[worst])
        closeness[worst] = -1.0
        partner = int(closeness.argmax())
        joined = tuple(sorted(groups[worst] + groups[partner]))
        kept = [group for j, group in enumerate(groups) if j not in {worst, partner}]
        groups = sorted([*kept, joined])
    return tuple(groups)


def merging(groups: tuple[tuple[int, ...], ...], columns: int) -> NDArray[np.float64]:
    """Return the matrix that turns scales into the means of their groups, (columns, groups)."""
    link = np.zeros((columns, len(groups)))
    for place, group in enumerate(groups):
        link[list(group), place] = 1.0 / len(group)
    return link
