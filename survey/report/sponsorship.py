"""Where sponsorship is claimed and not felt, and what to start with."""

from collections.abc import Iterator, Mapping, Sequence

from analytics.results import Gap, Sponsorship, UnitResult
from analytics.results.sponsorship import Cascade, CompanySponsorship, ResponseSurface
from survey.report.document import (
    Cell,
    Column,
    Count,
    Hidden,
    Intervals,
    Listing,
    Part,
    Points,
    Probability,
    Row,
    Section,
    Sentence,
    Share,
    Statement,
    Table,
    Term,
    UnitName,
    say,
)
from survey.report.phrases import (
    UNITS_NAMED,
    detail,
    finding,
    gap_of,
    leaves,
    points_between,
    units_named,
)
from survey.report.vocabulary import Vocabulary

__all__ = ["company_gap", "sponsorship_section"]

_STAR = 0.05
_ACTIONS = 2
"""What a behaviour looks like: as many examples as a reader takes in."""

_PLACES = {
    "sponsors_and_managers": "sponsorship.lost.first",
    "managers_and_contributors": "sponsorship.lost.second",
    "both": "sponsorship.lost.both",
    "cannot_tell": "sponsorship.lost.cannot_tell",
}

_QUADRANTS = {
    "blind_spot": "quadrant.blind_spot",
    "visible_sponsor": "quadrant.visible_sponsor",
    "acknowledged_gap": "quadrant.acknowledged_gap",
    "hidden_strength": "quadrant.hidden_strength",
    "too_close_to_call": "quadrant.too_close_to_call",
}

Units = Mapping[str, Sponsorship]


def sponsorship_section(
    company: CompanySponsorship, units: Sequence[UnitResult], vocabulary: Vocabulary
) -> Section:
    """Return where sponsorship is claimed but not felt, and which behaviour to start with.

    Parameters
    ----------
    company : CompanySponsorship
        What holds for the company.
    units : sequence of UnitResult
        Those that are shown.
    vocabulary : Vocabulary
        Knows the behaviours of sponsors and what each looks like.
    """
    shown = {
        unit.unit: unit.sponsorship
        for unit in units
        if unit.sponsorship and unit.sponsorship.status == "reported"
    }
    ends = {code: shown[code] for unit in leaves(units) if (code := unit.unit) in shown}
    parts: list[Part] = [*company_gap(company)]
    if company.gap is not None:
        parts.extend(_statements(company, shown, ends, vocabulary))
        parts.extend(_gaps(company, shown))
    return Section("sponsorship", say("sponsorship.title"), tuple(parts))


def company_gap(company: CompanySponsorship) -> list[Statement]:
    """Return whether sponsors rate themselves as their people do, and where that differs."""
    if company.status == "no_sponsor":
        return [finding(say("sponsorship.no_sponsor"))]
    if company.gap is None:
        return [finding(say("sponsorship.too_few"))]
    return [finding(_company(company.gap), _steps(company.cascade), sources=company.evidence)]


def _company(gap: Gap) -> Sentence:
    if gap.adjusted_p is None or gap.adjusted_p > _STAR:
        return say("sponsorship.no_gap", gap=gap_of(gap))
    low, high = sorted((abs(gap.low), abs(gap.high)))
    key = "sponsorship.higher" if gap.estimate > 0 else "sponsorship.lower"
    return say(key, points=Points(abs(gap.estimate)), between=points_between(low, high))


def _steps(cascade: Cascade | None) -> Sentence | None:
    if cascade is None or cascade.lost_between is None:
        return None
    return say(
        _PLACES[cascade.lost_between],
        first=gap_of(cascade.sponsors_to_managers),
        second=gap_of(cascade.managers_to_contributors),
    )


def _statements(
    company: CompanySponsorship, shown: Units, ends: Units, vocabulary: Vocabulary
) -> Iterator[Statement]:
    """Yield what holds of units; those at the end of the tree are counted, as everywhere."""
    said = (
        _typical(company.typical) if company.typical else None,
        _standing_out(company, shown),
        _aligned(shown),
        _open(ends),
        _blind_spots(shown),
        _lost(ends),
        _single(ends),
        _surface(company.surface),
    )
    yield from (finding(one) for one in said if one)
    yield from _starts(ends, vocabulary)


def _typical(gap: Gap) -> Sentence:
    key = "sponsorship.typical.higher" if gap.estimate > 0 else "sponsorship.typical"
    return say(key, gap=gap_of(gap))


def _standing_out(company: CompanySponsorship, units: Units) -> Sentence | None:
    if not company.units:
        return None
    if not company.selected:
        return say("sponsorship.none_certain", count=Count(company.units))
    gaps = {
        code: unit.gap.estimate
        for code, unit in units.items()
        if unit.gap and unit.gap.adjusted_p is not None and unit.gap.adjusted_p <= _STAR
    }
    order = sorted(gaps, key=lambda code: -abs(gaps[code])) if company.ranks_units else gaps
    listed = tuple(
        say("named.figure", name=UnitName(code), figure=Points(gaps[code], signed=True))
        for code in order
    )
    key = "sponsorship.certain.ranked" if company.ranks_units else "sponsorship.certain"
    return say(
        key,
        count=Count(company.selected),
        of=Count(company.units),
        units=Listing(listed, most=UNITS_NAMED),
    )


