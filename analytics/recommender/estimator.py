"""The mixture as a scikit-learn estimator."""

from typing import Self

import numpy as np
from numpy.typing import ArrayLike, NDArray
from sklearn.base import BaseEstimator, ClusterMixin
from sklearn.utils import Tags
from sklearn.utils.validation import check_is_fitted, validate_data

from analytics.recommender.components import components_of
from analytics.recommender.faults import fault_of
from analytics.recommender.parameters import without_learning
from analytics.recommender.partition import partition
from analytics.recommender.posterior import Evidence, evidence

__all__ = ["AnchoredUnitMixture"]


class AnchoredUnitMixture(ClusterMixin, BaseEstimator):  # type: ignore[misc]  # sklearn is untyped
    """Measurement-error mixture of units around the anchors of a theory.

    Each unit follows one of the models, none of them, or the half-way between two [1]_. This
    version learns only the company's overall elevation from the units; everything else stays
    at its prior ("no learning"), at every number of units.

    Parameters
    ----------
    anchors : array-like of shape (n_models, n_features), default=None
        Profile of each model in points. None spreads four models evenly around 3 points,
        a theory of nothing that serves to try the estimator out.
    defining : array-like of bool of shape (n_models, n_features), default=None
        Cells that define their model, where its units differ less. None: the cells above
        the mean of the models.

    Attributes
    ----------
    labels_ : ndarray of shape (n_samples,)
        Index of the most probable model of each unit.
    cluster_centers_ : ndarray of shape (n_models, n_features)
        Centroid of each model, points.
    partition_ : Partition
        What anchored k-means says of the same units: the second opinion.
    components_ : Components
        The components, in the order of the columns of ``predict_proba``.
    parameters_ : Parameters
        What the mixture believes of the company.
    n_features_in_ : int
        Number of constructs seen during fit.

    References
    ----------
    .. [1] method.md 1.4 and 1.9.

    Examples
    --------
    >>> anchors = [[4.0, 2.0, 2.0], [2.0, 4.0, 2.0], [2.0, 2.0, 4.0]]
    >>> units = [[3.9, 2.2, 2.1], [2.0, 2.3, 3.8]]
    >>> AnchoredUnitMixture(anchors).fit(units).labels_.tolist()
    [0, 2]
    """

    def __init__(
        self, anchors: ArrayLike | None = None, *, defining: ArrayLike | None = None
    ) -> None:
        self.anchors = anchors
        self.defining = defining

    def fit(
        self,
        X: ArrayLike,
        y: None = None,  # noqa: ARG002  scikit-learn passes it
        *,
        unit_cov: ArrayLike | None = None,
    ) -> Self:
        """Place the models in this company.

        Parameters
        ----------
        X : array-like of shape (n_samples, n_features)
            One row per unit, one column per construct, points; NaN where nobody answered.
        y : Ignored
            Present for API consistency.
        unit_cov : array-like of shape (n_samples, n_features, n_features), default=None
            Sampling covariance V_b of each row, points squared. None: no sampling error.

        Returns
        -------
        self : AnchoredUnitMixture
            Fitted estimator.

        Raises
        ------
        ValueError
            ``anchors`` or ``defining`` do not fit ``X``; a row has no value at all;
            ``unit_cov`` has another shape, is not finite or not a covariance.
        """
        units = self._units(X, reset=True)
        if not np.isfinite(units).any(axis=1).all():
            empty = int(np.isfinite(units).any(axis=1).argmin())
            raise ValueError(f"Row {empty} of X has no value: leave such units out of the fit.")
        errors = _covariances(unit_cov, units.shape)
        anchors, defining = self._theory(units.shape[1])
        self.components_ = components_of(tuple(map(str, range(len(anchors)))), defining)
        self.parameters_ = without_learning(units, anchors, self.components_)
        self.partition_ = partition(units, errors, anchors)
        self.cluster_centers_ = self.parameters_.centroids
        self.labels_ = self._most_probable(units, errors)
        return self

    def predict(self, X: ArrayLike, unit_cov: ArrayLike | None = None) -> NDArray[np.intp]:
        """Return the index of the most probable model of each row, shape (n_samples,)."""
        check_is_fitted(self)
        units = self._units(X, reset=False)
        return self._most_probable(units, _covariances(unit_cov, units.shape))

    def predict_proba(
        self, X: ArrayLike, unit_cov: ArrayLike | None = None
    ) -> NDArray[np.float64]:
        """Return the posterior of every component, shape (n_samples, n_components)."""
        return self.evidence(X, unit_cov).probabilities

    def evidence(self, X: ArrayLike, unit_cov: ArrayLike | None = None) -> Evidence:
        """Return posterior and distance of every component for each row."""
        check_is_fitted(self)
        units = self._units(X, reset=False)
        errors = _covariances(unit_cov, units.shape)
        return evidence(units, errors, self.components_, self.parameters_)

    def _most_probable(
        self, units: NDArray[np.float64], errors: NDArray[np.float64]
    ) -> NDArray[np.intp]:
        found = evidence(units, errors, self.components_, self.parameters_).probabilities
        return np.asarray(found[:, : self.components_.models].argmax(axis=1), dtype=np.intp)

    def _units(self, X: ArrayLike, *, reset: bool) -> NDArray[np.float64]:
        units: NDArray[np.float64] = validate_data(
            self,
            X,
            reset=reset,
            dtype=np.float64,
            ensure_all_finite="allow-nan",
            # The theory of nothing needs a plane to spread its models in.
            ensure_min_features=2 if reset and self.anchors is None else 1,
        )
        return units

    def _theory(self, p: int) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
        anchors = _circle(p) if self.anchors is None else np.asarray(self.anchors, np.float64)
        if anchors.ndim != 2 or anchors.shape[1] != p or len(anchors) < 2:
            raise ValueError(
                f"anchors must have at least 2 rows and, like X, {p} columns; "
                f"got shape {anchors.shape}."
            )
        if len(np.unique(anchors, axis=0)) < len(anchors):
            raise ValueError(
                "anchors has the same row twice: these models cannot be told apart."
            )
        if self.defining is None:
            return anchors, anchors > anchors.mean(axis=0)
        defining = np.asarray(self.defining, dtype=np.bool_)
        if defining.shape != anchors.shape:
            raise ValueError(
                f"defining must have the shape of anchors, {anchors.shape}; "
                f"got {defining.shape}."
            )
        return anchors, defining

    def __sklearn_tags__(self) -> Tags:
        tags = super().__sklearn_tags__()
        tags.input_tags.allow_nan = True
        return tags


def _circle(p: int) -> NDArray[np.float64]:
    """Return four profiles, shape (4, p), that lie opposite each other in pairs."""
    turn = np.arange(4)[:, None] / 2 - np.arange(p)[None] / p
    return np.asarray(3.0 + 1.4 * np.cos(np.pi * turn), dtype=np.float64)


def _covariances(unit_cov: ArrayLike | None, shape: tuple[int, ...]) -> NDArray[np.float64]:
    """Return V_b, checked, or zeros where the means are taken as exact."""
    n, p = shape
    if unit_cov is None:
        return np.zeros((n, p, p))
    errors = np.asarray(unit_cov, dtype=np.float64)
    if errors.shape != (n, p, p):
        raise ValueError(f"unit_cov must have shape {(n, p, p)}; got {errors.shape}.")
    for row, covariance in enumerate(errors):
        fault = fault_of(covariance)
        if fault:
            raise ValueError(f"unit_cov of row {row} {fault}.")
    return errors
