"""Whose sponsors speak for a unit, and over which units a group may be compared."""

from collections.abc import Callable
from dataclasses import dataclass

from analytics.study.tree import UnitTree

__all__ = ["Claims"]


@dataclass(frozen=True)
class Claims:
    """The units with sponsors of their own, in their tree."""

    tree: UnitTree
    sponsored: frozenset[str]

    def claimants(self, code: str) -> dict[str, str]:
        """Return, per unit of a group, whose sponsors it is held against.

        A group's own sponsors speak for all of it. Without any, each of its units is held
        against its own sponsors, else those of its nearest ancestor, inside the group or
        above it; units for which nobody speaks are absent.
        """
        members = self.tree.members(code)
        if code in self.sponsored:
            return dict.fromkeys(members, code)
        nearest = {unit: self._nearest(unit) for unit in members}
        return {unit: found for unit, found in nearest.items() if found is not None}

    def cover(
        self, code: str, *, shown: Callable[[str], bool], ready: Callable[[str], bool]
    ) -> tuple[str, ...]:
        """Return the largest shown groups at or below a code of which every unit is ready.

        Parameters
        ----------
        code : str
            A group.
        shown : callable of str to bool
            Whether the rules let a group's perceived figure be shown.
        ready : callable of str to bool
            Whether a unit, by itself, can be compared: someone speaks for it, or it has
            nobody whose view would need comparing.

        Notes
        -----
        This is the group itself wherever it is ready throughout. Otherwise a figure over
        just the ready units would, next to the group's published mean, isolate the rest,
        which may be a single hidden unit. A sum of groups that are shown anyway tells
        nothing that was not known. O(units below the code).
        """
        if shown(code) and all(ready(unit) for unit in self.tree.members(code)):
            return (code,)
        return tuple(
            group
            for child in self.tree.children[code]
            for group in self.cover(child, shown=shown, ready=ready)
        )

    def _nearest(self, unit: str) -> str | None:
        return next(
            (one for one in (unit, *self.tree.ancestors(unit)) if one in self.sponsored), None
        )
