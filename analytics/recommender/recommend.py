"""Recommendations for every group that may be shown, from the means of all units."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import msgspec
import numpy as np
from numpy.typing import NDArray

from analytics.recommender.anchors import Anchors
from analytics.recommender.company_pattern import company_pattern, nothing_known
from analytics.recommender.context_rows import ContextRows, context_rows
from analytics.recommender.estimator import AnchoredUnitMixture
from analytics.recommender.judge import Case, Judge
from analytics.recommender.measured import Measured
from analytics.recommender.parameters import Parameters
from analytics.recommender.people import PeopleBehind, Resampled
from analytics.recommender.predictive import Predictive, plug_in, with_theory_error
from analytics.results import CompanyPattern, Recommendation
from analytics.results.recommendation import NoChoice
from analytics.study.unit_means import UnitMeans

__all__ = ["METHOD", "RecommenderResult", "recommend"]

METHOD = "anchored-mixture-4"
"""Recorded with every result; changes whenever the same answers may get another result."""


@dataclass(frozen=True)
class RecommenderResult:
    """The output of the recommender.

    Attributes
    ----------
    recommendations : dict of str to Recommendation
        By group, for every group shown that has a construct of the theory.
    pattern : CompanyPattern
        The company as a whole.
    """

    recommendations: dict[str, Recommendation]
    pattern: CompanyPattern


def recommend(
    fitted: UnitMeans,
    shown: UnitMeans,
    anchors: Anchors,
    *,
    people: PeopleBehind | None = None,
    earlier: Mapping[str, Mapping[str, float]] | None = None,
    measured: Measured | None = None,
) -> RecommenderResult:
    """Recommend an operating model to every group that may be shown.

    Parameters
    ----------
    fitted : UnitMeans
        The units with respondents of their own, suppressed ones included. Constructs that
        ``anchors`` does not know are ignored, and so are units without any that it knows.
    shown : UnitMeans
        The groups whose result may be shown, units and parents alike, on the same
        constructs; NaN if a construct may not be shown. They enter no fit.
    anchors : Anchors
        The theory. Constructs that ``fitted`` lacks are left out of it.
    people : PeopleBehind, optional
        The people behind the means: gives stability, clusters, camps and silhouettes, and tells
        which groups are units of the fit. Without it, every group counts as outside the fit.
    earlier : mapping of model to construct to points, optional
        Centroids learned in the company's last wave. Ignored unless it is complete.
    measured : Measured, optional
        Which constructs lose their say because they were measured too unreliably, and which
        are doubtful. Without it, none are.

    Returns
    -------
    RecommenderResult
        Without recommendations if nobody answered a construct of the theory, if the
        constructs that were answered cannot tell its models apart, or if too few of them were
        measured reliably.

    Raises
    ------
    AnalyticsError
        A mean is infinite or a sampling covariance is not a covariance (names the unit), or
        ``shown`` lacks a construct of ``fitted``.

    Notes
    -----
    The prior of a unit is what all other units lead one to expect (leave-one-out). The prior of
    a parent is what all units do. In companies of fewer than 8 units it is the theory, widened
    by its own error. From 8 units on, the mixture takes a second look at whether one model is
    everywhere. Both steps come after the mixture of the method, which stays as it is.
    Time and memory are linear in the number of units.

    References
    ----------
    .. [1] method.md 1.3 to 1.9.
    """
    measured = measured or Measured()
    answered = anchors.restricted_to(fitted.constructs)
    left_out = tuple(key for key in answered.constructs if key in measured.left_out)
    theory = measured.restrict(answered)
    units = context_rows(fitted, theory.constructs) if theory else None
    if not theory or not units or not units.units or not theory.tells_models_apart:
        because = _no_choice(fitted, answered)
        return RecommenderResult({}, nothing_known(anchors, because, left_out=left_out))
    mixture = AnchoredUnitMixture(
        theory.matrix,
        defining=theory.mask,
        earlier_centers=_centres(earlier, theory),
        second_look=True,
    )
    mixture.fit(units.means, unit_cov=units.covariance)
    pattern = msgspec.structs.replace(company_pattern(mixture, theory), left_out=left_out)
    judge = Judge(
        theory=theory,
        components=mixture.components_,
        parameters=mixture.parameters_,
        few_units=not mixture.learned_,
        no_structure=pattern.structure == "none",
        doubtful=measured.doubtful,
    )
    groups = context_rows(shown, theory.constructs)
    unnamed = people.unnamed(mixture, units, groups) if people else None
    fit = _Fit(mixture, units, groups, people, frozenset(unnamed.units if unnamed else ()))
    found = dict(zip(groups.units, map(judge.recommendation, fit.cases()), strict=True))
    if people is None or not groups.units:
        return RecommenderResult(found, pattern)
    resampled = Resampled.of(mixture, theory, units, groups, people)
    found = {
        code: msgspec.structs.replace(given, stability=resampled.stability(code, given.model))
        for code, given in found.items()
    }
    clusters = resampled.clusters({code: given.model for code, given in found.items()})
    pattern = msgspec.structs.replace(
        pattern, clusters=clusters, unnamed=unnamed or msgspec.UNSET
    )
    return RecommenderResult(found, pattern)


def _no_choice(fitted: UnitMeans, answered: Anchors) -> NoChoice:
    """Return why nothing can be chosen; reliability is to blame only if all else is there."""
    if not context_rows(fitted, answered.constructs).units:
        return "unanswered"
    return "unreliable" if answered.tells_models_apart else "indistinct"


def _centres(
    earlier: Mapping[str, Mapping[str, float]] | None, theory: Anchors
) -> NDArray[np.float64] | None:
    """Arrange the centroids of the last wave like the theory's; None if one is missing."""
    if earlier is None:
        return None
    rows = [[earlier.get(k, {}).get(j) for j in theory.constructs] for k in theory.models]
    if any(value is None for row in rows for value in row):
        return None
    return np.array(rows, dtype=np.float64)


