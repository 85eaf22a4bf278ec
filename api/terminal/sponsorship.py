"""Claimed against felt sponsorship as sentences of a report; it adds no figure."""

from collections.abc import Iterable, Mapping

from analytics.results import Gap, Sponsorship
from analytics.results.sponsorship import Cascade, CompanySponsorship, ResponseSurface
from api.terminal.words import chance, first_few, percent, plain, signed, span, units_text
from seed.content import sponsor_behaviours

__all__ = ["sponsorship_lines"]

_UNITS_NAMED = 5
_STAR = 0.05
_ACTIONS = 2
"""What a behaviour looks like: as many examples as a reader takes in."""

_PLACES = {
    "sponsors_and_managers": "mostly between sponsors and managers",
    "managers_and_contributors": "mostly between managers and contributors",
    "both": "on both steps",
    "cannot_tell": "this cannot be told yet",
}

Units = Mapping[str, Sponsorship]


def sponsorship_lines(
    company: CompanySponsorship, units: Units, names: Mapping[str, str]
) -> list[str]:
    """Return where sponsorship is claimed but not felt, and which behaviour to start with.

    Parameters
    ----------
    company : CompanySponsorship
        What holds for the company.
    units : mapping of str to Sponsorship
        Units without others below them.
    names : mapping of str to str
        Names of units as they stand in marked-up text; a unit without one goes by its code.

    Returns
    -------
    list of str
        Lines in rich markup; those with nothing to say are left out.
    """
    if company.status == "no_sponsor":
        return [
            "No sponsor agreed to be shown, so nothing can be held against what people see."
        ]
    if company.gap is None:
        return ["Too few people answered about sponsorship for any of it to be shown."]
    shown = {code: one for code, one in sorted(units.items()) if one.status == "reported"}
    called = {code: names.get(code, plain(code)) for code in shown}
    found = (
        _company(company.gap),
        _steps(company.cascade),
        _typical(company.typical),
        _standing_out(company, shown, called),
        _aligned(shown, called),
        _blind_spots(shown, called),
        _lost(shown),
        _single(shown),
        *_starts(shown, called),
        _surface(company.surface),
    )
    return [line for line in found if line]


def _company(gap: Gap) -> str:
    if gap.adjusted_p is None or gap.adjusted_p > _STAR:
        return (
            "Across the company no gap between claimed and felt sponsorship is shown: "
            f"{_points(gap)}."
        )
    side = "higher" if gap.estimate > 0 else "lower"
    low, high = sorted((abs(gap.low), abs(gap.high)))
    return (
        f"Across the company sponsors rate themselves {side} than their people do, by "
        f"{abs(gap.estimate):.0f} points of 100 (95% interval {low:.0f} to {high:.0f})."
    )


def _steps(cascade: Cascade | None) -> str | None:
    if cascade is None or cascade.lost_between is None:
        return None
    return (
        f"Where the company's message gets lost: {_PLACES[cascade.lost_between]}. Sponsors to "
        f"managers {_points(cascade.sponsors_to_managers)}, managers to contributors "
        f"{_points(cascade.managers_to_contributors)}."
    )


def _typical(typical: Gap | None) -> str | None:
    if typical is None:
        return None
    return (
        f"The gap of a typical unit here is {_points(typical)}. People rate themselves higher "
        "almost everywhere, so hold a gap against this figure too, not only against 0."
    )


def _standing_out(
    company: CompanySponsorship, units: Units, names: Mapping[str, str]
) -> str | None:
    if not company.units:
        return None
    if not company.selected:
        return f"In none of the {company.units} units tested is the gap by itself certain."
    gaps = {
        code: unit.gap.estimate
        for code, unit in units.items()
        if unit.gap and unit.gap.adjusted_p is not None and unit.gap.adjusted_p <= _STAR
    }
    order, note = list(gaps), " The gaps are not reliable enough to be put in order."
    if company.ranks_units:
        order, note = sorted(gaps, key=lambda code: -abs(gaps[code])), ""
    listed = _listed(f"{names[code]} ({signed(gaps[code])})" for code in order)
    return (
        f"In {company.selected} of {company.units} units the gap stands out, with the number "
        f"of tests allowed for: {listed}.{note}"
    )


