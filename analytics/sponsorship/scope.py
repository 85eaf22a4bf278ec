"""Who speaks for whom, and over which units a group is compared; suppression limits both."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal, TypeAlias

from analytics.sponsorship.comparison import Pairing, Side, SideDifference, claim, pair_up, view
from analytics.sponsorship.measure import SponsorshipMeasure
from analytics.study.tree import UnitTree
from analytics.vocabulary import Cut, RolesShown

__all__ = [
    "Claims",
    "Company",
    "Contrast",
    "Pair",
    "choose_cut",
    "contrast",
    "shown_leaves",
]

Pair: TypeAlias = Literal["gap", "sponsors_to_managers", "managers_to_contributors"]

_ENOUGH: dict[Cut, frozenset[RolesShown]] = {
    "all": frozenset({"roles", "all"}),
    "contributors": frozenset({"roles"}),
    "managers": frozenset({"roles"}),
}


@dataclass(frozen=True)
class Claims:
    """The units with sponsors of their own, in their tree."""

    tree: UnitTree
    sponsored: frozenset[str]

    def claimants(self, code: str) -> dict[str, str]:
        """Return, per unit of a group, the unit whose sponsors speak for it.

        A group's own sponsors speak for all of it. Without any, each of its units has its
        own sponsors, or else those of its nearest ancestor, inside the group or above it.
        Units for which nobody speaks are absent.
        """
        members = self.tree.members(code)
        if code in self.sponsored:
            return dict.fromkeys(members, code)
        return {unit: self._nearest[unit] for unit in members if unit in self._nearest}

    def cover(
        self, code: str, *, shown: Callable[[str], bool], ready: Callable[[str], bool]
    ) -> tuple[str, ...]:
        """Return the largest shown groups at or below a code in which every unit is ready.

        Parameters
        ----------
        code : str
            A group.
        shown : callable of str to bool
            Whether the rules let a group's perceived figure be shown.
        ready : callable of str to bool
            Whether a unit can be compared by itself: someone speaks for it, or nobody in it
            has a score.

        Notes
        -----
        This is the group itself if all of its units are ready. Otherwise a figure over the
        ready units alone, beside the group's published mean, would isolate the rest, which
        may be a single hidden unit. A sum of groups that are shown anyway adds nothing to
        what is known. O(units below the code).
        """
        members = self.tree.members(code)
        unready: set[str | None] = set()
        for unit in reversed(members):
            if unit in unready or not ready(unit):
                unready |= {unit, self.tree.parents[unit]}
        found: list[str] = []
        waiting = [code]
        while waiting:
            group = waiting.pop()
            if shown(group) and group not in unready:
                found.append(group)
            else:
                waiting.extend(reversed(self.tree.children[group]))
        return tuple(found)

    @cached_property
    def _nearest(self) -> dict[str, str]:
        """Return, per unit, itself if it has sponsors, else its nearest ancestor with some."""
        found: dict[str, str] = {}
        for unit in reversed(self.tree.leaves_first):
            parent = self.tree.parents[unit]
            if unit in self.sponsored:
                found[unit] = unit
            elif parent in found:
                found[unit] = found[parent]
        return found


@dataclass(frozen=True)
class Company:
    """Everything that the record of a group is made from.

    Attributes
    ----------
    claims : Claims
        Who speaks for whom; holds the tree.
    composite : SponsorshipMeasure
        The eight items together.
    behaviours : mapping of str to SponsorshipMeasure
        One measure per behaviour.
    disclosure : mapping of str to RolesShown
        Per group, what suppression allows; hidden if absent.
    weights : mapping of str to float
        How much each unit weighs in its parents' figures.
    k : int
        People behind any figure.
    """

    claims: Claims
    composite: SponsorshipMeasure
    behaviours: Mapping[str, SponsorshipMeasure]
    disclosure: Mapping[str, RolesShown]
    weights: Mapping[str, float]
    k: int

    def shown(self, cut: Cut) -> Callable[[str], bool]:
        """Return a function that tells whether a group's figure in a cut may be shown."""
        return lambda code: self.disclosure.get(code, "hidden") in _ENOUGH[cut]

    @property
    def topmost_shown(self) -> tuple[str, ...]:
        """Return the shown groups that together hold the company, none above another."""
        tops = self.claims.tree.children[None]
        shown = self.shown("all")
        return tuple(
            group
            for top in tops
            for group in self.claims.cover(top, shown=shown, ready=lambda _: True)
        )


