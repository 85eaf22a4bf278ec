"""How far units have come through the phases of scaling, by the gates that items measure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analytics.diagnosis.levels import Levels, Measure, measure_levels, measure_scores
from analytics.diagnosis.phases import Phase, Phases
from analytics.disclosure.plan import DisclosurePlan, role_counts
from analytics.disclosure.suppression import disclose
from analytics.inference.draws import drawn_around, standard_normal
from analytics.inference.naming import answer
from analytics.results.diagnosis import GateResult, Passage, PhaseProgress, PhaseResult
from analytics.study.scoring import to_share
from analytics.study.study import Study
from analytics.yardsticks import EvidenceLinks

__all__ = ["GateLevels", "gate_levels", "phase_progress"]

_PASSAGE: Mapping[str, Passage] = {
    "yes": "passed",
    "no": "failed",
    "unsure": "uncertain",
}


@dataclass(frozen=True)
class GateLevels:
    """The gates that items measure.

    Attributes
    ----------
    measures : tuple of Measure
        Gates with an item that somebody answered, limited to those items.
    shown : frozenset of str
        Units that show their gates: all of them or none.
    levels : Levels
        NaN for the other units.
    """

    measures: tuple[Measure, ...]
    shown: frozenset[str]
    levels: Levels


def phase_progress(
    study: Study,
    plan: DisclosurePlan,
    phases: Phases,
    *,
    k: int,
    seed: int = 0,
    evidence: EvidenceLinks | None = None,
    draws: int = 2000,
) -> dict[str, PhaseProgress]:
    """Say for every reported unit which phases of scaling it has passed.

    Parameters
    ----------
    study : Study
        Answers, tree and weights.
    plan : DisclosurePlan
        What each unit may show.
    phases : Phases
        Gates with the items that measure them, and the threshold in points.
    k : int
        Smallest group, in people.
    seed : int, default=0
        Seed of the draws behind probabilities.
    evidence : EvidenceLinks, optional
        Which published figures go with a phase and with a plan.
    draws : int, default=2000
        Draws from each unit's posterior; all units share the standard normal ones.

    Returns
    -------
    dict of str to PhaseProgress, one entry per reported unit
        - ``suppressed`` if the gates may not be shown (``gate_levels``), ``not_measured``
          if the answers touch no gate;
        - a gate: the mean of its items over the people who answered half of them, and
          P(the unit's expected answer to these items >= threshold), see ``Levels.posterior``;
        - a phase: P(all of its measured gates are passed) from the same draws, so that it
          never exceeds that of a single gate. Gates that nothing measures are listed without
          a verdict;
        - ``phase``: the first that is not passed with a probability of .80.

    Notes
    -----
    Three gates that are each passed with probability .85 are passed together with less, so a
    phase can be uncertain although each of its gates is passed. A gate is about the items that
    are tied to it and no others, so their choice adds no variance. Answers count as given:
    under strong response styles they differ from what people mean (tests/benchmarks/README.md,
    "Diagnosis"). Time O(units x draws x gates).

    References
    ----------
    .. [1] mission.md, "Four phases of scaling"; the ties to items are own choice, with a
       reason each in the data file.
    """
    gates = gate_levels(study, plan, phases, k=k)
    reported = [code for code in study.tree.codes if plan.reports(code)]
    if gates is None:
        return dict.fromkeys(reported, PhaseProgress(status="not_measured"))
    normal = standard_normal(draws, len(gates.measures), seed)
    links = evidence or EvidenceLinks()
    hidden = PhaseProgress(status="suppressed")
    return {
        code: _of_unit(code, gates, phases, normal, links) if code in gates.shown else hidden
        for code in reported
    }


def gate_levels(
    study: Study, plan: DisclosurePlan, phases: Phases, *, k: int
) -> GateLevels | None:
    """Return the levels of the gates, None if the answers touch no gate.

    Gates are measures across constructs. A unit shows them if it shows every construct they
    draw on, and if suppression passes them on their own counts. They are solved together, so
    that none follows from the others.
    """
    cut = (
        Measure(gate.key, tuple(item for item in gate.items if item in study.item_means))
        for gate in phases.gates
    )
    measures = tuple(gate for gate in cut if gate.items)
    if not measures:
        return None
    people = measure_scores(study.item_points, measures)
    counts = role_counts(study, people, [gate.key for gate in measures])
    allowed = _units_showing_all(study, plan, measures)
    shown = disclose(counts, study.tree, k=k, allowed=allowed).everyone
    levels = measure_levels(study, people, measures, lambda code, _: code in shown)
    return GateLevels(measures, shown, levels)


def _units_showing_all(
    study: Study, plan: DisclosurePlan, measures: tuple[Measure, ...]
) -> frozenset[str]:
    """Return the units that show every construct the measures draw on."""
    items = {item for measure in measures for item in measure.items}
    constructs = [
        construct.key
        for construct in study.constructs
        if any(item.key in items for item in construct.items)
    ]
    return frozenset(
        code
        for code in study.tree.codes
        if all(plan.shows(code, construct) for construct in constructs)
    )


def _of_unit(
    code: str,
    gates: GateLevels,
    phases: Phases,
    normal: NDArray[np.float64],
    evidence: EvidenceLinks,
) -> PhaseProgress:
    passes = _passes(code, gates, phases.threshold, normal)
    results = tuple(_phase(phase, code, gates, passes) for phase in phases.phases)
    current = next((phase for phase in results if phase.status != "passed"), results[-1])
    return PhaseProgress(
        status="reported",
        threshold=to_share(phases.threshold),
        phase=current.phase,
        first_unmet=_first_unmet(current),
        phases=results,
        evidence=evidence.phases.get(current.phase, ()),
        plan_evidence=evidence.findings.get("plan", ()),
    )


def _passes(
    code: str, gates: GateLevels, threshold: float, normal: NDArray[np.float64]
) -> dict[str, NDArray[np.bool_]]:
    """Return, per measured gate, in which draws the unit passes it."""
    row = gates.levels.row_of[code]
    mean, covariance = gates.levels.posterior
    drawn = drawn_around(mean[row], covariance[row], normal)
    return dict(zip(gates.levels.measures, drawn >= threshold, strict=True))


def _phase(
    phase: Phase, code: str, gates: GateLevels, passes: Mapping[str, NDArray[np.bool_]]
) -> PhaseResult:
    measured = [passes[gate.key] for gate in phase.gates if gate.key in passes]
    together = float(np.all(measured, axis=0).mean()) if measured else None
    return PhaseResult(
        phase=phase.key,
        number=phase.number,
        first_week=phase.first_week,
        last_week=phase.last_week,
        status="not_measured" if together is None else _PASSAGE[answer(together)],
        probability=together,
        gates=tuple(_gate(gate.key, code, gates, passes) for gate in phase.gates),
    )


def _gate(
    key: str, code: str, gates: GateLevels, passes: Mapping[str, NDArray[np.bool_]]
) -> GateResult:
    measure = next((measure for measure in gates.measures if measure.key == key), None)
    seen = None if measure is None else gates.levels.score(code, key)
    if measure is None or seen is None:
        return GateResult(gate=key, status="not_measured")
    probability = float(passes[key].mean())
    return GateResult(
        gate=key,
        status=_PASSAGE[answer(probability)],
        items=len(measure.items),
        mean=seen.mean,
        low=seen.low,
        high=seen.high,
        probability=probability,
    )


def _first_unmet(phase: PhaseResult) -> str | None:
    """Return the gate to begin with; None if the phase is passed or nothing measures it."""
    measured: Sequence[GateResult] = [
        gate for gate in phase.gates if gate.probability is not None
    ]
    if phase.status == "passed" or not measured:
        return None
    unmet = [gate for gate in measured if gate.status != "passed"]
    weakest = min(measured, key=lambda gate: gate.probability or 0.0)
    return (unmet or [weakest])[0].gate