def _aligned(units: Units, names: Mapping[str, str]) -> str | None:
    aligned = [code for code, unit in units.items() if unit.alignment == "aligned"]
    open_ = sum(unit.alignment == "inconclusive" for unit in units.values())
    sentences = []
    if aligned:
        listed = _listed(names[code] for code in aligned)
        sentences.append(f"Claim and view agree to within half a step of five: {listed}.")
    if open_:
        sentences.append(
            f"For {units_text(open_)} neither a gap nor agreement is shown: more answers, or "
            "more sponsors, would tell."
        )
    return " ".join(sentences) or None


def _blind_spots(units: Units, names: Mapping[str, str]) -> str | None:
    blind = [code for code, unit in units.items() if unit.quadrant == "blind_spot"]
    if not blind:
        return None
    listed = _listed(
        f"{names[code]} ({chance((units[code].quadrant_probabilities or {})['blind_spot'])})"
        for code in blind
    )
    return (
        "Blind spot, sponsors high in their own eyes and low in those of others, with its "
        f"probability: {listed}."
    )


def _lost(units: Units) -> str | None:
    places = [unit.cascade.lost_between for unit in units.values() if unit.cascade]
    losing = [place for place in places if place is not None]
    if not losing:
        return None
    above = losing.count("sponsors_and_managers")
    below = losing.count("managers_and_contributors")
    return (
        f"Where the message gets lost, in {units_text(len(losing))} with managers shown apart: "
        f"between sponsors and managers in {above}, between managers and contributors in "
        f"{below}, on both steps or undecided in {len(losing) - above - below}."
    )


def _single(units: Units) -> str | None:
    alone = sum(unit.sponsors == 1 for unit in units.values())
    if not alone:
        return None
    return (
        f"In {units_text(alone)} the claim is one person's self-view; the intervals there are "
        "wide for that reason."
    )


def _starts(units: Units, names: Mapping[str, str]) -> Iterable[str]:
    """Yield, per behaviour, the units that do best to start with it, and how that looks."""
    for behaviour in sponsor_behaviours().behaviours:
        listed = [
            f"{names[code]} ({chance(unit.start.probabilities[behaviour.key])})"
            for code, unit in units.items()
            if unit.start and unit.start.status == "identified"
            if unit.start.behaviours[0] == behaviour.key
        ]
        if listed:
            looks = " ".join(text["en"] for text in behaviour.looks_like[:_ACTIONS])
            yield f'Start with "{behaviour.name["en"]}" in {_listed(listed)}. {looks}'
    unsure = sum(
        unit.start is not None and unit.start.status != "identified" for unit in units.values()
    )
    if unsure:
        yield (
            f"For {units_text(unsure)} it cannot be told which of the four behaviours to start "
            "with: ask people there."
        )


def _surface(surface: ResponseSurface | None) -> str | None:
    if surface is None:
        return None
    said = []
    if surface.a1.low > 0 or surface.a1.high < 0:
        more = "more" if surface.a1.estimate > 0 else "less"
        said.append(f"sponsorship that is claimed and felt goes together with {more} value")
    if surface.a3.low > 0 or surface.a3.high < 0:
        more = "more" if surface.a3.estimate > 0 else "less"
        said.append(f"a claim beyond what is felt goes together with {more} value")
    told = "; ".join(said) or "neither agreement nor a gap goes together with value"
    return (
        f"Over {surface.units} units {told} "
        f"({percent(surface.r_squared)} of the differences in value realised)."
    )


def _points(gap: Gap) -> str:
    """Return a gap in whole points with its interval."""
    return f"{signed(gap.estimate)} ({span(gap.low, gap.high)})"


def _listed(names: Iterable[str]) -> str:
    return first_few(names, _UNITS_NAMED)
