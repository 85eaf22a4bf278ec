"""One group's sponsorship as a record; what may be shown is decided elsewhere."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from math import sqrt
from typing import Any

from msgspec import structs

from analytics.inference.multiplicity import LEVEL, Family
from analytics.results import Behaviour, Sponsorship
from analytics.results.sponsorship import Dominance, FavourableGap
from analytics.sponsorship.gap_verdicts import (
    alignment,
    cascade,
    dominance,
    favourable,
    gap_record,
    is_supported,
    single_ratings,
    standardised,
)
from analytics.sponsorship.measure import SponsorshipMeasure
from analytics.sponsorship.quadrant import Priors, agreement, chances, named
from analytics.sponsorship.scope import Claims, Company, Contrast, Pair, choose_cut, contrast
from analytics.sponsorship.start import Chooser
from analytics.study.scoring import to_share

__all__ = ["Group", "Readings", "read_group", "wire"]


@dataclass(frozen=True)
class Group:
    """The comparisons that one group may show.

    Attributes
    ----------
    code : str
        A unit, or a parent with all units below it.
    composite : Contrast
        The eight items together.
    behaviours : mapping of str to Contrast
        Those that may be shown.
    """

    code: str
    composite: Contrast
    behaviours: Mapping[str, Contrast]

    @cached_property
    def tests(self) -> dict[tuple[str, Pair], float]:
        """Return the p-value of every behaviour and pair."""
        return {
            (key, pair): difference.p_value()
            for key, found in self.behaviours.items()
            for pair, difference in found.differences.items()
        }


@dataclass(frozen=True)
class Readings:
    """What the records of all groups have in common.

    Attributes
    ----------
    company : Company
        Everybody's scores and the rules.
    priors : Priors
        Distribution of the true means of shown units.
    family : Family
        Which units were tested and selected.
    chooser : Chooser
        Compares behaviours.
    """

    company: Company
    priors: Priors
    family: Family
    chooser: Chooser


def read_group(company: Company, code: str) -> Group | Sponsorship:
    """Compare what is claimed for one group with what its people perceive.

    Parameters
    ----------
    company : Company
        Everybody's scores and the rules.
    code : str
        A unit, or a parent with all units below it.

    Returns
    -------
    Group or Sponsorship
        ``no_sponsor`` if nobody speaks for any of its units; ``suppressed`` if what
        is perceived may not be shown or rests on fewer than ``k`` people.
    """
    if not company.claims.claimants(code):
        return Sponsorship(status="no_sponsor")
    cut = choose_cut(company, (code,))
    composite = contrast(company, company.composite, (code,), cut)
    if composite is None:
        return Sponsorship(status="suppressed")
    behaviours = {
        key: found
        for key, measure in company.behaviours.items()
        if (found := contrast(company, measure, (code,), cut)) is not None
    }
    return Group(code, composite, behaviours)


def wire(group: Group, readings: Readings) -> Sponsorship:
    """Return everything that may be shown of a group, 0 to 100.

    References
    ----------
    .. [1] method.md 2; instrument.md, "How to read and compute it".
    """
    company, found = readings.company, group.composite
    gap = found.differences["gap"]
    p = readings.family.adjusted.get(group.code)
    spread = sqrt(company.composite.employee_variance)
    record = Sponsorship(
        status="reported",
        basis="model",
        perceived_by="all" if found.cut == "all" else "contributors",
        sponsor_of=_sponsor_of(company.claims, group.code),
        sponsors=sum(company.composite.sponsors[unit].n for unit in found.pairing.sponsors),
        claimed=to_share(found.claimed.mean),
        gap=gap_record(gap, p),
        alignment=alignment(gap, p),
        standardised=standardised(gap, company.composite),
        cascade=cascade(found, supported=is_supported(gap, p)),
        agreement=agreement(gap.estimate, found.seen.mean, spread),
        behaviours=_behaviours(group, readings),
        start=readings.chooser.choose(group.behaviours, _supported(group, readings.family)),
    )
    dominant, shares = _ordinal(company, found)
    record = structs.replace(record, dominance=dominant, favourable=shares)
    return structs.replace(record, **_seen(found), **_quadrants(found, readings))


def _seen(found: Contrast) -> dict[str, float]:
    """Return the perceived means by their names on the wire."""
    seen = {"perceived" if found.cut == "all" else "contributors": to_share(found.seen.mean)}
    if found.managers is not None:
        seen["managers"] = to_share(found.managers.mean)
    return seen


def _quadrants(found: Contrast, readings: Readings) -> dict[str, Any]:
    """Return both panels by their names on the wire: people, then managers, as the others."""
    composite, priors, own = readings.company.composite, readings.priors, found.claimed.mean
    likely = chances(found.pairing, composite, priors, found.cut)
    panels: dict[str, Any] = {
        "quadrant": named(likely, own, found.seen.mean, found.differences["gap"]),
        "quadrant_probabilities": likely,
    }
    if found.by_managers is not None and found.managers is not None:
        likely = chances(found.by_managers, composite, priors, "managers")
        step = found.differences["sponsors_to_managers"]
        panels["managers_quadrant"] = named(likely, own, found.managers.mean, step)
        panels["managers_quadrant_probabilities"] = likely
    return panels


def _ordinal(
    company: Company, found: Contrast
) -> tuple[Dominance | None, FavourableGap | None]:
    sides = single_ratings(found, company.composite)
    if sides is None:
        return None, None
    k = company.k
    return dominance(*sides, k=k), favourable(*sides, k=k)


def _behaviours(group: Group, readings: Readings) -> dict[str, Behaviour]:
    adjusted = readings.family.within(group.code, group.tests)
    return {
        key: _behaviour(
            found,
            readings.company.behaviours[key],
            {pair: p for (tested, pair), p in adjusted.items() if tested == key},
        )
        for key, found in group.behaviours.items()
    }


def _behaviour(
    found: Contrast, measure: SponsorshipMeasure, adjusted: Mapping[Pair, float]
) -> Behaviour:
    records = {
        pair: gap_record(difference, adjusted.get(pair))
        for pair, difference in found.differences.items()
    }
    gap = records["gap"]
    return Behaviour(
        claimed=to_share(found.claimed.mean),
        gap=gap.estimate,
        low=gap.low,
        high=gap.high,
        adjusted_p=gap.adjusted_p,
        standardised=standardised(found.differences["gap"], measure),
        sponsors_to_managers=records.get("sponsors_to_managers"),
        managers_to_contributors=records.get("managers_to_contributors"),
        **_seen(found),
    )


def _supported(group: Group, family: Family) -> list[str]:
    """Return the behaviours that are significantly claimed beyond what is perceived.

    A unit of the family needs an adjusted p; a parent's behaviours are tested by themselves.
    """
    p_values = group.tests
    if group.code in family.adjusted:
        p_values = family.within(group.code, p_values)
    return [
        key
        for key, found in group.behaviours.items()
        if found.differences["gap"].estimate > 0 and p_values.get((key, "gap"), 1.0) <= LEVEL
    ]


def _sponsor_of(claims: Claims, code: str) -> str | None:
    """Return the one unit whose sponsors speak for the whole group, if there is one.

    A parent whose units have sponsors of their own shows a mean over several of them.
    """
    claimants = claims.claimants(code)
    if code in claims.sponsored or not claims.tree.is_parent(code):
        return claimants[code]
    above = [one for one in set(claimants.values()) if one in claims.tree.ancestors(code)]
    return above[0] if len(set(claimants.values())) == len(above) == 1 else None
