"""What one analysis may show: suppression solved for respondents and for every construct."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from analytics.disclosure.suppression import Disclosure, RoleCounts, disclose
from analytics.instrument import Construct, Instrument
from analytics.study.answer_sums import AnswerSums
from analytics.study.frames import IMPORTED
from analytics.study.group_scores import OpenCells
from analytics.study.scoring import component_column
from analytics.study.study import Study
from analytics.study.tree import UnitTree
from analytics.vocabulary import Cut, RolesShown

__all__ = [
    "DisclosurePlan",
    "disclosable",
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

    def shows_company(self, construct: str) -> bool:
        """Tell whether figures of all people together may be shown on the construct."""
        return self.constructs[construct].company

    def roles(self, code: str, construct: str) -> RolesShown:
        """Tell whether the construct may be shown by role, merged over roles, or not at all."""
        if not self.shows(code, construct):
            return "hidden"
        return "roles" if code in self.constructs[construct].roles else "all"


def disclosable(
    responses: pl.DataFrame, instrument: Instrument, units: pl.DataFrame | None, *, k: int
) -> pl.DataFrame:
    """Return the responses that may enter figures of the company.

    Parameters
    ----------
    responses, instrument, units
        As for ``analyse``.
    k : int
        Smallest group that may be shown, in people.

    Returns
    -------
    polars.DataFrame
        All of them; but if fewer than k of the people kept were invited, or fewer than k were
        imported, then without the smaller of these two parts. Whoever knows the other part
        could find the answers of so few people from any figure of the company.

    Raises
    ------
    AnalyticsError
        See ``Study.of``.
    """
    if IMPORTED not in responses.columns:
        return responses
    sizes = [int(part.sum()) for part in Study.of(responses, instrument, units).parts]
    if len(sizes) == 1 or min(sizes) >= k:
        return responses
    imported_stay = sizes[1] > sizes[0]
    return responses.filter((pl.col(IMPORTED) == imported_stay) | (pl.col("role") == "sponsor"))


def plan_disclosure(study: Study, *, k: int) -> DisclosurePlan:
    """Solve suppression for the counts of respondents and for every construct.

    The components of a construct (a sponsor's behaviours, the parts of governance) add up to
    it, so its total and all of its parts are shown or hidden together: otherwise a hidden part
    would follow from the rest. Invited and imported people each have to be enough.
    """
    return disclosure_of_sums(study.sums_by_part, study.constructs, study.tree, k=k)


def disclosure_of_sums(
    parts: Sequence[AnswerSums], present: Sequence[Construct], tree: UnitTree, *, k: int
) -> DisclosurePlan:
    """Solve suppression like ``plan_disclosure``, from sums of the units of ``tree.codes``."""
    answered = [RoleCounts(sums.respondents[None]) for sums in parts]
    respondents = disclose(RoleCounts.of_parts(answered), tree, k=k)
    constructs = {}
    for construct in present:
        names = [component_column(construct.key, name) for name in construct.components]
        counts = [_counts(sums, (construct.key, *names)) for sums in parts]
        constructs[construct.key] = disclose(
            RoleCounts.of_parts(counts), tree, k=k, allowed=respondents.everyone
        )
    return DisclosurePlan(respondents, constructs)


def _counts(sums: AnswerSums, scales: Sequence[str]) -> RoleCounts:
    chosen = [sums.scales[name] for name in scales]
    return RoleCounts(
        np.stack([scale.n for scale in chosen]), np.stack([scale.scores for scale in chosen])
    )


def open_cells(plan: DisclosurePlan, tree: UnitTree, constructs: Sequence[str]) -> OpenCells:
    """Return the cells whose own figure is shown: only their spread may enter figures above.

    A unit with others below it has no separate figure of its own people.
    """
    lowest = np.array([not below for below in tree.subtrees.children[:-1]], dtype=bool)
    shown = shown_cells(plan, tree, constructs)
    return {cut: cells & lowest[:, None] for cut, cells in shown.items()}


def shown_cells(
    plan: DisclosurePlan, tree: UnitTree, constructs: Sequence[str]
) -> dict[Cut, NDArray[np.bool_]]:
    """Tell per cut which units may show which construct, shape (n_units, n_constructs)."""
    everyone = _among(tree, [plan.constructs[key].everyone for key in constructs])
    apart = everyone & _among(tree, [plan.constructs[key].roles for key in constructs])
    return {"all": everyone, "managers": apart, "contributors": apart}


def role_counts(study: Study, scores: pl.DataFrame, measures: Sequence[str]) -> RoleCounts:
    """Count the people behind measures, and add up their scores.

    Parameters
    ----------
    study : Study
        Tree, and who was invited or imported.
    scores : polars.DataFrame
        The people of the study in their order: ``unit``, ``role`` and one column of points per
        measure, null without a score.
    measures : sequence of str
        Names of columns.
    """
    rows = [scores.filter(part) for part in study.parts]
    return RoleCounts.of_parts([_counts_of(part, study.tree, measures) for part in rows])


_STEPS = 1e6
"""Points count in millionths, so that rounding errors do not make equal scores differ."""


def _counts_of(people: pl.DataFrame, tree: UnitTree, measures: Sequence[str]) -> RoleCounts:
    place = {code: row for row, code in enumerate(tree.codes)}
    moments = np.zeros((len(measures), len(place), 2, 3), dtype=np.int64)
    for column, measure in enumerate(measures):
        steps = (_STEPS * pl.col(measure)).round().cast(pl.Int64)
        sums = [
            steps.len().alias("n"),
            steps.sum().alias("sum"),
            (steps**2).sum().alias("squares"),
        ]
        answered = people.filter(pl.col(measure).is_not_null())
        for unit, role, *found in answered.group_by("unit", "role").agg(sums).iter_rows():
            moments[column, place[unit], 0 if role == "manager" else 1] = found
    return RoleCounts(moments[..., 0], moments[..., 1:])


def _among(tree: UnitTree, chosen: Sequence[frozenset[str]]) -> NDArray[np.bool_]:
    """Tell which units are in which set, shape (n_units, n_sets)."""
    found = np.zeros((len(tree.codes), len(chosen)), dtype=bool)
    for column, units in enumerate(chosen):
        found[:, column] = [code in units for code in tree.codes]
    return found
