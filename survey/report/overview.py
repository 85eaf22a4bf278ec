"""What should we do next? The few findings that a director needs, and what to do about them."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence

from analytics.results import Analysis, Recommendation, UnitResult
from survey.report.constraint import constraint_statements, most_frequent_causes
from survey.report.document import (
    Count,
    Listing,
    Section,
    Sentence,
    Statement,
    Term,
    say,
)
from survey.report.phrases import detail, finding, leaves, model
from survey.report.sponsorship import company_gap

__all__ = ["findings_section", "models_found", "why_section"]

_REASONS_SHOWN = 2


def findings_section(analysis: Analysis) -> Section:
    """Return what was found of models, hidden constraint and sponsorship, a statement each."""
    said = [finding(models_found(analysis))]
    if analysis.constraint:
        said.extend(
            one
            for one in constraint_statements(analysis.constraint, of_company=True)
            if one.role == "finding"
        )
    if analysis.sponsorship:
        said.extend(company_gap(analysis.sponsorship)[:1])
    return Section("overview", say("overview.title"), tuple(said))


def models_found(analysis: Analysis) -> Sentence:
    """Count the units by model, and those without one."""
    found = _recommended(analysis.units)
    if not found:
        return say("overview.no_units")
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
    counted = tuple(
        say("named.count", name=model(key), number=Count(count))
        for key, count in clear.most_common()
    )
    key = "overview.clear_and" if rest else "overview.clear"
    return say(
        key,
        count=Count(clear.total()),
        of=Count(len(found)),
        models=Listing(counted),
        **({"rest": Listing(tuple(rest), "and")} if rest else {}),
    )


def why_section(analysis: Analysis, *, causes: bool) -> Section | None:
    """Return what speaks for each model in the units given it.

    Parameters
    ----------
    analysis : Analysis
        What was found.
    causes : bool
        With how often each root cause holds a unit back.
    """
    said = list(_reasons(analysis.units))
    if said:
        said.insert(0, finding(say("why.models")))
    counted = most_frequent_causes(analysis.units) if causes else None
    if counted:
        said.append(finding(counted))
    return Section("why", say("why.title"), tuple(said)) if said else None


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
