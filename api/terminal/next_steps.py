"""The few findings of an analysis that deserve a reader's attention first."""

from collections import Counter
from collections.abc import Mapping

from analytics.results import Analysis, Gap, Sponsorship, UnitResult
from api.terminal.words import label, signed, units_text

__all__ = ["next_steps"]

_GAPS_SHOWN = 3
_CERTAIN = 0.05


def next_steps(analysis: Analysis, names: Mapping[str, str]) -> list[str]:
    """Return sentences on what to look at next, most pressing first; empty where nothing is."""
    parents = {unit.parent for unit in analysis.units}
    leaves = [
        unit
        for unit in analysis.units
        if unit.status == "reported" and unit.unit not in parents
    ]
    found = (
        _common_constraint(leaves),
        _widest_gaps(leaves, names),
        _undecided(leaves, names),
        _more_answers(leaves, names),
    )
    return [sentence for sentence in found if sentence]


def _common_constraint(leaves: list[UnitResult]) -> str | None:
    causes = Counter(
        unit.constraint.dimensions[0]
        for unit in leaves
        if unit.constraint and unit.constraint.status == "identified"
    )
    if not causes:
        return "No unit's hidden constraint is certain yet: the root causes lie too close."
    cause, count = causes.most_common(1)[0]
    return (
        f"{label(cause)} is the hidden constraint of {count} of the {len(leaves)} units shown: "
        "start there."
    )


def _widest_gaps(leaves: list[UnitResult], names: Mapping[str, str]) -> str | None:
    gaps = sorted(
        (
            (_estimate(unit.sponsorship), names.get(unit.unit, unit.unit))
            for unit in leaves
            if unit.sponsorship and _stands_out(unit.sponsorship.gap)
        ),
        reverse=True,
    )
    if not gaps:
        return None
    listed = ", ".join(f"{name} ({signed(gap)})" for gap, name in gaps[:_GAPS_SHOWN])
    return (
        f"In {units_text(len(gaps))} sponsorship is claimed beyond what employees see; "
        f"widest: {listed}. Talk to these sponsors before launching anything there."
    )


def _stands_out(gap: Gap | None) -> bool:
    """Tell whether a claim beyond what is felt survives the number of units tested."""
    if gap is None or gap.adjusted_p is None:
        return False
    return gap.estimate > 0 and gap.adjusted_p <= _CERTAIN


def _estimate(found: Sponsorship) -> float:
    return found.gap.estimate if found.gap else 0.0


def _undecided(leaves: list[UnitResult], names: Mapping[str, str]) -> str | None:
    between = [
        f"{names.get(unit.unit, unit.unit)} ({' / '.join(map(label, found.between))})"
        for unit in leaves
        if (found := unit.recommendation) and found.between
    ]
    if not between:
        return None
    return (
        f"Between two models, so decide by conversation and not by score: {', '.join(between)}."
    )


def _more_answers(leaves: list[UnitResult], names: Mapping[str, str]) -> str | None:
    wanted = [
        f"{names.get(unit.unit, unit.unit)} (about {unit.recommendation.more_answers})"
        for unit in leaves
        if unit.recommendation and unit.recommendation.more_answers
    ]
    return f"More answers would probably settle: {', '.join(wanted)}." if wanted else None