@dataclass(frozen=True)
class _Fit:
    """A fitted mixture and the groups to be recommended a model."""

    mixture: AnchoredUnitMixture
    units: ContextRows
    groups: ContextRows
    people: PeopleBehind | None
    unnamed: frozenset[str]

    def cases(self) -> Iterator[Case]:
        groups, mixture = self.groups, self.mixture
        if not groups.units:
            return
        expected = self._expected()
        found = expected.posterior(groups.means, groups.covariance)
        plugged = self._plug_in(mixture.parameters_)
        opinions = mixture.partition_.second_opinion(groups.means)
        split = self.people.split(mixture, groups) if self.people else frozenset()
        silhouettes = self.people.silhouettes(mixture, groups) if self.people else {}
        for index, code in enumerate(groups.units):
            yield Case(
                means=groups.means[index],
                covariance=groups.covariance[index],
                respondents=int(groups.respondents[index]),
                predictive=expected.of(index),
                probabilities=found.probabilities[index],
                distances=plugged[index],
                second_opinion=int(opinions[index]),
                split=code in split,
                unnamed=code in self.unnamed,
                silhouette=silhouettes.get(code),
            )

    def _plug_in(self, parameters: Parameters) -> NDArray[np.float64]:
        groups = self.groups
        expected = plug_in(len(groups.units), self.mixture.components_, parameters)
        return expected.posterior(groups.means, groups.covariance).distances

    def _expected(self) -> Predictive:
        """Return leave-one-out expectations for units of the fit, plain ones for parents."""
        mixture = self.mixture
        outside = mixture.outside_
        if not mixture.learned_:
            outside = with_theory_error(outside, mixture.components_, mixture.prior_)
        outside = outside.repeated(len(self.groups.units))
        if self.people is None or not mixture.learned_:
            return outside
        place = {code: row for row, code in enumerate(self.units.units)}
        alone = [self.people.only_unit(code) for code in self.groups.units]
        rows = np.array([place.get(unit, -1) if unit else -1 for unit in alone])
        inside = rows >= 0
        own = mixture.expected_
        return Predictive(
            np.where(inside[:, None, None], own.means[rows], outside.means),
            np.where(inside[:, None, None, None], own.covariances[rows], outside.covariances),
            np.where(inside[:, None], own.mix[rows], outside.mix),
        )
