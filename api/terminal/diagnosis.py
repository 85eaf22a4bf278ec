"""The diagnosis of one unit or of the company in short sentences, each with its figures."""

from collections.abc import Iterator
from dataclasses import dataclass

from analytics.results import Constraint
from analytics.results.constraint import Importance
from analytics.results.diagnosis import (
    Diagnosis,
    GateResult,
    GovernanceAudit,
    PhaseProgress,
    PhaseResult,
    PracticeResult,
    Practices,
    PracticeStatus,
    Prerequisite,
)
from api.terminal.footnotes import Footnotes
from api.terminal.words import chance, label, span
from survey.catalogue.phases import Gate, Phase, Phases
from survey.catalogue.yardsticks import Yardsticks

__all__ = ["Guide", "diagnosis_lines"]

_LOCALE = "en"


@dataclass(frozen=True)
class Guide:
    """The content that findings are explained with."""

    phases: Phases
    yardsticks: Yardsticks

    def phase(self, key: str) -> Phase:
        """Return the phase of this key."""
        return next(phase for phase in self.phases.phases if phase.key == key)

    def gate(self, key: str) -> Gate:
        """Return the gate of this key."""
        return next(g for phase in self.phases.phases for g in phase.gates if g.key == key)

    def standard(self, component: str) -> str:
        """Say what a component of governance looks like where it is good."""
        standards = {one.component: one.looks_like for one in self.yardsticks.governance}
        return standards[component][_LOCALE]

    def reason(self, model: str, construct: str) -> str:
        """Say why a model needs a construct."""
        reasons = {(one.model, one.construct): one.reason for one in self.yardsticks.conditions}
        return reasons[model, construct][_LOCALE]


def diagnosis_lines(found: Diagnosis, guide: Guide, notes: Footnotes) -> list[str]:
    """Return the diagnosis as lines of plain text, without markup.

    Parameters
    ----------
    found : Diagnosis
        Of one unit or of the company; parts that it lacks are passed over.
    guide : Guide
        The content of the versions that the diagnosis was made with.
    notes : Footnotes
        Numbers the published figures that findings rest on; its lines belong below.
    """
    lines: list[str] = []
    if found.constraint:
        lines.extend(_constraint(found.constraint, notes))
    lines.extend(_prerequisites(found.prerequisites, guide, notes))
    if found.readiness:
        lines.extend(_readiness(found.readiness, guide, notes))
    if found.governance_audit:
        lines.extend(_governance(found.governance_audit, guide, notes))
    if found.practices:
        lines.extend(_practices(found.practices, notes))
    return lines


def _constraint(found: Constraint, notes: Footnotes) -> Iterator[str]:
    shares = found.probabilities or {}
    if not shares:
        yield "Hidden constraint: cannot be told, since not every root cause may be shown."
        return
    if not found.dimensions:
        likeliest = sorted(shares, key=lambda key: -shares[key])[:2]
        listed = " or ".join(
            f"{label(key).lower()} ({chance(shares[key])})" for key in likeliest
        )
        yield f"Hidden constraint: not certain yet; most probably {listed}."
        return
    names = " or ".join(label(key).lower() for key in found.dimensions)
    share = chance(sum(shares[key] for key in found.dimensions))
    ahead = _distance(found.distance) if found.status == "identified" else ""
    yield (
        f"Hidden constraint: {names}, {share} probable to be the lowest root cause{ahead}."
        f"{notes.mark(found.evidence)}"
    )
    for key, importance in (found.importance or {}).items():
        yield (
            f"  Across the company {_merged(key, importance)} goes together with "
            f"{chance(importance.share)} of what can be explained of how differently "
            f"colleagues see the value of AI ({chance(importance.low)} to "
            f"{chance(importance.high)})."
        )


def _merged(key: str, importance: Importance) -> str:
    return " with ".join(label(one).lower() for one in (key, *importance.merged_with))


def _distance(distance: dict[str, float] | None) -> str:
    if distance is None:
        return ""
    interval = span(distance["low"], distance["high"])
    return f"; {_points(distance['estimate'])} below the next ({interval})"


def _points(points: float) -> str:
    return "1 point" if round(points) == 1 else f"{round(points)} points"


def _prerequisites(
    found: tuple[Prerequisite, ...], guide: Guide, notes: Footnotes
) -> Iterator[str]:
    if not found:
        return
    model = label(found[0].model)
    first = [one for one in found if one.status == "must_come_first"]
    unsure = [one for one in found if one.status == "uncertain"]
    for one in first:
        yield (
            f"{model}, but {_score(one)} must come first: {round(one.needed)} is needed, and "
            f"it is {chance(one.below)} probable that it lies below.{notes.mark(one.evidence)}"
        )
        yield f"  {guide.reason(one.model, one.construct)}"
    for one in unsure:
        yield (
            f"{model} needs {label(one.construct).lower()} of {round(one.needed)}; "
            f"{_score(one)} is too close to call ({chance(one.below)} probable to lie below)."
        )
    if not first and not unsure:
        yield f"{model}: what it needs first is there ({', '.join(map(_score, found))})."


