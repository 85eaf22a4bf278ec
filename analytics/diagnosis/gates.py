"""The levels of the gates of the phases, and which units may show them."""

from dataclasses import dataclass

import numpy as np

from analytics.diagnosis.levels import Levels, Measure, measure_levels, measure_scores
from analytics.diagnosis.phases import Phases
from analytics.disclosure.plan import DisclosurePlan, role_counts
from analytics.disclosure.suppression import Cells, disclose
from analytics.study.study import Study

__all__ = ["GateLevels", "gate_levels"]


@dataclass(frozen=True)
class GateLevels:
    """The gates that something measures.

    Attributes
    ----------
    measures : tuple of Measure
        Gates of which somebody answered an item, cut to those items.
    shown : frozenset of str
        Units that show their gates: all of them or none.
    levels : Levels
        NaN for the other units.
    """

    measures: tuple[Measure, ...]
    shown: frozenset[str]
    levels: Levels


def gate_levels(
    study: Study, plan: DisclosurePlan, phases: Phases, *, k: int
) -> GateLevels | None:
    """Return the levels of the gates, None where the answers touch no gate.

    Gates are measures across constructs. A unit shows them where it shows every construct they
    draw on, and where they stand up to differencing on their own counts: they are solved
    together, so that none follows from the others.
    """
    cut = (
        Measure(gate.key, tuple(item for item in gate.items if item in study.item_means))
        for gate in phases.gates
    )
    measures = tuple(gate for gate in cut if gate.items)
    if not measures:
        return None
    people = measure_scores(study.points, measures)
    counts = [role_counts(people, study.tree, gate.key) for gate in measures]
    allowed = _units_showing_all(study, plan, measures)
    shown = disclose(Cells(np.stack(counts)), study.tree, k=k, allowed=allowed).everyone
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
