"""The mixture as a scikit-learn estimator."""

from typing import Self

import numpy as np
from numpy.typing import ArrayLike, NDArray
from sklearn.base import BaseEstimator, ClusterMixin
from sklearn.utils import Tags
from sklearn.utils.validation import check_is_fitted, validate_data

from analytics.recommender.context_rows import fault_of
from analytics.recommender.learning import FEWEST_UNITS_TO_LEARN, learn
from analytics.recommender.parameters import (
    Parameters,
    components_of,
    prior_of,
    without_learning,
)
from analytics.recommender.partition import partition
from analytics.recommender.posterior import ComponentPosterior
from analytics.recommender.predictive import (
    believed_centroids,
    leave_one_out,
    plug_in,
    with_centroid_error,
)
from analytics.recommender.second_look import second_look

__all__ = ["AnchoredUnitMixture"]


class AnchoredUnitMixture(ClusterMixin, BaseEstimator):  # type: ignore[misc]  # sklearn is untyped
    """Measurement-error mixture of units around the anchors of a theory.

    Each unit follows one of the models, none of them, or the half-way between two. From eight
    units on, the mixture learns the company's own centroids, spread and mix [1]_; below, only
    its overall elevation [2]_.

    Parameters
    ----------
    anchors : array-like of shape (n_models, n_features), default=None
        Profile of each model in points. None spreads four models evenly around 3 points,
        an arbitrary theory for trying the estimator out.
    defining : array-like of bool of shape (n_models, n_features), default=None
        Cells that define their model; its units differ less there. None: the cells above
        the mean of the models.
    earlier_centers : array-like of shape (n_models, n_features), default=None
        ``cluster_centers_`` of the same company's last wave, from which learning then starts.
    second_look : bool, default=False
        Whether to compare what EM found with a reading in which one model is everywhere.
    min_units : int, default=8
        Least number of units to learn from.
    max_iter : int, default=100
        Greatest number of rounds of EM.
    tol : float, default=1e-6
        Relative change of the log-likelihood at which EM stops.

    Attributes
    ----------
    labels_ : ndarray of shape (n_samples,)
        Index of the most probable model of each unit, by ``expected_``.
    cluster_centers_ : ndarray of shape (n_models, n_features)
        Centroid of each model, points.
    learned_ : bool
        Whether there were enough units to learn from.
    n_iter_ : int
        Rounds of EM; 0 without learning.
    partition_ : Partition
        Anchored k-means on the same units: the second opinion.
    components_ : Components
        The components, in the order of the columns of ``predict_proba``.
    parameters_ : Parameters
        What the mixture learned about the company.
    prior_ : CentroidPrior
        The prior before the units are seen.
    expected_ : Predictive
        What all other units lead one to expect of each unit (leave-one-out); without
        learning, what the theory does.
    outside_ : Predictive
        What is expected of a row outside the fit, for one such row.
    centroid_covariance_ : ndarray of shape (n_models * n_features, n_models * n_features)
        Posterior covariance of the learned centroids, model after model; absent without
        learning.
    n_features_in_ : int
        Number of constructs seen during fit.

    References
    ----------
    .. [1] method.md 1.4.
    .. [2] method.md 1.9.

    Examples
    --------
    >>> anchors = [[4.0, 2.0, 2.0], [2.0, 4.0, 2.0], [2.0, 2.0, 4.0]]
    >>> units = [[3.9, 2.2, 2.1], [2.0, 2.3, 3.8]]
    >>> AnchoredUnitMixture(anchors).fit(units).labels_.tolist()
    [0, 2]
    """

    def __init__(
        self,
        anchors: ArrayLike | None = None,
        *,
        defining: ArrayLike | None = None,
        earlier_centers: ArrayLike | None = None,
        second_look: bool = False,
        min_units: int = FEWEST_UNITS_TO_LEARN,
        max_iter: int = 100,
        tol: float = 1e-6,
    ) -> None:
        self.anchors = anchors
        self.defining = defining
        self.earlier_centers = earlier_centers
        self.second_look = second_look
        self.min_units = min_units
        self.max_iter = max_iter
        self.tol = tol

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
            One row per unit, one column per construct, points; NaN if nobody answered.
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
            ``anchors``, ``defining`` or ``earlier_centers`` do not fit ``X``; a row has no
            value at all;
            ``unit_cov`` has another shape, is not finite or not a covariance.
        """
        units = self._units(X, reset=True)
        if not np.isfinite(units).any(axis=1).all():
            empty = int(np.isfinite(units).any(axis=1).argmin())
            raise ValueError(f"Row {empty} of X has no value: leave such units out of the fit.")
        errors = _covariances(unit_cov, units.shape)
        anchors, defining = self._theory(units.shape[1])
        self.components_ = components_of(tuple(map(str, range(len(anchors)))), defining)
        self.prior_ = prior_of(anchors, self._earlier(anchors.shape))
        self.partition_ = partition(units, errors, anchors)
        self.learned_ = len(units) >= self.min_units
        start = without_learning(units, anchors, self.components_)
        if self.learned_:
            self._learn(units, errors, start)
        else:
            self.parameters_, self.n_iter_ = start, 0
            self.expected_ = plug_in(len(units), self.components_, start)
            self.outside_ = plug_in(1, self.components_, start)
        self.cluster_centers_ = self.parameters_.centroids
        self.labels_ = self._most_probable(self.expected_.posterior(units, errors))
        return self

    def _learn(
        self, units: NDArray[np.float64], errors: NDArray[np.float64], start: Parameters
    ) -> None:
        found = learn(
            units,
            errors,
            self.components_,
            self.prior_,
            start,
            max_iter=self.max_iter,
            tol=self.tol,
        )
        if self.second_look:
            found = second_look(
                units,
                errors,
                self.components_,
                self.prior_,
                found,
                max_iter=self.max_iter,
                tol=self.tol,
            )
        self.parameters_, self.n_iter_ = found.parameters, found.iterations
        facts = (units, errors, self.components_, self.parameters_, self.prior_)
        self.expected_ = leave_one_out(*facts)
        self.outside_ = with_centroid_error(*facts)
        self.centroid_covariance_ = believed_centroids(*facts)[0].covariance

    def predict(self, X: ArrayLike, unit_cov: ArrayLike | None = None) -> NDArray[np.intp]:
        """Return the index of the most probable model of each row, shape (n_samples,).

        Rows are treated as groups outside the fit; ``labels_`` belong to the units in it.
        """
        return self._most_probable(self._posterior(X, unit_cov))

    def predict_proba(
        self, X: ArrayLike, unit_cov: ArrayLike | None = None
    ) -> NDArray[np.float64]:
        """Return the posterior of every component, shape (n_samples, n_components)."""
        return self._posterior(X, unit_cov).probabilities

    def _posterior(self, X: ArrayLike, unit_cov: ArrayLike | None) -> ComponentPosterior:
        check_is_fitted(self)
        units = self._units(X, reset=False)
        errors = _covariances(unit_cov, units.shape)
        return self.outside_.repeated(len(units)).posterior(units, errors)

    def _most_probable(self, found: ComponentPosterior) -> NDArray[np.intp]:
        pure = found.probabilities[:, : self.components_.models]
        return np.asarray(pure.argmax(axis=1), dtype=np.intp)

    def _earlier(self, shape: tuple[int, ...]) -> NDArray[np.float64] | None:
        if self.earlier_centers is None:
            return None
        earlier = np.asarray(self.earlier_centers, dtype=np.float64)
        if earlier.shape != shape or not np.isfinite(earlier).all():
            raise ValueError(
                f"earlier_centers must be finite and have the shape of anchors, {shape}; "
                f"got shape {earlier.shape}."
            )
        return earlier

    def _units(self, X: ArrayLike, *, reset: bool) -> NDArray[np.float64]:
        units: NDArray[np.float64] = validate_data(
            self,
            X,
            reset=reset,
            dtype=np.float64,
            ensure_all_finite="allow-nan",
            # The arbitrary theory needs a plane to spread its models in.
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
    """Return four profiles, shape (4, p), evenly spread on a circle."""
    turn = np.arange(4)[:, None] / 2 - np.arange(p)[None] / p
    return np.asarray(3.0 + 1.4 * np.cos(np.pi * turn), dtype=np.float64)


def _covariances(unit_cov: ArrayLike | None, shape: tuple[int, ...]) -> NDArray[np.float64]:
    """Return V_b, checked, or zeros if the means are taken as exact."""
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