@dataclass(frozen=True)
class Contrast:
    """Claimed against perceived of one group on one measure.

    Attributes
    ----------
    cut : Cut
        Who perceives: contributors, or everybody.
    pairing : Pairing
        Units and sponsors with their shares.
    claimed, seen : Side
        Means of the sponsors and of those who perceive.
    by_managers : Pairing or None
        The same sponsors paired with the managers of the same units, if shown separately.
    managers : Side or None
        Mean of these managers.
    """

    cut: Cut
    pairing: Pairing
    claimed: Side
    seen: Side
    by_managers: Pairing | None = None
    managers: Side | None = None

    @cached_property
    def differences(self) -> dict[Pair, SideDifference]:
        """Return the gap and, if managers are shown, the two steps that add up to it."""
        found: dict[Pair, SideDifference] = {"gap": SideDifference.of(self.claimed, self.seen)}
        if self.managers is not None:
            found["sponsors_to_managers"] = SideDifference.of(self.claimed, self.managers)
            found["managers_to_contributors"] = SideDifference.of(self.managers, self.seen)
        return found


@dataclass(frozen=True)
class _Scope:
    """The units over which a group is compared on one measure, and their people per cut."""

    units: tuple[str, ...]
    claimants: Mapping[str, str]

    def with_people(self, measure: SponsorshipMeasure, cut: Cut) -> tuple[str, ...]:
        return tuple(unit for unit in self.units if unit in measure.raters[cut])

    def people(self, measure: SponsorshipMeasure, cut: Cut) -> int:
        return sum(measure.raters[cut][unit].n for unit in self.with_people(measure, cut))


def shown_leaves(
    claims: Claims, disclosure: Mapping[str, RolesShown], *, roles: bool = False
) -> tuple[str, ...]:
    """Return the units without others below them that are shown, or that show roles.

    A unit with others below it has no separate figure of its own people.
    """
    enough = _ENOUGH["contributors" if roles else "all"]
    return tuple(
        code
        for code in claims.tree.codes
        if not claims.tree.is_parent(code) and disclosure.get(code, "hidden") in enough
    )


def choose_cut(company: Company, codes: Sequence[str]) -> Cut:
    """Choose contributors if they may be shown, else everyone but sponsors."""
    measure = company.composite
    together = _groups(company, measure, codes, "all")
    apart = all(company.shown("contributors")(group) for group in together)
    answered = _scope(company, measure, codes, "contributors").people(measure, "contributors")
    return "contributors" if apart and answered else "all"


def contrast(
    company: Company, measure: SponsorshipMeasure, codes: Sequence[str], cut: Cut
) -> Contrast | None:
    """Compare what is claimed with what is perceived.

    Parameters
    ----------
    company : Company
        Everybody's scores and the rules.
    measure : SponsorshipMeasure
        What is compared.
    codes : sequence of str
        One unit or parent, or several that are read as one.
    cut : Cut
        Who perceives.

    Returns
    -------
    Contrast or None
        None if it may not be shown or rests on fewer than ``k`` people.

    Notes
    -----
    The step from sponsors to managers uses the same claim as the gap, so that both steps add
    up to the gap. Managers are those of the same units, if enough of them answered.
    """
    scope = _scope(company, measure, codes, cut)
    pairing = _pairing(company, measure, scope, cut)
    if pairing is None:
        return None
    sides = (claim(pairing, measure), view(pairing, measure, cut))
    beside = _pairing(company, measure, scope, "managers") if cut == "contributors" else None
    if beside is None:
        return Contrast(cut, pairing, *sides)
    by_managers = Pairing(beside.units, pairing.sponsors)
    return Contrast(cut, pairing, *sides, by_managers, view(by_managers, measure, "managers"))


def _groups(
    company: Company, measure: SponsorshipMeasure, codes: Sequence[str], cut: Cut
) -> tuple[str, ...]:
    """Return the shown groups over which the codes are compared, see ``Claims.cover``."""
    claimants = _claimants(company, codes)

    def ready(unit: str) -> bool:
        return unit not in measure.raters["all"] or claimants.get(unit) in measure.sponsors

    shown = company.shown(cut)
    return tuple(
        group
        for code in codes
        if shown(code)
        for group in company.claims.cover(code, shown=shown, ready=ready)
    )


def _claimants(company: Company, codes: Sequence[str]) -> dict[str, str]:
    return {
        unit: found for code in codes for unit, found in company.claims.claimants(code).items()
    }


def _scope(
    company: Company, measure: SponsorshipMeasure, codes: Sequence[str], cut: Cut
) -> _Scope:
    groups = _groups(company, measure, codes, cut)
    tree = company.claims.tree
    units = tuple(unit for group in groups for unit in tree.members(group))
    return _Scope(units, _claimants(company, codes))


def _pairing(
    company: Company, measure: SponsorshipMeasure, scope: _Scope, cut: Cut
) -> Pairing | None:
    if scope.people(measure, cut) < max(company.k, 1):
        return None
    units = scope.with_people(measure, cut)
    weights = {unit: company.weights[unit] * _share(measure, cut, unit) for unit in units}
    return pair_up(units, weights, scope.claimants)


def _share(measure: SponsorshipMeasure, cut: Cut, unit: str) -> float:
    """Return the cut's share of the unit's people.

    A person then weighs the same in every cut, so that managers and contributors add up to
    everyone in a parent too; the rules of suppression rest on that.
    """
    return measure.raters[cut][unit].n / measure.raters["all"][unit].n
