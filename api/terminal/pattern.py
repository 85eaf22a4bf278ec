"""The company's own pattern in sentences: mix, reach, and where it contradicts the theory."""

from collections.abc import Iterator

from analytics.results import CompanyPattern
from api.terminal.words import label, percent

__all__ = ["pattern_lines"]

_MOVED_SHOWN = 5


def pattern_lines(found: CompanyPattern) -> list[str]:
    """Return what was learned of the company; nothing where too few units speak."""
    if found.reach is None:
        return []
    mix = ", ".join(
        f"{label(model)} {percent(share)}"
        for model, share in sorted(found.mix.items(), key=lambda one: -one[1])
    )
    return [
        f"Units reach {percent(found.reach)} of the way from the middle to the pure models"
        f"{_range(found)}.",
        f"How common each model is among those described by one: {mix}.",
        *_moved(found),
        *_clusters(found),
    ]


def _range(found: CompanyPattern) -> str:
    if not isinstance(found.reach_low, float) or not isinstance(found.reach_high, float):
        return ""
    return (
        f" (95% interval {percent(max(found.reach_low, 0.0))} to {percent(found.reach_high)})"
    )


def _moved(found: CompanyPattern) -> Iterator[str]:
    """Name the cells in which the company contradicts the theory."""
    if not isinstance(found.profiles, dict):
        return
    cells = [
        f"{label(model)} on {label(construct)} ({cell.learned:.0f} here, {cell.anchor:.0f} in "
        "theory)"
        for model, profile in found.profiles.items()
        for construct, cell in profile.items()
        if cell.moved
    ]
    if cells:
        more = f" and {len(cells) - _MOVED_SHOWN} more" if len(cells) > _MOVED_SHOWN else ""
        yield f"The company contradicts the theory: {'; '.join(cells[:_MOVED_SHOWN])}{more}."


def _clusters(found: CompanyPattern) -> Iterator[str]:
    """Name the models whose units are found together again when other people answer, or not."""
    if not isinstance(found.clusters, dict):
        return
    loose = [
        f"{label(model)} ({cluster.jaccard:.2f})"
        for model, cluster in found.clusters.items()
        if cluster.jaccard is not None and cluster.verdict != "stable"
    ]
    if loose:
        yield (
            "If other people had answered, these groups of units would not stay together "
            f"(similarity of 1, stable from 0.75): {', '.join(loose)}."
        )
