"""Change since the last wave, for the company and every group that both waves show."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analytics.disclosure.plan import DisclosurePlan
from analytics.inference.mean_difference import Overlap, mean_difference
from analytics.results.waves import Change, CompanyChange, RoleSplit, UnitChange, VerdictCount
from analytics.study.scoring import SHARE_PER_POINT
from analytics.study.study import Study
from analytics.study.tree import COMPANY
from analytics.waves.change_verdicts import GroupComparison, adjusted, change_record
from analytics.waves.membership import InvitedLists, Membership, figures_allowed, is_small
from analytics.waves.returning import Returning
from analytics.waves.wave import Wave, comparable

__all__ = ["changes", "role_split"]

Array = NDArray[np.float64]

ROLES = ("manager", "contributor")


def changes(
    current: Study,
    current_plan: DisclosurePlan,
    earlier: Study,
    earlier_plan: DisclosurePlan,
    *,
    k: int,
    membership: Membership | None = None,
) -> tuple[CompanyChange, dict[str, UnitChange]]:
    """Compare two waves.

    Parameters
    ----------
    current, earlier : Study
        The waves. If both carry ``person``, people who are in both are recognised.
    current_plan, earlier_plan : DisclosurePlan
        What each wave may show. Groups are compared if both show the construct.
    k : int
        Smallest group that figures may isolate, in people.
    membership : Membership, optional
        Who joined and left which group. Without lists of those invited, it also counts which of
        the people with keys answered in one of the waves only.

    Returns
    -------
    CompanyChange
        For all people together; constructs with fewer than k people in a wave are left out.
    dict of str to UnitChange
        For groups that show a construct in both waves.

    Raises
    ------
    AnalyticsError
        A person's key occurs twice in one wave.

    Notes
    -----
    Every estimate is the difference of the two figures that the waves show. A group that fewer
    than k people joined or left shows a band instead, and so does one of which such a figure
    could be worked out. So does a group in which everyone moved
    alike, because an interval without width would show how far each person moved. If fewer
    than k people returned, they are compared as if they were different people. Constructs with
    other items, or on another scale, are not compared.

    References
    ----------
    .. [1] method.md section 9; privacy.md, "Between waves".
    """
    shared, other = comparable(current, earlier)
    waves = _Waves.of(
        (Wave.of(current, shared, current_plan), Wave.of(earlier, shared, earlier_plan)),
        (current_plan, earlier_plan),
        k,
        membership,
    )
    codes = [code for code in current.tree.codes if code in earlier.tree.parents]
    allowed = waves.allowed({code: waves.shown(code) for code in codes})
    found = {code: waves.compare(code, waves.shown(code), allowed[code]) for code in codes}
    found = {code: one for code, one in found.items() if one.shown.any()}
    units = {
        code: UnitChange(
            constructs=_changes(one, p, shared, k=k), restructured=waves.restructured(code)
        )
        for (code, one), p in zip(found.items(), adjusted([*found.values()], k=k), strict=True)
    }
    whole = waves.compare(None, waves.enough(), allowed[COMPANY])
    leaves = {code: unit for code, unit in units.items() if not current.tree.is_parent(code)}
    company = CompanyChange(
        constructs=_changes(whole, adjusted([whole], k=k)[0], shared, k=k),
        people_matched=waves.returning is not None,
        units_compared=len(leaves),
        units={key: _count(leaves, key) for key in shared},
        not_comparable=other,
    )
    return company, units


def role_split(
    current: tuple[Array, Array], earlier: tuple[Array, Array], column: int
) -> RoleSplit | None:
    """Split the change of one construct into composition and change within roles.

    Parameters
    ----------
    current, earlier : pair of ndarray of shape (2, p)
        Shares and means (points) of the roles in each wave, see ``Wave.roles``.
    column : int
        Which construct.

    Returns
    -------
    RoleSplit or None
        None if a role has nobody with a score in one of the waves.

    Notes
    -----
    composition = sum over roles of (p' - p) (m' + m) / 2 and within = sum of (m' - m) (p' + p)
    / 2, with shares p, p' and means m, m' of the earlier and the current wave: they add up to
    the change without a residual.

    References
    ----------
    .. [1] Kitagawa 1955, Journal of the American Statistical Association 50(272).
    """
    share, mean = current[0][:, column], current[1][:, column]
    share_before, mean_before = earlier[0][:, column], earlier[1][:, column]
    if not (np.isfinite(mean).all() and np.isfinite(mean_before).all()):
        return None
    composition = ((share - share_before) * (mean + mean_before) / 2).sum()
    within = ((mean - mean_before) * (share + share_before) / 2).sum()
    return RoleSplit(
        composition=SHARE_PER_POINT * float(composition),
        within_roles=SHARE_PER_POINT * float(within),
    )


@dataclass(frozen=True)
class _Waves:
    """Both waves, the current one first, and the people who are in both."""

    current: Wave
    earlier: Wave
    plans: tuple[DisclosurePlan, DisclosurePlan]
    returning: Returning | None
    k: int
    membership: Membership | None

    @classmethod
    def of(
        cls,
        waves: tuple[Wave, Wave],
        plans: tuple[DisclosurePlan, DisclosurePlan],
        k: int,
        membership: Membership | None,
    ) -> "_Waves":
        return cls(*waves, plans, Returning.of(*waves), k, membership)

    def shown(self, code: str) -> NDArray[np.bool_]:
        """Tell which constructs both waves show for a group."""
        return np.array(
            [all(plan.shows(code, key) for plan in self.plans) for key in self.keys],
            dtype=np.bool_,
        )

    def enough(self) -> NDArray[np.bool_]:
        """Tell for which constructs the company has k scores in both waves."""
        sides = (self.current, self.earlier)
        return np.asarray(np.min([wave.n.sum(axis=0) for wave in sides], axis=0) >= self.k)

    @property
    def keys(self) -> tuple[str, ...]:
        return self.current.constructs

    def restructured(self, code: str) -> bool:
        """Tell whether a group consists of other units than before."""
        now, before = (wave.study.tree.members(code) for wave in (self.current, self.earlier))
        return set(now) != set(before)

    def allowed(self, shown: Mapping[str, NDArray[np.bool_]]) -> dict[str, NDArray[np.bool_]]:
        """Tell which constructs may show a figure, by group, as far as membership goes."""
        groups = {COMPANY: self.enough(), **shown}
        if self.membership is None:
            return {code: np.ones(len(self.keys), dtype=np.bool_) for code in groups}
        trees = self.current.study.tree, self.earlier.study.tree
        known: dict[frozenset[str], frozenset[str]] = {}
        found = {code: np.zeros(len(self.keys), dtype=np.bool_) for code in groups}
        for column in range(len(self.keys)):
            among = frozenset(code for code, keys in groups.items() if keys[column])
            if among not in known:
                known[among] = figures_allowed(*trees, self.membership, k=self.k, among=among)
            for code in known[among]:
                found[code][column] = True
        return found

    def _role_moved(self, code: str) -> bool:
        """Tell whether so few people of a role joined or left that a split would show them."""
        if self.membership is None:
            return False
        trees = self.current.study.tree, self.earlier.study.tree
        now, before = (tree.members(code) for tree in trees)
        return any(is_small(self.membership.moved(now, before, role), self.k) for role in ROLES)

    def compare(
        self, code: str | None, shown: NDArray[np.bool_], allowed: NDArray[np.bool_]
    ) -> GroupComparison:
        """Compare one group on every construct; the company for None."""
        now, before = self.current.rows_of(code), self.earlier.rows_of(code)
        figures = self.current.group_means(now), self.earlier.group_means(before)
        none = np.zeros(len(shown))
        if self.returning is None:
            difference = mean_difference(*figures)
            return GroupComparison(
                shown, difference, None, none, self._splits(code, shown), allowed
            )
        both = self.returning.overlap(now, before)
        tested = _large_enough(both, self.k)
        return GroupComparison(
            shown,
            mean_difference(*figures, tested),
            figures[0].n + figures[1].n - 2 * both.n,
            tested.n,
            self._splits(code, shown),
            allowed,
            by_answers=not isinstance(self.membership, InvitedLists),
        )

    def _splits(
        self, code: str | None, shown: NDArray[np.bool_]
    ) -> tuple[RoleSplit | None, ...]:
        """Split the changes of the constructs whose roles both waves show separately."""
        apart = [
            code is not None
            and bool(shown[column])
            and all(plan.roles(code, key) == "roles" for plan in self.plans)
            for column, key in enumerate(self.keys)
        ]
        if not any(apart) or code is None or self._role_moved(code):
            return (None,) * len(apart)
        roles = [wave.roles(wave.rows_of(code)) for wave in (self.current, self.earlier)]
        return tuple(
            role_split(roles[0], roles[1], column) if allowed else None
            for column, allowed in enumerate(apart)
        )


def _large_enough(both: Overlap, k: int) -> Overlap:
    """Ignore people who returned if they are fewer than k: the interval would reveal it."""
    return Overlap(np.where(both.n >= k, both.n, 0.0), both.strata, both.covariance)


def _changes(
    one: GroupComparison, p: NDArray[np.float64], keys: tuple[str, ...], *, k: int
) -> dict[str, Change]:
    return {
        key: change_record(one, p, column, k=k)
        for column, key in enumerate(keys)
        if one.shown[column] and np.isfinite(p[column])
    }


def _count(units: dict[str, UnitChange], key: str) -> VerdictCount:
    found = [unit.constructs[key] for unit in units.values() if key in unit.constructs]
    rose = sum(one.band == "higher" or _moved(one, up=True) for one in found)
    fell = sum(one.band == "lower" or _moved(one, up=False) for one in found)
    same = sum(one.verdict == "no_change" for one in found)
    return VerdictCount(
        rose=rose, fell=fell, no_change=same, inconclusive=len(found) - rose - fell - same
    )


def _moved(one: Change, *, up: bool) -> bool:
    return one.verdict == "changed" and ((one.estimate or 0.0) > 0) == up
