"""What holds the company or a unit back: the lowest root cause, and how sure that is."""

from collections import Counter
from collections.abc import Iterator, Sequence

from analytics.results import Constraint, UnitResult
from analytics.results.constraint import Importance
from survey.report.document import (
    Count,
    Part,
    Points,
    Section,
    Sentence,
    Share,
    Statement,
    say,
)
from survey.report.phrases import (
    causes,
    constructs,
    counted,
    detail,
    finding,
    leaves,
    percents,
    points_between,
)

__all__ = ["constraint_section", "constraint_statements", "most_frequent_causes"]


def constraint_section(company: Constraint, units: Sequence[UnitResult]) -> Section:
    """Return what holds the company back, and how often each cause holds a unit back."""
    parts: list[Part] = [*constraint_statements(company, of_company=True)]
    frequent = most_frequent_causes(units)
    if frequent:
        parts.append(finding(frequent))
    return Section("constraint", say("constraint.title"), tuple(parts))


def constraint_statements(found: Constraint, *, of_company: bool) -> Iterator[Statement]:
    """Name the hidden constraint with its probability and its distance to the next cause.

    Parameters
    ----------
    found : Constraint
        Of a unit, or of all people of the company together.
    of_company : bool
        Whose it is.
    """
    shares = found.probabilities or {}
    if not shares:
        yield finding(say("constraint.hidden"))
        return
    if not found.dimensions:
        likeliest = sorted(shares.items(), key=lambda one: -one[1])[:2]
        key = "constraint.open.company" if of_company else "constraint.open.unit"
        yield finding(say(key, causes=causes(likeliest)))
        return
    named = causes([(key, shares[key]) for key in found.dimensions])
    key = "constraint.named.company" if of_company else "constraint.named.unit"
    yield finding(say(key, causes=named), _distance(found), sources=found.evidence)
    for cause, importance in (found.importance or {}).items():
        yield detail(_importance(cause, importance))


def _distance(found: Constraint) -> Sentence | None:
    if found.status == "tied":
        return say("constraint.tied")
    distance = found.distance
    if distance is None:
        return None
    return say(
        "constraint.distance",
        count=Count(round(distance["estimate"])),
        distance=Points(distance["estimate"]),
        between=points_between(distance["low"], distance["high"]),
    )


def _importance(cause: str, found: Importance) -> Sentence:
    return say(
        "constraint.importance",
        causes=constructs((cause, *found.merged_with)),
        share=Share(found.share),
        between=percents(found.low, found.high),
    )


def most_frequent_causes(units: Sequence[UnitResult]) -> Sentence | None:
    """Count the units that each root cause is known to hold back, the most frequent first."""
    shown = leaves(units)
    frequent = Counter(
        unit.constraint.dimensions[0]
        for unit in shown
        if unit.constraint and unit.constraint.status == "identified"
    )
    if not shown:
        return None
    if not frequent:
        return say("constraint.none_certain", of=Count(len(shown)))
    return say(
        "constraint.counted",
        count=Count(frequent.total()),
        of=Count(len(shown)),
        causes=counted("construct", frequent),
    )
