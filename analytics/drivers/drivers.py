"""Key drivers of the outcome, within units and between them, where there are enough people."""

from collections.abc import Mapping, Sequence

import msgspec
import numpy as np

from analytics.disclosure import DisclosurePlan
from analytics.drivers.decomposition import RESAMPLES, decompose
from analytics.drivers.levels import company_levels
from analytics.drivers.matrix import described_drivers, r_squared_estimate
from analytics.drivers.samples import Sample, sample_between, sample_within
from analytics.drivers.shapley import MOST_PREDICTORS
from analytics.results.drivers import DriverAnalysis, Drivers, Level
from analytics.results.lineage import Thresholds
from analytics.study import Study

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
        ``drivers`` people are needed for any claim.
    seed : int
        Of the resamples, not negative.

    Returns
    -------
    Drivers or None
        None where nobody was asked about an outcome, or about anything that could drive it.

    Notes
    -----
    ``within``: people with every score, each as the deviation from the mean of their unit, so
    that nothing that holds for a whole unit plays a part. ``between``: the means, as shown, of
    units at the end of the tree that show every construct; each unit counts once. The two may
    differ: what tells colleagues apart need not tell units apart.

    Both need ``thresholds.drivers`` people. Within needs 20 degrees of freedom (people less
    units) per predictor and 10 units, between 20 units per predictor. Where that fails for
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
    within = _analysis(
        [sample_within(study, chosen, outcome) for chosen in choices],
        levels,
        thresholds,
        seed=(seed, 0),
    )
    between = _analysis(
        [sample_between(study, plan, chosen, outcome) for chosen in choices],
        levels,
        thresholds,
        seed=(seed, 1),
    )
    return Drivers(
        outcome=outcome,
        levels=levels,
        within=_without_small_rests(within, study.people.height, k=thresholds.scores),
        between=between,
        resamples=RESAMPLES,
    )


def _analysis(
    samples: Sequence[Sample],
    levels: Mapping[str, Level],
    thresholds: Thresholds,
    *,
    seed: tuple[int, ...],
) -> DriverAnalysis:
    """Analyse the first sample that is large enough; say what the last one lacks."""
    for sample in samples:
        enough = not (sample.missing_units or sample.missing_respondents(thresholds.drivers))
        if enough and len(sample.predictors) <= MOST_PREDICTORS:
            return _decomposed(sample, samples[0], levels, seed=seed)
    last = samples[-1]
    people = last.missing_respondents(thresholds.drivers)
    return DriverAnalysis(
        status="insufficient",
        # In tens: with the exact number, so would be known who left something out.
        missing_respondents=_TENS * -(-people // _TENS) or None,
        missing_units=last.missing_units or None,
    )


def _decomposed(
    sample: Sample, widest: Sample, levels: Mapping[str, Level], *, seed: tuple[int, ...]
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
        respondents=sample.respondents,
        units=sample.units,
        r_squared=r_squared_estimate(found),
        adjusted_r_squared=found.adjusted_r_squared,
        drivers=described_drivers(found, names, levels),
        without=without,
        unvaried=unvaried,
    )


def _without_small_rests(found: DriverAnalysis, people: int, *, k: int) -> DriverAnalysis:
    """Leave the number of people out where it would count fewer than k others."""
    if found.respondents is None or not 0 < people - found.respondents < k:
        return found
    return msgspec.structs.replace(found, respondents=None)
