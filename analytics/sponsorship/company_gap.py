"""The company's sponsorship: its gap, the typical unit, and whether units may be ranked.

Comparisons of units use shown units only, so they say nothing about hidden ones.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from math import sqrt

import numpy as np
from scipy.special import stdtrit

from analytics.inference.multiplicity import Family
from analytics.inference.shrinkage import FEWEST_UNITS, MeanPrior, Normal
from analytics.results import Gap, Sponsorship
from analytics.results.sponsorship import CompanySponsorship, ResponseSurface
from analytics.sponsorship.gap_verdicts import cascade, gap_record, is_supported
from analytics.sponsorship.scope import Company, Contrast, choose_cut, contrast
from analytics.study.scoring import SHARE_PER_POINT

__all__ = [
    "RANKED_FROM",
    "company_contrast",
    "company_record",
    "gap_reliability",
    "typical_gap",
]

RANKED_FROM = 0.5
"""Reliability of the gap below which units are not put in order (method 2)."""


def company_contrast(company: Company) -> Contrast | None:
    """Compare all sponsors with all people of the company; None if nothing may be shown.

    The comparison covers the topmost shown groups together. Their figures are published, so
    their weighted mean adds no equation about hidden people.
    """
    groups = company.topmost_shown
    cut = choose_cut(company, groups)
    return contrast(company, company.composite, groups, cut)


def typical_gap(units: Mapping[str, Contrast]) -> Gap | None:
    """Return the gap of a typical unit with its 95 % interval; None below five units.

    Notes
    -----
    Random-effects mean of the units' gaps, tau² by Paule and Mandel, error
    1 / sum of 1 / (SE_b² + tau²), t with K - 1 degrees of freedom. It counts units, not
    people: the zero line for "more than usual here". If sponsors speak for several units, it
    looks a little more certain than it is.

    References
    ----------
    .. [1] Hartung & Knapp (2001), A refined method for the meta-analysis of controlled clinical
       trials; with Paule and Mandel's tau² its factor is 1, or less and then left at 1.
    """
    gaps = {code: found.differences["gap"] for code, found in units.items()}
    prior = MeanPrior.learned(
        {code: Normal(gap.estimate, gap.error**2) for code, gap in gaps.items()}
    )
    if prior is None:
        return None
    half = float(stdtrit(prior.units - 1, 0.975)) * sqrt(prior.mean_error)
    return Gap(
        estimate=SHARE_PER_POINT * prior.mean,
        low=SHARE_PER_POINT * (prior.mean - half),
        high=SHARE_PER_POINT * (prior.mean + half),
    )


def gap_reliability(units: Mapping[str, Contrast]) -> float | None:
    """Return the share of the differences between units' gaps that is not error.

    Returns
    -------
    float or None
        0 to 1; None below five units or if all gaps are equal.

    Notes
    -----
    r_D = (s²_s r_s + s²_e r_e - 2 r_se s_s s_e) / (s²_s + s²_e - 2 r_se s_s s_e) over units'
    means of sponsors (s) and of others (e), with r = 1 - mean squared error / s². The more
    alike the two sides rank the units, the less reliable is the difference of their scores.

    References
    ----------
    .. [1] method.md 2; Edwards (1994), The study of congruence in organizational behavior
       research.
    """
    if len(units) < FEWEST_UNITS:
        return None
    sides = [(units[code].claimed, units[code].seen) for code in sorted(units)]
    means = np.array([[claimed.mean, seen.mean] for claimed, seen in sides])
    errors = np.array([[claimed.variance, seen.variance] for claimed, seen in sides])
    covariance = np.cov(means, rowvar=False)
    observed = covariance[0, 0] + covariance[1, 1] - 2 * covariance[0, 1]
    if observed <= 0.0:
        return None
    return float(np.clip(1.0 - errors.mean(axis=0).sum() / observed, 0.0, 1.0))


def company_record(
    whole: Contrast | None,
    units: Mapping[str, Contrast],
    records: Sequence[Sponsorship],
    family: Family,
    *,
    surface: ResponseSurface | None = None,
) -> CompanySponsorship:
    """Gather the findings about the company.

    Parameters
    ----------
    whole : Contrast or None
        Of the company; None if it is suppressed or has no sponsor.
    units : mapping of str to Contrast
        The composites of the family.
    records : sequence of Sponsorship
        Records of the units without others below them.
    family : Family
        Which of them were selected.
    surface : ResponseSurface, optional
        The outcome on both sides.
    """
    if whole is None:
        sponsored = any(record.status != "no_sponsor" for record in records)
        return CompanySponsorship(status="suppressed" if sponsored else "no_sponsor")
    gap, reliability = whole.differences["gap"], gap_reliability(units)
    cascades = (record.cascade.lost_between for record in records if record.cascade)
    starts = (
        record.start.behaviours[0]
        for record in records
        if record.start and record.start.status == "identified"
    )
    return CompanySponsorship(
        status="reported",
        gap=gap_record(gap, gap.p_value()),
        cascade=cascade(whole, supported=is_supported(gap, None)),
        units=len(units),
        selected=len(family.selected),
        typical=typical_gap(units),
        reliability=reliability,
        ranks_units=reliability is not None and reliability >= RANKED_FROM,
        quadrants=_counts(record.quadrant for record in records),
        agreements=_counts(record.agreement for record in records),
        alignments=_counts(record.alignment for record in records),
        lost_between=_counts(cascades),
        start_with=_counts(starts),
        surface=surface,
    )


def _counts(names: Iterable[str | None]) -> dict[str, int]:
    return dict(sorted(Counter(name for name in names if name is not None).items()))
