"""Participation of the company and of every group that may be shown."""

from dataclasses import dataclass

import polars as pl

from analytics.disclosure.figures import cut_table
from analytics.disclosure.plan import DisclosurePlan, open_cells
from analytics.participation.late_answers import late_answers
from analytics.participation.shown_figures import ShownFigures
from analytics.participation.staff import (
    Counted,
    Respondents,
    Staff,
    count_respondents,
    role_rates,
    warnings_of,
)
from analytics.participation.weighting import post_stratified, weighted_mean
from analytics.results.participation import (
    CompanyParticipation,
    UnitParticipation,
    WeightedMean,
)
from analytics.study.group_scores import scores_of_sums
from analytics.study.study import Study

__all__ = ["participation"]


def participation(
    study: Study, plan: DisclosurePlan, *, headcounts_by_role: pl.DataFrame | None, k: int
) -> tuple[CompanyParticipation, dict[str, UnitParticipation]]:
    """Report who answered, and what weighting for non-response changes.

    Parameters
    ----------
    study : Study
        Its people are those kept after screening, as for every other figure.
    plan : DisclosurePlan
        What may be shown.
    headcounts_by_role : polars.DataFrame or None
        ``unit``, ``role``, ``headcount`` of each unit's own people, and ``invited`` if not
        everybody was; without it, weights correct for units alone.
    k : int
        Smallest group that may be shown, in people.

    Returns
    -------
    CompanyParticipation
        Weighted means of all shown groups together, early against late answers.
    dict of str to UnitParticipation
        For the groups that may be shown. A parent has weighted means of the shown groups below
        it; a group without shown groups below has post-stratified means of its roles.

    Raises
    ------
    SchemaError, AnalyticsError
        See ``Staff.of``.

    Notes
    -----
    Weighted means are computed from the published table of figures and from head-counts, so
    they add no equation about hidden people.

    References
    ----------
    .. [1] method.md section 6; privacy.md, "Differencing".
    """
    answered = _Answered.of(study, plan, Staff.of(study.tree, headcounts_by_role))
    units = {code: answered.unit(code) for code in study.tree.codes if plan.reports(code)}
    return answered.company(study, units, k=k), units


@dataclass(frozen=True)
class _Answered:
    """Counts and shown figures, from which each group's participation is read."""

    keys: tuple[str, ...]
    plan: DisclosurePlan
    staff: Staff
    respondents: Respondents
    counted: Counted
    shown: ShownFigures

    @classmethod
    def of(cls, study: Study, plan: DisclosurePlan, staff: Staff) -> "_Answered":
        scores = scores_of_sums(
            study.sums,
            study.keys,
            study.tree,
            study.weights,
            open_cells=open_cells(plan, study.tree, study.keys),
        )
        respondents = count_respondents(study.people)
        counted = Counted.of(staff, plan.respondents.everyone, respondents)
        cuts = cut_table(scores, plan, study.tree).filter(
            pl.col("unit").is_in(
                [
                    code
                    for code in study.tree.codes
                    if counted.is_complete(study.tree.members(code))
                ]
            )
        )
        return cls(study.keys, plan, staff, respondents, counted, ShownFigures.of(cuts, staff))

    def unit(self, code: str) -> UnitParticipation:
        rate = self.counted.rate(self.staff.tree.members(code))
        roles = role_rates(code, self.plan, self.staff, self.respondents)
        return UnitParticipation(
            everyone=rate,
            managers=roles.get("manager"),
            contributors=roles.get("contributor"),
            warnings=warnings_of(rate, self.counted.faults.get(code)),
            weighted=self._weighted(code) if rate else None,
        )

    def company(
        self, study: Study, units: dict[str, UnitParticipation], *, k: int
    ) -> CompanyParticipation:
        if study.people.height < k:
            return CompanyParticipation(status="suppressed")
        late = late_answers(study, k=k)
        if self.staff.everyone(None) <= 0:
            return CompanyParticipation(status="no_headcounts", late_answers=late)
        rate = self.counted.rate(study.tree.codes)
        means = {
            key: weighted_mean(self.shown.finest_below(None, key), describes=True)
            for key in (self.keys if rate else ())
        }
        return CompanyParticipation(
            status="reported",
            everyone=rate,
            totals=study.tree.totals,
            warnings=warnings_of(rate),
            units_with_warnings=sum(bool(unit.warnings) for unit in units.values()),
            weighted=_present(means) or None,
            late_answers=late,
        )

    def _weighted(self, code: str) -> dict[str, WeightedMean] | None:
        """Return the weighted means of the shown groups below, or of the group's own roles."""
        found = {}
        for key in self.keys:
            below = self.shown.finest_below(code, key)
            if below:
                found[key] = weighted_mean(below)
            else:
                found[key] = post_stratified(self.shown.of_group(code, key))
        return _present(found) or None


def _present(means: dict[str, WeightedMean | None]) -> dict[str, WeightedMean]:
    return {key: mean for key, mean in means.items() if mean is not None}
