"""What should we do next? The few findings that a director needs, why, and the next steps."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence

import msgspec

from analytics.results import Analysis, Gap, Recommendation, Sponsorship, UnitResult
from analytics.results.sponsorship import CompanySponsorship
from survey.report.constraint import constraint_statements, starting_point
from survey.report.diagnosis import phase_of
from survey.report.document import (
    Argument,
    Count,
    Listing,
    Points,
    Section,
    Sentence,
    Statement,
    Term,
    UnitName,
    say,
)
from survey.report.phrases import counted, detail, finding, leaves, model, recommended
from survey.report.quality import unreliable
from survey.report.sponsorship import company_gap
from survey.report.units import NO_CHOICE

__all__ = ["findings_section", "models_found", "next_steps_section", "why_section"]

_REASONS_SHOWN = 2
_NAMED = 3
_CERTAIN = 0.05


def findings_section(analysis: Analysis) -> Section:
    """Return what was found of models, hidden constraint and sponsorship, a statement each."""
    said = [finding(models_found(analysis))]
    if analysis.constraint:
        said.extend(
            one
            for one in constraint_statements(
                analysis.constraint,
                of_company=True,
                unreliable=unreliable(analysis.quality),
            )
            if one.role == "finding"
        )
    if analysis.sponsorship:
        said.extend(company_gap(analysis.sponsorship)[:1])
    return Section("overview", say("overview.title"), tuple(said))


def models_found(analysis: Analysis) -> Sentence:
    """Count the units by model, and those without one."""
    found = _recommended(analysis.units)
    if not found:
        return _no_model(analysis)
    clear = Counter(one.model for one in found if one.status == "firm")
    leaning = sum(one.status == "lean" for one in found)
    open_ = sum(one.status == "no_clear_model" for one in found)
    rest = [
        *([say("overview.leaning", count=Count(leaning))] if leaning else []),
        *([say("overview.open", count=Count(open_))] if open_ else []),
    ]
    if not clear:
        return say(
            "overview.none_clear", count=Count(len(found)), rest=Listing(tuple(rest), "and")
        )
    key = "overview.clear_and" if rest else "overview.clear"
    return say(
        key,
        count=Count(clear.total()),
        of=Count(len(found)),
        models=counted("model", clear),
        **({"rest": Listing(tuple(rest), "and")} if rest else {}),
    )


def _no_model(analysis: Analysis) -> Sentence:
    """Say why no unit has a recommendation; without a unit to show, nothing else matters."""
    because = analysis.organisation.no_choice
    if because is msgspec.UNSET or not leaves(analysis.units):
        return say("overview.no_units")
    return say("overview.no_choice", because=say(NO_CHOICE[because]))


def why_section(analysis: Analysis) -> Section | None:
    """Return what speaks for each model in the units given it."""
    said = list(_reasons(analysis.units))
    if not said:
        return None
    return Section("why", say("why.title"), (finding(say("why.models")), *said))


def _recommended(units: Sequence[UnitResult]) -> list[Recommendation]:
    return [unit.recommendation for unit in leaves(units) if unit.recommendation]


def _reasons(units: Sequence[UnitResult]) -> Iterator[Statement]:
    """Name, per model, the conditions that most often speak for it most strongly."""
    shown = leaves(units)
    given: dict[str, list[UnitResult]] = defaultdict(list)
    for unit in shown:
        if unit.recommendation and unit.recommendation.status != "no_clear_model":
            given[unit.recommendation.model].append(unit)
    for key, its_units in sorted(given.items(), key=lambda one: -len(one[1])):
        leading = Counter(
            reason.construct
            for unit in its_units
            if unit.recommendation
            for reason in unit.recommendation.reasons[:_REASONS_SHOWN]
            if reason.weight > 0
        )
        listed = tuple(
            say(
                "why.high" if _mean(its_units, one) >= _mean(shown, one) else "why.low",
                name=Term("construct", one),
                times=Count(times),
            )
            for one, times in leading.most_common(_REASONS_SHOWN)
        )
        if listed:
            count, reasons = Count(len(its_units)), Listing(listed)
            yield detail(say("why.model", model=model(key), number=count, reasons=reasons))


def _mean(units: Sequence[UnitResult], construct: str) -> float:
    """Average the score of units that are shown: it only tells high from low."""
    scores = [
        unit.scores[construct].mean
        for unit in units
        if unit.scores and construct in unit.scores
    ]
    return sum(scores) / len(scores) if scores else 0.0


def next_steps_section(analysis: Analysis) -> Section | None:
    """Return what to do next; None if nothing is pressing."""
    shown = leaves(analysis.units)
    phase = _phase(analysis.units)
    steps = (
        starting_point(analysis.constraint, analysis.units),
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
        say("named.figure", name=UnitName(code), figure=Points(gap, signed=True))
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
    named = Counter(construct for one in lacking for construct in sorted(one))
    return say("next.conditions", count=Count(units), constructs=counted("construct", named))


def _undecided(shown: Sequence[UnitResult]) -> Sentence | None:
    between: tuple[Argument, ...] = tuple(
        say(
            "next.pair",
            unit=recommended(unit),
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
        recommended(unit)
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
    starts = +Counter(found.start_with or {}) if found else Counter()
    if not starts:
        return None
    behaviours = counted("behaviour", starts)
    return say("next.start", count=Count(starts.total()), behaviours=behaviours)