def _score(one: Prerequisite) -> str:
    return f"{label(one.construct).lower()} {round(one.score)}"


def _readiness(found: PhaseProgress, guide: Guide, notes: Footnotes) -> Iterator[str]:
    if found.status == "suppressed":
        yield "Phase: not shown, to protect small groups."
        return
    if found.status == "not_measured" or found.phase is None or found.threshold is None:
        yield "Phase: nothing that was asked tells about it."
        return
    current = next(phase for phase in found.phases if phase.phase == found.phase)
    yield (
        f"Phase {current.number} of {len(found.phases)}: "
        f"{guide.phase(current.phase).name[_LOCALE]} ({_weeks(current)})."
        f"{_together(current)}{notes.mark(found.evidence)}"
    )
    gates = {gate.gate: gate for gate in current.gates}
    if found.first_unmet:
        first = gates[found.first_unmet]
        yield f"  Begin with: {_gate(first, guide, found.threshold)}{_bring(first, guide)}"
    for gate in current.gates:
        if gate.status == "not_measured":
            text = guide.gate(gate.gate).text[_LOCALE]
            yield f"  Not told by the answers: {text}{_bring(gate, guide)}"
    ahead = [str(p.number) for p in found.phases[current.number :] if p.status == "passed"]
    if ahead:
        yield (
            f"  Ahead of it: all measured gates of phase {' and of phase '.join(ahead)} are "
            "passed; the earlier gates stay open all the same."
        )
    if found.plan_evidence:
        yield f"  For any plan: {notes.stated(found.plan_evidence)}"


def _weeks(phase: PhaseResult) -> str:
    if phase.last_week is None:
        return f"week {phase.first_week} on"
    return f"weeks {phase.first_week} to {phase.last_week}"


def _together(phase: PhaseResult) -> str:
    if phase.probability is None:
        return " Nothing that was asked tells whether it is behind the unit."
    return (
        f" It is {chance(phase.probability)} probable that all its measured gates are passed."
    )


def _bring(gate: GateResult, guide: Guide) -> str:
    bring = guide.gate(gate.gate).bring
    return f" Bring: {bring[_LOCALE]}" if bring else ""


def _gate(gate: GateResult, guide: Guide, threshold: float) -> str:
    if gate.mean is None or gate.low is None or gate.high is None or gate.probability is None:
        return guide.gate(gate.gate).text[_LOCALE]
    single = ", one question" if gate.items == 1 else ""
    return (
        f"{guide.gate(gate.gate).text[_LOCALE]} Score {round(gate.mean)} "
        f"({span(gate.low, gate.high)}{single}), {round(threshold)} needed; "
        f"{chance(gate.probability)} probable to be passed."
    )


def _governance(found: GovernanceAudit, guide: Guide, notes: Footnotes) -> Iterator[str]:
    components = found.components
    if not components:
        yield "Governance audit: not shown, to protect small groups."
        return
    levels = ", ".join(
        f"{key} {round(one.mean)} ({span(one.low, one.high)})"
        for key, one in components.items()
    )
    yield f"Governance audit: {levels}.{notes.mark(found.evidence)}"
    if not found.weakest:
        yield "  Which is the weakest cannot be told: they lie too close together."
        return
    share = sum(components[key].probability_weakest or 0.0 for key in found.weakest)
    yield f"  Weakest is {' or '.join(found.weakest)} ({chance(share)} probable)."
    for key in found.weakest:
        yield f"  Good {key} looks like this: {guide.standard(key)}"


def _practices(found: Practices, notes: Footnotes) -> Iterator[str]:
    titles: tuple[tuple[PracticeStatus, str], ...] = (
        ("in_place", "In place"),
        ("uncertain", "Too close to call"),
        ("not_in_place", "Not in place"),
    )
    parts = []
    for status, title in titles:
        group = {k: one for k, one in found.practices.items() if one.status == status}
        if group:
            listed = ", ".join(_practice(key, one, notes) for key, one in group.items())
            parts.append(f"{title}: {listed}.")
    if parts:
        needed = round(found.threshold)
        yield f"Practices of high performers ({needed} needed). {' '.join(parts)}"
    single = [label(key).lower() for key, one in found.practices.items() if one.items == 1]
    if single:
        yield f"  Each from a single question: {', '.join(single)}."


def _practice(key: str, one: PracticeResult, notes: Footnotes) -> str:
    return (
        f"{label(key).lower()} {round(one.mean)} ({span(one.low, one.high)}, "
        f"{chance(one.probability)} probable){notes.mark(one.evidence)}"
    )
