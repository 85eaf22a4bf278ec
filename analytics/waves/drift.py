"""Drift: how the distributions, shares and recommendations of a company moved between waves."""

from collections.abc import Iterator, Mapping

import msgspec
import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy import stats

from analytics.inference.shares import newcombe
from analytics.results import Recommendation
from analytics.results.waves import DistributionShift, Drift, RecommenderDrift, ShareShift
from analytics.study.group_scores import LEVEL_BOUNDS
from analytics.study.study import Study
from analytics.waves.recommender_drift import (
    SHARE_ALERT,
    SHARE_WATCH,
    distribution_shift,
    recommender_drift,
    status_of,
    worst,
)
from analytics.waves.wave import comparable

__all__ = ["alerts", "drift"]

Array = NDArray[np.float64]


def drift(
    current: Study,
    earlier: Study,
    current_recommendations: Mapping[str, Recommendation],
    earlier_recommendations: Mapping[str, Recommendation],
    *,
    k: int,
    figures: bool = True,
) -> Drift:
    """Compare the inputs and the outputs of two waves, company-wide.

    Parameters
    ----------
    current, earlier : Study
        The waves.
    current_recommendations, earlier_recommendations : mapping of str to Recommendation
        Those of the shown groups; parents are not counted.
    k : int
        Fewest people behind a figure, in either wave and on either side of a share.
    figures : bool, default=True
        False if fewer than k people joined or left the company: then only a status is given of
        scores and shares.

    Returns
    -------
    Drift
        Totals of the company only.

    Notes
    -----
    Distributions: population stability index over five fixed bins, ``watch`` from .10 and
    ``alert`` from .25, if it exceeds what chance explains and a two-sample
    Kolmogorov-Smirnov test, Benjamini-Hochberg over constructs, agrees; constructs that were
    asked differently in the last wave are left out. Shares: ``watch`` from
    .05 and ``alert`` from .10 if Newcombe's interval excludes 0. Unanswered items of one
    person are correlated, so their number is replaced by an effective one [1]_.

    References
    ----------
    .. [1] Rao & Scott 1992, Biometrics 48(2).
    """
    constructs = _constructs(current, earlier, k=k, show=figures)
    missing = _missing(current, earlier, k=k, show=figures)
    flagged = _flagged(current, earlier, k=k, show=figures)
    units = [
        {code: one for code, one in found.items() if not study.tree.is_parent(code)}
        for study, found in (
            (current, current_recommendations),
            (earlier, earlier_recommendations),
        )
    ]
    recommender = recommender_drift(units[0], units[1])
    parts = [*constructs.values(), missing, flagged, recommender]
    found = Drift(
        status=worst([part.status for part in parts if part is not None]),
        constructs=constructs,
        missing=missing,
        flagged=flagged,
        recommender=recommender,
    )
    return msgspec.structs.replace(found, alerts=alerts(found))


def _constructs(
    current: Study, earlier: Study, *, k: int, show: bool
) -> dict[str, DistributionShift]:
    scores = {
        key: (_scores(current, key), _scores(earlier, key))
        for key in comparable(current, earlier)[0]
    }
    scores = {key: pair for key, pair in scores.items() if min(map(len, pair)) >= k}
    if not scores:
        return {}
    p = [stats.ks_2samp(*pair, method="asymp").pvalue for pair in scores.values()]
    adjusted = stats.false_discovery_control(np.clip(p, 0.0, 1.0))
    found = {
        key: distribution_shift(_binned(now), _binned(before), adjusted_p=float(one))
        for (key, (now, before)), one in zip(scores.items(), adjusted, strict=True)
    }
    if show:
        return found
    return {key: DistributionShift(status=shift.status) for key, shift in found.items()}


def _scores(study: Study, key: str) -> Array:
    return study.people[key].drop_nulls().sort().to_numpy().astype(np.float64)


def _binned(scores: Array) -> Array:
    """Count scores in fixed bins, those of the maturity levels."""
    bins = np.searchsorted(LEVEL_BOUNDS, scores, side="right")
    return np.bincount(bins, minlength=len(LEVEL_BOUNDS) + 1).astype(np.float64)


