"""The attacker who reads figures of change: whose joining or leaving do they isolate?

A change is a sum over the people of the earlier wave and of the current one. Figures of change
of several groups give the change of any set of units whose indicator they span. If fewer than
k people joined or left that set, and nobody else changed an answer, its change is theirs. The
attacker tries every set of units and knows who was invited to both waves.
"""

import itertools
from collections.abc import Collection, Mapping

import numpy as np

from analytics.results.waves import CompanyChange, UnitChange
from analytics.study.tree import UnitTree
from analytics.waves.membership import Membership

__all__ = ["isolated"]

_ZERO = 1e-9


def isolated(
    company: CompanyChange,
    units: Mapping[str, UnitChange],
    construct: str,
    *,
    tree: UnitTree,
    membership: Membership,
    k: int,
) -> list[tuple[str, ...]]:
    """Return the sets of units whose change follows although few people joined or left them.

    Parameters
    ----------
    company, units
        What is shown.
    construct
        Which figures to read.
    tree
        The units; the same in both waves, and few of them.
    membership
        Who was in which unit.
    k
        Fewest people who may be isolated.
    """
    figures = [
        set(tree.members(code))
        for code, change in units.items()
        if construct in change.constructs and change.constructs[construct].estimate is not None
    ]
    whole = company.constructs.get(construct)
    if whole is not None and whole.estimate is not None:
        figures.append(set(tree.codes))
    known = np.array([[code in figure for code in tree.codes] for figure in figures], float)
    return [
        chosen
        for size in range(1, len(tree.codes) + 1)
        for chosen in itertools.combinations(tree.codes, size)
        if 0 < membership.moved(chosen, chosen) < k and _follows(chosen, known, tree)
    ]


def _follows(chosen: Collection[str], known: np.ndarray, tree: UnitTree) -> bool:
    """Tell whether a set of units lies in the span of the figures, empty units aside."""
    if not len(known):
        return False
    wanted = np.array([code in chosen for code in tree.codes], dtype=float)
    solved = np.linalg.lstsq(known.T, wanted, rcond=None)[0]
    return bool(np.abs(known.T @ solved - wanted).max() < _ZERO)
