"""What has to come first in a unit: phase and gates, governance, practices, conditions."""

from collections.abc import Iterator

from analytics.results.diagnosis import (
    Diagnosis,
    GateResult,
    GovernanceAudit,
    PhaseProgress,
    PhaseResult,
    PracticeResult,
    Practices,
    Prerequisite,
)
from survey.report.document import (
    Argument,
    Count,
    Listing,
    Points,
    Probability,
    Sentence,
    Statement,
    Term,
    say,
)
from survey.report.phrases import constructs, detail, finding, model, points_between
from survey.report.vocabulary import Vocabulary

__all__ = ["diagnosis_parts", "phase_of"]

_PRACTICES = {
    "in_place": "practices.in_place",
    "uncertain": "practices.uncertain",
    "not_in_place": "practices.not_in_place",
}


def diagnosis_parts(found: Diagnosis, vocabulary: Vocabulary) -> Iterator[Statement]:
    """Return conditions of the model, phase, governance and practices of one unit.

    Parameters
    ----------
    found : Diagnosis
        Parts that it lacks are passed over; its constraint has a module of its own.
    vocabulary : Vocabulary
        The content of the versions that the diagnosis was made with.
    """
    yield from _prerequisites(found.prerequisites)
    if found.readiness:
        yield from _readiness(found.readiness, vocabulary)
    if found.governance_audit:
        yield from _governance(found.governance_audit)
    if found.practices:
        yield from _practices(found.practices)


def _prerequisites(found: tuple[Prerequisite, ...]) -> Iterator[Statement]:
    for one in found:
        if one.status == "must_come_first":
            condition = Term("condition", f"{one.model}.{one.construct}")
            yield finding(_held_against("condition.first", one), sources=one.evidence)
            yield detail(say("text", text=condition))
    for one in found:
        if one.status == "uncertain":
            yield finding(_held_against("condition.uncertain", one))
    if found and all(one.status == "met" for one in found):
        met = tuple(
            say("named.figure", name=Term("construct", one.construct), figure=Points(one.score))
            for one in found
        )
        yield finding(
            say("condition.met", model=model(found[0].model), constructs=Listing(met))
        )


def _held_against(key: str, one: Prerequisite) -> Sentence:
    return say(
        key,
        model=model(one.model),
        construct=Term("construct", one.construct),
        score=Points(one.score),
        needed=Points(one.needed),
        chance=Probability(one.below),
    )


def _readiness(found: PhaseProgress, vocabulary: Vocabulary) -> Iterator[Statement]:
    if found.status == "suppressed":
        yield finding(say("phase.hidden"))
        return
    if found.status == "not_measured" or found.phase is None or found.threshold is None:
        yield finding(say("phase.not_measured"))
        return
    current = next(phase for phase in found.phases if phase.phase == found.phase)
    yield finding(
        phase_of(current, len(found.phases)), _passed(current), sources=found.evidence
    )
    for gate in current.gates:
        if gate.gate == found.first_unmet:
            yield detail(_gate(gate, found.threshold), _bring(gate, vocabulary))
    for gate in current.gates:
        if gate.status == "not_measured":
            text = Term("gate", gate.gate)
            yield detail(say("gate.not_measured", gate=text), _bring(gate, vocabulary))
    if current.probability is not None:
        yield detail(say("phase.as_answered"))
    ahead = [one.number for one in found.phases[current.number :] if one.status == "passed"]
    if ahead:
        yield detail(say("phase.ahead", phases=Listing(tuple(map(Count, ahead)), "and")))
    if found.plan_evidence:
        stated = (Term("evidence", key) for key in found.plan_evidence)
        yield detail(
            say("phase.plan"),
            *(say("text", text=term) for term in stated),
            sources=found.plan_evidence,
        )


def phase_of(phase: PhaseResult, of: int, *, of_company: bool = False) -> Sentence:
    """Name a phase, its number of so many, and its weeks."""
    weeks = say("phase.weeks_on", first=Count(phase.first_week))
    if phase.last_week is not None:
        weeks = say("phase.weeks", first=Count(phase.first_week), last=Count(phase.last_week))
    return say(
        "next.phase" if of_company else "phase",
        number=Count(phase.number),
        of=Count(of),
        phase=Term("phase", phase.phase),
        weeks=weeks,
    )


def _passed(phase: PhaseResult) -> Sentence:
    if phase.probability is None:
        return say("phase.cannot_tell")
    return say("phase.passed", chance=Probability(phase.probability))


def _bring(gate: GateResult, vocabulary: Vocabulary) -> Sentence | None:
    bring = Term("gate_bring", gate.gate)
    return say("gate.bring", evidence=bring) if vocabulary.has(bring) else None


def _gate(gate: GateResult, threshold: float) -> Sentence:
    text = Term("gate", gate.gate)
    if gate.mean is None or gate.low is None or gate.high is None or gate.probability is None:
        return say("gate.begin", gate=text)
    key = "gate.begin.single" if gate.items == 1 else "gate.begin.score"
    return say(
        key,
        gate=text,
        score=Points(gate.mean),
        between=points_between(gate.low, gate.high),
        needed=Points(threshold),
        chance=Probability(gate.probability),
    )


def _governance(found: GovernanceAudit) -> Iterator[Statement]:
    components = found.components
    if not components:
        yield finding(say("governance.hidden"))
        return
    levels = tuple(
        _level(Term("component", key), one.mean, one.low, one.high)
        for key, one in components.items()
    )
    yield finding(say("governance", levels=Listing(levels)), sources=found.evidence)
    if not found.weakest:
        yield detail(say("governance.cannot_tell"))
        return
    weakest = tuple(
        say(
            "named.figure",
            name=Term("component", key),
            figure=Probability(components[key].probability_weakest or 0.0),
        )
        for key in found.weakest
    )
    yield detail(say("governance.weakest", components=Listing(weakest, "or")))
    for key in found.weakest:
        yield detail(
            say(
                "governance.standard",
                component=Term("component", key),
                standard=Term("standard", key),
            )
        )


def _practices(found: Practices) -> Iterator[Statement]:
    if found.practices:
        yield finding(say("practices", needed=Points(found.threshold)))
    for status, key in _PRACTICES.items():
        group = {k: one for k, one in found.practices.items() if one.status == status}
        if group:
            listed = tuple(_practice(name, one) for name, one in group.items())
            evidence = tuple(source for one in group.values() for source in one.evidence)
            yield detail(say(key, practices=Listing(listed, "semicolon")), sources=evidence)
    single = [key for key, one in found.practices.items() if one.items == 1]
    if single:
        yield detail(say("practices.single", practices=constructs(single)))


def _practice(key: str, one: PracticeResult) -> Argument:
    return say(
        "practices.one",
        practice=_level(Term("construct", key), one.mean, one.low, one.high),
        chance=Probability(one.probability),
    )


def _level(name: Term, mean: float, low: float, high: float) -> Sentence:
    return say("named.level", name=name, points=Points(mean), between=points_between(low, high))