def _missing(current: Study, earlier: Study, *, k: int, show: bool) -> ShareShift | None:
    """Compare the share of unanswered items among those who answered anything."""
    sides = [_missing_share(study) for study in (current, earlier)]
    if min(current.screened.kept.height, earlier.screened.kept.height) < k:
        return None
    return _share_shift(sides[0], sides[1], show=show)


def _missing_share(study: Study) -> tuple[float, float]:
    """Return the share of unanswered items, and its effective number of answers."""
    items = [item.key for construct in study.constructs for item in construct.items]
    unanswered = study.screened.kept.select(
        pl.sum_horizontal(pl.col(items).is_null().cast(pl.Int64)).alias("n")
    )
    people = max(study.screened.kept.height, 1)
    shares = unanswered["n"].sort().to_numpy().astype(np.float64) / max(len(items), 1)
    share = float(shares.mean()) if len(shares) else 0.0
    variance = float(shares.var(ddof=1)) / people if len(shares) > 1 else 0.0
    if variance <= 0:
        return share, float(people)
    return share, min(share * (1 - share) / variance, float(people * len(items)))


def _flagged(current: Study, earlier: Study, *, k: int, show: bool) -> ShareShift | None:
    """Compare the share of careless answers; figures only if both sides hold k people."""
    sides = []
    for study in (current, earlier):
        people, kept = study.screened.answering.height, study.screened.kept.height
        if people < k:
            return None
        show = show and people - kept >= k and kept >= k
        sides.append(((people - kept) / people, float(people)))
    return _share_shift(sides[0], sides[1], show=show)


def _share_shift(
    current: tuple[float, float], earlier: tuple[float, float], *, show: bool
) -> ShareShift:
    difference, low, high = newcombe(current, earlier)
    clear = low > 0 or high < 0
    status = status_of(abs(difference), (SHARE_WATCH, SHARE_ALERT), is_clear=clear)
    if not show:
        return ShareShift(status=status)
    return ShareShift(
        status=status,
        current=current[0],
        earlier=earlier[0],
        difference=difference,
        low=low,
        high=high,
    )


def alerts(found: Drift) -> tuple[str, ...]:
    """Return one sentence for every part that is not stable."""
    return tuple(_sentences(found))


def _sentences(found: Drift) -> Iterator[str]:
    for key, shift in found.constructs.items():
        if shift.status != "stable":
            yield (
                f"The scores of {key.replace('_', ' ')} are spread otherwise than in the last "
                f"wave{_index(shift)}."
            )
    yield from _share("The share of unanswered items", found.missing)
    yield from _share("The share of careless answers left out", found.flagged)
    if found.recommender is not None:
        yield from _recommender(found.recommender)


def _recommender(found: RecommenderDrift) -> Iterator[str]:
    yield from _output(found.bands)
    yield from _output(found.models)
    yield from _share("The mean probability of the model named", found.confidence)
    if found.agreement_status != "stable" and found.agreement is not None:
        yield (
            f"Only {found.agreement:.0%} of the {found.units} units in both waves are given "
            "the same model as before."
        )


def _output(shift: DistributionShift) -> Iterator[str]:
    """Report the verdict or model whose share of units moved most."""
    if shift.status == "stable" or not shift.current or not shift.earlier:
        return
    now, before = shift.current, shift.earlier
    most = max(sorted(now), key=lambda name: abs(now[name] - before[name]))
    verb = "rose" if now[most] > before[most] else "fell"
    yield (
        f"The share of units given {most.replace('_', ' ')} {verb} from {before[most]:.0%} to "
        f"{now[most]:.0%}{_index(shift)}."
    )


def _index(shift: DistributionShift) -> str:
    if shift.psi is None or shift.chance is None:
        return ""
    return f" (stability index {shift.psi:.2f}; {shift.chance:.2f} would be chance)"


def _share(what: str, shift: ShareShift | None) -> Iterator[str]:
    if shift is None or shift.status == "stable":
        return
    if shift.current is None or shift.earlier is None:
        yield f"{what} moved; too few people stand behind it to give figures."
        return
    verb = "rose" if shift.current > shift.earlier else "fell"
    yield f"{what} {verb} from {shift.earlier:.0%} to {shift.current:.0%}."
