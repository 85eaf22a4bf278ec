"""The posteriors of all units, and draws of every unit's model."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from analytics.results import Recommendation
from analytics.study.tree import UnitTree

__all__ = ["DRAWS", "Posterior"]

DRAWS = 2000
"""Draws of all units' models; each unit's shares match its probabilities to 1 / 2 000."""


@dataclass(frozen=True)
class Posterior:
    """What is known of the models of n units, m models to choose from.

    Attributes
    ----------
    units, models : tuple of str
        Codes, sorted, and keys.
    probabilities : ndarray of shape (n, m)
        That each model is the right one for the unit, given that one of them is.
    described : ndarray of shape (n,)
        Probability that any of the models is right for the unit.
    plausible : ndarray of bool, shape (n, m)
        Whether the unit's 90 % set holds the model.
    clear : ndarray of bool, shape (n,)
        Whether the recommendation is firm or lean.
    people : ndarray of shape (n,) or None
        Head-counts, 0 for units without one that can be right; None if no unit has one.
    division_of : ndarray of int, shape (n,)
        Place in ``divisions`` of each unit's parent.
    divisions : tuple of str or None
        The parents, sorted; None for the top comes first.
    """

    units: tuple[str, ...]
    models: tuple[str, ...]
    probabilities: NDArray[np.float64]
    described: NDArray[np.float64]
    plausible: NDArray[np.bool_]
    clear: NDArray[np.bool_]
    people: NDArray[np.float64] | None
    division_of: NDArray[np.intp]
    divisions: tuple[str | None, ...]

    @classmethod
    def of(
        cls,
        recommendations: Mapping[str, Recommendation],
        tree: UnitTree,
        headcounts: Mapping[str, int],
    ) -> "Posterior":
        """Gather the units that have a recommendation and no units below them."""
        units = tuple(
            code for code in tree.codes if code in recommendations and not tree.is_parent(code)
        )
        found = [recommendations[code] for code in units]
        models = tuple(found[0].conditional) if found else ()
        parents = [tree.parents[code] for code in units]
        divisions = tuple(sorted(set(parents), key=lambda code: code or ""))
        people = np.array([headcounts.get(code, 0) for code in units], dtype=np.float64)
        shape = (len(units), len(models))
        return cls(
            units=units,
            models=models,
            probabilities=np.array(
                [[one.conditional[model] for model in models] for one in found]
            ).reshape(shape),
            described=np.array(
                [sum(one.probabilities[model] for model in models) for one in found]
            ),
            plausible=np.array(
                [[model in one.set90 for model in models] for one in found], dtype=np.bool_
            ).reshape(shape),
            clear=np.array([one.status != "no_clear_model" for one in found], dtype=np.bool_),
            people=people if people.sum() > 0 else None,
            division_of=np.array(
                [divisions.index(parent) for parent in parents], dtype=np.intp
            ),
            divisions=divisions,
        )

    @cached_property
    def best(self) -> NDArray[np.intp]:
        """Return the most probable model of each unit, shape (n,)."""
        return np.asarray(self.probabilities.argmax(axis=1), dtype=np.intp)

    def drawn(self, *, seed: int) -> NDArray[np.intp]:
        """Draw every unit's model, shape (draws, n).

        Notes
        -----
        Units are drawn independently: given the parameters of the models, the answers of one
        unit carry no information about another. Each unit's draws are spread evenly (a Latin
        hypercube), so that its share of each model is its probability.
        """
        rng = np.random.default_rng(seed)
        bounds = np.cumsum(self.probabilities, axis=1)[:, :-1]
        uniform = [(rng.permutation(DRAWS) + 0.5) / DRAWS for _ in self.units]
        columns = [
            np.searchsorted(bound, even, side="right")
            for bound, even in zip(bounds, uniform, strict=True)
        ]
        return np.stack(columns, axis=1).astype(np.intp)

    def of_division(self, place: int) -> NDArray[np.intp]:
        """Return the rows of one division's units."""
        return np.flatnonzero(self.division_of == place)
