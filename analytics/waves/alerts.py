"""A sentence for everything that drifted, each with the figure behind it."""

from collections.abc import Iterator

from analytics.results.waves import DistributionShift, Drift, RecommenderDrift, ShareShift

__all__ = ["alerts"]


def alerts(found: Drift) -> tuple[str, ...]:
    """Return one sentence for everything that is not stable."""
    return tuple(_sentences(found))


def _sentences(found: Drift) -> Iterator[str]:
    for key, shift in found.constructs.items():
        if shift.status != "stable":
            yield (
                f"The scores of {key.replace('_', ' ')} are spread otherwise than in the last "
                f"wave (stability index {shift.psi:.2f}; {shift.chance:.2f} would be chance)."
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
    """Name the verdict or model whose share of units moved most."""
    if shift.status == "stable" or not shift.current or not shift.earlier:
        return
    now, before = shift.current, shift.earlier
    most = max(sorted(now), key=lambda name: abs(now[name] - before[name]))
    verb = "rose" if now[most] > before[most] else "fell"
    yield (
        f"The share of units given {most.replace('_', ' ')} {verb} from {before[most]:.0%} to "
        f"{now[most]:.0%} (stability index {shift.psi:.2f}; {shift.chance:.2f} would be "
        "chance)."
    )


def _share(what: str, shift: ShareShift | None) -> Iterator[str]:
    if shift is None or shift.status == "stable":
        return
    if shift.current is None or shift.earlier is None:
        yield f"{what} moved; too few people are on one side of it to give figures."
        return
    verb = "rose" if shift.current > shift.earlier else "fell"
    yield f"{what} {verb} from {shift.earlier:.0%} to {shift.current:.0%}."
