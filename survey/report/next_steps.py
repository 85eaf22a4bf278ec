"""What to do next: the few steps that the findings support, most pressing first."""

from collections import Counter
from collections.abc import Sequence

from analytics.results import Analysis, Gap, Sponsorship, UnitResult
from analytics.results.sponsorship import CompanySponsorship
from survey.report.diagnosis import phase_of
from survey.report.document import (
    Argument,
    Count,
    Listing,
    Points,
    Section,
    Sentence,
    Term,
    UnitName,
    say,
)
from survey.report.phrases import finding, leaves

__all__ = ["next_steps_section"]

_NAMED = 3
_CERTAIN = 0.05


def next_steps_section(analysis: Analysis) -> Section | None:
    """Return what to do next; None where nothing is pressing."""
    shown = leaves(analysis.units)
    phase = _phase(analysis.units)
    steps = (
        _widest_gaps(shown),
        _conditions(shown),
        _undecided(shown),
        _leaning(shown),
        _more_answers(shown),
        _start(analysis.sponsorship),
    )
    said = (
        *([finding(*phase)] if phase else []),
        *(finding(step) for step in steps if step),
    )
    return Section("next_steps", say("next.title"), said) if said else None


def _phase(units: Sequence[UnitResult]) -> list[Sentence]:
    """Say in which phase the whole company is, and with what to begin there."""
    tops = [unit for unit in units if unit.parent is None]
    if len(tops) != 1 or tops[0].readiness is None:
        return []
    found = tops[0].readiness
    current = next((one for one in found.phases if one.phase == found.phase), None)
    if current is None:
        return []
    said = [phase_of(current, len(found.phases), of_company=True)]
    if found.first_unmet:
        said.append(say("gate.begin", gate=Term("gate", found.first_unmet)))
    return said


def _widest_gaps(shown: Sequence[UnitResult]) -> Sentence | None:
    gaps = sorted(
        (
            (unit.sponsorship.gap.estimate, unit.unit)
            for unit in shown
            if unit.sponsorship and unit.sponsorship.gap and _stands_out(unit.sponsorship)
        ),
        reverse=True,
    )
    if not gaps:
        return None
    listed = tuple(
        say("named.points", name=UnitName(code), points=Points(gap, signed=True))
        for gap, code in gaps
    )
    return say("next.gaps", count=Count(len(gaps)), units=_few(listed))


def _stands_out(found: Sponsorship) -> bool:
    """Tell whether a claim beyond what is felt survives the number of units tested."""
    gap: Gap | None = found.gap
    if gap is None or gap.adjusted_p is None:
        return False
    return gap.estimate > 0 and gap.adjusted_p <= _CERTAIN


def _conditions(shown: Sequence[UnitResult]) -> Sentence | None:
    """Count the units whose model has a condition that is not met yet."""
    lacking = [
        {one.construct for one in found.prerequisites if one.status == "must_come_first"}
        for unit in shown
        if (found := unit.recommendation) and found.status != "no_clear_model"
    ]
    units = sum(map(bool, lacking))
    if not units:
        return None
    counted = Counter(construct for one in lacking for construct in sorted(one))
    listed = tuple(
        say("named.count", name=Term("construct", key), number=Count(count))
        for key, count in counted.most_common()
    )
    return say("next.conditions", count=Count(units), constructs=Listing(listed))


def _undecided(shown: Sequence[UnitResult]) -> Sentence | None:
    between: tuple[Argument, ...] = tuple(
        say(
            "next.pair",
            unit=UnitName(unit.unit),
            models=Listing(tuple(Term("model_short", key) for key in found.between), "or"),
        )
        for unit in shown
        if (found := unit.recommendation) and found.between
    )
    if not between:
        return None
    return say("next.undecided", count=Count(len(between)), units=_few(between))


def _leaning(shown: Sequence[UnitResult]) -> Sentence | None:
    leaning = tuple(
        UnitName(unit.unit)
        for unit in shown
        if unit.recommendation and unit.recommendation.status == "lean"
    )
    if not leaning:
        return None
    return say("next.leaning", count=Count(len(leaning)), units=_few(leaning))


def _more_answers(shown: Sequence[UnitResult]) -> Sentence | None:
    wanted = tuple(
        say(
            "named.about",
            name=UnitName(unit.unit),
            number=Count(unit.recommendation.more_answers),
        )
        for unit in shown
        if unit.recommendation and unit.recommendation.more_answers
    )
    return say("next.more_answers", units=_few(wanted)) if wanted else None


def _few(items: tuple[Argument, ...]) -> Listing:
    return Listing(items, most=_NAMED)


def _start(found: CompanySponsorship | None) -> Sentence | None:
    """Count the units in which it is known what their sponsor does best to start with."""
    counted = Counter(found.start_with or {}) if found else Counter()
    units = counted.total()
    if not units:
        return None
    listed = tuple(
        say("named.quoted", name=Term("behaviour", key), number=Count(count))
        for key, count in counted.most_common()
        if count
    )
    return say("next.start", count=Count(units), behaviours=Listing(listed))
