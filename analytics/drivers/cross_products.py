"""Sums of squares and products per unit; every resample of units is a sum of them."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["CrossProducts", "between_units", "correlations", "within_units"]

_NO_VARIANCE = 1e-12


@dataclass(frozen=True)
class CrossProducts:
    """Contribution of each of g units to the sums behind a covariance of q variables.

    Attributes
    ----------
    products : ndarray of shape (g, q, q)
        Sums of products.
    sums : ndarray of shape (g, q)
        Sums; zero if people are centred in their unit.
    rows : ndarray of shape (g,)
        Rows behind the sums.
    freedom : int
        Degrees of freedom of the covariance.
    """

    products: NDArray[np.float64]
    sums: NDArray[np.float64]
    rows: NDArray[np.float64]
    freedom: int

    @property
    def varies(self) -> NDArray[np.bool_]:
        """Return which variables have any variance, shape (q,)."""
        scatter = self.scatter(np.ones((1, len(self.rows))))[0]
        return np.asarray(np.diagonal(scatter) > _NO_VARIANCE)

    def merged(self, link: NDArray[np.float64]) -> "CrossProducts":
        """Return the same for combinations of the variables; ``link`` has shape (q, r)."""
        products = np.einsum("ik,gij,jl->gkl", link, self.products, link)
        return CrossProducts(
            products, np.einsum("gi,ik->gk", self.sums, link), self.rows, self.freedom
        )

    def scatter(self, times: NDArray[np.float64]) -> NDArray[np.float64]:
        """Add the units up, each as often as ``times`` says.

        Parameters
        ----------
        times : ndarray of shape (b, g)
            How often each unit is in each of b samples.

        Returns
        -------
        ndarray of shape (b, q, q)
            Sums of squares and products about the mean.
        """
        # Not matrix products: their last digits depend on the number of threads.
        products = np.einsum("bg,gij->bij", times, self.products)
        sums = np.einsum("bg,gi->bi", times, self.sums)
        rows = np.einsum("bg,g->b", times, self.rows)
        return np.asarray(products - sums[:, :, None] * sums[:, None, :] / rows[:, None, None])


def within_units(
    values: NDArray[np.float64], unit_of: NDArray[np.intp], units: int
) -> CrossProducts:
    """Return the sums of people's deviations from the mean of their unit.

    Parameters
    ----------
    values : ndarray of shape (n, q)
        One row per person, complete.
    unit_of : ndarray of shape (n,)
        Unit of each row, 0 to ``units`` - 1; no unit is empty.
    units : int
        Number of units, g.
    """
    if not len(values):
        return _nothing(values.shape[1])
    order = np.argsort(unit_of, kind="stable")
    people = np.bincount(unit_of, minlength=units)
    starts = np.concatenate([[0], np.cumsum(people)[:-1]])
    ordered = values[order]
    means = np.add.reduceat(ordered, starts) / people[:, None]
    apart = ordered - np.repeat(means, people, axis=0)
    products = np.add.reduceat(apart[:, :, None] * apart[:, None, :], starts)
    return CrossProducts(
        products, np.zeros_like(means), people.astype(np.float64), len(values) - units
    )


def between_units(means: NDArray[np.float64]) -> CrossProducts:
    """Return the sums of unit means, shape (g, q); every unit counts once."""
    if not len(means):
        return _nothing(means.shape[1])
    apart = means - means.mean(axis=0)
    return CrossProducts(
        apart[:, :, None] * apart[:, None, :], apart, np.ones(len(means)), len(means) - 1
    )


def _nothing(columns: int) -> CrossProducts:
    empty = np.zeros((0, columns))
    return CrossProducts(np.zeros((0, columns, columns)), empty, np.zeros(0), 0)


def correlations(scatter: NDArray[np.float64]) -> NDArray[np.float64]:
    """Turn sums of squares and products, shape (..., q, q), into correlations.

    A variable without variance correlates with nothing: zeros beside its diagonal.
    """
    squares = np.diagonal(scatter, axis1=-2, axis2=-1)
    varies = squares > _NO_VARIANCE
    scale = np.where(varies, 1.0 / np.sqrt(np.where(varies, squares, 1.0)), 0.0)
    found = scatter * scale[..., :, None] * scale[..., None, :]
    place = np.arange(scatter.shape[-1])
    found[..., place, place] = 1.0
    return np.asarray(found)
