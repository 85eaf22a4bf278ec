"""What one analysis may show: suppression solved for respondents and for every construct."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from analytics.disclosure.suppression import Disclosure, RoleCounts, disclose
from analytics.instrument import Construct
from analytics.study.answer_sums import AnswerSums
from analytics.study.group_scores import OpenCells
from analytics.study.scoring import component_column
from analytics.study.study import Study
from analytics.study.tree import UnitTree
from analytics.vocabulary import Cut, RolesShown

__all__ = [
    "DisclosurePlan",
    "disclosure_of_sums",
    "open_cells",
    "plan_disclosure",
    "role_counts",
    "shown_cells",
]


@dataclass(frozen=True)
class DisclosurePlan:
    """Which units may be shown, and which of their constructs; decided once for everyone."""

    respondents: Disclosure
    constructs: dict[str, Disclosure]

    def reports(self, code: str) -> bool:
        """Tell whether the unit may show anything."""
        return code in self.respondents.everyone

    def shows(self, code: str, construct: str) -> bool:
        """Tell whether the unit may show the construct's figure of everyone."""
        return code in self.constructs[construct].everyone

    def roles(self, code: str, construct: str) -> RolesShown:
        """Tell whether the construct may be shown by role, merged over roles, or not at all."""
        if not self.shows(code, construct):
            return "hidden"
        return "roles" if code in self.constructs[construct].roles else "all"


def plan_disclosure(study: Study, *, k: int) -> DisclosurePlan:
    """Solve suppression for the counts of respondents and for every construct.

    The components of a construct (a sponsor's behaviours, the parts of governance) add up to
    it, so its total and all of its parts are shown or hidden together: otherwise a hidden part
    would follow from the rest.
    """
    return disclosure_of_sums(study.sums, study.constructs, study.tree, k=k)


def disclosure_of_sums(
    sums: AnswerSums, present: Sequence[Construct], tree: UnitTree, *, k: int
) -> DisclosurePlan:
    """Solve suppression like ``plan_disclosure``, from sums of the units of ``tree.codes``."""
    respondents = disclose(RoleCounts(sums.respondents[None]), tree, k=k)
    constructs = {}
    for construct in present:
        parts = (component_column(construct.key, name) for name in construct.components)
        counts = [sums.scales[name].n for name in (construct.key, *parts)]
        constructs[construct.key] = disclose(
            RoleCounts(np.stack(counts)), tree, k=k, allowed=respondents.everyone
        )
    return DisclosurePlan(respondents, constructs)


def open_cells(plan: DisclosurePlan, tree: UnitTree, constructs: Sequence[str]) -> OpenCells:
    """Return the cells whose own figure is shown: only their spread may enter figures above.

    A unit with others below it has no separate figure of its own people.
    """
    lowest = np.array([not tree.is_parent(code) for code in tree.codes], dtype=bool)
    shown = shown_cells(plan, tree, constructs)
    return {cut: cells & lowest[:, None] for cut, cells in shown.items()}


def shown_cells(
    plan: DisclosurePlan, tree: UnitTree, constructs: Sequence[str]
) -> dict[Cut, NDArray[np.bool_]]:
    """Tell per cut which units may show which construct, shape (n_units, n_constructs)."""
    everyone = _among(tree, [plan.constructs[key].everyone for key in constructs])
    apart = everyone & _among(tree, [plan.constructs[key].roles for key in constructs])
    return {"all": everyone, "managers": apart, "contributors": apart}


def role_counts(people: pl.DataFrame, tree: UnitTree, column: str | None) -> NDArray[np.int64]:
    """Count every unit's own managers and contributors with a score, shape (n_units, 2)."""
    answered = people if column is None else people.filter(pl.col(column).is_not_null())
    place = {code: row for row, code in enumerate(tree.codes)}
    counts = np.zeros((len(place), 2), dtype=np.int64)
    for unit, role, n in answered.group_by("unit", "role").len().iter_rows():
        counts[place[unit], 0 if role == "manager" else 1] = n
    return counts


def _among(tree: UnitTree, chosen: Sequence[frozenset[str]]) -> NDArray[np.bool_]:
    """Tell which units are in which set, shape (n_units, n_sets)."""
    found = [[code in units for units in chosen] for code in tree.codes]
    return np.array(found, dtype=bool).reshape(len(tree.codes), len(chosen))
