"""The sponsorship gap of units, parents and the company; hidden groups are never shown."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import polars as pl
from msgspec import structs

from analytics.disclosure.plan import DisclosurePlan
from analytics.inference.multiplicity import gatekeep
from analytics.inference.variance_components import item_sampling_variance
from analytics.results import Sponsorship
from analytics.results.sponsorship import CompanySponsorship
from analytics.sponsorship.company_gap import company_contrast, company_record
from analytics.sponsorship.group_record import Group, Readings, read_group, wire
from analytics.sponsorship.measure import SponsorshipMeasure
from analytics.sponsorship.quadrant import Priors
from analytics.sponsorship.ratings import People
from analytics.sponsorship.scope import Claims, Company, shown_leaves
from analytics.sponsorship.start import Chooser, within_correlation
from analytics.sponsorship.surface import response_surface
from analytics.study.roll_up import unit_weights
from analytics.study.scoring import component_column
from analytics.study.study import SPONSORSHIP, Study
from analytics.study.tree import UnitTree
from analytics.vocabulary import Cut, RolesShown
from analytics.yardsticks import EvidenceLinks

__all__ = [
    "SponsorshipFindings",
    "SponsorshipQuestions",
    "sponsorship_findings",
    "study_sponsorship",
]


@dataclass(frozen=True)
class SponsorshipQuestions:
    """The questions about sponsors: to themselves, and to others about them.

    Attributes
    ----------
    construct : str
        The composite.
    behaviours : tuple of str
        Its components.
    item_errors : mapping of str to float
        Per behaviour, the variance that its mean owes to the choice of its items, squared
        points; zero if absent.
    """

    construct: str
    behaviours: tuple[str, ...]
    item_errors: Mapping[str, float] = field(default_factory=dict)

    @property
    def columns(self) -> dict[str, str]:
        """Return the column of person scores of each behaviour."""
        return {key: component_column(self.construct, key) for key in self.behaviours}


@dataclass(frozen=True)
class SponsorshipFindings:
    """The findings about sponsorship.

    Attributes
    ----------
    company : CompanySponsorship
        Those about the company.
    units : dict of str to Sponsorship
        One entry per code of the tree.
    """

    company: CompanySponsorship
    units: dict[str, Sponsorship]


def study_sponsorship(
    study: Study,
    plan: DisclosurePlan,
    *,
    k: int,
    seed: int = 0,
    evidence: EvidenceLinks | None = None,
) -> SponsorshipFindings | None:
    """Compare what sponsors say of themselves with what their people perceive.

    Parameters
    ----------
    study : Study
        People, sponsors who consented, tree.
    plan : DisclosurePlan
        What may be shown.
    k : int
        People behind any figure.
    seed : int, default=0
        Seed of the draws that compare behaviours.
    evidence : EvidenceLinks, optional
        Published figures about the gap.

    Returns
    -------
    SponsorshipFindings or None
        None if the study does not ask about the behaviours of sponsors. If it asks about an
        outcome and at least 50 units show it, the company's record holds the response surface.
        If some people were invited and others imported, there are no shares and no dominance.
    """
    if not study.behaviours:
        return None
    found = sponsorship_findings(
        study.people,
        study.sponsors,
        study.tree,
        {code: plan.roles(code, SPONSORSHIP) for code in study.tree.codes},
        questions=SponsorshipQuestions(SPONSORSHIP, study.behaviours, _item_errors(study)),
        k=k,
        outcome=_outcome(study, plan),
        seed=seed,
    )
    if found is not None and len(study.parts) > 1:
        found = _without_shares(found)
    if found is None or evidence is None or found.company.status != "reported":
        return found
    figures = evidence.findings.get("sponsorship_gap", ())
    return replace(found, company=structs.replace(found.company, evidence=figures))


def _without_shares(found: SponsorshipFindings) -> SponsorshipFindings:
    """Leave out shares and dominance: who knows the imported answers could subtract them."""
    units = {
        code: structs.replace(one, dominance=None, favourable=None)
        for code, one in found.units.items()
    }
    return replace(found, units=units)


def sponsorship_findings(
    people: pl.DataFrame,
    sponsors: pl.DataFrame,
    tree: UnitTree,
    disclosure: Mapping[str, RolesShown],
    *,
    questions: SponsorshipQuestions,
    k: int,
    outcome: Mapping[str, float] | None = None,
    seed: int = 0,
) -> SponsorshipFindings | None:
    """Compare what sponsors say of themselves with what their people perceive.

    Parameters
    ----------
    people : polars.DataFrame
        Managers and contributors, one row each: ``unit``, ``role``, person scores in points
        of the construct and of each component (``construct.component``), null if the
        person answered too little.
    sponsors : polars.DataFrame
        The same for the sponsors who consented to attribution; it may be empty.
    tree : UnitTree
        Units to report on, with their parents.
    disclosure : mapping of str to {"roles", "all", "hidden"}
        What suppression allows for each code, solved for the composite and all behaviours
        together: contributors and managers separately, both merged, or nothing. A code that is
        absent is hidden.
    questions : SponsorshipQuestions
        The composite and its behaviours.
    k : int
        Smallest group behind any perceived figure; checked here once more.
    outcome : mapping of str to float, optional
        Mean outcome, in points, of the units that may show it.
    seed : int, default=0
        Seed of the draws that compare behaviours.

    Returns
    -------
    SponsorshipFindings or None
        None if the file does not ask about the construct. Figures from 0 to 100 with
        gap = claimed - perceived throughout; a behaviour is absent if the
        sponsors or too many people left it out.

    Notes
    -----
    A unit without sponsors of its own is compared with those of its nearest ancestor. A
    parent with sponsors of its own compares them with the head-count-weighted mean of its
    units. Without, it shows the head-count-weighted mean of its units' gaps, each unit in the
    parent's cut, including units that are hidden or merged by themselves: what the parent
    perceives is then exactly the figure that suppression passed for it. If nobody speaks for
    some of the units, see ``Claims.cover``. Sponsors who answered fewer than half of the
    composite's items are left out.

    The tests are on the company, then on units without others below them that show a gap, then
    on the behaviours of selected units. Parents are sums of units that are tested already:
    they show intervals and belong to no family of tests.

    References
    ----------
    .. [1] method.md 2; instrument.md, "How to read and compute it"; privacy.md.
    """
    if questions.construct not in people.columns:
        return None
    if questions.construct in sponsors.columns:
        sponsors = sponsors.filter(pl.col(questions.construct).is_not_null())
    company = _company(people, sponsors, tree, disclosure, questions=questions, k=k)
    read = {code: read_group(company, code) for code in tree.codes}
    groups = {code: found for code, found in read.items() if isinstance(found, Group)}
    tested = {code: one for code, one in groups.items() if not tree.is_parent(code)}
    whole = company_contrast(company)
    family = gatekeep(
        1.0 if whole is None else whole.differences["gap"].p_value(),
        {code: one.composite.differences["gap"].p_value() for code, one in tested.items()},
    )
    chooser = _chooser(people, questions, _shown_cuts(company.claims, disclosure), seed=seed)
    readings = Readings(company, _priors(company), family, chooser)
    units = {
        code: wire(found, readings) if isinstance(found, Group) else found
        for code, found in read.items()
    }
    composites = {code: one.composite for code, one in tested.items()}
    record = company_record(
        whole,
        composites,
        [units[code] for code in tree.codes if not tree.is_parent(code)],
        family,
        surface=response_surface(composites, outcome or {}),
    )
    return SponsorshipFindings(record, units)


def _company(
    people: pl.DataFrame,
    sponsors: pl.DataFrame,
    tree: UnitTree,
    disclosure: Mapping[str, RolesShown],
    *,
    questions: SponsorshipQuestions,
    k: int,
) -> Company:
    everyone, claimants = People(people), People(sponsors)
    sponsored = frozenset(claimants.ratings(questions.construct)["all"])
    claims = Claims(tree, sponsored)
    shown = _shown_cuts(claims, disclosure)
    respondents = dict(people.group_by("unit").len().iter_rows())
    return Company(
        claims=claims,
        composite=SponsorshipMeasure.of(everyone, claimants, questions.construct, shown),
        behaviours={
            key: SponsorshipMeasure.of(everyone, claimants, column, shown)
            for key, column in questions.columns.items()
        },
        disclosure=disclosure,
        weights=unit_weights(tree, respondents),
        k=k,
    )


def _shown_cuts(claims: Claims, disclosure: Mapping[str, RolesShown]) -> dict[str, Cut]:
    """Return the units whose own figure is shown, each with the cut of that figure."""
    apart = set(shown_leaves(claims, disclosure, roles=True))
    return {
        code: "contributors" if code in apart else "all"
        for code in shown_leaves(claims, disclosure)
    }


def _chooser(
    people: pl.DataFrame,
    questions: SponsorshipQuestions,
    shown: Mapping[str, Cut],
    *,
    seed: int,
) -> Chooser:
    present = {key: name for key, name in questions.columns.items() if name in people.columns}
    return Chooser.of(
        within_correlation(people, list(present.values()), shown),
        [questions.item_errors.get(key, 0.0) for key in present],
        seed=seed,
    )


def _priors(company: Company) -> Priors:
    leaves = shown_leaves(company.claims, company.disclosure)
    apart = shown_leaves(company.claims, company.disclosure, roles=True)
    return Priors.of(
        company.composite, {"all": leaves, "contributors": apart, "managers": apart}
    )


def _item_errors(study: Study) -> dict[str, float]:
    (construct,) = (one for one in study.constructs if one.key == SPONSORSHIP)
    return item_sampling_variance(
        {
            behaviour: [
                study.item_means[item.key]
                for item in construct.items
                if item.component == behaviour and item.key in study.item_means
            ]
            for behaviour in construct.components
        }
    )


def _outcome(study: Study, plan: DisclosurePlan) -> Mapping[str, float]:
    """Return the mean outcome of the units without others below them that show it."""
    outcomes = study.block("outcome")
    if not outcomes:
        return {}
    key = outcomes[0].key
    return {
        unit: ratings.mean
        for unit, ratings in People(study.people).ratings(key)["all"].items()
        if not study.tree.is_parent(unit) and plan.shows(unit, key)
    }
