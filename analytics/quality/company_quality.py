"""How well a company was measured: its scales, and the careless answers left out."""

from analytics.disclosure.plan import DisclosurePlan
from analytics.quality.scales import scale_quality
from analytics.quality.screened import screening_report
from analytics.quality.shown_units import shown_units
from analytics.results.quality import CompanyQuality
from analytics.study.study import Study

__all__ = ["company_quality"]


def company_quality(study: Study, plan: DisclosurePlan, *, k: int, seed: int) -> CompanyQuality:
    """Assess how well a company was measured.

    Parameters
    ----------
    study : Study
        Answers, people, tree.
    plan : DisclosurePlan
        Units that may be shown; comparisons of units use these alone.
    k : int
        Smallest group that may be shown.
    seed : int
        Of the bootstrap behind the interval of omega.

    Returns
    -------
    CompanyQuality
        One scale per construct present, in the order of the instrument.

    References
    ----------
    .. [1] method.md sections 4 and 5.
    """
    compared = shown_units(study, plan)
    scales = {
        construct.key: scale_quality(
            study,
            construct,
            compared[construct.key].groups,
            shown=plan.shows_company(construct.key),
            k=k,
            seed=seed,
        )
        for construct in study.constructs
    }
    return CompanyQuality(scales=scales, screening=screening_report(study, k=k))
