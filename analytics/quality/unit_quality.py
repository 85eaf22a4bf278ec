"""How far the scores of every unit can be trusted; hidden units play no part in it."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from analytics.disclosure.plan import DisclosurePlan
from analytics.inference.shrinkage import FEWEST_UNITS, differences, shrink
from analytics.inference.variance_components import mean_reliability, variance_components
from analytics.instrument import Construct
from analytics.quality.distribution import level_shares, ordinal_consensus
from analytics.quality.shown_units import ShownUnits, shown_units
from analytics.quality.unit_agreement import unit_agreement
from analytics.results.quality import (
    Agreement,
    DifferenceFromMean,
    ScoreQuality,
    ShrunkMean,
    UnitQuality,
    View,
)
from analytics.study.scoring import to_share
from analytics.study.study import Study

__all__ = ["unit_quality"]


def unit_quality(study: Study, plan: DisclosurePlan, *, k: int) -> dict[str, UnitQuality]:
    """Assess how far every score of every reported unit can be trusted.

    Parameters
    ----------
    study : Study
        People scored, answers, tree.
    plan : DisclosurePlan
        What may be shown.
    k : int
        Smallest group that may be shown.

    Returns
    -------
    dict of str to UnitQuality
        One entry per reported unit, in the order of their code. Reliability, estimate and
        difference exist for the lowest shown units of a construct, if there are at least two;
        agreement exists for units without units below them; the distribution exists if it
        reveals nobody's level.

    References
    ----------
    .. [1] method.md section 4.
    """
    compared = shown_units(study, plan)
    found: dict[str, dict[str, ScoreQuality]] = {
        code: {} for code in study.tree.codes if plan.reports(code)
    }
    for construct in study.constructs:
        read = _construct(study, plan, construct, compared[construct.key], k)
        for code, quality in read.items():
            found[code][construct.key] = quality
    return {code: UnitQuality(scores=scores) for code, scores in found.items()}


@dataclass(frozen=True)
class _Compared:
    """Results of comparing one unit's mean with the others."""

    reliability: float
    estimate: ShrunkMean
    difference: DifferenceFromMean


def _construct(
    study: Study, plan: DisclosurePlan, construct: Construct, shown: ShownUnits, k: int
) -> dict[str, ScoreQuality]:
    compared = _compared(shown)
    agreement = unit_agreement(study, plan, construct, k=k)
    shares = level_shares(study, plan, construct.key, k=k)
    ends = _two_ended(shares)
    return {
        code: ScoreQuality(
            reliability=compared[code].reliability if code in compared else None,
            estimate=compared[code].estimate if code in compared else None,
            difference=compared[code].difference if code in compared else None,
            agreement=agreement.get(code),
            distribution=shares.get(code),
            view=_view(agreement[code], divided=code in ends) if code in agreement else None,
        )
        for code in study.tree.codes
        if plan.shows(code, construct.key)
    }


def _two_ended(shares: Mapping[str, tuple[float, ...]]) -> set[str]:
    """Return the units whose people stand at two ends: van der Eijk's A is below 0.

    If 5 to 50 people share one opinion, chance alone leads to this in 0 to 4 of 100 units.
    """
    if not shares:
        return set()
    consensus = ordinal_consensus(np.array(list(shares.values())))
    return {code for code, A in zip(shares, consensus, strict=True) if A < 0.0}


def _view(agreement: Agreement, *, divided: bool) -> View:
    """Say whether people see the construct alike.

    ``partly_shared`` is more agreement than random answers reach, but a greater distance from
    the mean than agreement allows, because r_wg(j) rises with the number of items.
    """
    if divided:
        return "divided"
    if agreement.rwg <= agreement.chance or agreement.band in {"lack", "weak"}:
        return "varied"
    near = agreement.average_deviation <= agreement.average_deviation_limit
    return "shared" if near else "partly_shared"


def _compared(shown: ShownUnits) -> dict[str, _Compared]:
    """Compare the units with each other, if there are two whose variances can be estimated."""
    components = variance_components(shown.groups) if shown.units else None
    if components is None:
        return {}
    groups = shown.groups
    shrunk = shrink(groups, components)
    reliability = mean_reliability(components, groups.n)
    # An interval ends where the scale ends.
    points = np.clip([groups.mean, shrunk.mean, shrunk.low, shrunk.high], 1.0, 5.0)
    rows = zip(
        shown.units,
        reliability.tolist(),
        to_share(points).T.tolist(),
        differences(groups),
        strict=True,
    )
    borrowed = groups.units >= FEWEST_UNITS
    return {
        code: _Compared(
            reliable, ShrunkMean(raw=raw, mean=mean, low=low, high=high, shrunk=borrowed), side
        )
        for code, reliable, (raw, mean, low, high), side in rows
    }
