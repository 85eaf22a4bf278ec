"""Key drivers of the outcome, within units and between units, if there are enough people."""

from collections.abc import Iterator, Mapping

import numpy as np

from analytics.disclosure.plan import DisclosurePlan
from analytics.drivers.company_levels import company_levels
from analytics.drivers.decomposition import RESAMPLES, decompose
from analytics.drivers.matrix import described_drivers, r_squared_estimate
from analytics.drivers.samples import Sample, sample_between, sample_within
from analytics.drivers.shapley import MOST_PREDICTORS
from analytics.results.drivers import DriverAnalysis, Drivers, Level
from analytics.results.lineage import Thresholds
from analytics.study.study import Study

__all__ = ["drivers"]

_TENS = 10


def drivers(
    study: Study, plan: DisclosurePlan, *, thresholds: Thresholds, seed: int
) -> Drivers | None:
    """Say which root causes and practices go together with the outcome, and how much.

    Parameters
    ----------
    study : Study
        Scores of people.
    plan : DisclosurePlan
        Which units may show which construct.
    thresholds : Thresholds
        Any claim needs ``drivers`` people.
    seed : int
        Of the resamples, not negative.

    Returns
    -------
    Drivers or None
        None if nobody was asked about an outcome, or about anything that could drive it.

    Notes
    -----
    ``within``: people of shown units with every score, each as a deviation from the mean of
    their unit, so that whatever holds for a whole unit plays no part. ``between``: the
    means, as shown, of units at the end of the tree that show every construct; each unit
    counts once. The two may differ: what tells colleagues apart need not tell units apart.
    Means of small units are noisy, which makes importance between units smaller than it is.
    Non-response is not weighted for.

    Both need ``thresholds.drivers`` people. Within needs 20 degrees of freedom (people less
    units) per predictor and 10 units, between 20 units per predictor. If that fails for
    root causes and practices together, root causes are tried alone. Of several outcomes the
    first is taken.

    References
    ----------
    .. [1] method.md, section 8.
    """
    outcomes = study.block("outcome")
    causes = tuple(construct.key for construct in study.block("root_cause"))
    practices = tuple(construct.key for construct in study.block("practice"))
    if not outcomes or not (causes or practices):
        return None
    outcome = outcomes[0].key
    levels = company_levels(study, plan, (*causes, *practices, outcome))
    choices = [chosen for chosen in ((*causes, *practices), causes) if chosen]
    within, between = (
        # One sample at a time: the second is needed only if the first is too small.
        _analysis(
            (sample(study, plan, chosen, outcome) for chosen in choices),
            levels,
            thresholds,
            seed=(seed, place),
        )
        for place, sample in enumerate((sample_within, sample_between))
    )
    return Drivers(
        outcome=outcome, levels=levels, within=within, between=between, resamples=RESAMPLES
    )


def _analysis(
    samples: Iterator[Sample],
    levels: Mapping[str, Level],
    thresholds: Thresholds,
    *,
    seed: tuple[int, ...],
) -> DriverAnalysis:
    """Analyse the first sample that is large enough, or say what the last one lacks."""
    sample = widest = next(samples)
    while not _suffices(sample, thresholds):
        narrower = next(samples, None)
        if narrower is None:
            people = sample.missing_respondents(thresholds.drivers)
            return DriverAnalysis(
                status="insufficient",
                # In tens: the exact number would tell how many left something out.
                missing_respondents=_TENS * -(-people // _TENS) or None,
                missing_units=sample.missing_units or None,
            )
        sample = narrower
    return _decomposed(sample, widest, levels, k=thresholds.scores, seed=seed)


def _suffices(sample: Sample, thresholds: Thresholds) -> bool:
    missing = sample.missing_units or sample.missing_respondents(thresholds.drivers)
    return not missing and len(sample.predictors) <= MOST_PREDICTORS


def _decomposed(
    sample: Sample,
    widest: Sample,
    levels: Mapping[str, Level],
    *,
    k: int,
    seed: tuple[int, ...],
) -> DriverAnalysis:
    varying = np.flatnonzero(sample.cross.varies)
    columns = len(sample.predictors)
    without = tuple(key for key in widest.predictors if key not in sample.predictors)
    unvaried = tuple(key for j, key in enumerate(sample.predictors) if j not in varying)
    if columns not in varying or len(varying) < 2:
        return DriverAnalysis(status="no_variation", without=without, unvaried=unvaried)
    found = decompose(sample.cross.merged(np.eye(columns + 1)[:, varying]), seed=seed)
    names = tuple(sample.predictors[j] for j in varying[:-1])
    return DriverAnalysis(
        status="reported",
        respondents=sample.respondents if _may_be_counted(sample, k=k) else None,
        units=sample.units,
        r_squared=r_squared_estimate(found),
        adjusted_r_squared=found.adjusted_r_squared,
        drivers=described_drivers(found, names, levels),
        without=without,
        unvaried=unvaried,
    )


def _may_be_counted(sample: Sample, *, k: int) -> bool:
    """Tell whether a missing score leaves out nobody, or at least k people."""
    rest = sample.asked - sample.respondents
    return rest == 0 or rest >= k
