"""What may be said of one group's sponsorship; nothing beyond what suppression allows."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

from analytics.results import Behaviour, Sponsorship
from analytics.scoring import to_share
from analytics.sponsorship.claims import Claims
from analytics.sponsorship.comparison import Comparison, claimed, compare, gap, perceived
from analytics.sponsorship.measure import Cut, Measure
from analytics.sponsorship.quadrant import Posteriors, quadrant

__all__ = ["Company", "Disclosure", "read_group"]

Disclosure: TypeAlias = Literal["roles", "all", "hidden"]

_ENOUGH: dict[Cut, frozenset[Disclosure]] = {
    "all": frozenset({"roles", "all"}),
    "contributors": frozenset({"roles"}),
    "managers": frozenset({"roles"}),
}


@dataclass(frozen=True)
class Company:
    """All that a group's reading draws on.

    Attributes
    ----------
    claims : Claims
        Who speaks for whom; holds the tree.
    composite : Measure
        The eight items together.
    behaviours : mapping of str to Measure
        One measure per behaviour.
    posteriors : Posteriors
        Shrunk composites.
    disclosure : mapping of str to Disclosure
        Per group, what suppression allows; hidden where absent.
    weights : mapping of str to float
        How much each unit weighs in its parents' figures.
    min_group : int
        People behind any figure.
    """

    claims: Claims
    composite: Measure
    behaviours: Mapping[str, Measure]
    posteriors: Posteriors
    disclosure: Mapping[str, Disclosure]
    weights: Mapping[str, float]
    min_group: int

    def shown(self, cut: Cut) -> Callable[[str], bool]:
        """Return whether a group's figure in a cut may be shown, as a function of its code."""
        return lambda code: self.disclosure.get(code, "hidden") in _ENOUGH[cut]


@dataclass(frozen=True)
class _Scope:
    """The units over which a group is compared on one measure, and their people per cut."""

    units: tuple[str, ...]
    claimants: Mapping[str, str]

    def with_people(self, measure: Measure, cut: Cut) -> tuple[str, ...]:
        return tuple(unit for unit in self.units if unit in measure.raters[cut])

    def people(self, measure: Measure, cut: Cut) -> int:
        return sum(measure.raters[cut][unit].n for unit in self.with_people(measure, cut))


def read_group(company: Company, code: str) -> Sponsorship:
    """Compare what is claimed for one group with what its people perceive.

    Parameters
    ----------
    company : Company
        Everybody's scores and the rules.
    code : str
        A unit, or a parent with all units below it.

    Returns
    -------
    Sponsorship
        ``no_sponsor`` where nobody speaks for any of its units, ``suppressed`` where what
        is perceived may not be shown or rests on fewer than ``min_group`` people.
    """
    claims = company.claims
    if not claims.claimants(code):
        return Sponsorship(status="no_sponsor")
    cut = _cut(company, code)
    scope = _scope(company, company.composite, code, cut)
    comparison = _comparison(company, company.composite, scope, cut)
    if comparison is None:
        return Sponsorship(status="suppressed")
    behaviours = {
        key: found
        for key, measure in company.behaviours.items()
        if (found := _behaviour(company, measure, code, cut)) is not None
    }
    return Sponsorship(
        status="reported",
        perceived_by="all" if cut == "all" else "contributors",
        sponsor_of=_sponsor_of(claims, code),
        sponsors=sum(company.composite.sponsors[unit].n for unit in comparison.sponsors),
        gap=gap(comparison, company.composite, cut),
        quadrant=quadrant(comparison, company.posteriors, cut),
        behaviours=behaviours,
    )


def _sponsor_of(claims: Claims, code: str) -> str | None:
    """Name the one unit whose sponsors speak for the whole group, if there is one.

    A parent whose units have sponsors of their own shows the mean over several of them.
    """
    claimants = claims.claimants(code)
    if code in claims.sponsored or not claims.tree.is_parent(code):
        return claimants[code]
    above = [one for one in set(claimants.values()) if one in claims.tree.ancestors(code)]
    return above[0] if len(set(claimants.values())) == len(above) == 1 else None


def _cut(company: Company, code: str) -> Cut:
    """Choose contributors where they may be shown apart, else everybody but sponsors."""
    measure = company.composite
    together = _groups(company, measure, code, "all")
    apart = all(company.shown("contributors")(group) for group in together)
    answered = _scope(company, measure, code, "contributors").people(measure, "contributors")
    return "contributors" if apart and answered else "all"


def _groups(company: Company, measure: Measure, code: str, cut: Cut) -> tuple[str, ...]:
    claimants = company.claims.claimants(code)

    def ready(unit: str) -> bool:
        return unit not in measure.raters["all"] or claimants.get(unit) in measure.sponsors

    if not company.shown(cut)(code):
        return ()
    return company.claims.cover(code, shown=company.shown(cut), ready=ready)


def _scope(company: Company, measure: Measure, code: str, cut: Cut) -> _Scope:
    groups = _groups(company, measure, code, cut)
    tree = company.claims.tree
    units = tuple(unit for group in groups for unit in tree.members(group))
    return _Scope(units, company.claims.claimants(code))


def _comparison(
    company: Company, measure: Measure, scope: _Scope, cut: Cut
) -> Comparison | None:
    if scope.people(measure, cut) < max(company.min_group, 1):
        return None
    units = scope.with_people(measure, cut)
    weights = {unit: company.weights[unit] * _share(measure, cut, unit) for unit in units}
    return compare(units, weights, scope.claimants)


def _share(measure: Measure, cut: Cut, unit: str) -> float:
    """Return the cut's share of the unit's people.

    A person then weighs the same in every cut, so that managers and contributors add up to
    everyone in a parent too; the rules of suppression rest on that.
    """
    return measure.raters[cut][unit].n / measure.raters["all"][unit].n


def _behaviour(company: Company, measure: Measure, code: str, cut: Cut) -> Behaviour | None:
    scope = _scope(company, measure, code, cut)
    comparison = _comparison(company, measure, scope, cut)
    if comparison is None:
        return None
    difference = gap(comparison, measure, cut)
    felt = to_share(perceived(comparison, measure.raters[cut]))
    return Behaviour(
        claimed=to_share(claimed(comparison, measure)),
        gap=difference.estimate,
        low=difference.low,
        high=difference.high,
        managers=_managers(company, measure, scope) if cut == "contributors" else None,
        contributors=felt if cut == "contributors" else None,
        perceived=felt if cut == "all" else None,
    )


def _managers(company: Company, measure: Measure, scope: _Scope) -> float | None:
    """Return what managers perceive over the same units, where enough of them answered."""
    comparison = _comparison(company, measure, scope, "managers")
    if comparison is None:
        return None
    return to_share(perceived(comparison, measure.raters["managers"]))
