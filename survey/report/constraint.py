"""What holds the company or a unit back: the lowest root cause, and how sure that is."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence

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

__all__ = [
    "START_FROM",
    "constraint_section",
    "constraint_statements",
    "most_frequent_causes",
    "starting_point",
]

START_FROM = 5.0
"""Points of 100 to the next cause from which one cause is the place to start."""
_SAME_CHANCE = 1e-9


def constraint_section(
    company: Constraint, units: Sequence[UnitResult], unreliable: Collection[str] = ()
) -> Section:
    """Return what holds the company and its units back, and with which cause to start."""
    parts: list[Part] = [
        *constraint_statements(company, of_company=True, unreliable=unreliable)
    ]
    frequent = most_frequent_causes(units)
    if frequent:
        parts.append(finding(frequent))
    start = starting_point(company, units)
    if start:
        parts.append(finding(start))
        parts.append(detail(say("constraint.start_rule", needed=Points(START_FROM))))
    return Section("constraint", say("constraint.title"), tuple(parts))


def constraint_statements(
    found: Constraint, *, of_company: bool, unreliable: Collection[str] = ()
) -> Iterator[Statement]:
    """Name the hidden constraint with its probability and its distance to the next cause.

    Parameters
    ----------
    found : Constraint
        Of a unit, or of all people of the company together.
    of_company : bool
        Whose it is.
    unreliable : collection of str
        Constructs measured too unreliably to decide on.
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
    doubt = _unreliable(found, unreliable)
    yield finding(say(key, causes=named), _distance(found), doubt, sources=found.evidence)
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


def _unreliable(found: Constraint, unreliable: Collection[str]) -> Sentence | None:
    """Say beside a verdict that it rests on a score too unreliable to decide on."""
    doubtful = [cause for cause in found.dimensions if cause in unreliable]
    return say("constraint.unreliable", causes=constructs(doubtful)) if doubtful else None


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
    frequent = _identified(shown)
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


def starting_point(company: Constraint | None, units: Sequence[UnitResult]) -> Sentence | None:
    """Name the one cause to start with, or the causes that compete for it.

    Parameters
    ----------
    company : Constraint, optional
        Of all people of the company together.
    units : sequence of UnitResult
        All units; those that are shown and have none below them are counted.

    Returns
    -------
    Sentence or None
        One cause is named if it is identified in more than half of the units shown, if it is
        the company's own verdict, and if its score is 5 points or more below that of the next
        cause. Otherwise the causes of the company's verdict (the two likeliest if there is
        none) compete with those identified in most units; ties are all named. None if the
        company's verdict is hidden.
    """
    if company is None or not company.probabilities:
        return None
    shown = leaves(units)
    frequent = _identified(shown)
    competing = _competing(company, company.probabilities, frequent)
    distance = company.distance["estimate"] if company.distance else 0.0
    cause = competing[0]
    if (
        company.status == "identified"
        and 2 * frequent[cause] > len(shown)
        and distance >= START_FROM
    ):
        return say(
            "constraint.start",
            cause=constructs([cause]),
            count=Count(frequent[cause]),
            of=Count(len(shown)),
            distance=Points(distance),
        )
    return say("constraint.compete", causes=constructs(competing))


def _identified(shown: Sequence[UnitResult]) -> Counter[str]:
    return Counter(
        unit.constraint.dimensions[0]
        for unit in shown
        if unit.constraint and unit.constraint.status == "identified"
    )


def _competing(
    company: Constraint, chances: Mapping[str, float], frequent: Counter[str]
) -> list[str]:
    """Return at least two causes if there are two, those of the company first."""
    most = max(frequent.values(), default=0)
    in_units = [cause for cause, count in frequent.items() if count == most]
    causes = [*(company.dimensions or _likeliest(chances, 2)), *sorted(in_units)]
    if len(set(causes)) < 2:
        causes += _likeliest(chances, 2)
    return list(dict.fromkeys(causes))


def _likeliest(chances: Mapping[str, float], number: int) -> list[str]:
    """Return the likeliest causes, and those as likely as the last of them."""
    ranked = sorted(chances, key=lambda cause: -chances[cause])
    least = chances[ranked[:number][-1]] - _SAME_CHANCE
    return [cause for cause in ranked if chances[cause] >= least]
