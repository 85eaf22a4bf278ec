"""What one analysis may show: suppression solved for respondents and for every construct."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import polars as pl
from numpy.typing import NDArray

from analytics.instrument import Construct
from analytics.scoring import component_column
from analytics.study import Study
from analytics.sums import AnswerSums
from analytics.suppression import Cells, Disclosure, disclose
from analytics.tree import UnitTree

__all__ = ["DisclosurePlan", "disclosure_of_sums", "plan_disclosure", "role_counts"]

_Counts = NDArray[np.int64]
_EVERYBODY = ""
"""Stands for the count of people whatever they answered; no column is called so."""


@dataclass(frozen=True)
class DisclosurePlan:
    """Which units, and which constructs of them, may be shown; decided once for everyone."""

    respondents: Disclosure
    constructs: dict[str, Disclosure]

    def reports(self, code: str) -> bool:
        """Tell whether the unit may show anything."""
        return code in self.respondents.everyone

    def shows(self, code: str, construct: str) -> bool:
        """Tell whether the unit may show the construct's figure of everyone."""
        return code in self.constructs[construct].everyone

    def roles(self, code: str, construct: str) -> Literal["roles", "all", "hidden"]:
        """Tell how far the construct may be shown by role: apart, merged or not at all."""
        if not self.shows(code, construct):
            return "hidden"
        return "roles" if code in self.constructs[construct].roles else "all"


def plan_disclosure(study: Study, *, k: int) -> DisclosurePlan:
    """Solve suppression for the counts of respondents and for every construct.

    The components of a construct (a sponsor's behaviours, the parts of governance) add up to
    it, so its total and all of its parts are shown or hidden together: otherwise a hidden part
    would follow from the rest.
    """
    columns = [name for parts in _together(study.constructs).values() for name in parts]
    counts = _counts(study.people, study.tree, columns)
    return _plan(counts, _together(study.constructs), study.tree, k)


def disclosure_of_sums(
    sums: AnswerSums, constructs: Sequence[Construct], tree: UnitTree, *, k: int
) -> DisclosurePlan:
    """Solve suppression like ``plan_disclosure``, from sums of the units of ``tree.codes``."""
    counts = {_EVERYBODY: sums.respondents} | {
        name: scale.n for name, scale in sums.scales.items()
    }
    return _plan(counts, _together(constructs), tree, k)


def role_counts(people: pl.DataFrame, tree: UnitTree, column: str | None) -> _Counts:
    """Count every unit's own managers and contributors with a score, shape (n_units, 2)."""
    return _counts(people, tree, [] if column is None else [column])[column or _EVERYBODY]


def _together(constructs: Sequence[Construct]) -> dict[str, list[str]]:
    """Return, per construct, the columns that are shown or hidden together."""
    return {
        construct.key: [
            construct.key,
            *(component_column(construct.key, name) for name in construct.components),
        ]
        for construct in constructs
    }


def _plan(
    counts: Mapping[str, _Counts], together: Mapping[str, list[str]], tree: UnitTree, k: int
) -> DisclosurePlan:
    respondents = disclose(Cells(counts[_EVERYBODY][None]), tree, k=k)
    return DisclosurePlan(
        respondents,
        {
            construct: disclose(
                Cells(np.stack([counts[name] for name in columns])),
                tree,
                k=k,
                allowed=respondents.everyone,
            )
            for construct, columns in together.items()
        },
    )


def _counts(people: pl.DataFrame, tree: UnitTree, columns: Sequence[str]) -> dict[str, _Counts]:
    """Count the people of every unit and role, all of them and those with each score."""
    counted = people.group_by("unit", "role").agg(
        pl.len().alias(_EVERYBODY), pl.col(columns).count()
    )
    place = {code: row for row, code in enumerate(tree.codes)}
    rows = [place[unit] for unit in counted["unit"]]
    roles = (counted["role"] != "manager").cast(pl.Int64).to_numpy()
    found = {}
    for name in (_EVERYBODY, *columns):
        found[name] = np.zeros((len(place), 2), dtype=np.int64)
        found[name][rows, roles] = counted[name].to_numpy()
    return found
