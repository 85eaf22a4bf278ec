"""Recommendations for every group that may be shown, from the means of all units."""

from collections.abc import Iterator
from dataclasses import dataclass

from analytics.recommender.anchors import Anchors
from analytics.recommender.company import FEWEST_UNITS_TO_LEARN, company_pattern
from analytics.recommender.estimator import AnchoredUnitMixture
from analytics.recommender.judge import Case, Judge
from analytics.recommender.rows import ContextRows, context_rows
from analytics.results import Organisation, Recommendation
from analytics.unit_means import UnitMeans

__all__ = ["METHOD", "RecommenderResult", "recommend"]

METHOD = "anchored-mixture-1/no-learning"
"""Recorded with every result; changes whenever the same answers could get another result."""


@dataclass(frozen=True)
class RecommenderResult:
    """What the recommender says.

    Attributes
    ----------
    recommendations : dict of str to Recommendation
        By group, for every group shown that has a construct of the theory.
    organisation : Organisation
        What holds for the company as a whole.
    """

    recommendations: dict[str, Recommendation]
    organisation: Organisation


def recommend(fitted: UnitMeans, shown: UnitMeans, anchors: Anchors) -> RecommenderResult:
    """Recommend an operating model to every group that may be shown.

    Parameters
    ----------
    fitted : UnitMeans
        The units with respondents of their own, suppressed ones included. Constructs that
        ``anchors`` does not know are not read; units without any that it knows do not count.
    shown : UnitMeans
        The groups whose result may be shown, units and parents alike, on the same
        constructs; NaN where a construct may not be shown. They enter no fit.
    anchors : Anchors
        The theory. Constructs that ``fitted`` lacks are left out of it.

    Returns
    -------
    RecommenderResult
        Without recommendations where nobody answered a construct of the theory, or where
        those answered cannot tell its models apart.

    Raises
    ------
    AnalyticsError
        A mean is infinite or a sampling covariance is not a covariance (names the unit), or
        ``shown`` lacks a construct of ``fitted``.

    Notes
    -----
    Probabilities are the plug-in posterior of the components with parameters at their priors,
    at every number of units. Time and memory are linear in the number of units.

    References
    ----------
    .. [1] method.md 1.3 to 1.9.
    """
    theory = anchors.restricted_to(fitted.constructs)
    units = context_rows(fitted, theory.constructs)
    if not units.units or not theory.tells_models_apart:
        return RecommenderResult({}, _unknown(anchors))
    mixture = AnchoredUnitMixture(theory.matrix, defining=theory.mask)
    mixture.fit(units.means, unit_cov=units.covariance)
    organisation = company_pattern(units, theory, mixture.components_, mixture.parameters_)
    judge = Judge(
        theory=theory,
        components=mixture.components_,
        parameters=mixture.parameters_,
        few_units=len(units.units) < FEWEST_UNITS_TO_LEARN,
        no_structure=organisation.structure == "none",
    )
    groups = context_rows(shown, theory.constructs)
    found = zip(groups.units, map(judge.recommendation, _cases(groups, mixture)), strict=True)
    return RecommenderResult(dict(found), organisation)


def _unknown(anchors: Anchors) -> Organisation:
    """Describe a company of which nothing is known: all models are equally likely."""
    share = 1 / len(anchors.models)
    return Organisation(
        structure="cannot_tell", reach=None, mix=dict.fromkeys(anchors.models, share)
    )


def _cases(groups: ContextRows, mixture: AnchoredUnitMixture) -> Iterator[Case]:
    if not groups.units:
        return
    found = mixture.evidence(groups.means, groups.covariance)
    opinions = mixture.partition_.second_opinion(groups.means)
    for index in range(len(groups.units)):
        yield Case(
            means=groups.means[index],
            covariance=groups.covariance[index],
            respondents=int(groups.respondents[index]),
            probabilities=found.probabilities[index],
            distances=found.distances[index],
            second_opinion=int(opinions[index]),
        )