def _aligned(units: Units) -> Sentence | None:
    aligned = [code for code, unit in units.items() if unit.alignment == "aligned"]
    return say("sponsorship.aligned", units=units_named(aligned)) if aligned else None


def _open(units: Units) -> Sentence | None:
    open_ = sum(unit.alignment == "inconclusive" for unit in units.values())
    return say("sponsorship.open", count=Count(open_)) if open_ else None


def _blind_spots(units: Units) -> Sentence | None:
    listed = tuple(
        say(
            "named.figure",
            name=UnitName(code),
            figure=Probability((unit.quadrant_probabilities or {})["blind_spot"]),
        )
        for code, unit in units.items()
        if unit.quadrant == "blind_spot"
    )
    if not listed:
        return None
    return say("sponsorship.blind_spots", units=Listing(listed, most=UNITS_NAMED))


def _lost(units: Units) -> Sentence | None:
    places = [unit.cascade.lost_between for unit in units.values() if unit.cascade]
    losing = [place for place in places if place is not None]
    if not losing:
        return None
    above = losing.count("sponsors_and_managers")
    below = losing.count("managers_and_contributors")
    return say(
        "sponsorship.lost_in_units",
        count=Count(len(losing)),
        above=Count(above),
        below=Count(below),
        rest=Count(len(losing) - above - below),
    )


def _single(units: Units) -> Sentence | None:
    alone = sum(unit.sponsors == 1 for unit in units.values())
    return say("sponsorship.single", count=Count(alone)) if alone else None


def _starts(units: Units, vocabulary: Vocabulary) -> Iterator[Statement]:
    """Yield, per behaviour, the units that do best to start with it, and how that looks."""
    for behaviour in vocabulary.behaviours.behaviours:
        listed = tuple(
            say(
                "named.figure",
                name=UnitName(code),
                figure=Probability(unit.start.probabilities[behaviour.key]),
            )
            for code, unit in units.items()
            if unit.start and unit.start.status == "identified"
            if unit.start.behaviours[0] == behaviour.key
        )
        if listed:
            called = Term("behaviour", behaviour.key)
            named = Listing(listed, most=UNITS_NAMED)
            yield finding(say("sponsorship.start", behaviour=called, units=named))
            actions = range(min(_ACTIONS, len(behaviour.looks_like)))
            terms = (Term("behaviour_action", f"{behaviour.key}.{n}") for n in actions)
            yield detail(*(say("text", text=term) for term in terms))
    unsure = sum(
        unit.start is not None and unit.start.status != "identified" for unit in units.values()
    )
    if unsure:
        yield finding(say("sponsorship.start_open", count=Count(unsure)))


def _surface(surface: ResponseSurface | None) -> Sentence | None:
    """Say what goes together with value over units; the two slopes whose sign is certain."""
    if surface is None:
        return None
    slopes = (
        (surface.a1, "surface.agreement.more", "surface.agreement.less"),
        (surface.a3, "surface.excess.more", "surface.excess.less"),
    )
    told = [
        say(more if slope.estimate > 0 else less)
        for slope, more, less in slopes
        if slope.low > 0 or slope.high < 0
    ]
    return say(
        "surface",
        count=Count(surface.units),
        told=Listing(tuple(told or [say("surface.neither")]), "and"),
        share=Share(surface.r_squared),
    )


def _gaps(company: CompanySponsorship, units: Units) -> Iterator[Table | Intervals]:
    """Yield the gap of every unit, as a table and as a picture; the typical gap is a line."""
    gaps = {code: unit.gap for code, unit in units.items() if unit.gap}
    if not gaps:
        return
    columns = (
        Column(say("column.unit")),
        Column(say("column.gap"), kind="figure"),
        Column(say("column.interval"), kind="figure"),
        Column(say("column.quadrant")),
    )
    rows = tuple(
        Row(
            (
                UnitName(code),
                Points(gap.estimate, signed=True),
                points_between(gap.low, gap.high, signed=True),
                _quadrant(units[code]),
            )
        )
        for code, gap in gaps.items()
    )
    yield Table("sponsorship.gaps", columns, rows)
    typical = company.typical.estimate if company.typical else None
    drawn = ((UnitName(code), gap.estimate, gap.low, gap.high) for code, gap in gaps.items())
    yield Intervals("sponsorship.gaps", tuple(drawn), reference=typical)


def _quadrant(found: Sponsorship) -> Cell:
    if found.quadrant is None:
        return Hidden(say("hidden.few"))
    return say(_QUADRANTS[found.quadrant])
