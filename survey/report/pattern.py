"""The company's own pattern: how far units lean to the models, and where theory fails."""

from collections.abc import Iterator

from analytics.results import Analysis, Unnamed
from survey.report.document import (
    Count,
    Fold,
    Listing,
    Number,
    Part,
    Points,
    Section,
    Sentence,
    Share,
    Term,
    say,
)
from survey.report.phrases import finding, model, points_between, units_named

__all__ = ["pattern_section"]

_CELLS_SHOWN = 3
_MOVED_SHOWN = 5
_LEANS = {
    "clear": "pattern.leans_clearly",
    "weak": "pattern.leans_weakly",
    "none": "pattern.leans_weakly",
    "cannot_tell": "pattern.leans",
}
"""By the same verdict as in "How sure is this?"."""


def pattern_section(analysis: Analysis) -> Section | None:
    """Return what was learned of the company; None if too few units speak."""
    found = analysis.organisation
    parts: list[Part] = []
    if found.reach is not None:
        parts.extend(map(finding, (*_mix(analysis), *_moved(analysis), *_loose(analysis))))
        parts.append(Fold(say("fold.title"), (finding(_reach(analysis, found.reach)),)))
    if isinstance(found.unnamed, Unnamed):
        parts.extend(map(finding, _unnamed(found.unnamed)))
    return Section("pattern", say("pattern.title"), tuple(parts)) if parts else None


def _mix(analysis: Analysis) -> Iterator[Sentence]:
    mix = sorted(analysis.organisation.mix.items(), key=lambda one: -one[1])
    listed = tuple(say("named.figure", name=model(key), figure=Share(one)) for key, one in mix)
    yield say("pattern.mix", models=Listing(listed))


def _reach(analysis: Analysis, reach: float) -> Sentence:
    """Say how far units lean, 0 to 100; with the interval if it was learned."""
    found = analysis.organisation
    points = 100 * reach
    key = _LEANS[found.structure]
    if not isinstance(found.reach_low, float) or not isinstance(found.reach_high, float):
        return say(key, lean=say("pattern.lean", points=Points(points)))
    between = points_between(100 * max(found.reach_low, 0.0), 100 * found.reach_high)
    return say(key, lean=say("pattern.lean.between", points=Points(points), between=between))


def _moved(analysis: Analysis) -> Iterator[Sentence]:
    """Name the cells in which the company contradicts the theory."""
    profiles = analysis.organisation.profiles
    if not isinstance(profiles, dict):
        return
    cells = tuple(
        say(
            "pattern.cell",
            model=model(key),
            construct=Term("construct", construct),
            here=Points(cell.learned),
            theory=Points(cell.anchor),
        )
        for key, profile in profiles.items()
        for construct, cell in profile.items()
        if cell.moved
    )
    if cells:
        yield say("pattern.moved", cells=Listing(cells, most=_MOVED_SHOWN))


def _loose(analysis: Analysis) -> Iterator[Sentence]:
    """Name the models whose units would not be found together if other people answered."""
    clusters = analysis.organisation.clusters
    if not isinstance(clusters, dict):
        return
    loose = tuple(
        say("named.number", name=model(key), number=Number(cluster.jaccard))
        for key, cluster in clusters.items()
        if cluster.jaccard is not None and cluster.verdict != "stable"
    )
    if loose:
        yield say("pattern.loose", models=Listing(loose))


def _unnamed(found: Unnamed) -> Iterator[Sentence]:
    ranked = sorted(found.profile.items(), key=lambda cell: -cell[1])
    high, low = (
        tuple(
            say("named.figure", name=Term("construct", key), figure=Points(score))
            for key, score in cells
        )
        for cells in (ranked[:_CELLS_SHOWN], ranked[-_CELLS_SHOWN:])
    )
    yield say("unnamed", count=Count(len(found.units)), units=units_named(found.units))
    yield say("unnamed.profile", high=Listing(high), low=Listing(low))
    yield say("unnamed.evidence", factor=Number(found.log_bayes_factor, digits=1))
